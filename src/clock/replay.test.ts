/**
 * Random programs of sleeps, timers, gates, holds and barge-ins, run in worlds that differ in how fast the machine
 * and its providers are. What is not charged with wall time may not notice; what is, must give the same events again
 * when it is replayed from the offsets at which it was delivered.
 */
import { expect, test } from 'vitest';
import { type Random, seededRandom } from '../base/random.ts';
import { HandMovedWall } from '../testing/hand-moved-wall.ts';
import { type Clock, type Gate, type Mark, PHASES, type Place, wholeMicroseconds } from './clock.ts';
import { VirtualClock } from './virtual-clock.ts';

const SEEDS = Array.from({ length: 30 }, (_, seed) => seed);
const AGENTS = [0, 1, 2];
const STEPS = 20;
const END_MS = 2000;

/** When each chunk was delivered, after its request was opened. A chunk that was never delivered is not on it. */
type Tape = Map<string, number>;

/** How the world behaves; the program is the same in all of them. */
type World = {
  readonly workMs: (label: string) => number;
  readonly computeMs: (label: string) => number;
  readonly pace?: number;
  /** What providers sent, if this is a replay. */
  readonly tape?: Tape;
};

test.each(SEEDS)('program %d gives the same events on fast, slow, busy and paced machines', async (seed) => {
  const jitter = seededRandom(`jitter ${seed}`);
  const worlds: World[] = [
    { workMs: () => 0, computeMs: () => 0 },
    { workMs: () => 250, computeMs: () => 0 },
    { workMs: (label) => 400 * jitter.fork(label).next(), computeMs: (label) => 9 * jitter.fork(label).next() },
    { workMs: (label) => 3 * jitter.fork(label).next(), computeMs: () => 30 },
    { workMs: (label) => 90 * jitter.fork(label).next(), computeMs: () => 0, pace: 0.7 },
    { workMs: () => 1, computeMs: (label) => jitter.fork(label).next(), pace: 20 },
  ];
  const [first, ...others] = await Promise.all(worlds.map((world) => play(seed, world, 'modelled')));
  expect(first?.log.length).toBeGreaterThan(100);
  for (const other of others) expect(other.log).toEqual(first?.log);
});

test.each(SEEDS)('program %d gives the same events again when its providers are replayed', async (seed) => {
  const jitter = seededRandom(`jitter ${seed}`);
  const live: World = {
    workMs: (label) => 120 * jitter.fork(label).next() ** 3,
    // Busy now and then, so that results come in late.
    computeMs: (label) => (jitter.fork(label).chance(0.2) ? 40 * jitter.fork(label).next() : 0),
  };
  const recorded = await play(seed, live, 'live');
  expect(recorded.tape.size).toBeGreaterThan(5);
  const replayed = await play(seed, { workMs: () => 0, computeMs: () => 0, tape: recorded.tape }, 'live');
  expect(replayed.log).toEqual(recorded.log);
  expect(replayed.tape).toEqual(recorded.tape);
});

async function play(seed: number, world: World, requests: 'modelled' | 'live'): Promise<{ log: string[]; tape: Tape }> {
  const wall = new HandMovedWall();
  const clock = new VirtualClock({ wall, pace: world.pace });
  const program = new Program({ clock, wall, world, requests, random: seededRandom(`program ${seed}`) });
  clock.at(END_MS, { phase: 'publish', order: 99 }, () => clock.stop());
  await wall.until(clock.run());
  return program;
}

type ProgramOptions = {
  readonly clock: Clock;
  readonly wall: HandMovedWall;
  readonly world: World;
  readonly requests: 'modelled' | 'live';
  readonly random: Random;
};

/** Every draw hangs on the agent and the step, so that the program is the same whatever the order of its events. */
class Program {
  readonly log: string[] = [];
  readonly tape: Tape = new Map();
  readonly #options: ProgramOptions;
  readonly #gate: Gate;

  constructor(options: ProgramOptions) {
    this.#options = options;
    const { clock, random } = options;
    this.#gate = clock.gate();
    for (const agent of AGENTS) {
      clock.task(() => this.#live(agent));
      const draw = random.fork(`ticker ${agent}`);
      clock.every(wholeMicroseconds(20 + 30 * draw.next()), this.#place(draw), (n) => this.#note(`tick ${agent}/${n}`));
      clock.every(20, { phase: 'playout', order: agent }, (n) => this.#note(`frame ${agent}/${n}`));
    }
  }

  async #live(agent: number): Promise<void> {
    const { clock, random } = this.#options;
    for (let step = 0; step < STEPS; step++) {
      const label = `${agent}/${step}`;
      const draw = random.fork(label);
      this.#note(`begin ${label}`);
      const barge = new AbortController();
      const timer = draw.chance(0.4)
        ? clock.at(clock.nowMs() + this.#someMs(draw), this.#place(draw), () => {
            this.#note(`barge-in ${label}`);
            barge.abort(new Error('barge-in'));
          })
        : undefined;
      try {
        await this.#step(label, draw, barge.signal);
      } catch (error) {
        this.#note(`${String(error)} ${label}`);
      }
      timer?.cancel();
    }
  }

  async #step(label: string, draw: Random, signal: AbortSignal): Promise<void> {
    const { clock, wall, world } = this.#options;
    const kind = draw.pick(['sleep', 'stream', 'stream', 'stream', 'due', 'none', 'gate', 'open', 'several'] as const);
    const work = wall.sleep(world.workMs(label));
    switch (kind) {
      case 'sleep':
        return clock.sleep(this.#someMs(draw), { place: this.#place(draw), signal });
      case 'stream':
        return this.#stream(label, draw, signal);
      case 'due':
        return clock.hold(draw.chance(0.2) ? work.then(() => Promise.reject(new Error('refused'))) : work, {
          charge: 'due',
          dueMs: clock.nowMs() + this.#someMs(draw),
          signal,
        });
      case 'none':
        return clock.hold(work, { charge: 'none', signal });
      case 'gate': {
        const opener = clock.at(clock.nowMs() + this.#someMs(draw), this.#place(draw), () => this.#gate.open());
        await this.#gate.wait(signal).finally(() => opener.cancel());
        return this.#gate.close();
      }
      case 'open':
        return this.#gate.open();
      case 'several':
        await Promise.allSettled([clock.sleep(this.#someMs(draw), { signal }), this.#stream(label, draw, signal)]);
    }
  }

  /** A request whose chunks are asked for one after the other. */
  async #stream(label: string, draw: Random, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const since = clock.mark();
    const chunks = 1 + draw.int(4);
    for (let i = 0; i < chunks; i++) {
      const chunk = `${label}#${i}`;
      await this.#chunk(chunk, since, draw.fork(i), signal);
      this.tape.set(chunk, wholeMicroseconds(clock.nowMs() - since.startedMs));
      this.#note(`chunk ${chunk}`);
    }
  }

  async #chunk(chunk: string, since: Mark, draw: Random, signal: AbortSignal): Promise<void> {
    const { clock, wall, world, requests } = this.#options;
    if (requests === 'modelled') {
      const dueMs = clock.nowMs() + this.#someMs(draw);
      return clock.hold(wall.sleep(world.workMs(chunk)), { charge: 'due', dueMs, since, signal });
    }
    if (!world.tape) {
      // Half of the results are stamped earlier than their promise settles, as results of a busy process are.
      const arrivedMs = wholeMicroseconds(wall.nowMs() - since.startedWallMs + world.workMs(chunk));
      const stamp = draw.chance(0.5) ? { offsetMs: () => arrivedMs } : {};
      return clock.hold(wall.sleep(world.workMs(chunk) + (draw.chance(0.3) ? 15 : 0)), { charge: 'wall', since, signal, ...stamp });
    }
    const offsetMs = world.tape.get(chunk);
    if (offsetMs === undefined) return clock.gate().wait(signal);
    return draw.chance(0.5)
      ? clock.hold(wall.sleep(world.workMs(chunk)), { charge: 'none', since, signal, offsetMs: () => offsetMs })
      : clock.hold(Promise.resolve(), { charge: 'due', dueMs: since.startedMs + offsetMs, since, signal });
  }

  #note(label: string): void {
    const { clock, wall, world } = this.#options;
    this.log.push(`${clock.nowMs()} ${label}`);
    wall.pass(world.computeMs(`${this.log.length}`));
  }

  /** Often on the grid of the ticks, so that many things happen at one instant. */
  #someMs(draw: Random): number {
    return draw.chance(0.5) ? 20 * draw.int(6) : 100 * draw.next();
  }

  #place(draw: Random): Place {
    return { phase: draw.pick(PHASES), order: draw.int(3) };
  }
}
