import { describe, expect, it } from 'vitest';
import { seededRandom } from '../base/random.ts';
import { NO_TURN, stepTurn, turnDueMs, type TurnInput, type TurnOutput, type TurnRules, type TurnState } from './user-turn.ts';

const RULES: TurnRules = { stopMs: 3000, timeoutMs: 5000, minWords: 0, transcriptionLatencyMs: 0, readsText: false };
const WITH_LATENCY: TurnRules = { ...RULES, transcriptionLatencyMs: 350 };

/** The machine on a small clock of its own: inputs at their seconds, due times in between, one verdict for every question unless it comes later. */
class Machine {
  state: TurnState = NO_TURN;
  readonly log: string[] = [];
  readonly outputs: TurnOutput[] = [];
  nowMs = 0;
  asked = 0;
  readonly #rules: TurnRules;
  readonly #complete: (asked: number) => boolean | undefined;

  constructor(rules: TurnRules = RULES, complete: (asked: number) => boolean | undefined = () => true) {
    this.#rules = rules;
    this.#complete = complete;
  }

  /** Runs until `untilMs`. */
  pass(untilMs: number): this {
    for (let dueMs = turnDueMs(this.state); dueMs !== null && dueMs <= untilMs; dueMs = turnDueMs(this.state)) {
      if (dueMs < this.nowMs) throw new Error(`it is ${this.nowMs} and it wanted to be woken at ${dueMs}`);
      this.nowMs = dueMs;
      this.#step({ kind: 'woken' });
      if (turnDueMs(this.state) === dueMs) throw new Error(`woken at ${dueMs} it wants to be woken at the same time again`);
    }
    this.nowMs = untilMs;
    return this;
  }

  at(seconds: number, input: TurnInput): this {
    this.pass(seconds * 1000);
    this.#step(input);
    return this;
  }

  #step(input: TurnInput): void {
    const [next, outputs] = stepTurn(this.state, input, this.nowMs, this.#rules);
    this.state = next;
    for (const output of outputs) {
      this.outputs.push(output);
      if (output.kind === 'ask') {
        const complete = this.#complete(this.asked++);
        if (complete !== undefined) this.#step({ kind: 'verdict', ask: output.ask, complete });
      } else this.log.push(line(output, this.nowMs));
    }
  }
}

function line(output: Exclude<TurnOutput, { kind: 'ask' }>, nowMs: number): string {
  const at = (nowMs / 1000).toFixed(2);
  if (output.kind === 'started') return `${at} started by ${output.by}`;
  return output.kind === 'late' ? `${at} late: ${output.text}` : `${at} stopped by ${output.by}: ${output.text}`;
}

const begins: TurnInput = { kind: 'vad_started' };
/** VAD stop_secs is 0.2 throughout. */
const stops = (atSeconds: number): TurnInput => ({ kind: 'vad_stopped', speechEndMs: atSeconds * 1000 - 200 });
const text = (words: string, { from = 0, to = 0, upToPause = false } = {}): TurnInput => {
  return { kind: 'transcript', text: words, final: true, startMs: from * 1000, endMs: to * 1000, upToPause };
};
const interim = (words: string, { from = 0, to = 0 } = {}): TurnInput => ({ ...text(words, { from, to }), final: false }) as TurnInput;
const mine = (on: boolean): TurnInput => ({ kind: 'agent_speaking', on });

function run(script: readonly (readonly [number, TurnInput])[], rules: TurnRules = RULES, complete?: (asked: number) => boolean | undefined): string[] {
  const machine = new Machine(rules, complete);
  for (const [at, input] of script) machine.at(at, input);
  return machine.pass(60_000).log;
}

describe('the published vectors', () => {
  const heard = text('hello', { from: 0, to: 0.1 });
  it.each([
    ['text after the stop, no latency announced', RULES, [[0, begins], [0.3, stops(0.3)], [0.8, heard]], '0.80 stopped by strategy: hello'],
    ['text before the stop, no latency announced', RULES, [[0, begins], [0.2, heard], [0.3, stops(0.3)]], '0.30 stopped by strategy: hello'],
    ['text before the stop, 0.35 s announced', WITH_LATENCY, [[0, begins], [0.2, heard], [0.3, stops(0.3)]], '0.45 stopped by strategy: hello'],
    ['text after the stop, 0.35 s announced', WITH_LATENCY, [[0, begins], [0.3, stops(0.3)], [0.8, heard]], '0.80 stopped by strategy: hello'],
    ['no text at all', { ...RULES, timeoutMs: 1500 }, [[0, begins], [0.3, stops(0.3)]], '1.80 stopped by watchdog: '],
  ] as const)('%s', (_title, rules, script, stopped) => {
    expect(run(script, rules)).toEqual(['0.00 started by vad', stopped]);
  });

  it('text without any VAD makes a turn each', () => {
    const script = [[0, text('hello', { from: -1, to: -0.5 })], [0.2, text('you', { from: 0.1, to: 0.2 })]] as const;
    expect(run(script)).toEqual(['0.00 started by transcript', '0.00 stopped by transcript: hello', '0.20 started by transcript', '0.20 stopped by transcript: you']);
  });

  it('an incomplete turn is ended by the watchdog if silence may last longer', () => {
    const script = [[0, begins], [0.2, heard], [0.3, stops(0.3)]] as const;
    expect(run(script, { ...RULES, timeoutMs: 1500 }, () => false)).toEqual(['0.00 started by vad', '1.80 stopped by watchdog: hello']);
  });

  it.each([
    ['text before the stop', [[0, begins], [0.2, heard], [0.3, stops(0.3)]], '0.90 stopped by silence: hello'],
    ['text after the silence', [[0, begins], [0.3, stops(0.3)], [1.2, heard]], '1.20 stopped by silence: hello'],
  ] as const)('0.6 s of silence are enough: %s', (_title, script, stopped) => {
    expect(run(script, { ...RULES, stopMs: 600 }, () => false)).toEqual(['0.00 started by vad', stopped]);
  });
});

describe('text that reaches the end of speech', () => {
  const rules: TurnRules = { ...RULES, transcriptionLatencyMs: 2000 };
  const all = (words: string, from: number, to: number): TurnInput => text(words, { from, to, upToPause: true });

  it.each([
    ['after the stop, ends the wait', [[0, begins], [1, stops(1)], [1.4, all('yes', 0, 0.7)]], '1.40 stopped by strategy: yes'],
    ['before a late stop, leaves nothing to wait for', [[0, begins], [1.1, all('yes', 0, 0.7)], [1.2, stops(1)]], '1.20 stopped by strategy: yes'],
    ['is waited for if it is of an earlier pause', [[0, begins], [0.8, all('we are', 0, 0.1)], [1.2, stops(1.2)], [1.9, all('here', 0.5, 1)]], '1.90 stopped by strategy: we are here'],
    ['is waited for no longer than announced', [[0, begins], [0.8, all('we are', 0, 0.1)], [1.2, stops(1.2)]], '3.00 stopped by strategy: we are'],
    ['means nothing if more may come of that speech', [[0, begins], [1, stops(1)], [1.4, text('yes', { from: 0, to: 0.8 })]], '2.80 stopped by strategy: yes'],
  ] as const)('%s', (_title, script, stopped) => {
    expect(run(script, rules)).toEqual(['0.00 started by vad', stopped]);
  });
});

describe('a strategy that takes its time', () => {
  const rules: TurnRules = { ...RULES, stopMs: 1000, readsText: true };
  const later = (ask: number, complete: boolean): TurnInput => ({ kind: 'verdict', ask, complete });
  const spoken = [[0, begins], [0.2, text('so', { from: 0, to: 0.1 })], [0.3, stops(0.3)]] as const;
  /** The VAD's start raises the number once, its stop asks. */
  const FIRST = 2;

  it.each([
    ['ends the turn when its answer is there', [[0.8, later(FIRST, true)]], '0.80 stopped by strategy: so'],
    ['leaves an unfinished turn to silence', [[0.8, later(FIRST, false)]], '1.30 stopped by silence: so'],
    ['loses to silence', [[1.4, later(FIRST, true)]], '1.30 stopped by silence: so'],
    ['is not believed on an old question', [[0.5, interim('then')], [0.8, later(FIRST, true)]], '1.30 stopped by silence: so'],
    ['is believed on the newest', [[0.5, interim('then')], [0.8, later(FIRST + 1, true)]], '0.80 stopped by strategy: so'],
    ['is not believed once speech goes on', [[0.5, begins], [0.8, later(FIRST, true)], [1, text('then')], [1.1, stops(1.1)]], '2.10 stopped by silence: so then'],
  ] as const)('%s', (_title, script, stopped) => {
    expect(run([...spoken, ...script], rules, () => undefined)).toEqual(['0.00 started by vad', stopped]);
  });

  it('does not undo what silence has decided while text was awaited', () => {
    const script = [[0, begins], [0.3, stops(0.3)], [1.4, later(FIRST, false)], [1.6, text('so')]] as const;
    expect(run(script, rules, () => undefined)).toEqual(['0.00 started by vad', '1.60 stopped by silence: so']);
  });

  it('answers nothing of a turn that is over', () => {
    const script = [...spoken, [1.4, begins], [1.5, later(FIRST, true)], [1.6, text('yes')], [1.7, stops(1.7)]] as const;
    expect(run(script, rules, () => undefined).at(-1)).toBe('2.70 stopped by silence: yes');
  });
});

describe('collecting text', () => {
  it('joins finals with one space and leaves interims out', () => {
    const machine = new Machine().at(0, begins).at(0.2, interim('so')).at(0.4, text(' so I ')).at(0.6, interim('think')).at(0.8, text('think yes'));
    expect(machine.at(1, stops(1)).log.at(-1)).toBe('1.00 stopped by strategy: so I think yes');
  });

  it('ignores blank text', () => {
    expect(run([[0, text('  ')], [1, interim(' ')]])).toEqual([]);
  });

  it('waits out speech that begins again', () => {
    const script = [[0, begins], [0.5, text('well')], [0.6, stops(0.6)], [1.5, begins], [2, text('yes')], [2.5, stops(2.5)]] as const;
    expect(run(script, RULES, (asked) => asked > 0)).toEqual(['0.00 started by vad', '2.50 stopped by strategy: well yes']);
  });

  it('asks a strategy that reads text again when more text comes after the stop', () => {
    const script = [[0, begins], [0.3, stops(0.3)], [0.5, interim('how')], [0.7, text('how are you')]] as const;
    expect(run(script, { ...RULES, readsText: true }, (asked) => asked === 2)).toEqual(['0.00 started by vad', '0.70 stopped by strategy: how are you']);
  });

  it('does not let such a strategy overrule a silence that was long enough', () => {
    const script = [[0, begins], [0.3, stops(0.3)], [2, text('how are')]] as const;
    const rules = { ...RULES, readsText: true, stopMs: 1200 };
    expect(run(script, rules, () => false)).toEqual(['0.00 started by vad', '2.00 stopped by silence: how are']);
  });

  it('counts the watchdog from the last sign of life', () => {
    const script = [[0, interim('one')], [4, interim('one two')], [8, interim('one two three')]] as const;
    expect(run(script.map(([at, input]) => [at, { ...input, startMs: at * 1000 - 900, endMs: at * 1000 - 300 } as TurnInput]))).toEqual([
      '0.00 started by transcript',
      '13.00 stopped by watchdog: ',
    ]);
  });

  it('goes on waiting while text without VAD keeps coming', () => {
    const script = [[0, text('one', { from: -1, to: -0.1 })], [0.3, interim('two', { from: 0, to: 0.2 })], [0.6, text('two', { from: 0, to: 0.3 })]] as const;
    expect(run(script, WITH_LATENCY)).toEqual(['0.00 started by transcript', '0.95 stopped by transcript: one two']);
  });
});

describe('late text', () => {
  it('is told apart from the next turn by when it was said', () => {
    const machine = new Machine().at(0, begins).at(0.4, text('it costs', { from: 0, to: 0.3 })).at(1, stops(1));
    machine.at(1.2, interim('ten', { from: 0.5, to: 0.8 })).at(1.4, text('ten dollars', { from: 0.5, to: 0.8 })).at(2, text('right', { from: 1.5, to: 1.8 }));
    expect(machine.log.slice(1)).toEqual(['1.00 stopped by strategy: it costs', '1.40 late: ten dollars', '2.00 started by transcript', '2.00 stopped by transcript: right']);
  });

  it('joins the next turn when it is kept', () => {
    const machine = new Machine().at(0, begins).at(0.4, text('it costs')).at(1, stops(1)).at(1.4, { kind: 'kept', text: 'ten' });
    expect(machine.at(3, begins).at(3.5, text('right', { from: 3, to: 3.3 })).at(4, stops(4)).log.at(-1)).toBe('4.00 stopped by strategy: ten right');
  });

  it('does not end that turn before its own text has come', () => {
    const machine = new Machine().at(0, begins).at(0.4, text('it costs')).at(1, stops(1)).at(1.4, { kind: 'kept', text: 'ten' });
    machine.at(3, begins).at(4, stops(4)).at(4.2, text('right', { from: 3, to: 3.3 }));
    expect(machine.log.at(-1)).toBe('4.20 stopped by strategy: ten right');
    expect(new Machine().at(0, { kind: 'kept', text: 'ten' }).at(1, begins).at(2, stops(2)).pass(9000).log.at(-1)).toBe('7.00 stopped by watchdog: ten');
  });

  it('belongs to the turn that is on', () => {
    const machine = new Machine().at(0, begins).at(0.4, text('it costs')).at(1, stops(1)).at(1.2, begins).at(1.3, text('ten', { from: 0.5, to: 0.8 }));
    expect(machine.at(2, stops(2)).log.at(-1)).toBe('2.00 stopped by strategy: ten');
  });
});

describe('while the agent speaks', () => {
  const rules = { ...WITH_LATENCY, minWords: 3 };

  it('any speech starts a turn unless words are asked for', () => {
    expect(new Machine(RULES).at(0, mine(true)).at(1, begins).log).toEqual(['1.00 started by vad']);
    expect(new Machine(rules).at(0, mine(true)).at(1, begins).log).toEqual([]);
  });

  it('so many words start a turn, interim ones too', () => {
    const machine = new Machine(rules).at(0, mine(true)).at(1, begins).at(1.5, interim('wait')).at(1.8, interim('wait a second'));
    expect(machine.log).toEqual(['1.80 started by transcript']);
    expect(machine.at(2.5, text('wait a second please', { from: 1, to: 2 })).at(2.6, stops(2.6)).pass(9000).log.at(-1)).toBe('2.75 stopped by strategy: wait a second please');
  });

  it('words that come after their speech has stopped are judged by the strategy', () => {
    const machine = new Machine(rules, () => false).at(0, mine(true)).at(1, begins).at(1.5, stops(1.5)).at(1.6, text('wait a second', { from: 1, to: 1.3 }));
    expect(machine.asked).toBe(1);
    expect(machine.pass(9000).log).toEqual(['1.60 started by transcript', '4.60 stopped by silence: wait a second']);
    expect(machine.outputs.at(-1)).toMatchObject({ speechEndMs: 1300 });
  });

  it('speech that outlasts its own is a turn, whatever is understood of it', () => {
    const made = (): Machine => new Machine(rules).at(0, mine(true)).at(1, begins);
    expect(made().at(1.3, mine(false)).at(1.8, stops(1.8)).pass(9000).log).toEqual(['1.80 started by vad', '6.80 stopped by watchdog: ']);
    expect(made().at(1.7, mine(false)).at(1.8, stops(1.8)).pass(9000).log).toEqual([]);
    expect(made().at(1.8, stops(1.8)).at(2, mine(false)).pass(9000).log).toEqual([]);
  });

  it('too few words are a sign of listening, and forgotten', () => {
    const machine = new Machine(rules).at(0, mine(true)).at(1, begins).at(1.4, text('uh huh', { from: 1, to: 1.3 })).at(1.5, stops(1.5));
    machine.at(3, mine(false)).at(4, begins).at(4.5, text('ten', { from: 4, to: 4.3 })).at(4.7, stops(4.7)).pass(9000);
    expect(machine.log).toEqual(['4.00 started by vad', '4.85 stopped by strategy: ten']);
  });

  it('one word is enough as soon as the agent is silent, but not if it was said before', () => {
    const silentSince = (seconds: number): Machine => new Machine(rules).at(0, mine(true)).at(0.9, begins).at(seconds, mine(false));
    const yes = text('yes', { from: 0.9, to: 1.2 });
    expect(silentSince(1).at(1.4, yes).log).toEqual(['1.40 started by transcript']);
    expect(silentSince(1.3).at(1.4, yes).log).toEqual([]);
  });
});

describe('breaking into the peer', () => {
  const speech = { from: 0, to: 1 };

  function taken(): Machine {
    return new Machine(WITH_LATENCY).at(0, begins).at(0.5, text('hello', speech)).at(1, interim('it costs ten', speech)).at(1.1, { kind: 'taken' });
  }

  it('uses what was understood so far, interim words too', () => {
    expect(taken().log).toEqual(['0.00 started by vad', '1.10 stopped by barge_in: hello it costs ten']);
  });

  it('never uses those words again', () => {
    const machine = taken().at(1.5, mine(true)).at(1.8, stops(1.8)).at(1.9, text('it costs ten dollars', { from: 0.6, to: 1.6 }));
    expect(machine.log.slice(2)).toEqual(['1.90 late: dollars']);
    expect(taken().at(1.5, mine(true)).at(1.8, stops(1.8)).at(1.9, text('it costs ten', { from: 0.6, to: 1.6 })).log.slice(2)).toEqual([]);
  });

  it('is not undone when the peer pauses and goes on before the agent is heard', () => {
    const machine = taken().at(1.2, stops(1.2)).at(1.4, begins).at(1.5, text('it costs ten dollars', { from: 0.6, to: 1 }));
    machine.at(1.6, mine(true)).at(1.7, interim('a month', { from: 1.3, to: 1.6 })).at(2, stops(2)).at(2.2, text('a month', { from: 1.3, to: 1.7 }));
    expect(machine.log.slice(2)).toEqual(['1.50 late: dollars', '2.20 late: a month']);
  });

  it('is answered by speech that begins over it', () => {
    const machine = taken().at(1.5, mine(true)).at(1.7, stops(1.7)).at(2.2, begins).at(2.3, text('it costs ten dollars', { from: 0.6, to: 1.4 }));
    machine.at(2.8, text('hey listen', { from: 2.1, to: 2.5 })).at(3, stops(3)).pass(9000);
    expect(machine.log.slice(2)).toEqual(['2.20 started by vad', '3.15 stopped by strategy: dollars hey listen']);
  });

  it('listens again to a peer who talks on after it', () => {
    const machine = taken().at(1.5, mine(true)).at(2, text('it costs ten dollars', { from: 0.6, to: 1.8 })).at(3, mine(false));
    machine.at(3.2, interim('which is a lot', { from: 2, to: 3.1 })).at(4, text('which is a lot really', { from: 2, to: 3.8 })).at(4.1, stops(4.1)).pass(9000);
    expect(machine.log.slice(2)).toEqual(['2.00 late: dollars', '3.20 started by transcript', '4.25 stopped by strategy: which is a lot really']);
  });

  it('has an end: later words without VAD are a turn of their own', () => {
    const machine = taken().at(1.5, mine(true)).at(1.7, stops(1.7)).at(2.5, mine(false)).at(4, text('yes', { from: 3, to: 3.3 })).pass(9000);
    expect(machine.log.slice(2)).toEqual(['4.00 started by transcript', '4.35 stopped by transcript: yes']);
  });
});

describe('any order of inputs', () => {
  const seeds = Array.from({ length: 300 }, (_, seed) => seed);

  it.each([
    ['plain', WITH_LATENCY],
    ['reading text', { ...WITH_LATENCY, readsText: true, stopMs: 1200 }],
    ['asking for words', { ...WITH_LATENCY, minWords: 2, timeoutMs: 1500 }],
    ['a slow transcription', { ...WITH_LATENCY, transcriptionLatencyMs: 2000 }],
  ])('keeps every start with its stop and every final text in one place: %s', (_title, rules) => {
    for (const seed of seeds) expect(sweep(seed, rules)).toEqual({ seed, outOfPair: [], isOn: false, twice: [], missing: [] });
  });

  it('keeps them although the strategy takes its time', () => {
    const rules = { ...WITH_LATENCY, readsText: true, stopMs: 1200 };
    for (const seed of seeds) expect(sweep(seed, rules, 'late')).toEqual({ seed, outOfPair: [], isOn: false, twice: [], missing: [] });
  });

  /** What happened, from random inputs at times of one microsecond's grain. Inputs are such as a room can send. */
  function sweep(seed: number, rules: TurnRules, verdicts: 'at once' | 'late' = 'at once'): Record<string, unknown> {
    const random = seededRandom(seed);
    const machine = new Machine(rules, () => (verdicts === 'late' ? undefined : random.chance(0.5)));
    let speaking = false;
    let word = 0;
    let interimWords: string[] = [];
    let interimFromMs = 0;
    const spoken: string[] = [];
    const dropped: string[] = [];
    for (let i = 0; i < 120; i++) {
      const nowMs = machine.nowMs + random.int(1_200_000) / 1000;
      machine.pass(nowMs);
      const send = (input: TurnInput): void => void machine.at(nowMs / 1000, input);
      if (verdicts === 'late' && random.chance(0.5)) send({ kind: 'verdict', ask: machine.state.ask - random.int(3), complete: random.chance(0.5) });
      const draw = random.int(9);
      if (draw <= 1) {
        speaking = !speaking;
        send(speaking ? begins : { kind: 'vad_stopped', speechEndMs: Math.round(nowMs * 1000 - 192_000) / 1000 });
      } else if (draw <= 3) {
        if (interimWords.length === 0) interimFromMs = nowMs - random.int(900);
        interimWords.push(`w${word++}`);
        send({ kind: 'transcript', text: interimWords.join(' '), final: false, startMs: interimFromMs, endMs: nowMs - random.int(400), upToPause: false });
      } else if (draw <= 5) {
        if (interimWords.length === 0) interimFromMs = nowMs - random.int(900);
        if (interimWords.length === 0 || random.chance(0.5)) interimWords.push(`w${word++}`);
        spoken.push(...interimWords);
        const wasOn = machine.state.on;
        const wasOutput = machine.outputs.length;
        const endMs = nowMs - random.int(400);
        const tooFew = interimWords.length < rules.minWords && (machine.state.agentSpeaking || endMs <= machine.state.agentSpokeUntilMs);
        send({ kind: 'transcript', text: interimWords.join(' '), final: true, startMs: interimFromMs, endMs, upToPause: word % 2 === 0 });
        if (!wasOn && tooFew && machine.outputs.length === wasOutput && !machine.state.on) dropped.push(...interimWords);
        interimWords = [];
      } else if (draw === 6) send(mine(!machine.state.agentSpeaking));
      else if (draw === 7 && machine.state.on && machine.state.speaking) send({ kind: 'taken' });
    }
    if (speaking) machine.at(machine.nowMs / 1000, { kind: 'vad_stopped', speechEndMs: machine.nowMs - 192 });
    machine.pass(machine.nowMs + 60_000);

    const changes = machine.outputs.map(({ kind }) => kind).filter((kind) => kind === 'started' || kind === 'stopped');
    const placed = machine.outputs.flatMap((output) => (output.kind === 'stopped' || output.kind === 'late' ? output.text.split(' ').filter(Boolean) : []));
    return {
      seed,
      outOfPair: changes.filter((kind, i) => kind !== (i % 2 === 0 ? 'started' : 'stopped')),
      isOn: machine.state.on,
      twice: placed.filter((one, i) => placed.indexOf(one) !== i),
      missing: spoken.filter((one) => !placed.includes(one) && !dropped.includes(one)),
    };
  }
});
