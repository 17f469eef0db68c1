/** What the call came to, in plain words, before anything else. */
import { clockTime, counted } from '../../base/figure-text.ts';
import type { RunDocument } from '../../metrics/pages/run-document.ts';
import { dollars } from '../../base/dollars.ts';
import { isBilled } from '../../metrics/cost.ts';
import { Wordmark } from '../parts/wordmark.tsx';
import { toneOf } from './tones.ts';

export function Verdict({ told }: { readonly told: RunDocument }) {
  const { metrics, callMs } = told;
  const { verdict, invalid, warnings } = metrics;
  const facts = [
    `${clockTime(callMs)} of call`,
    counted(metrics.conversation.turns, 'turn'),
    `seed ${metrics.seed}`,
    `${metrics.room || 'unknown'} room`,
    ...(isBilled(metrics.cost) ? [`${metrics.cost.at_least ? 'at least ' : ''}${metrics.cost.total === null ? 'cost unknown' : dollars(metrics.cost.total)}`] : []),
    endingOf(told),
  ];
  return (
    <header class={`verdict-head ${toneOf(verdict)}`}>
      <Wordmark />
      <div class="verdict-line">
        <h1>{metrics.scenario || 'A call'}</h1>
        <span class={`badge large ${toneOf(verdict)}`}>{verdict}</span>
      </div>
      <p class="said">{sentenceOf(told)}</p>
      {invalid.length > 0 && (
        <ul class="reasons">
          {invalid.map(({ code, text }) => (
            <li>
              {text}. <code class="faint">{code}</code>
            </li>
          ))}
        </ul>
      )}
      <p class="facts">{facts.join('  ·  ')}</p>
      {warnings.length > 0 && (
        <ul class="warnings">
          {warnings.map((text) => (
            <li>Warning: {text}</li>
          ))}
        </ul>
      )}
    </header>
  );
}

function sentenceOf({ metrics: { verdict, checks, ended_reason: reason, invalid } }: RunDocument): string {
  const held = checks.filter(({ outcome }) => outcome === 'held').length;
  const wished = checks.filter(({ outcome, severity }) => outcome !== 'held' && severity === 'should').length;
  const wishes = wished === 0 ? '' : ` ${counted(wished, 'wish', 'wishes')} (“should”) came to nothing.`;
  switch (verdict) {
    case 'passed':
      return wished === 0 ? `Everything that was expected held: ${held} of ${checks.length}.` : `Everything that had to hold did: ${held} of ${checks.length} expectations held.${wishes}`;
    case 'failed':
      return `${counted(checks.filter(({ outcome, severity }) => outcome !== 'held' && severity === 'must').length, 'expectation')} of ${checks.length} did not hold.${wishes}`;
    case 'ran':
      return `The call ran. ${checks.length === 0 ? 'Its scenario expects nothing of it' : 'Nothing had to hold'}, so there is nothing to pass or fail.${wishes}`;
    case 'invalid':
      return `The simulation broke, so this call says nothing about its agents: neither a pass nor a failure. ${invalid.length === 1 ? 'The reason:' : 'The reasons:'}`;
    case 'errored':
      return `The call was broken off${reason === null ? '' : `: ${reason}`}.`;
    case 'cancelled':
      return 'Somebody cancelled the call before it was over. It was not judged.';
    default:
      return '';
  }
}

const ENDINGS = {
  end_conversation: 'ended by end_conversation',
  goodbye: 'ended by goodbyes',
  hangup: 'ended by hanging up',
  max_turns: 'ended by the limit of turns',
  inactivity: 'ended by silence',
  max_duration: 'ended by the limit of time',
  budget: 'ended by the budget',
  cancelled: 'cancelled',
  error: 'ended by an error',
} as const;

function endingOf({ metrics: { ended_by: by, ended_by_agent: agent } }: RunDocument): string {
  if (by === null) return 'the log stops in mid-call';
  return `${ENDINGS[by]}${agent === null ? '' : ` (${agent})`}`;
}
