/**
 * What our pipeline adds to a live call, on a real clock and with four calls at once. Each figure runs from a moment
 * outside of it (a decision, a byte that the server sent) to the next moment outside of it (a request that the server
 * has read, a frame that goes out), sockets of this machine and the vendors' clients included. Waits that are meant
 * do not count: for the end of a turn, for the end of a sentence, for the next tick of the playout.
 */
import { FRAME_MS } from '../src/audio/format.ts';
import { seededRandom } from '../src/base/random.ts';
import { RealClock } from '../src/clock/real-clock.ts';
import { systemWallClock as wall } from '../src/clock/wall-clock.ts';
import { connectAgents } from '../src/compose/connect-agents.ts';
import { openCrew } from '../src/compose/crew.ts';
import { type Machinery, openMachinery } from '../src/compose/machinery.ts';
import type { Secrets } from '../src/compose/secrets.ts';
import type { BottalkEvent, EventOf, EventType } from '../src/events/event.ts';
import { RunLog } from '../src/events/log.ts';
import { SentenceSplitter } from '../src/pipeline/sentence-splitter.ts';
import { LocalRoom } from '../src/room/local-room.ts';
import { Recorder } from '../src/room/recorder.ts';
import { converse } from '../src/run/conversation.ts';
import { StopConditions } from '../src/run/stop-conditions.ts';
import type { Case } from '../src/scenarios/scenario.ts';
import { type Figure, p95 } from './figures.ts';
import { type BrainRecord, liveDialogue, nowEverywhereMs, openLiveWorld, type Records } from './live-world.ts';

const CALLS = 4;
/** Calls that begin together would be greeted, answered and computed together: such a march nobody ever sees. */
const APART_MS = 1730;
/** The room's transcription as it is unless a scenario wants it otherwise. */
const INTERIM_INTERVAL_MS = 300;
const FINAL_LATENCY_MS = 247;
const ANNOUNCED_LATENCY_MS = 350;

/** An event and the moment at which it was appended, by `nowEverywhereMs`. */
type Stamped = { readonly event: BottalkEvent; readonly wallMs: number };

/** What the figures mean, in lines for the reader. */
export const OVERHEAD_MEANS = [
  'overhead: four calls in real time. From a decision, or a byte that the server sent, to the request that the server',
  'has read, or the frame that goes out: vendors\' clients and sockets of this machine included; waits that are meant',
  '(for the end of the turn, the end of the sentence, the next tick of 20 ms) left out.',
];

export async function liveOverhead({ cacheFolder }: { cacheFolder: string }): Promise<Figure[]> {
  const dialogues = Array.from({ length: CALLS }, (_, number) => liveDialogue(number + 1));
  const world = await openLiveWorld({ lines: Object.assign({}, ...dialogues.map(({ lines }) => lines)) as ReturnType<typeof liveDialogue>['lines'] });
  const machinery = openMachinery({ wall, cacheFolder });
  const calls = await Promise.all(
    dialogues.map(async ({ of }, i) => {
      await wall.sleep(i * APART_MS);
      return call(of, { machinery, secrets: world.secrets });
    }),
  );
  await machinery.close();
  const records = await world.close();
  return [
    ...figures('overhead: turn over, client is asked', calls.flatMap(untilHandedOver)),
    ...figures('overhead: turn over, brain has the request', calls.flatMap((events) => untilAsked(events, records))),
    ...figures('overhead: sentence written, voice has it', calls.flatMap((events) => untilSpeaking(events, records))),
    ...figures('overhead: first sound sent, frame goes out', calls.flatMap((events) => untilHeard(events, records))),
    { what: 'for comparison: how late an idle thread\'s timer is, P95', values: [p95(records.lateMs)], unit: 'ms', aim: '' },
  ];
}

/** One call in the embedded room, in real time. */
async function call(of: Case, { machinery, secrets }: { readonly machinery: Machinery; readonly secrets: Secrets }): Promise<Stamped[]> {
  const events: Stamped[] = [];
  const clock = new RealClock({ wall });
  const conditions = new StopConditions();
  const sink = { event: (event: BottalkEvent) => void events.push({ event, wallMs: nowEverywhereMs() }) };
  const log = new RunLog({ nowMs: () => clock.nowMs(), sinks: [sink], essential: conditions });
  const crew = await openCrew(of, { clock, wall, machinery, secrets, strict: false });
  await connectAgents(crew.connecting, { log });
  const transport = new LocalRoom({
    clock,
    log,
    recorder: new Recorder(),
    random: seededRandom(of.seed),
    transcription: () => ({ wordErrorRate: 0, interimIntervalMs: INTERIM_INTERVAL_MS, finalLatencyMs: () => FINAL_LATENCY_MS }),
    announcedLatencyMs: ANNOUNCED_LATENCY_MS,
  });
  const limits = { maxDurationMs: of.scenario.max_duration * 1000, inactivityMs: of.scenario.inactivity * 1000 };
  const seats: Parameters<typeof converse>[0]['seats'] = (ended) => crew.members({ log, leaving: () => {}, ended });
  await converse({ clock, log, transport, conditions, limits, seats });
  await crew.close();
  return events;
}

/** From each decision that a turn is over to the request that is handed to the client: our own part of it. */
function untilHandedOver(events: readonly Stamped[]): number[] {
  return requestsOf(events).flatMap(({ requested, wallMs }) => {
    const decided = decisionBefore(requested, events);
    return decided ? [wallMs - decided.wallMs] : [];
  });
}

/** From each decision that a turn is over to the server that has read the request. */
function untilAsked(events: readonly Stamped[], { brains }: Records): number[] {
  return requestsOf(events).flatMap(({ requested, nth }) => {
    const decided = decisionBefore(requested, events);
    const asked = ofAgent(brains, requested.agent)[nth];
    return decided && asked ? [asked.askedMs - decided.wallMs] : [];
  });
}

/** From the token that completes a reply's first sentence to the voice that is asked for it. */
function untilSpeaking(events: readonly Stamped[], { brains, voices }: Records): number[] {
  return requestsOf(events).flatMap(({ requested, nth }) => {
    const tokens = ofAgent(brains, requested.agent)[nth]?.tokens ?? [];
    const splitter = new SentenceSplitter();
    const completing = tokens.find(({ text }) => text === '' || splitter.push(text).length > 0);
    const asked = voices.find(({ contextId }) => contextId.startsWith(`${requested.replyId}-speech-`));
    return completing && asked ? [asked.askedMs - completing.sentMs] : [];
  });
}

/** From the first sound to its delivery, and by how much the tick that sends it out comes late. */
function untilHeard(events: readonly Stamped[], { voices }: Records): number[] {
  return all(events, 'utterance.started').flatMap(({ event: { agent, utteranceId, atMs } }) => {
    const delivered = all(events, 'tts.first_audio').find(({ event }) => event.utteranceId === utteranceId);
    const joined = all(events, 'participant.joined').find(({ event }) => event.name === agent);
    const sent = voices.find(({ contextId }) => contextId.startsWith(`${utteranceId}-`))?.soundMs;
    if (!delivered || !joined || !sent) return [];
    return [delivered.wallMs - sent + ((atMs - joined.event.atMs) % FRAME_MS)];
  });
}

function decisionBefore(requested: EventOf<'llm.requested'>, events: readonly Stamped[]): { readonly wallMs: number } | undefined {
  const { turnId } = all(events, 'reply.started').find(({ event }) => event.replyId === requested.replyId)?.event ?? {};
  return all(events, 'turn.stopped').find(({ event }) => event.turnId === turnId && event.agent === requested.agent);
}

/** Each request to a brain, when it was made, and the how-manieth of its agent it was. */
function requestsOf(events: readonly Stamped[]): { readonly requested: EventOf<'llm.requested'>; readonly wallMs: number; readonly nth: number }[] {
  const counts = new Map<string, number>();
  return all(events, 'llm.requested').map(({ event: requested, wallMs }) => {
    const nth = counts.get(requested.agent) ?? 0;
    counts.set(requested.agent, nth + 1);
    return { requested, wallMs, nth };
  });
}

function ofAgent(brains: readonly BrainRecord[], agent: string): readonly BrainRecord[] {
  return brains.filter((record) => record.agent === agent);
}

function figures(what: string, overheadsMs: readonly number[]): Figure[] {
  return [
    { what, values: overheadsMs, unit: 'ms', aim: '' },
    { what: `${what}, P95`, values: [p95(overheadsMs)], unit: 'ms', aim: 'aim 5' },
  ];
}

function all<T extends EventType>(events: readonly Stamped[], type: T): { readonly event: EventOf<T>; readonly wallMs: number }[] {
  return events.filter((stamped): stamped is { event: EventOf<T>; wallMs: number } => stamped.event.type === type);
}
