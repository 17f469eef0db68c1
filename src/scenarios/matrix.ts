/**
 * The `matrix:` of a file: keys of the scenario, each with the values that it takes in turn. Their product makes one
 * tree per combination, and each tree is then read like a file of its own.
 */
import { displayable } from '../base/display-text.ts';
import { didYouMean } from '../base/nearest.ts';
import type { Report } from './mistake-list.ts';
import { child, itemsOf, quote, scalarOf, type YamlEntry, type YamlMapping, type YamlNode } from './yaml-tree.ts';

/** What is different in this combination: the keys as the matrix names them, and their values as written. */
export type Variant = Readonly<Record<string, string>>;

export type Combination = { readonly variant: Variant; readonly tree: YamlMapping };

/** More cases than anybody means to run from one file. */
const MOST_COMBINATIONS = 1000;

/** One combination for a file without a matrix. */
export function combinationsOf(root: YamlMapping, report: Report): readonly Combination[] {
  const matrix = child(root, 'matrix');
  let combinations: readonly Combination[] = [{ variant: {}, tree: root }];
  if (matrix?.kind !== 'mapping') return combinations;
  for (const [key, { keyStart, value }] of matrix.entries) {
    const values = itemsOf(value);
    if (values.length === 0) report(value.start, `matrix: ${key} needs a list of values`);
    reportTwins(key, values, report);
    if (combinations.length * values.length > MOST_COMBINATIONS) {
      report(keyStart, `matrix: more than ${MOST_COMBINATIONS} combinations`);
      return combinations;
    }
    combinations = combinations.flatMap(({ variant, tree }) =>
      values.map((node) => ({ variant: { ...variant, [key]: asText(node) }, tree: put(tree, { path: key.split('.'), node, keyStart, report }) })),
    );
  }
  return combinations;
}

type Putting = { readonly path: readonly string[]; readonly node: YamlNode; readonly keyStart: number; readonly report: Report };

/** The tree with this node at the path; mappings that are missing on the way are made. */
function put(tree: YamlMapping, { path, node, keyStart, report }: Putting): YamlMapping {
  const [key = '', ...rest] = path;
  const entry = tree.entries.get(key);
  if (rest.length === 0) return withEntry(tree, key, { keyStart, value: node });
  if (entry?.value.kind === 'list') {
    const names = entry.value.items.map((item) => String(scalarOf(child(item, 'name'))));
    const { name, inside } = namedBy(rest, names);
    if (name === undefined) {
      report(keyStart, `matrix: ${quote(path.join('.'))} names nothing in ${key}`, didYouMean(rest[0] ?? '', names) ?? `write ${key}.<name>.<key>; there are ${names.join(' and ')}`);
      return tree;
    }
    const items = entry.value.items.map((item, i) => (names[i] === name && item.kind === 'mapping' ? put(item, { path: inside, node, keyStart, report }) : item));
    return withEntry(tree, key, { ...entry, value: { ...entry.value, items } });
  }
  // The name of a variable may hold dots.
  const further = key === 'variables' ? [rest.join('.')] : rest;
  const inside: YamlMapping = entry?.value.kind === 'mapping' ? entry.value : { kind: 'mapping', start: keyStart, entries: new Map() };
  return withEntry(tree, key, { keyStart: entry?.keyStart ?? keyStart, value: put(inside, { path: further, node, keyStart, report }) });
}

/** Whose key it is, and which: names may hold dots, and one may begin as another does. */
function namedBy(rest: readonly string[], names: readonly string[]): { readonly name: string | undefined; readonly inside: readonly string[] } {
  const whole = rest.join('.');
  const name = names.filter((each) => whole.startsWith(`${each}.`)).toSorted((a, b) => b.length - a.length)[0];
  return { name, inside: name === undefined ? [] : whole.slice(name.length + 1).split('.') };
}

function withEntry(tree: YamlMapping, key: string, entry: YamlEntry): YamlMapping {
  return { ...tree, entries: new Map([...tree.entries, [key, entry]]) };
}

/** Cases are known by their values as text, so of two that read the same one would never run. */
function reportTwins(key: string, values: readonly YamlNode[], report: Report): void {
  const seen = new Set<string>();
  for (const node of values) {
    const text = asText(node);
    if (seen.has(text)) report(node.start, `matrix: ${key} has ${quote(text)} twice`, 'keep one of them');
    seen.add(text);
  }
}

/** On one line, for it becomes a part of names. */
function asText(node: YamlNode): string {
  if (node.kind === 'scalar') return displayable(String(node.value)).trim();
  return node.kind === 'list' ? `[${node.items.map(asText).join(', ')}]` : `{ ${[...node.entries].map(([key, { value }]) => `${key}: ${asText(value)}`).join(', ')} }`;
}
