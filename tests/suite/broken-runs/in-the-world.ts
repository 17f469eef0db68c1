/** Faults of brains, voices, ears and judges of the world, by servers of this machine that speak their protocols. */
import { parsePrices } from '../../../src/scenarios/price-file.ts';
import type { ChatTurn } from '../../../src/testing/chat-server.ts';
import { talk } from '../../live/live-run.ts';
import { type BrokenRun, CALL, EXPECT, type Stage } from './stage.ts';

/** From the given request on the brain does this. */
const from =
  (count: number, fault: (turn: ChatTurn) => void) =>
  (turn: ChatTurn, n: number): void =>
    n >= count ? fault(turn) : talk(turn);
const down = (turn: ChatTurn): void => turn.refuse(503, { message: 'overloaded' });
const silent = (turn: ChatTurn): void => turn.begin().finish();
const throttled = (turn: ChatTurn): void => turn.refuse(429, { message: 'too many requests', code: 'rate_limit_exceeded' }, { 'retry-after-ms': '1' });

function brain(onTurn: (turn: ChatTurn, n: number) => void): (stage: Stage) => ReturnType<Stage['live']> {
  return (stage) => {
    stage.onTurn = onTurn;
    return stage.live();
  };
}

function voices(plant: (voices: Stage['voices']) => void): (stage: Stage) => ReturnType<Stage['live']> {
  return (stage) => {
    plant(stage.voices);
    return stage.live();
  };
}

/** The call is heard by a transcription of the world that hears this. */
function ears(onAsked: Stage['onAsked']): (stage: Stage) => ReturnType<Stage['run']> {
  return (stage) => {
    stage.onAsked = onAsked;
    return stage.run({ scenario: CALL.replace('inactivity: 4s', 'inactivity: 9s').replace('agents:', 'transcription: { provider: openai }\nagents:'), secrets: { OPENAI_API_KEY: 'sk-loopback', OPENAI_BASE_URL: stage.ears.openAiUrl } });
  };
}

/** A model is asked when the call is over whether Ben was Ben. */
function judged(onTurn: (turn: ChatTurn) => void): (stage: Stage) => ReturnType<Stage['run']> {
  return (stage) => {
    stage.onTurn = onTurn;
    return stage.run({ scenario: CALL.replace(EXPECT, `judge: {}\n${EXPECT}`), machinery: { evaluations: undefined } });
  };
}

const row = (provider: string, per: string, usd: number): string => `  - { provider: ${provider}, per: ${per}, usd: ${usd}, source: https://example.com/prices, date: 2026-05-01 }\n`;
const PRICES = parsePrices(`prices:\n${row('openai', 'million_prompt_tokens', 10)}${row('openai', 'million_completion_tokens', 10)}${row('elevenlabs', 'thousand_characters', 0.1)}`, 'test.prices.yaml');

/** Keeps the whole process busy, and with it the event loop. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

export const IN_THE_WORLD: readonly BrokenRun[] = [
  { name: 'a brain that is down', comesTo: 'provider_failed', run: brain(down) },
  { name: 'a brain that dies in mid-call', comesTo: 'provider_failed', run: brain(from(3, down)) },
  { name: 'a brain that hangs up on everybody', comesTo: 'provider_failed', run: brain((turn) => turn.hangUp()) },
  { name: 'a brain that breaks off in mid-sentence', comesTo: 'provider_failed', run: brain(from(2, (turn) => turn.begin().say('Well, I would say that').hangUp())) },
  { name: 'a brain that refuses the key', comesTo: /refused the key/, run: brain((turn) => turn.refuse(401, { message: 'no', code: 'invalid_api_key' })) },
  { name: 'a brain that refuses in mid-call', comesTo: /has no quota left/, run: brain(from(2, (turn) => turn.refuse(429, { message: 'no', type: 'insufficient_quota', code: 'insufficient_quota' }))) },
  { name: 'a brain that answers nothing', comesTo: 'provider_failed', run: brain(silent) },
  { name: 'a brain that answers nothing any more', comesTo: 'provider_failed', run: brain(from(3, silent)) },
  { name: 'a brain that is asked too often, whatever one waits', comesTo: 'provider_failed', run: brain(from(2, throttled)) },
  { name: 'a brain that speaks no HTTP', comesTo: 'provider_failed', run: brain((turn) => turn.garble()) },
  { name: 'a brain without a key', comesTo: /needs OPENAI_API_KEY/, run: (stage) => stage.live({ secrets: { ELEVENLABS_API_KEY: 'x' } }) },
  { name: 'a voice that takes text and makes no sound', comesTo: 'provider_failed', run: voices((server) => void (server.plan = { fault: 'empty' })) },
  { name: 'a voice that makes no sound any more', comesTo: 'provider_failed', run: voices((server) => server.plans.push({}, { fault: 'empty' }, { fault: 'empty' }, { fault: 'empty' })) },
  { name: 'a voice that stalls', comesTo: 'provider_failed', run: voices((server) => void (server.plan = { fault: 'stall', afterPieces: 2 })) },
  { name: 'a voice that drops the line in mid-reply', comesTo: 'provider_failed', run: voices((server) => server.plans.push({}, { fault: 'drop', afterPieces: 1 })) },
  { name: 'a voice that refuses before the call', comesTo: /refuses the key/, run: voices((server) => server.refusals.push({ status: 401, code: 'invalid_api_key' })) },
  { name: 'a voice that has no credits left in mid-call', comesTo: /no credits left/, run: voices((server) => server.plans.push({}, { refusal: { error: 'quota_exceeded', message: 'none', closeCode: 1008 } })) },
  { name: 'ears that hang up on everybody', comesTo: 'no_transcription', run: ears((asked) => asked.hangUp()) },
  { name: 'ears that hear nothing', comesTo: 'no_transcription', run: ears((asked) => asked.hear('')) },
  { name: 'ears that miss one stretch', comesTo: 'provider_failed', run: ears((asked, n) => (n <= 2 ? asked.hangUp() : asked.hear('Pardon me?'))) },
  { name: 'ears that hear one stretch as nothing', comesTo: 'unheard', run: ears((asked, n) => asked.hear(n === 1 ? '' : 'What did you say?')) },
  { name: 'ears that hear something else', comesTo: 'garbled', run: ears((asked) => asked.hear('Bananas are cheap and yellow in the summer, they say over there.')) },
  { name: 'ears that refuse the key', comesTo: /refused the key/, run: ears((asked) => asked.refuse(401, { error: { message: 'no', code: 'invalid_api_key' } })) },
  {
    name: 'nobody to say who has finished',
    comesTo: 'provider_failed',
    run: (stage) => {
      stage.onTurn = down;
      return stage.run({ scenario: CALL.replace('profile: responsive', 'profile: responsive, strategy: llm, stop_secs: 2') });
    },
  },
  { name: 'a judge who cannot be reached', comesTo: 'judge_unreachable', run: judged(down) },
  { name: 'a user that fell out of its role', comesTo: 'out_of_role', run: judged((turn) => turn.answer(JSON.stringify({ reason: 'It says that it is a model.', turn: 2, quote: 'what is the time', kept: false }))) },
  { name: 'a judge who rambles', comesTo: 'judge_unreachable', run: judged((turn) => turn.answer('Well, who can say.')) },
  { name: 'a budget that is used up', comesTo: /is spent, and what comes next may cost/, run: (stage) => stage.live({ prices: PRICES, budgetUsd: 0.012 }) },
  {
    name: 'a machine that does not keep up',
    comesTo: 'timing_unreliable',
    run: (stage) => {
      stage.onTurn = (turn) => {
        block(120);
        talk(turn);
      };
      return stage.live({ patience: { lagMs: 50 } });
    },
  },
];
