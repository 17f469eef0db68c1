/** What the schema cannot see about expectations: whom they are about, and whether the room can tell. */
import { didYouMean } from '../base/nearest.ts';
import type { Check } from '../metrics/checks/check.ts';
import { measureNamed, resolutionMs } from '../metrics/checks/measures.ts';
import type { Report } from './mistake-list.ts';
import type { ScenarioFile } from './schema.ts';
import { child, itemsOf, quote, type YamlMapping, type YamlNode } from './yaml-tree.ts';

/** Checks the expectations of a file that is otherwise without mistakes. */
export function checkExpectations(root: YamlNode, { expect, agents, room }: ScenarioFile, report: Report): void {
  const names = agents.map(({ name }) => name);
  const tools = agents.flatMap((agent) => agent.tools.map(({ name }) => name));
  const nodes = itemsOf(child(root, 'expect'));
  for (const [i, check] of expect.entries()) {
    const at = nodes[i]?.start;
    const agent = agentOf(check);
    if (agent !== null && !names.includes(agent)) report(at, `expect: there is no agent ${quote(agent)}`, didYouMean(agent, names) ?? `there are ${names.join(' and ')}`);
    if (check.kind === 'tool' && !knowsTool(check.name, tools)) report(at, `expect: no agent has a tool ${quote(check.name)}`, didYouMean(check.name, tools));
    if (check.kind !== 'gate') continue;
    const { measure, limit } = check.gate;
    const found = measureNamed(measure);
    if (found?.family === 'heard' && found.unit === 'ms' && check.gate.comparison === '<=' && Math.abs(limit) < resolutionMs(room.kind)) {
      report(at, `expect: ${measure} cannot be told to ${limit} ms`, `in this room times are heard to within ${resolutionMs(room.kind)} ms`);
    }
  }
}

/** The tree without the expectations that the schema refuses, so that what it cannot see is told of the others as well. */
export function withoutRefused(root: YamlMapping, refused: readonly { readonly path: readonly PropertyKey[] }[]): YamlMapping {
  const entry = root.entries.get('expect');
  if (entry?.value.kind !== 'list') return root;
  const bad = new Set(refused.flatMap(({ path: [key, index] }) => (key === 'expect' ? [index] : [])));
  const value = { ...entry.value, items: entry.value.items.filter((_, i) => !bad.has(i)) };
  return { ...root, entries: new Map([...root.entries, ['expect', { ...entry, value }]]) };
}

/** The tool that every agent may have, and those that the file gives them. */
function knowsTool(name: string, tools: readonly string[]): boolean {
  return name === 'end_conversation' || tools.includes(name);
}

function agentOf(check: Omit<Check, 'line'>): string | null {
  const any = check as Check;
  if (any.kind === 'gate') return any.gate.agent;
  return 'by' in any ? any.by : null;
}
