/** The six figures that a model gives a conversation, from 0 to 100, and the word for their mean. */

export const KPIS = ['discovery', 'objectionHandling', 'valueArticulation', 'turnTaking', 'responseRelevance', 'nextSteps'] as const;
export type Kpi = (typeof KPIS)[number];

export type KpiScores = Readonly<Record<Kpi, number>>;

const OUTCOMES = [
  [80, 'excellent'],
  [65, 'good'],
  [50, 'average'],
  [35, 'needs_improvement'],
] as const;
export type KpiOutcome = (typeof OUTCOMES)[number][1] | 'poor';

export function meanOf(scores: KpiScores): number {
  return KPIS.reduce((sum, kpi) => sum + scores[kpi], 0) / KPIS.length;
}

/** A mean in whole points for reading, rounded down: rounded up, 79.7 would be 80 and yet not excellent. */
export function meanText(mean: number): string {
  return String(Math.floor(mean));
}

export function outcomeOf(scores: KpiScores): KpiOutcome {
  const mean = meanOf(scores);
  return OUTCOMES.find(([least]) => mean >= least)?.[1] ?? 'poor';
}
