/** Where one listens: the waveform of both speakers, and what plays it. Stays in sight while one reads. */
import { clockTime } from '../../base/figure-text.ts';
import { tenthTime } from '../parts/figures.ts';
import type { Call } from './call.ts';
import { SPEEDS } from './player.ts';
import { Waveform } from './waveform.tsx';

export function PlayerBar({ call }: { readonly call: Call }) {
  const { player } = call;
  return (
    <section class="player panel" aria-label="Recording">
      <Waveform call={call} />
      <div class="transport">
        {player.hasSound ? (
          <button type="button" class="button primary play" onClick={() => player.toggle()} aria-label={player.playing.value ? 'Pause' : 'Play'}>
            <PlayIcon playing={player.playing.value} />
          </button>
        ) : (
          <span class="badge warn">{player.silence}</span>
        )}
        <Position call={call} />
        <button type="button" class="button quiet" onClick={() => call.step(-1)} aria-label="Turn before">
          ‹ turn
        </button>
        <button type="button" class="button quiet" onClick={() => call.step(1)} aria-label="Next turn">
          turn ›
        </button>
        {player.hasSound && (
          <label class="speed">
            <span class="visually-hidden">Speed</span>
            <select class="input" value={player.speed.value} onChange={(event) => player.setSpeed(Number(event.currentTarget.value))}>
              {SPEEDS.map((speed) => (
                <option value={speed}>{speed}×</option>
              ))}
            </select>
          </label>
        )}
        <p class="keys faint">
          <kbd>space</kbd> play <kbd>←</kbd> <kbd>→</kbd> 5 s <kbd>J</kbd> <kbd>K</kbd> turn
        </p>
      </div>
    </section>
  );
}

/** Apart, because it changes with every frame. */
function Position({ call }: { readonly call: Call }) {
  return (
    <p class="position">
      {tenthTime(call.player.positionMs.value)} <span class="faint">/ {clockTime(call.told.callMs)}</span>
    </p>
  );
}

function PlayIcon({ playing }: { readonly playing: boolean }) {
  return (
    <svg viewBox="0 0 16 16" width="16" height="16" aria-hidden="true" fill="currentColor">
      {playing ? <path d="M4 2.5h3v11H4zM9 2.5h3v11H9z" /> : <path d="M4 2.2v11.6L13.5 8z" />}
    </svg>
  );
}
