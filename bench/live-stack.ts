/**
 * The whole stack over real sockets (OpenAI's own client, ElevenLabs' WebSocket) in the embedded room and in virtual
 * time, against servers that take their time: how much faster than life that is, and how far the latencies that
 * bottalk reports are off those that the servers really took.
 */
import { systemWallClock as wall } from '../src/clock/wall-clock.ts';
import { openMachinery } from '../src/compose/machinery.ts';
import { runCase } from '../src/compose/run-case.ts';
import type { BottalkEvent, EventOf, EventType } from '../src/events/event.ts';
import { foldAll } from '../src/metrics/run-fold.ts';
import { invalidReasons } from '../src/metrics/validity.ts';
import { Recorder } from '../src/room/recorder.ts';
import { type Figure, p95 } from './figures.ts';
import { liveDialogue, openLiveWorld } from './live-world.ts';

const ROUNDS = 3;
/** The first round loads the clients; it is short and not counted. */
const WARM_UP = 0;

/** What the figures mean, in lines for the reader. */
export const LIVE_STACK_MEANS = [
  'live: OpenAI\'s client and ElevenLabs\' socket against servers of this machine: 300 ms to the first token, 80 tokens/s,',
  '150 ms to the first sound, then four times as fast as it is spoken. Reported less played: what bottalk reports as a',
  'latency less what the server took from reading the request to answering it; the clients and the sockets are the rest.',
];

export async function liveStack({ cacheFolder }: { cacheFolder: string }): Promise<Figure[]> {
  const speeds: number[] = [];
  const tokenErrorsMs: number[] = [];
  const soundErrorsMs: number[] = [];
  for (let round = WARM_UP; round <= ROUNDS; round++) {
    const { of, lines } = liveDialogue(round, round === WARM_UP ? { maxTurns: 1 } : {});
    const world = await openLiveWorld({ lines });
    const machinery = openMachinery({ wall, cacheFolder });
    const events: BottalkEvent[] = [];
    const startedMs = wall.nowMs();
    await runCase(of, { wall, machinery, secrets: world.secrets, recorder: new Recorder(), sinks: [{ event: (event) => void events.push(event) }] });
    const wallMs = wall.nowMs() - startedMs;
    await machinery.close();
    const { brains, voices } = await world.close();
    const [trouble] = invalidReasons(foldAll(events));
    if (round === WARM_UP) continue;
    if (trouble) throw new Error(`the live benchmark is worth nothing: ${trouble.text}`);
    speeds.push((events.at(-1)?.atMs ?? 0) / wallMs);
    for (const [agent] of Object.entries(lines)) {
      const asked = brains.filter((record) => record.agent === agent);
      const reported = all(events, 'llm.first_token').filter((event) => event.agent === agent);
      for (const [i, { ttftMs }] of reported.entries()) {
        const { askedMs = 0, tokens = [] } = asked[i] ?? {};
        tokenErrorsMs.push(ttftMs - ((tokens[0]?.sentMs ?? Number.NaN) - askedMs));
      }
    }
    for (const { utteranceId, ttfbMs } of all(events, 'tts.first_audio')) {
      const context = voices.find(({ contextId }) => contextId.startsWith(`${utteranceId}-`));
      soundErrorsMs.push(ttfbMs - ((context?.soundMs ?? Number.NaN) - (context?.askedMs ?? Number.NaN)));
    }
  }
  return [
    { what: 'live stack, speed of a call', values: speeds, unit: 'x', aim: 'aim 3' },
    ...errorFigures('first token, reported less played', tokenErrorsMs),
    ...errorFigures('first sound, reported less played', soundErrorsMs),
  ];
}

function errorFigures(what: string, errorsMs: readonly number[]): Figure[] {
  return [
    { what, values: errorsMs, unit: 'ms', aim: '' },
    { what: `${what}, P95`, values: [p95(errorsMs)], unit: 'ms', aim: '' },
  ];
}

function all<T extends EventType>(events: readonly BottalkEvent[], type: T): EventOf<T>[] {
  return events.filter((event): event is EventOf<T> => event.type === type);
}
