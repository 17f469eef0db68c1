/** What the schema found wrong, said at its place in the file and in words that a user of YAML knows. */
import type { z } from 'zod';
import { didYouMean, nearest } from '../base/nearest.ts';
import { descriptionAt, expectedAt, homeOf, type Path, takesText, validKeysAt } from './expectation.ts';
import type { Report } from './mistake-list.ts';
import { child, describeNode, itemsOf, quote, type YamlEntry, type YamlNode } from './yaml-tree.ts';

type Issue = z.core.$ZodIssue;

/**
 * Reports every issue. The schema must have been asked with `error: () => ''`, so that an issue has a message only
 * where the schema itself words one.
 */
export function reportIssues(issues: readonly Issue[], root: YamlNode, report: Report): void {
  const flat = issues.flatMap((issue) => unfold(issue, []));
  for (const { issue, path } of flat) {
    if (issue.code === 'unrecognized_keys') reportUnknownKeys(issue.keys, path, root, report);
    else if (issue.code === 'invalid_key') reportBadKey(issue.issues[0]?.message ?? '', path, root, report);
    else if (!isExplainedByAnUnknownKey(issue, path, flat)) reportValue(issue, path, root, report);
  }
}

type Flat = { readonly issue: Issue; readonly path: Path };

/** Of a choice, only the alternative that the user meant is worth talking about: the one whose kind of value is there. */
function unfold(issue: Issue, above: Path): readonly Flat[] {
  const path = [...above, ...(issue.path as Path)];
  if (issue.code !== 'invalid_union') return [{ issue, path }];
  const meant = issue.errors.filter((alternative) => !alternative.some(({ code, path: at }) => at.length === 0 && (code === 'invalid_type' || code === 'invalid_union')));
  return meant.length === 1 && meant[0] ? meant[0].flatMap((inner) => unfold(inner, path)) : [{ issue, path }];
}

function reportUnknownKeys(keys: readonly string[], path: Path, root: YamlNode, report: Report): void {
  const valid = validKeysAt(path);
  for (const key of keys) {
    const home = homeOf(key, path);
    const hint = home === undefined ? (didYouMean(key, valid) ?? `valid keys here: ${valid.join(', ')}`) : `it belongs ${home}`;
    report(entryAt(root, [...path, key])?.keyStart, `unknown key ${quote(key)}`, hint);
  }
}

function reportBadKey(expected: string, path: Path, root: YamlNode, report: Report): void {
  report(entryAt(root, path)?.keyStart, `${labelOf(path.slice(0, -1))}: ${expected}, got ${quote(String(path.at(-1)))}`);
}

function reportValue(issue: Issue, path: Path, root: YamlNode, report: Report): void {
  const node = nodeAt(root, path);
  const label = labelOf(path);
  if (!node) {
    report(nodeAt(root, path.slice(0, -1))?.start, `the key ${label} is missing`, asHint(descriptionAt(path)));
  } else if (issue.message === '') {
    report(node.start, `${label}: expected ${expectedAt(path)}, got ${describeNode(node)}`, hintFor(issue, node, path));
  } else {
    report(node.start, `${label}: ${issue.message}${issue.message.startsWith('expected') ? `, got ${describeNode(node)}` : ''}`);
  }
}

/** A sentence of the schema, in the form of a hint. */
function asHint(description: string | undefined): string | undefined {
  return description?.replace(/\.$/, '').replace(/^[A-Z](?=[a-z ])/, (letter) => letter.toLowerCase());
}

function hintFor(issue: Issue, node: YamlNode, path: Path): string | undefined {
  if (node.kind !== 'scalar' || node.value === null) return undefined;
  if (issue.code === 'invalid_value') return didYouMean(String(node.value), issue.values.map(String));
  return typeof node.value !== 'string' && takesText(path) ? `put it in quotes: "${node.source}"` : undefined;
}

/** A mistyped key is one mistake, not also a missing key or an empty line of a script. */
function isExplainedByAnUnknownKey(issue: Issue, path: Path, all: readonly Flat[]): boolean {
  const unknownAt = (at: Path): readonly string[] => all.flatMap(({ issue: other, path: there }) => (other.code === 'unrecognized_keys' && samePath(there, at) ? other.keys : []));
  if (issue.code === 'custom') return unknownAt(path).length > 0;
  const parent = path.slice(0, -1);
  return issue.code === 'invalid_type' && unknownAt(parent).some((key) => nearest(key, validKeysAt(parent)) === path.at(-1));
}

function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && a.every((key, i) => key === b[i]);
}

/** `max_turns`, or for an entry of a list `tags, entry 2`. */
function labelOf(path: Path): string {
  const last = path.at(-1);
  return typeof last === 'number' ? `${labelOf(path.slice(0, -1))}, entry ${last + 1}` : (last ?? 'the file');
}

function nodeAt(root: YamlNode, path: Path): YamlNode | undefined {
  return path.reduce<YamlNode | undefined>((node, key) => (typeof key === 'number' ? itemsOf(node)[key] : child(node, key)), root);
}

function entryAt(root: YamlNode, path: Path): YamlEntry | undefined {
  const mapping = nodeAt(root, path.slice(0, -1));
  return mapping?.kind === 'mapping' ? mapping.entries.get(String(path.at(-1))) : undefined;
}
