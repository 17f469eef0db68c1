/** What the log of every evaluated call has to hold to, whatever its models said. */
import type { BottalkEvent } from '../events/event.ts';
import type { Blame } from './log-invariants.ts';

/** A call is evaluated when everybody has left it, and each thing is found out once. */
export function checkEvaluation(events: readonly BottalkEvent[], blame: Blame): void {
  const present = new Set<string>();
  const found = new Set<string>();
  for (const event of events) {
    if (event.type === 'participant.joined') present.add(event.participant);
    if (event.type === 'participant.left') present.delete(event.participant);
    const isEvaluation = /^(evaluation|criterion|kpis|role)\./.test(event.type);
    if (isEvaluation && present.size > 0) blame(event, `${[...present].join(' and ')} is still in the room`);
    const what = foundOut(event);
    if (what !== undefined && found.has(what)) blame(event, `${what} was found out before`);
    if (what !== undefined) found.add(what);
  }
}

function foundOut(event: BottalkEvent): string | undefined {
  if (event.type === 'criterion.judged') return String(event.check);
  if (event.type === 'kpis.judged') return 'kpis';
  if (event.type === 'role.judged') return 'role';
  return event.type === 'evaluation.undecided' ? String(event.about) : undefined;
}
