/** Which figures of a run are held against those of another one, how much of each matters, and which way is worse. */
import { measureNamed, type Unit } from './checks/measures.ts';
import type { RunFigures } from './run-figures.ts';

/**
 * The figures that say how a conversation went, one value each for a run. Sums of others are left out: every figure
 * more makes each of them count less among the others.
 */
const COMPARED: readonly (readonly [measure: string, stat: string | null])[] = [
  ['response_latency', 'p50'],
  ['yield_latency', 'p50'],
  ['ttft', 'p50'],
  ['tts_ttfb', 'p50'],
  ['end_of_turn_delay', 'p50'],
  ['turn_taking_score', null],
  ['word_error', null],
  ['talk_over', null],
  ['duration', null],
];

/** `system response_latency p50`, `talk_over`, ...: milliseconds, seconds, shares or scores. What was not measured is left out. */
export function comparedFigures(metrics: RunFigures): Readonly<Record<string, number>> {
  const figures: Record<string, number> = {};
  for (const [name, stat] of COMPARED) {
    const measure = measureNamed(name);
    const agents = measure?.of === 'agent' ? metrics.agents : [undefined];
    for (const agent of agents) {
      const value = measure?.read(metrics, agent, stat ?? '').value;
      if (value === null || value === undefined) continue;
      figures[[agent?.role, name, stat].filter((part) => part !== null && part !== undefined).join(' ')] = value;
    }
  }
  return figures;
}

export type Effect = {
  /** A smaller difference is not worth anybody's time, however sure it is. */
  readonly smallest: number;
  readonly worse: 'higher' | 'lower';
  readonly unit: Unit;
};

const LATENCY: Effect = { smallest: 10, worse: 'higher', unit: 'ms' };
const EFFECTS: Readonly<Record<string, Effect>> = {
  turn_taking_score: { smallest: 0.02, worse: 'lower', unit: 'number' },
  talk_over: { smallest: 0.01, worse: 'higher', unit: 'share' },
  word_error: { smallest: 0.01, worse: 'higher', unit: 'share' },
  duration: { smallest: 5, worse: 'higher', unit: 'secs' },
};

/** Of a figure by the name that comparedFigures gives it. */
export function effectOf(figure: string): Effect {
  return EFFECTS[measureOf(figure)] ?? LATENCY;
}

/** Whose figure it is, if it is an agent's. */
export function roleOf(figure: string): 'system' | 'user' | null {
  const [first] = figure.split(' ');
  return first === 'system' || first === 'user' ? first : null;
}

export function measureOf(figure: string): string {
  return figure.split(' ')[roleOf(figure) === null ? 0 : 1] ?? '';
}
