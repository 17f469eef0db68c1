/**
 * The moment that decided an expectation: where the check says it was, and for a limit to a latency the turn that came
 * nearest to breaking it, or broke it furthest. An expectation of the call as a whole has none.
 */
import type { Check, CheckResult } from '../../metrics/checks/check.ts';
import { interruptionsOf } from '../../metrics/interruptions.ts';
import type { RunFold } from '../../metrics/run-fold.ts';
import { EARLY_MS, LATE_MS } from '../../metrics/turn-taking.ts';
import type { Turn } from '../../metrics/turns.ts';

/** One for each result, in their order. */
export function decidedMs(results: readonly CheckResult[], fold: RunFold): (number | null)[] {
  const checks = (fold.roster.started?.scenario['expect'] ?? []) as readonly Check[];
  return results.map(({ place, index }) => {
    if (place?.atMs !== null && place?.atMs !== undefined) return place.atMs;
    if (place?.turn !== null && place?.turn !== undefined) return fold.turns[place.turn - 1]?.startMs ?? null;
    const check = checks[index - 1];
    return check?.kind === 'gate' ? extremeMs(check, place?.agent ?? null, fold) : null;
  });
}

function extremeMs({ gate }: Extract<Check, { kind: 'gate' }>, agent: string | null, { turns, utterances }: RunFold): number | null {
  const isOf = (name: string): boolean => agent === null || name === agent;
  const most = gate.comparison === '<=' ? 1 : -1;
  switch (gate.measure) {
    case 'response_latency':
    case 'floor_transfer_offset':
    case 'late_rate':
    case 'early_rate':
    case 'on_time_rate': {
      const known = turns.filter((turn): turn is Turn & { gapMs: number } => turn.gapMs !== null && isOf(turn.agent));
      return furthest(known, ({ gapMs }) => (gate.measure === 'on_time_rate' ? offTimeMs(gapMs) : gate.measure === 'early_rate' ? -gapMs : most * gapMs))?.startMs ?? null;
    }
    case 'yield_latency':
    case 'yield_rate':
    case 'interruptions':
    case 'cut_off':
    case 'talk_over': {
      const known = interruptionsOf(utterances).filter((each) => isOf(each.agent) && (gate.measure !== 'cut_off' || each.cut));
      return furthest(known, ({ yieldMs }) => yieldMs ?? Infinity)?.startMs ?? null;
    }
    default:
      return null;
  }
}

/** How far an answer is from being on time, either way. */
function offTimeMs(gapMs: number): number {
  return Math.max(EARLY_MS - gapMs, gapMs - LATE_MS);
}

function furthest<T>(of: readonly T[], how: (each: T) => number): T | undefined {
  return of.toSorted((a, b) => how(b) - how(a))[0];
}
