/** The two speakers: what each does now and how loud, and who spoke when. */
import type { JSX } from 'preact';
import { counted } from '../../base/figure-text.ts';
import { type CallView, type SeatView } from '../../metrics/call-view.ts';
import { interruptionsOf } from '../../metrics/interruptions.ts';
import { overlaps, type Span } from '../../metrics/spans.ts';
import { agentTalkOf } from '../../metrics/talk.ts';
import { percent } from '../parts/figures.ts';
import { type Lane, Lanes, LanesKey } from '../parts/lanes.tsx';
import type { PageState } from './page-state.ts';
import { hueOf } from './transcript.tsx';

/** What the drawing begins with; it doubles when it is full, so that what is drawn stays where it is. */
const SHORTEST_SPAN_MS = 30_000;

const DOING: Readonly<Record<SeatView['doing'], string>> = { speaking: 'speaking', thinking: 'thinking', listening: 'listening', away: 'not there' };

export function CallLanes({ page, view }: { readonly page: PageState; readonly view: CallView }): JSX.Element {
  const isOver = view.ended !== undefined;
  const shares = view.seats.map(({ agent }) => agentTalkOf(agent.name, view.run.utterances).talk_ratio);
  return (
    <section class="panel call-lanes" aria-label="Speakers">
      <div class="speakers">
        {view.seats.map((seat, i) => (
          <div key={seat.agent.name} class={`speaker-now ${hueOf(i)}`}>
            <span class={`dot ${isOver ? 'over' : seat.doing}`} aria-hidden="true" />
            <span class="speaker" title={seat.agent.name}>
              {seat.agent.name}
            </span>
            <span class="faint">{isOver ? `${percent(shares[i] ?? null)} of all speech` : DOING[seat.doing]}</span>
            {isOver ? <Bar share={shares[i] ?? 0} /> : <Meter page={page} order={orderOf(page, seat.agent.name)} />}
          </div>
        ))}
      </div>
      <Drawing page={page} view={view} />
      {view.roomUrl !== null && (
        <p class="faint">
          People can join them:{' '}
          <a href={view.roomUrl} target="_blank" rel="noreferrer">
            {view.roomUrl}
          </a>
        </p>
      )}
    </section>
  );
}

/** Apart from the rest, because it moves thirty times a second. */
function Meter({ page, order }: { readonly page: PageState; readonly order: number }): JSX.Element {
  return <Bar share={meterShare(page.levels.value[order] ?? 0)} />;
}

function Bar({ share }: { readonly share: number }): JSX.Element {
  return (
    <span class="meter" aria-hidden="true">
      <span style={{ transform: `scaleX(${share.toFixed(3)})` }} />
    </span>
  );
}

/** From -54 dB, which is a quiet room, to -6 dB, which is as loud as speech gets. */
function meterShare(level: number): number {
  if (level <= 0) return 0;
  return Math.max(0, Math.min(1, (20 * Math.log10(level) + 54) / 48));
}

function Drawing({ page, view }: { readonly page: PageState; readonly view: CallView }): JSX.Element {
  const callMs = Math.max(view.callMs, page.callTenths.value * 100);
  const speech = view.seats.map(({ segments }) => segments.map(({ startMs, endMs }): Span => ({ startMs, endMs: endMs ?? callMs })));
  const interruptions = interruptionsOf(view.run.utterances);
  const lanes = view.seats.map((seat, i): Lane => {
    const cuts = view.run.utterances.filter(({ agent, cut, endMs }) => agent === seat.agent.name && cut && endMs !== null);
    return { name: seat.agent.name, hue: hueOf(i), speech: speech[i] ?? [], cutsMs: cuts.map(({ endMs }) => endMs as number) };
  });
  const isOver = view.ended !== undefined;
  const both = overlaps(speech[0] ?? [], speech[1] ?? []);
  return (
    <>
      <Lanes
        lanes={lanes}
        overlaps={both}
        spanMs={isOver ? Math.max(1, view.callMs) : spanMsOf(callMs)}
        playheadMs={isOver ? null : callMs}
        label={`Who spoke when: ${counted(view.turns.length, 'turn')}, ${counted(interruptions.length, 'interruption')}`}
      />
      {(both.length > 0 || lanes.some(({ cutsMs }) => cutsMs.length > 0)) && <LanesKey />}
    </>
  );
}

function spanMsOf(callMs: number): number {
  let spanMs = SHORTEST_SPAN_MS;
  while (spanMs < callMs) spanMs *= 2;
  return spanMs;
}

function orderOf(page: PageState, name: string): number {
  return page.run.value?.agents.findIndex((agent) => agent.name === name) ?? -1;
}
