/** Whether a measured figure keeps to its limit. Of several agents the worst one is told. */
import { counted } from '../../base/figure-text.ts';
import { TAIL_NEEDS_VALUES } from '../aggregate.ts';
import type { RunFigures } from '../run-figures.ts';
import type { Finding } from './check.ts';
import { type Gate, unitOf, valueText } from './gate.ts';
import { measureNamed, type Reading } from './measures.ts';

type Asked = Reading & { readonly agent: string | null };

export function judgeGate(gate: Gate, metrics: RunFigures): Finding {
  const measure = measureNamed(gate.measure);
  if (!measure) return { outcome: 'not_reached', saw: `this bottalk measures no ${gate.measure}` };
  if (gate.agent !== null && !metrics.agents.some(({ name }) => name === gate.agent)) return { outcome: 'not_reached', saw: `there was no ${gate.agent}` };
  const readings = askedOf(gate, metrics).map((agent): Asked => {
    const asked = metrics.agents.find(({ name }) => name === agent);
    return { agent, ...measure.read(metrics, asked, gate.stat ?? '') };
  });
  const endless = gate.comparison === '<=' ? readings.find((reading) => isEndless(reading, gate.stat)) : undefined;
  if (endless) return { outcome: 'failed', saw: endlessText(endless), place: { turn: null, agent: endless.agent, atMs: null } };
  const known = readings.filter((reading): reading is Asked & { value: number } => reading.value !== null);
  if (known.length < readings.length || known.length === 0) {
    const without = readings.find(({ value }) => value === null)?.agent;
    return { outcome: 'not_reached', saw: `nothing was measured${without ? ` of ${without}` : ''}` };
  }
  const worst = known.toSorted((a, b) => (gate.comparison === '<=' ? b.value - a.value : a.value - b.value))[0] as Asked & { value: number };
  const held = gate.comparison === '<=' ? worst.value <= gate.limit : worst.value >= gate.limit;
  const value = valueText(worst.value, unitOf(measure, gate.stat ?? undefined));
  const few = gate.stat === 'p95' && worst.n !== null && worst.n < TAIL_NEEDS_VALUES;
  return {
    outcome: held ? 'held' : 'failed',
    saw: `${value}${worst.agent === null ? '' : ` for ${worst.agent}`}${worst.n === null ? '' : ` (${counted(worst.n, 'value')})`}`,
    place: worst.agent === null ? null : { turn: null, agent: worst.agent, atMs: null },
    note: few ? `P95 of fewer than ${TAIL_NEEDS_VALUES} values says little` : null,
  };
}

/** Whether the figure would be without end if what took too long were counted as the slowest; a mean is as soon as one is. */
function isEndless({ n, endless = 0 }: Reading, stat: string | null): boolean {
  if (n === null || endless === 0) return false;
  const share = { min: 0, p50: 0.5, p90: 0.9, p95: 0.95 }[stat ?? ''] ?? 1;
  const all = n + endless;
  return Math.min(Math.floor(all * share) + 1, all) > n;
}

function endlessText({ agent, n, endless = 0 }: Asked): string {
  return `${endless} of ${counted((n ?? 0) + endless, 'interruption')}${agent === null ? '' : ` of ${agent}`} ${endless === 1 ? 'was' : 'were'} not yielded to within 2 s`;
}

/** For whom it is asked: the agent named, each agent for a figure that only agents have, else the call. */
function askedOf({ agent, measure }: Gate, { agents }: RunFigures): readonly (string | null)[] {
  if (agent !== null) return [agent];
  return measureNamed(measure)?.of === 'agent' ? agents.map(({ name }) => name) : [null];
}
