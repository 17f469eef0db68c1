/**
 * Fills the variables of a scenario file into every text of its tree: `--var` wins over the agent's variables, these
 * over the scenario's, and these over the default in the text itself. What stays unresolved is a mistake.
 */
import type { Mistake } from '../base/errors.ts';
import { didYouMean } from '../base/nearest.ts';
import type { Report } from './mistake-list.ts';
import { escapeBraces, isResultName, type TemplatePart, templateParts } from './template.ts';
import { child, quote, type YamlEntry, type YamlMapping, type YamlNode, type YamlScalar } from './yaml-tree.ts';

export type VariableOptions = {
  /** The whole text of the file, to point at the very braces. */
  readonly text: string;
  /** From `--var name=value`; inserted as they are. */
  readonly overrides: Readonly<Record<string, string>>;
  /** The same from a recording; a name that no text asks for any more is no mistake. */
  readonly recorded: Readonly<Record<string, string>>;
  /** Every name that a text asked for is added. */
  readonly used: Set<string>;
  readonly report: Report;
};

/** The same tree with its variables filled in. `{{ result.key }}` in a `then` stays until the tool has answered. */
export function fillVariables(root: YamlMapping, options: VariableOptions): YamlMapping {
  const shared = valuesOf(child(root, 'variables'));
  const whole: Filling = { ...options, overrides: { ...options.recorded, ...options.overrides }, values: shared, inScript: false, later: false };
  return mapEntries(root, (key, value) =>
    key === 'agents' && value.kind === 'list'
      ? { ...value, items: value.items.map((agent) => fillNode(agent, { ...whole, values: new Map([...shared, ...valuesOf(child(agent, 'variables'))]) })) }
      : fillEntry(key, value, whole),
  );
}

/** What `--var` gave in vain, since no text of any of these files asks for it. */
export function unusedVariables(
  given: Readonly<Record<string, string>>,
  { files, used }: { readonly files: readonly string[]; readonly used: ReadonlySet<string> },
): Mistake[] {
  const where = files.length === 1 ? `${files[0]} uses no variable` : `none of ${files.length} scenarios uses a variable`;
  const vain = Object.keys(given).filter((name) => !used.has(name));
  return vain.map((name) => {
    const hint = didYouMean(name, [...used]);
    return { message: `--var ${name}: ${where} of this name`, ...(hint !== undefined && { hint }) };
  });
}

/** Reports keys of the matrix that set a variable which no text of any case asks for. */
export function reportUnset(root: YamlMapping, { keys, used, report }: UnusedOptions): void {
  const matrix = child(root, 'matrix');
  for (const key of keys) {
    const name = /^(?:agents\..+\.)?variables\.(.+)$/.exec(key)?.[1];
    const at = matrix?.kind === 'mapping' ? matrix.entries.get(key)?.keyStart : undefined;
    if (name !== undefined && !used.has(name)) report(at, `matrix: ${quote(key)} sets a variable that no text uses`, didYouMean(name, [...used]));
  }
}

type UnusedOptions = Pick<VariableOptions, 'used' | 'report'> & { readonly keys: readonly string[] };

type Filling = VariableOptions & {
  readonly values: ReadonlyMap<string, YamlScalar>;
  readonly inScript: boolean;
  /** Inside a script's `then`, where the tool's answer is filled in later and braces stay escaped until then. */
  readonly later: boolean;
};

/** A text that is being filled; `within` names the variables whose values led to it, so that a circle ends. */
type Use = { readonly template: string; readonly node: YamlScalar; readonly within: readonly string[] };

function fillEntry(key: string, value: YamlNode, filling: Filling): YamlNode {
  // Values of variables are filled where they are used, with the variables that hold there.
  if (key === 'variables') return value;
  return fillNode(value, { ...filling, inScript: filling.inScript || key === 'script', later: filling.inScript && key === 'then' });
}

function fillNode(node: YamlNode, filling: Filling): YamlNode {
  if (node.kind === 'list') return { ...node, items: node.items.map((item) => fillNode(item, filling)) };
  if (node.kind === 'mapping') return mapEntries(node, (key, value) => fillEntry(key, value, filling));
  if (typeof node.value !== 'string' || !node.value.includes('{{')) return node;
  return { ...node, value: fillText({ template: node.value, node, within: [] }, filling) };
}

function fillText(use: Use, filling: Filling): string {
  return templateParts(use.template)
    .map((part) => fillPart(part, use, filling))
    .join('');
}

function fillPart(part: TemplatePart, use: Use, filling: Filling): string {
  const literally = (text: string): string => (filling.later ? escapeBraces(text) : text);
  if (part.kind === 'text') return literally(part.text);
  const { node, template, within } = use;
  const unresolved = (message: string, hint?: string): string => {
    const offset = within.length > 0 ? node.start : bracesOffset(template, part.offset, node, filling.text);
    filling.report(offset, within.length > 0 ? `${message}, in the value of ${within.at(-1)}` : message, hint);
    return part.source;
  };
  if (part.kind === 'malformed') return unresolved(`${quote(part.source)} is no variable`, 'write {{ name }} or {{ name: default }}, and \\{{ for braces as they are');

  const { name, fallback, source } = part;
  if (filling.later && isResultName(name)) return source;
  filling.used.add(name);
  if (Object.hasOwn(filling.overrides, name)) return literally(filling.overrides[name] ?? '');
  const value = filling.values.get(name);
  if (value && within.includes(name)) return unresolved(`the variable ${name} is made of itself`);
  if (value) return fillText({ template: textOf(value), node, within: [...within, name] }, filling);
  if (fallback !== undefined) return literally(fallback);
  if (isResultName(name)) return unresolved(`${source} is known only in the then of a script, when the tool has answered`);
  const near = didYouMean(name, [...filling.values.keys()]);
  return unresolved(`the variable ${name} has no value`, near ?? `set it under variables, with --var ${name}=..., or as {{ ${name}: default }}`);
}

/** Where the braces stand in the file: the nth braces of the value are the nth braces of what was written. */
function bracesOffset(value: string, offset: number, { start, source }: YamlScalar, text: string): number {
  let at = text.indexOf('{{', start);
  for (let rest = value.slice(0, offset).split('{{').length - 1; rest > 0; rest--) at = text.indexOf('{{', at + 2);
  return at >= start && at < start + source.length ? at : start;
}

/** A number is inserted as it was written: 0042 is not 42. */
function textOf({ value, source }: YamlScalar): string {
  return typeof value === 'number' ? source : String(value);
}

function valuesOf(variables: YamlNode | undefined): ReadonlyMap<string, YamlScalar> {
  const entries: readonly [string, YamlEntry][] = variables?.kind === 'mapping' ? [...variables.entries] : [];
  return new Map(entries.flatMap(([name, { value }]) => (value.kind === 'scalar' && value.value !== null ? [[name, value] as const] : [])));
}

function mapEntries(mapping: YamlMapping, change: (key: string, value: YamlNode) => YamlNode): YamlMapping {
  return { ...mapping, entries: new Map([...mapping.entries].map(([key, entry]) => [key, { ...entry, value: change(key, entry.value) }])) };
}
