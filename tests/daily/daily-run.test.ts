/** Whole runs in a Daily room: real agents, a real browser, real WebRTC between them. */
import { readdirSync } from 'node:fs';
import { beforeEach, describe, expect, test } from 'vitest';
import { ProviderError } from '../../src/base/errors.ts';
import { systemWallClock as wall } from '../../src/clock/wall-clock.ts';
import type { BottalkEvent } from '../../src/events/event.ts';
import { foldAll } from '../../src/metrics/run-fold.ts';
import { invalidReasons } from '../../src/metrics/validity.ts';
import { transcriptText } from '../../src/report/transcript-text.ts';
import { browserProcesses } from '../../src/testing/daily/browser-processes.ts';
import { type DailyRun, transcribing } from '../../src/testing/daily/daily-run.ts';
import type { FakeDaily } from '../../src/testing/daily/fake-daily.ts';
import { Visitor } from '../../src/testing/daily/visitor.ts';
import { logFaults } from '../../src/testing/log-invariants.ts';
import { framesOf } from '../../src/testing/speech-frames.ts';
import { spoken } from '../../src/testing/spoken.ts';
import { openTranscriptionServer } from '../../src/testing/transcription-server.ts';
import { caseOf, eventsOf, type WholeRun, type WholeRuns } from '../../src/testing/whole-run.ts';
import { isChromiumMissing } from './chromium-here.ts';
import { inDaily } from './in-daily.ts';

const QUICK = 'llm: { first_token_ms: 50 }\n    tts: { first_byte_ms: 20 }';
const SCENARIO = `
title: By Daily
turn: { profile: responsive }
room: { kind: daily }
agents:
  - name: Nora
    prompt: Greet.
    allow_interruptions: false
    script: { lines: [Hello Leo., { say: Goodbye then., end: true }], unheard: Pardon me? }
    ${QUICK}
  - name: Leo
    prompt: Answer.
    script: { lines: [I am well.], unheard: Pardon me? }
    ${QUICK}
`;

describe.skipIf(isChromiumMissing('tests/daily/daily-run.test.ts'))('a run in a Daily room', () => {
  let runs: WholeRuns;
  let daily: FakeDaily;
  let run: DailyRun;
  inDaily((opened) => ({ runs, daily, run } = opened));

  /** How many utterances have begun. */
  let utterances = 0;
  beforeEach(() => void (utterances = 0));
  const eventsSoFar = (event: BottalkEvent): number => (event.type === 'utterance.started' ? ++utterances : utterances);

  type Holding = { tuning?: Parameters<DailyRun['tuning']>[0]; signal?: AbortSignal; onEvent?: (event: BottalkEvent) => void };

  function hold(scenario: string, options: Holding = {}): Promise<WholeRun> {
    const transcribe = transcribing(daily);
    const onEvent = (event: BottalkEvent): void => {
      transcribe(event);
      options.onEvent?.(event);
    };
    const { signal } = options;
    // How soon a lost agent is back depends on how busy this machine is, and no peer here may give it up for that.
    const patience = { daily: run.tuning(options.tuning), graceMs: 60_000 };
    return runs.run(caseOf(scenario), { secrets: run.secrets, patience, onEvent, ...(signal && { signal }) });
  }

  test('is a conversation in which nobody answers their own words, and which a visitor can follow and take part in', async () => {
    const visitor = new Visitor({ daily, profilesFolder: run.profilesFolder });
    visitor.warmUp();
    const speech = framesOf(spoken('angus', 'May I ask you something?'));
    let joining: Promise<void> | undefined;
    let leaving: Promise<void> | undefined;
    const whole = await hold(SCENARIO, {
      onEvent: (event) => {
        if (event.type === 'room.opened') joining = visitor.join(event.url, 'Vera');
        // Over the goodbye, which nobody answers any more.
        if (event.type === 'utterance.started' && eventsSoFar(event) === 3) visitor.say(speech);
        if (event.type !== 'vad.speech_stopped' || event.participant !== visitor.id || leaving) return;
        daily.room.transcribe({ participantId: visitor.id, text: 'may I ask you something', final: true, startSecs: event.audioMs / 1000 - 1.5, durationSecs: 1.5 });
        leaving = visitor.leave();
      },
    });
    await joining;
    await leaving;
    await visitor.close();
    const { events } = whole;
    expect(whole.thrown).toBeUndefined();
    expect(whole.ending).toEqual({ endedBy: 'end_conversation', agent: 'Nora' });
    expect(logFaults(events)).toEqual([]);
    expect(invalidReasons(foldAll(events))).toEqual([]);
    expect(eventsOf(events, 'run.started')[0]).toMatchObject({ clock: 'real', room: 'daily', transcription: 'daily' });
    expect(eventsOf(events, 'reply.stopped').map(({ agent, heard }) => `${agent}: ${heard}`)).toEqual(['Nora: Hello Leo.', 'Leo: I am well.', 'Nora: Goodbye then.']);
    expect(eventsOf(events, 'transcript.dropped').map(({ agent, text, reason }) => `${agent} ${reason} ${text}`)).toEqual([
      'Nora own_echo Hello Leo.',
      'Leo own_echo I am well.',
      'Nora own_echo Goodbye then.',
    ]);

    const hearers = eventsOf(events, 'vad.speech_started').flatMap(({ agent, participant }) => (participant === visitor.id ? agent : []));
    expect(new Set(hearers)).toEqual(new Set(['Nora', 'Leo']));
    // Whose first sound came first, of two who began at the same time, is for the network to say.
    const lines = transcriptText(foldAll(events)).trimEnd().split('\n').map((line) => line.replace(/^\S+ +/, ''));
    expect(new Set(lines)).toEqual(new Set(['Vera  [joined]', 'Nora  Hello Leo.', 'Leo   I am well.', 'Nora  Goodbye then.', 'Vera  may I ask you something', 'Vera  [left]']));
    expect(foldAll(events).roster.visits.map(({ name }) => name)).toEqual(['Vera']);
    expect(visitor.notes).toEqual(['Nora joined', 'Leo joined']);
    expect(visitor.texts).toEqual(['Hello Leo.', 'I am well.', 'Goodbye then.']);
    expect(visitor.messages).toContainEqual({ from: 'Leo', data: expect.objectContaining({ label: 'metrics', agent: 'Leo' }) as unknown });
    expect(visitor.heard).toEqual(new Set(['Nora', 'Leo']));

    expect(readdirSync(run.profilesFolder)).toEqual([]);
    expect(browserProcesses(run.profilesFolder)).toEqual([]);
    expect(daily.rooms.size).toBe(0);
  });

  test('goes on when an agent lost its connection and came back as somebody new, who still does not answer itself', async () => {
    const enough = new AbortController();
    const { events, thrown } = await hold(SCENARIO.replace('I am well.', 'I am very well and glad that you call.'), {
      signal: enough.signal,
      onEvent: (event) => {
        if (event.type === 'utterance.stopped' && utterances === 1) daily.room.cutOff('Nora');
        if (event.type === 'transcript.dropped' && eventsSoFar(event) === 3) enough.abort();
        eventsSoFar(event);
      },
    });
    expect(thrown).toBeUndefined();
    expect(logFaults(events)).toEqual([]);
    expect(warnings(events)).toEqual(['Nora: the connection to Daily is interrupted', 'Nora: the connection to the Daily call failed; joining again']);
    expect(eventsOf(events, 'participant.joined').map(({ name }) => name)).toEqual(['Nora', 'Leo', 'Nora']);
    expect(eventsOf(events, 'grace.ended').map(({ agent, returned }) => `${agent} ${returned}`)).toEqual(['Leo true']);
    expect(eventsOf(events, 'transcript.dropped').at(-1)).toMatchObject({ agent: 'Nora', text: 'Goodbye then.', participant: eventsOf(events, 'participant.joined').at(-1)?.participant });
  });

  test('survives a network that is gone for a while', async () => {
    const enough = new AbortController();
    let joins = 0;
    const { events, ending } = await hold(SCENARIO, {
      signal: enough.signal,
      onEvent: (event) => {
        if (event.type === 'utterance.started' && eventsSoFar(event) === 1) daily.unplug();
        if (event.type === 'warning.raised' && event.message.endsWith('joining again')) daily.plugIn();
        if (event.type === 'participant.joined' && ++joins === 4) enough.abort();
      },
    });
    expect(ending).toEqual({ endedBy: 'cancelled' });
    // Whether anything had to be told while the network was gone is chance.
    const told = warnings(events).filter((message) => !message.startsWith('an app message was not sent'));
    expect(new Set(told)).toEqual(new Set(['Nora', 'Leo'].flatMap((name) => [`${name}: the connection to Daily is interrupted`, `${name}: the connection to the Daily call failed; joining again`])));
    expect(logFaults(events)).toEqual([]);
    expect(daily.rooms.size).toBe(0);
  });

  test('ends with a reason when the network does not come back', async () => {
    const { events, thrown } = await hold(SCENARIO, {
      tuning: { limits: { joinMs: 200 }, endMs: 200 },
      onEvent: (event) => {
        if (event.type === 'utterance.started') daily.unplug();
      },
    });
    const reason = 'the connection to the Daily call failed, and joining again failed: the Daily call did not answer to join within 0.2 s';
    expect(thrown).toBeInstanceOf(ProviderError);
    expect(thrown).toMatchObject({ provider: 'daily', kind: 'network', message: reason });
    expect(events.at(-1)).toMatchObject({ type: 'run.ended', endedBy: 'error', reason: `daily: ${reason}` });
    expect(warnings(events).at(-1)).toMatch(/^the Daily room https:.* could not be deleted: /);
    expect(invalidReasons(foldAll(events))).toEqual([{ code: 'error', agent: null, text: `daily: ${reason}` }]);
    expect(logFaults(events)).toEqual([]);
    expect(readdirSync(run.profilesFolder)).toEqual([]);
  });

  test('is heard by another provider when Daily does not transcribe it', async () => {
    const enough = new AbortController();
    const server = await openTranscriptionServer((asked) => asked.hear('hello leo'));
    daily.refuse(/transcription\/start/, 402, 'payment-required');
    const { events } = await runs.run(caseOf(SCENARIO), {
      secrets: { ...run.secrets, OPENAI_API_KEY: 'key', OPENAI_BASE_URL: server.openAiUrl },
      patience: { daily: run.tuning() },
      signal: enough.signal,
      onEvent: (event) => {
        if (event.type === 'turn.stopped') enough.abort();
      },
    });
    await server.close();
    expect(warnings(events)).toEqual([expect.stringMatching(/^Daily does not transcribe this call \(.* 402 payment-required: the account's plan does not include it\); openai listens from now on$/)]);
    expect(eventsOf(events, 'transcript.published')).toMatchObject([{ text: 'hello leo', final: true }]);
    expect(eventsOf(events, 'turn.stopped')[0]).toMatchObject({ agent: 'Leo', text: 'hello leo' });
  });

  test('leaves no room when it is cancelled while the room is made', async () => {
    const enough = new AbortController();
    const door = Promise.withResolvers<void>();
    daily.answersAfter = door.promise;
    const cancelled = hold(SCENARIO, { signal: enough.signal });
    while (daily.requests.length === 0) await wall.sleep(5);
    enough.abort();
    door.resolve();
    expect((await cancelled).ending).toEqual({ endedBy: 'cancelled' });
    expect(daily.requests.map(({ line }) => line.replace(/[^/]*$/, ''))).toEqual(['POST /', 'DELETE /rooms/']);
    expect(daily.rooms.size).toBe(0);
    expect(readdirSync(run.profilesFolder)).toEqual([]);
  });
});

function warnings(events: readonly BottalkEvent[]): string[] {
  return eventsOf(events, 'warning.raised').map(({ message }) => message);
}
