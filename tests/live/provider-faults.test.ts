/** What goes wrong at the world's brains and voices: what the user sees of it, what is left of the run, and that none of it passes. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProviderError, UsageError } from '../../src/base/errors.ts';
import type { BottalkEvent } from '../../src/events/event.ts';
import type { ChatTurn } from '../../src/testing/chat-server.ts';
import { ElevenLabsServer } from '../../src/testing/eleven-labs/eleven-labs-server.ts';
import type { SpeechPlan } from '../../src/testing/eleven-labs/speech-plan.ts';
import { logFaults } from '../../src/testing/log-invariants.ts';
import { LIVE_SCENARIO, LiveRuns, type Seen, talk } from './live-run.ts';

let runs: LiveRuns;
beforeEach(async () => {
  runs = await LiveRuns.open();
});
afterEach(() => runs.close());

/** Short waits between tries; how long an answer may take is as long as ever, for the machine may be busy. */
const QUICK = { llm: { firstRetryWaitMs: 10 }, tts: { firstWaitMs: 10 } };
/** No answer for so long is none. */
const STALL_MS = 400;
const IMPATIENT = { llm: { ...QUICK.llm, firstTokenMs: STALL_MS, betweenChunksMs: STALL_MS }, tts: { ...QUICK.tts, stallMs: STALL_MS } };

const FILES = ['audio.wav', 'events.jsonl', 'metrics.json', 'run.json', 'transcript.txt', 'transcript.vtt'];
const TALK = ['Sarah Hello, this is Sarah. Do you have a minute?', 'Mike Sure, go ahead.', 'Sarah That is all. Thank you and goodbye.'];
const APOLOGY = 'Sorry, I lost my train of thought. Could you say that again?';

/** The lines that are not about who speaks and who came and went. */
const troubleIn = ({ lines }: Seen): string[] => lines.filter((line) => /is asked again|failed|^ended|^warning/.test(line));
const isSpoken = (line: string): boolean => /^(Sarah|Mike) /.test(line) && !/ (is asked again|failed|joined|left|openai|calls|end_conversation)\b/.test(line);
const spokenIn = ({ lines }: Seen): string[] => lines.filter(isSpoken).map((line) => line.replace(/ {2,}.*$/, ''));

/** A call that nobody joined has nothing to be played again. */
const hasBegun = ({ events }: Seen): boolean => events.some(({ type }) => type === 'participant.joined');

function expectWhole(seen: Seen): void {
  if (seen.thrown && !(seen.thrown instanceof ProviderError)) throw seen.thrown;
  expect(seen.files).toEqual(hasBegun(seen) ? [...FILES, 'cassette.jsonl'].toSorted() : FILES);
  expect(seen.faults).toEqual([]);
  expect(logFaults(seen.events)).toEqual([]);
}

/** It ended at once and by an error; its reason is the one line to read. */
function expectBrokenOff(seen: Seen, agent: string, reason: string): void {
  expectWhole(seen);
  expect(seen.lines).toContain(`ended error (${agent}): ${reason}`);
  expect(seen.ending).toMatchObject({ endedBy: 'error', agent });
  const [, , said] = /^(\w+): (.*)$/.exec(reason) ?? [];
  expect(seen.invalid).toMatchObject([{ agent, text: expect.stringMatching(/^(Sarah|Mike)'s (brain|voice) failed: /) as string }]);
  expect(seen.invalid[0]?.text.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')).toContain(said);
  expect(seen.summary).toMatch(/^ {2}ended by +error/m);
  expect(seen.summary).toMatch(/^ {2}invalid +\S/m);
}

/** Nobody joined, and the folder says why. */
function expectNotBegun(seen: Seen, reason: string): void {
  expectWhole(seen);
  expect(seen.thrown).toBeUndefined();
  expect(seen.ending).toMatchObject({ endedBy: 'error', agent: 'Sarah' });
  expect(seen.events.map(({ type }) => type).filter((type) => type !== 'warning.raised')).toEqual(['run.started', 'run.ended']);
  expect(seen.lines).toContain(`ended error (Sarah): ${reason}`);
  expect(seen.invalid.map(({ code, text }) => `${code} ${text.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST')}`)).toEqual([`error ${reason}`]);
  expect(seen.summary).toMatch(/^ {2}invalid +\S/m);
}

/** It went on to its end, and counts for nothing. */
function expectInvalid(seen: Seen, reason: string): void {
  expectWhole(seen);
  expect(seen.invalid.map(({ text }) => text.replaceAll(/127\.0\.0\.1:\d+/g, 'HOST'))).toContain(reason);
  expect(seen.summary).toMatch(/^ {2}invalid +\S/m);
}

/** It is as good as one in which nothing happened. */
function expectFine(seen: Seen): void {
  expectWhole(seen);
  expect(seen.invalid).toEqual([]);
  expect(seen.ending).toEqual({ endedBy: 'end_conversation', agent: 'Sarah' });
  expect(spokenIn(seen)).toEqual(TALK);
}

/** The first requests are answered so, the others as they should be. */
const first =
  (...answers: readonly ((turn: ChatTurn) => void)[]) =>
  (turn: ChatTurn, count: number): void =>
    (answers[count - 1] ?? talk)(turn);

/** Breaks the connection when what was written has gone out. */
function breakOff(turn: ChatTurn): void {
  setImmediate(() => turn.hangUp());
}

describe('without a key', () => {
  test.each([
    ['OPENAI_API_KEY', 'brain'],
    ['ELEVENLABS_API_KEY', 'voice'],
  ] as const)('%s, nothing is begun and no folder is made', async (name, part) => {
    const { OPENAI_BASE_URL: _own, ...secrets } = runs.secrets;
    const seen = await runs.run({ secrets: { ...secrets, [name]: '' } });
    expect(seen.thrown).toBeInstanceOf(UsageError);
    expect(seen.thrown?.message).toBe(`Sarah's ${part} needs ${name} (put it into .env.local or the environment)`);
    expect([seen.files, seen.lines, runs.chat.turns.length, runs.voices.handshakes.length]).toEqual([[], [''], 0, 0]);
  });
});

describe('a brain that is refused ends the run at once', () => {
  test.each([
    ['a wrong key', 401, 'invalid_api_key', 'unauthorized', 'HOST refused the key (401, invalid_api_key); check OPENAI_API_KEY'],
    ['no quota', 429, 'insufficient_quota', 'quota', 'HOST says that this account has no quota left (429, insufficient_quota); check its plan and billing'],
    ['an unknown model', 404, 'model_not_found', 'not_found', 'HOST has no model gpt-4o, or no chat completions at this address (404, model_not_found); check both'],
  ])('%s', async (_, status, code, kind, message) => {
    runs.onTurn = (turn) => turn.refuse(status, { message: `${runs.secrets.OPENAI_API_KEY} is no good`, type: 'invalid_request_error', code });
    const seen = await runs.run();
    expectBrokenOff(seen, 'Sarah', `openai: ${message}`);
    expect(troubleIn(seen)).toEqual([`Sarah openai failed (${kind}): ${message}`, `ended error (Sarah): openai: ${message}`]);
    expect(runs.chat.turns).toHaveLength(1);
    // Nor is anybody apologised to, which would cost money.
    expect(runs.voices.messages.filter(({ kind }) => kind === 'text')).toEqual([]);
  });

  test('no quota any more, in mid-call: what was said until then is kept', async () => {
    runs.onTurn = first(talk, (turn) => turn.refuse(429, { message: 'quota', type: 'insufficient_quota', code: 'insufficient_quota' }));
    const seen = await runs.run();
    expectBrokenOff(seen, 'Mike', 'openai: HOST says that this account has no quota left (429, insufficient_quota); check its plan and billing');
    expect(spokenIn(seen)).toEqual(TALK.slice(0, 1));
  });
});

describe('a voice that is refused', () => {
  test.each([
    ['a wrong key', { status: 401, code: 'invalid_api_key' }, 'HOST refuses the key, or what it is used for: check ELEVENLABS_API_KEY (401)'],
    ['no quota', { status: 401, code: 'quota_exceeded' }, 'the ElevenLabs account has no credits left for this (401)'],
    ['an unknown model', { status: 400, code: 'model_not_found' }, 'ElevenLabs has no model "eleven_turbo_v2_5" for this: check ELEVENLABS_MODEL (400)'],
    ['an unknown voice', { status: 404, code: 'voice_not_found' }, 'ElevenLabs knows no voice "rachel" in this account: `bottalk voices` lists those it knows (404)'],
  ])('before the call keeps it from beginning: %s', async (_, refusal, message) => {
    runs.voices.refusals.push(refusal);
    const seen = await runs.run();
    expectNotBegun(seen, `elevenlabs: ${message}`);
    expect([runs.chat.turns.length, runs.voices.openSockets]).toEqual([0, 0]);
  });

  test('over HTTP ends the call at the first sentence: a wrong key', async () => {
    const scenario = LIVE_SCENARIO.replaceAll('tts: { provider: elevenlabs }', 'tts: { provider: elevenlabs, transport: http }');
    runs.voices.refusals.push({ status: 401, code: 'invalid_api_key' });
    const seen = await runs.run({ scenario });
    expectBrokenOff(seen, 'Sarah', 'elevenlabs: HOST refuses the key, or what it is used for: check ELEVENLABS_API_KEY (401)');
    expect([runs.voices.handshakes.length, runs.voices.requests.length]).toEqual([0, 0]);
  });

  test('is not waited for when the user wants the run to stop', async () => {
    const abort = new AbortController();
    const seen = await runs.run({ signal: abort.signal, onEvent: ({ type }) => void (type === 'run.started' && abort.abort()) });
    expectWhole(seen);
    expect([seen.thrown, seen.ending, seen.events.map(({ type }) => type)]).toEqual([undefined, { endedBy: 'cancelled' }, ['run.started', 'run.ended']]);
  });

  test('in the call ends it at once: no quota any more', async () => {
    runs.voices.plans.push({}, { refusal: { error: 'quota_exceeded', message: 'You have 0 credits remaining', closeCode: 1008 } });
    const seen = await runs.run();
    const message = 'the ElevenLabs account has no credits left for this';
    expectBrokenOff(seen, 'Mike', `elevenlabs: ${message}`);
    expect(troubleIn(seen)[0]).toBe(`Mike elevenlabs failed (quota): ${message}`);
    expect(spokenIn(seen)).toEqual(TALK.slice(0, 1));
  });

  test('in the call ends it at once: a voice that is only then found to be unknown', async () => {
    runs.voices.voices.splice(0, 1);
    const seen = await runs.run();
    expectBrokenOff(seen, 'Sarah', 'elevenlabs: ElevenLabs knows no voice "rachel" in this account: `bottalk voices` lists those it knows (1008)');
    expect(spokenIn(seen)).toEqual([]);
  });
});

describe('a network that is gone', () => {
  const refused = 'the connection to HOST failed (ECONNREFUSED)';

  test('for long, between us and the brain: it is asked again, given up, and apologises', async () => {
    await runs.chat.close();
    const seen = await runs.run({ patience: QUICK });
    expectInvalid(seen, `Sarah's brain failed: ${refused}`);
    expect(troubleIn(seen).slice(0, 3)).toEqual([
      `Sarah openai is asked again in 0.01 s (network): ${refused}`,
      `Sarah openai is asked again in 0.02 s (network): ${refused}`,
      `Sarah openai failed (network): ${refused}`,
    ]);
    expect(spokenIn(seen)[0]).toBe(`Sarah ${APOLOGY}`);
  });

  test('for a moment, between us and the brain: it is asked again until it is there', async () => {
    await runs.chat.close();
    const onEvent = ({ type }: BottalkEvent): void => void (type === 'llm.retried' && runs.reopenChat());
    const seen = await runs.run({ patience: { llm: { firstRetryWaitMs: 100 } }, onEvent });
    expectFine(seen);
    expect(troubleIn(seen)[0]).toBe(`Sarah openai is asked again in 0.10 s (network): ${refused}`);
    expect(troubleIn(seen).at(-1)).toBe('ended end_conversation (Sarah)');
  });

  test('for two breaks of the connection: the brain is asked again, and nobody hears of it', async () => {
    runs.onTurn = first((turn) => turn.hangUp(), (turn) => turn.hangUp());
    const seen = await runs.run({ patience: QUICK });
    expectFine(seen);
    expect(troubleIn(seen).slice(0, 2)).toEqual([
      'Sarah openai is asked again in 0.01 s (network): the connection to HOST failed (UND_ERR_SOCKET)',
      'Sarah openai is asked again in 0.02 s (network): the connection to HOST failed (UND_ERR_SOCKET)',
    ]);
  });

  test('before the call: a voice that cannot be reached keeps it from beginning', async () => {
    const { secrets } = runs;
    await runs.voices.close();
    const seen = await runs.run({ secrets, patience: QUICK });
    runs.voices = await ElevenLabsServer.start();
    expectNotBegun(seen, `elevenlabs: ${refused}`);
    expect(troubleIn(seen).slice(0, 2)).toEqual([
      `warning Sarah: elevenlabs: ${refused}; asked again in 0.01 s`,
      `warning Sarah: elevenlabs: ${refused}; asked again in 0.02 s`,
    ]);
  });

  test('in mid-call and for long, between us and the voice: what it has said stays, and every reply after it fails', async () => {
    const { voices } = runs;
    // The second context breaks off, and from then on nobody is there any more.
    voices.plans.push({}, { fault: 'drop', afterPieces: 1 });
    runs.onTurn = (turn, count) => {
      if (count === 3) void voices.close().catch(() => undefined);
      talk(turn);
    };
    const seen = await runs.run({ patience: QUICK });
    runs.voices = await ElevenLabsServer.start();
    expectInvalid(seen, "Mike's voice failed: the connection to HOST failed (closed with 1006)");
    expect(spokenIn(seen).slice(0, 2)).toEqual([TALK[0], 'Mike Sure,']);
    expect(troubleIn(seen).slice(0, 4)).toEqual([
      'Mike elevenlabs failed (network): the connection to HOST failed (closed with 1006)',
      `Sarah elevenlabs is asked again in 0.01 s (network): ${refused}`,
      `Sarah elevenlabs is asked again in 0.02 s (network): ${refused}`,
      `Sarah elevenlabs failed (network): ${refused}`,
    ]);
  });

  test('while the brain writes: what was not yet said is asked for again', async () => {
    runs.onTurn = first((turn) => breakOff(turn.begin().say('Well, ')));
    const seen = await runs.run({ patience: QUICK });
    expectFine(seen);
    expect(troubleIn(seen)).toEqual(['Sarah openai failed (network): the connection to HOST failed (UND_ERR_SOCKET)', 'ended end_conversation (Sarah)']);
  });

  test('while the brain writes and the voice speaks already: what was said stays, an apology follows', async () => {
    runs.onTurn = first((turn) => breakOff(turn.begin().say('Hello, this is Sarah. ').say('Do you ')));
    const seen = await runs.run({ patience: QUICK });
    expectInvalid(seen, "Sarah's brain failed: the connection to HOST failed (UND_ERR_SOCKET)");
    expect(spokenIn(seen)[0]).toBe(`Sarah Hello, this is Sarah. ${APOLOGY}`);
  });

  test('a voice that breaks off in mid-reply: what was heard stays, the next reply is fine, and the run counts for nothing', async () => {
    runs.voices.plans.push({ fault: 'drop', afterPieces: 2 });
    const seen = await runs.run({ patience: QUICK });
    expectInvalid(seen, "Sarah's voice failed: the connection to HOST failed (closed with 1006)");
    expect(troubleIn(seen)[0]).toBe('Sarah elevenlabs failed (network): the connection to HOST failed (closed with 1006)');
    expect(spokenIn(seen)[0]).toMatch(/^Sarah Hello, this/);
    expect(spokenIn(seen)).toContain(TALK[1]);
  });
});

describe('a brain that says nothing', () => {
  test('for longer than anybody waits is asked once more', async () => {
    runs.onTurn = first(() => undefined);
    const seen = await runs.run({ patience: IMPATIENT });
    expectFine(seen);
    expect(troubleIn(seen)[0]).toBe(`Sarah openai failed (timeout): HOST sent no first token within ${STALL_MS} ms`);
  });

  test('stops in mid-sentence: what it said stays, an apology follows', async () => {
    runs.onTurn = first((turn) => void turn.begin().say('Hello, this is Sarah. ').say('Do you '));
    const seen = await runs.run({ patience: IMPATIENT });
    const message = `HOST stopped in mid-sentence and sent nothing for ${STALL_MS} ms`;
    expectInvalid(seen, `Sarah's brain failed: ${message}`);
    expect(troubleIn(seen)[0]).toBe(`Sarah openai failed (timeout): ${message}`);
    expect(spokenIn(seen)[0]).toBe(`Sarah Hello, this is Sarah. ${APOLOGY}`);
  });

  test('asks for a moment first: it is asked again when it says', async () => {
    runs.onTurn = first((turn) => turn.refuse(429, { message: 'slow down', type: 'requests', code: 'rate_limit_exceeded' }, { 'retry-after': '0.05' }));
    const seen = await runs.run({ patience: QUICK });
    expectFine(seen);
    expect(troubleIn(seen)[0]).toBe('Sarah openai is asked again in 0.05 s (rate_limited): HOST is asked too often (429, rate_limit_exceeded)');
  });
});

describe('a voice that makes no sound', () => {
  const again: readonly (readonly [string, SpeechPlan, string])[] = [
    ['of a text that it took, with all signs of success', { fault: 'empty' }, '(empty): ElevenLabs took the text and sent no sound'],
    ['and whose connection drops', { fault: 'drop' }, '(network): the connection to HOST failed (closed with 1006)'],
    ['because too much is asked of it', { refusal: { error: 'system_busy', message: 'Try later', closeCode: 1008 } }, '(rate_limited): ElevenLabs is asked too much at once'],
    ['and stalls', { fault: 'stall' }, `(timeout): ElevenLabs sent no sound for ${STALL_MS} ms`],
  ];
  test.each(again)('%s, is asked again, and nobody hears of it', async (_, plan, message) => {
    runs.voices.plans.push(plan);
    const seen = await runs.run({ patience: plan.fault === 'stall' ? IMPATIENT : QUICK });
    expectFine(seen);
    expect(troubleIn(seen)).toEqual([`Sarah elevenlabs is asked again in 0.01 s ${message}`, 'ended end_conversation (Sarah)']);
  });

  test('however often it is asked, loses the reply', async () => {
    runs.voices.plans.push({ fault: 'empty' }, { fault: 'empty' }, { fault: 'empty' });
    const seen = await runs.run({ patience: QUICK });
    expectInvalid(seen, "Sarah's voice failed: ElevenLabs took the text and sent no sound");
    expect(troubleIn(seen).slice(0, 3)).toEqual([
      'Sarah elevenlabs is asked again in 0.01 s (empty): ElevenLabs took the text and sent no sound',
      'Sarah elevenlabs is asked again in 0.02 s (empty): ElevenLabs took the text and sent no sound',
      'Sarah elevenlabs failed (empty): ElevenLabs took the text and sent no sound',
    ]);
  });

  test('any more, in mid-reply: what was heard stays', async () => {
    runs.voices.plans.push({ fault: 'stall', afterPieces: 2 });
    const seen = await runs.run({ patience: IMPATIENT });
    expectInvalid(seen, `Sarah's voice failed: ElevenLabs sent no sound for ${STALL_MS} ms`);
    expect(spokenIn(seen)[0]).toMatch(/^Sarah Hello, this/);
  });
});
