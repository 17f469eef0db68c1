/** The head of the page: which call it is, how far, and what one can do with it. */
import type { JSX } from 'preact';
import type { Speed } from '../parts/live-messages.ts';
import { tenthTime } from '../parts/figures.ts';
import { Wordmark } from '../parts/wordmark.tsx';
import type { CallState, PageState } from './page-state.ts';

const SPEEDS: readonly { readonly speed: Speed; readonly label: string; readonly name: string }[] = [
  { speed: 1, label: '1×', name: 'Real speed' },
  { speed: 2, label: '2×', name: 'Twice as fast' },
  { speed: 'max', label: 'Max', name: 'As fast as the machine, without sound' },
];

const STATES: Readonly<Record<CallState, string>> = { none: 'No call yet', starting: 'Starting…', running: 'Live', cut: 'Broken off', over: 'Over' };

export function ControlsBar({ page }: { readonly page: PageState }): JSX.Element {
  const run = page.run.value;
  const isRunning = page.callState.value === 'running';
  return (
    <header class="bar">
      <Wordmark />
      <div class="bar-call">
        <h1>{run?.title ?? 'Two agents, one room'}</h1>
        {run && <span class="faint bar-about">{`${run.mode === 'daily' ? 'Daily room' : 'embedded room'} · seed ${run.seed}`}</span>}
      </div>
      <div class="bar-state">
        <StateBadge page={page} />
        <CallTime page={page} />
      </div>
      <div class="bar-controls" role="group" aria-label="Call">
        <button class="button" type="button" disabled={!page.canPace} onClick={() => page.togglePause()} title="Space" aria-keyshortcuts="Space">
          {page.paused.value ? 'Resume' : 'Pause'}
        </button>
        <span class="choice" role="radiogroup" aria-label="Speed">
          {SPEEDS.map(({ speed, label, name }) => (
            <label key={label} title={name}>
              <input
                type="radio"
                name="speed"
                checked={page.speed.value === speed}
                disabled={isRunning && !page.canPace}
                onChange={() => page.setSpeed(speed)}
                aria-label={name}
              />
              {label}
            </label>
          ))}
        </span>
        <SoundButton page={page} />
        <button class="button" type="button" disabled={!page.canStop} onClick={() => page.stop()} title="Esc" aria-keyshortcuts="Escape">
          Stop
        </button>
      </div>
    </header>
  );
}

function StateBadge({ page }: { readonly page: PageState }): JSX.Element {
  const state = page.callState.value;
  if (page.connection.value === 'lost') return <span class="badge warn">No server</span>;
  if (state === 'running' && page.paused.value) return <span class="badge">Paused</span>;
  return <span class={`badge ${state === 'running' ? 'good' : state === 'cut' ? 'warn' : ''}`}>{STATES[state]}</span>;
}

function CallTime({ page }: { readonly page: PageState }): JSX.Element {
  return <span class="call-time">{tenthTime(page.callTenths.value * 100)}</span>;
}

function SoundButton({ page }: { readonly page: PageState }): JSX.Element {
  const isOn = page.sounding.value && !page.muted.value;
  return (
    <button class="button sound" type="button" aria-pressed={isOn} onClick={() => page.mute(isOn)} title="M" aria-keyshortcuts="M">
      <svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true">
        <path d="M2 6v4h2.5L8 13V3L4.5 6z" fill="currentColor" />
        {isOn ? <path d="M10.2 5.2a4 4 0 0 1 0 5.6M12.2 3.2a7 7 0 0 1 0 9.6" /> : <path d="m10.5 6 4 4m0-4-4 4" />}
      </svg>
      <span class="sound-word">Sound</span>
    </button>
  );
}
