import { describe, expect, it } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import { systemWallClock } from '../clock/wall-clock.ts';
import { type BottalkEvent, EVENT_SCHEMA, type EventOf } from '../events/event.ts';
import { RunLog } from '../events/log.ts';
import { LocalRoom } from '../room/local-room.ts';
import { Recorder } from '../room/recorder.ts';
import { SARAH } from '../testing/agent-call.ts';
import { energyVad } from '../testing/energy-vad.ts';
import { ListedBrain, type ListedAnswer } from '../testing/listed-brain.ts';
import { logFaults } from '../testing/log-invariants.ts';
import { ToneVoice } from '../testing/tone-voice.ts';
import { Agent } from './agent.ts';
import { lexicalEndOfTurn } from './lexical-end-of-turn.ts';
import type { AgentSettings, MockedTool } from './settings.ts';
import { silenceEndOfTurn } from './silence-end-of-turn.ts';

type Side = { readonly settings?: Partial<AgentSettings>; readonly answers: readonly ListedAnswer[]; readonly unheard?: boolean; readonly lexical?: boolean };

const MIKE: AgentSettings = { ...SARAH, name: 'Mike', order: 1, goesFirst: false, endsConversation: false, systemPrompt: 'You are Mike.' };

type Outcome = { readonly events: readonly BottalkEvent[]; readonly brains: readonly ListedBrain[]; readonly tracks: readonly Int16Array[] };

/** Sarah and Mike in the embedded room until one of them leaves, or for a minute. */
async function talk(sides: readonly [Side, Side], { seed = 1, wordErrorRate = 0 } = {}): Promise<Outcome> {
  const clock = new VirtualClock({ wall: systemWallClock });
  const events: BottalkEvent[] = [];
  const log = new RunLog({ nowMs: () => clock.nowMs(), sinks: [{ event: (event) => void events.push(event) }] });
  const random = seededRandom(seed);
  const settings = [{ ...SARAH, ...sides[0].settings }, { ...MIKE, ...sides[1].settings }];
  const about = { llm: 'listed', llmModel: 'listed', tts: 'tone', ttsModel: 'tone', voice: 'v', vad: 'energy', endOfTurn: 'silence' };
  const agentsOf = settings.map(({ name, goesFirst }, i) => ({ ...about, name, goesFirst, role: i === 0 ? ('system' as const) : ('user' as const) }));
  log.append({ type: 'run.started', schema: EVENT_SCHEMA, scenario: {}, seed: 1, clock: 'virtual', room: 'embedded', transcription: 'embedded', agents: agentsOf });
  const recorder = new Recorder();
  const room = new LocalRoom({
    clock,
    log,
    recorder,
    random: random.fork('room'),
    transcription: (seat) => ({ wordErrorRate, interimIntervalMs: 300, finalLatencyMs: () => 230 + 40 * seat.next() }),
    announcedLatencyMs: 350,
  });
  const brains = sides.map(({ answers, unheard }) => Object.assign(new ListedBrain(clock, answers), { answersUnheard: unheard ?? false }));
  let over = false;
  const finish = (): void => {
    if (over) return;
    over = true;
    for (const agent of agents) agent.stop('call over');
    void room.close();
    log.append({ type: 'run.ended', endedBy: 'end_conversation' });
    clock.stop();
  };
  const agents = settings.map(
    (own, i) =>
      new Agent({
        clock,
        log,
        random: random.fork(own.name),
        settings: own,
        llm: brains[i] as ListedBrain,
        tts: new ToneVoice({ clock }),
        vad: energyVad,
        endOfTurn: sides[i]?.lexical ? lexicalEndOfTurn() : silenceEndOfTurn(),
        onEnded: finish,
      }),
  );
  clock.task(async () => {
    for (const agent of agents) await agent.join(room);
  });
  clock.at(60_000, { phase: 'publish', order: 9 }, finish);
  await clock.run();
  return { events, brains, tracks: settings.map(({ name }) => recorder.track(name)) };
}

function of<T extends BottalkEvent['type']>({ events }: Outcome, type: T): EventOf<T>[] {
  return events.filter((event): event is EventOf<T> => event.type === type);
}

const END = [{ name: 'end_conversation' }];
const SALE: readonly [Side, Side] = [
  { answers: ['Hello Mike, this is Sarah.', 'It costs ten dollars.', { text: 'Thank you. Goodbye.', calls: END }] },
  { answers: ['Hi Sarah. What does it cost?', 'That is fine with me.', 'Bye.'] },
];

describe('two agents in the embedded room', () => {
  it('hear each other and take turns', async () => {
    const outcome = await talk(SALE);
    expect(logFaults(outcome.events)).toEqual([]);
    expect(of(outcome, 'reply.stopped').map(({ agent, outcome: how, heard }) => `${agent} ${how}: ${heard}`)).toEqual([
      'Sarah completed: Hello Mike, this is Sarah.',
      'Mike completed: Hi Sarah. What does it cost?',
      'Sarah completed: It costs ten dollars.',
      'Mike completed: That is fine with me.',
      'Sarah completed: Thank you. Goodbye.',
    ]);
    expect(outcome.brains[1]?.asked.at(-1)?.request.messages.map((message) => ('text' in message ? message.text : message.name))).toEqual([
      'You are Mike.',
      'hello mike this is sarah',
      'Hi Sarah. What does it cost?',
      'it costs ten dollars',
    ]);
    expect(of(outcome, 'participant.left').map(({ name, reason }) => [name, reason])).toEqual([['Sarah', 'left'], ['Mike', 'call over']]);
  });

  it('make the same call twice, to the last sample', async () => {
    const [first, second] = [await talk(SALE), await talk(SALE)];
    expect(second.events).toEqual(first.events);
    expect(second.tracks).toEqual(first.tracks);
  });

  it('leave by the limit of turns, whoever reaches it', async () => {
    const outcome = await talk([{ answers: ['Hello.'], settings: { maxTurns: 2 } }, { answers: ['Hi.'], settings: { maxTurns: 2 } }]);
    expect(of(outcome, 'call.ending')).toMatchObject([{ agent: 'Sarah', endedBy: 'max_turns' }]);
    expect(of(outcome, 'reply.stopped').map(({ agent }) => agent)).toEqual(['Sarah', 'Mike', 'Sarah']);
  });

  it('are cut off by a barge-in, and then remember what was heard of them', async () => {
    const long = 'It costs ten dollars a month and then there is a fee of five dollars a year.';
    const bargeIn = { on: (text: string) => text.includes('a fee'), chance: 1 };
    const outcome = await talk([
      { answers: ['Hello.', long, 'Sorry.'] },
      { answers: ['What does it cost?', 'Hold on, a fee?', 'I see.'], settings: { manners: { bargeIn } } },
    ]);
    expect(logFaults(outcome.events)).toEqual([]);
    const cut = of(outcome, 'reply.stopped').find(({ outcome: how }) => how === 'interrupted');
    expect(cut?.agent).toBe('Sarah');
    expect(long.startsWith(cut?.heard ?? 'x')).toBe(true);
    const remembered = outcome.brains[0]?.asked.at(2)?.request.messages.slice(-2);
    expect(remembered).toMatchObject([{ role: 'assistant', text: cut?.heard }, { role: 'user', text: 'hold on a fee' }]);
    const taken = of(outcome, 'turn.stopped').find(({ by }) => by === 'barge_in');
    const later = of(outcome, 'turn.stopped').filter(({ agent, atMs }) => agent === 'Mike' && atMs > (taken?.atMs ?? 0));
    expect(later.every(({ text }) => !text.includes('ten dollars'))).toBe(true);
  });
});

it('whatever two agents do, the log is sound and the call goes on', { timeout: 120_000 }, async () => {
  for (let seed = 0; seed < 12; seed++) {
    const random = seededRandom(`sweep ${seed}`);
    const sides = [anySide(random.fork('Sarah')), anySide(random.fork('Mike'))] as const;
    const outcome = await talk(sides, { seed, wordErrorRate: seed % 2 === 0 ? 0 : 0.3 });
    expect({ seed, faults: logFaults(outcome.events) }).toEqual({ seed, faults: [] });
    expect({ seed, isLong: longestSilenceMs(outcome) > 12_000 }).toEqual({ seed, isLong: false });
  }
});

/** The longest time in which nobody spoke, until somebody ended the call. */
function longestSilenceMs({ events }: Outcome): number {
  const endMs = events.find(({ type }) => type === 'call.ending')?.atMs ?? 60_000;
  let silentSinceMs: number | undefined = 0;
  let longestMs = 0;
  const speaking = new Set<string>();
  for (const event of events) {
    if (event.atMs > endMs) break;
    if (event.type === 'utterance.started') {
      if (silentSinceMs !== undefined) longestMs = Math.max(longestMs, event.atMs - silentSinceMs);
      speaking.add(event.utteranceId);
      silentSinceMs = undefined;
    } else if (event.type === 'utterance.stopped') {
      speaking.delete(event.utteranceId);
      if (speaking.size === 0) silentSinceMs = event.atMs;
    }
  }
  return silentSinceMs === undefined ? longestMs : Math.max(longestMs, endMs - silentSinceMs);
}

/** Settings and answers drawn at random, such as somebody may write. */
function anySide(random: ReturnType<typeof seededRandom>): Side {
  const words = ['yes', 'no', 'ten dollars', 'I think so', 'and then', 'what?', 'Fine.', 'Really!', 'the price is', 'uh'];
  const text = (): string => Array.from({ length: 1 + random.int(8) }, () => random.pick(words)).join(' ');
  const answer = (): ListedAnswer => ({
    text: random.chance(0.95) ? text() : '',
    firstWordMs: 100 + random.int(1500),
    wordMs: random.int(200),
    ...(random.chance(0.15) ? { calls: [{ name: random.pick(['look', 'nothing']) }] } : {}),
    ...(random.chance(0.1) ? { fails: { kind: 'server' as const, retryable: random.chance(0.5) } } : {}),
  });
  const look: MockedTool = { name: 'look', description: 'Looks.', parameters: {}, delayMs: random.int(4000), answer: () => ({ result: 1, failed: false }) };
  const side = { everyMs: 500 + random.int(2000), words: ['mm-hm', 'right'], chance: random.next() };
  return {
    answers: Array.from({ length: 20 }, answer),
    unheard: true,
    lexical: random.chance(0.5),
    settings: {
      interruptible: random.chance(0.7),
      turn: { stopMs: 500 + random.int(1500), timeoutMs: 1500 + random.int(3000), minWords: random.int(3) },
      vad: { ...SARAH.vad, stopSecs: random.pick([0.2, 0.4, 0.8]) },
      maxTurns: 5 + random.int(15),
      tools: [look],
      manners: {
        ...(random.chance(0.5) ? { bargeIn: { afterMs: 400 + random.int(2000), chance: random.next() } } : {}),
        ...(random.chance(0.5) ? { backchannel: side } : {}),
      },
    },
  };
}
