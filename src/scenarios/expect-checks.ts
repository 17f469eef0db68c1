/** What the schema cannot see about expectations: whom they are about, and whether the room can tell. */
import type { Mistake } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import { isMapping } from '../base/read-json.ts';
import type { Check } from '../metrics/checks/check.ts';
import { measureNamed, resolutionMs } from '../metrics/checks/measures.ts';
import type { Report } from './mistake-list.ts';
import type { ScenarioFile } from './schema.ts';
import { child, itemsOf, quote, type YamlMapping, type YamlNode } from './yaml-tree.ts';

/** Checks the expectations of a file that is otherwise without mistakes. */
export function checkExpectations(root: YamlNode, { expect, agents, room }: ScenarioFile, report: Report): void {
  const nodes = itemsOf(child(root, 'expect'));
  for (const [i, check] of expect.entries()) {
    for (const { message, hint } of mistakesIn(check, { agents, room: room.kind })) report(nodes[i]?.start, `expect: ${message}`, hint);
  }
}

/** Whom expectations can be about, and where they are measured. */
export type ExpectedOf = { readonly agents: readonly { readonly name: string; readonly tools: readonly ExpectedTool[] }[]; readonly room: string };

type ExpectedTool = { readonly name: string; readonly parameters?: Readonly<Record<string, unknown>> };

/** An expectation about nobody who is there would hold of every call. */
export function mistakesIn(check: Omit<Check, 'line'>, { agents, room }: ExpectedOf): readonly Mistake[] {
  const any = check as Check;
  const names = agents.map(({ name }) => name);
  const tools = agents.flatMap((agent) => agent.tools.map(({ name }) => name));
  const agent = agentOf(any);
  const stranger = agent === null || names.includes(agent) ? [] : [{ message: `there is no agent ${quote(agent)}`, hint: didYouMean(agent, names) ?? `there are ${names.join(' and ')}` }];
  if (any.kind === 'tool' && !knowsTool(any.name, tools)) {
    const hint = didYouMean(any.name, tools);
    return [...stranger, { message: `no agent has a tool ${quote(any.name)}`, ...(hint !== undefined && { hint }) }];
  }
  if (any.kind === 'tool') return [...stranger, ...unknownArguments(any, agents.flatMap((each) => each.tools))];
  if (any.kind !== 'gate') return stranger;
  const { measure, limit, comparison } = any.gate;
  const found = measureNamed(measure);
  const isTooFine = found?.family === 'heard' && found.unit === 'ms' && comparison === '<=' && Math.abs(limit) < resolutionMs(room);
  return isTooFine ? [...stranger, { message: `${measure} cannot be told to ${limit} ms`, hint: `in this room times are heard to within ${resolutionMs(room)} ms` }] : stranger;
}

/** The tree without the expectations that the schema refuses, so that what it cannot see is told of the others as well. */
export function withoutRefused(root: YamlMapping, refused: readonly { readonly path: readonly PropertyKey[] }[]): YamlMapping {
  const entry = root.entries.get('expect');
  if (entry?.value.kind !== 'list') return root;
  const bad = new Set(refused.flatMap(({ path: [key, index] }) => (key === 'expect' ? [index] : [])));
  const value = { ...entry.value, items: entry.value.items.filter((_, i) => !bad.has(i)) };
  return { ...root, entries: new Map([...root.entries, ['expect', { ...entry, value }]]) };
}

/** A call must not be made with an argument that it never has: that would be true of every call. */
function unknownArguments(check: Extract<Check, { kind: 'tool' }>, tools: readonly ExpectedTool[]): readonly Mistake[] {
  const properties = tools.filter(({ name }) => name === check.name).map(({ parameters }) => parameters?.['properties']);
  const known = properties.flatMap((each) => (isMapping(each) ? Object.keys(each) : []));
  if (check.wanted || known.length === 0) return [];
  return Object.keys(check.arguments)
    .filter((name) => !known.includes(name))
    .map((name) => ({ message: `${check.name} has no argument ${quote(name)}`, hint: didYouMean(name, known) ?? `it has ${known.join(', ')}` }));
}

/** The tool that every agent may have, and those that the file gives them. */
function knowsTool(name: string, tools: readonly string[]): boolean {
  return name === 'end_conversation' || tools.includes(name);
}

function agentOf(check: Check): string | null {
  if (check.kind === 'gate') return check.gate.agent;
  return 'by' in check ? check.by : null;
}
