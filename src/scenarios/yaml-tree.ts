/**
 * YAML text as a plain tree in which every key and every value knows where it stands. Aliases are followed, nothing
 * is checked against the schema, and whatever YAML leaves doubtful (a repeated key, a second document) is a mistake.
 */
import { type Document, isAlias, isMap, isScalar, parseAllDocuments, type ParsedNode, type YAMLError } from 'yaml';
import { counted } from '../base/figure-text.ts';
import type { Report } from './mistake-list.ts';

type Spot = { readonly start: number };
export type YamlScalar = Spot & { readonly kind: 'scalar'; readonly value: unknown; /** As written. */ readonly source: string };
export type YamlList = Spot & { readonly kind: 'list'; readonly items: readonly YamlNode[] };
export type YamlEntry = { readonly keyStart: number; readonly value: YamlNode };
export type YamlMapping = Spot & { readonly kind: 'mapping'; readonly entries: ReadonlyMap<string, YamlEntry> };
export type YamlNode = YamlScalar | YamlList | YamlMapping;

/** Aliases can make a short file huge; no scenario comes near this. */
const MAX_NODES = 100_000;

/** How messages speak of a file: what it holds, with which keys it begins, and what to do about an empty one. */
export type FileWords = { readonly what: string; readonly keys: string; readonly ifEmpty: string };

const SCENARIO: FileWords = { what: 'scenario', keys: 'title and agents', ifEmpty: '`bottalk init` writes a scenario to start from' };

/** The tree of a file that holds one mapping; undefined when there is none to go on with. */
export function readYaml(text: string, report: Report, words: FileWords = SCENARIO): YamlMapping | undefined {
  // Pretty errors repeat the source over several lines, and repeated keys are found below, with where the first one is.
  const documents: readonly Document.Parsed[] = parseAllDocuments(text, { prettyErrors: false, uniqueKeys: false });
  const [document, second] = documents;
  const contents = document?.contents;
  if (!contents || (isScalar(contents) && contents.source === '')) {
    report(0, 'the file is empty', words.ifEmpty);
    return undefined;
  }
  const troubles = documents.flatMap((each) => [...each.errors, ...each.warnings]);
  reportTroubles(troubles, text, report);
  if (troubles.length > 0) return undefined;
  if (second) report(second.range?.[0], 'a second document begins here', `one file holds one ${words.what}`);
  const tree = convert(contents, { document, text, report, left: MAX_NODES, open: new Set() });
  if (tree?.kind === 'mapping') return tree;
  if (tree) report(tree.start, `expected a mapping with ${words.keys}, got ${describeNode(tree)}`);
  return undefined;
}

/** What stands there, in the words of an error message. */
export function describeNode(node: YamlNode): string {
  if (node.kind === 'list') return node.items.length === 0 ? 'an empty list' : `a list of ${node.items.length}`;
  if (node.kind === 'mapping') return node.entries.size === 0 ? 'an empty mapping' : 'a mapping';
  if (node.value === null) return 'nothing';
  return typeof node.value === 'string' ? quote(node.value) : clip(node.source);
}

/** A text as quoted in messages: on one line, and not more of it than one needs to find it. */
export function quote(text: string): string {
  return JSON.stringify(clip(text.replace(/\s+/g, ' ')));
}

function clip(text: string): string {
  return text.length <= 48 ? text : `${text.slice(0, 45)}...`;
}

/** What a mapping holds under a key. */
export function child(node: YamlNode | undefined, key: string): YamlNode | undefined {
  return node?.kind === 'mapping' ? node.entries.get(key)?.value : undefined;
}

export function itemsOf(node: YamlNode | undefined): readonly YamlNode[] {
  return node?.kind === 'list' ? node.items : [];
}

/** The text, number or truth value that stands there. */
export function scalarOf(node: YamlNode | undefined): unknown {
  return node?.kind === 'scalar' ? node.value : undefined;
}

/** The tree as plain data, as the schema reads it. */
export function plainOf(node: YamlNode): unknown {
  if (node.kind === 'scalar') return node.value;
  if (node.kind === 'list') return node.items.map(plainOf);
  return Object.fromEntries([...node.entries].map(([key, { value }]) => [key, plainOf(value)]));
}

type Conversion = {
  readonly document: Document.Parsed;
  readonly text: string;
  readonly report: Report;
  left: number;
  /** Nodes that are being converted: one that turns up inside itself would never end. */
  readonly open: Set<ParsedNode>;
};

function convert(node: ParsedNode, context: Conversion): YamlNode | undefined {
  const start = node.range[0];
  if (isAlias(node)) {
    const target = node.resolve(context.document) as ParsedNode | undefined;
    if (!target) return fail(`*${node.source} has no anchor &${node.source} before it`);
    if (context.open.has(target)) return fail(`*${node.source} stands inside its own anchor`);
    return convert(target, context);
  }
  if (context.left-- === 0) return fail(`more than ${MAX_NODES} values once aliases are followed`);
  if (context.left < 0) return undefined;
  if (isMap(node) && context.text.startsWith('{{', start)) {
    // To YAML this is a mapping within a mapping; to whoever wrote it, a variable.
    context.report(start, 'a text that begins with {{ needs quotes', `write ${QUOTED_EXAMPLE}`);
    const source = context.text.slice(start, node.range[1]);
    return { kind: 'scalar', start, value: source, source };
  }
  if (isScalar(node)) return { kind: 'scalar', start, value: node.value, source: context.text.slice(start, node.range[1]) };
  context.open.add(node);
  const converted: YamlNode = isMap(node)
    ? { kind: 'mapping', start, entries: entriesOf(node.items, context) }
    : { kind: 'list', start, items: node.items.flatMap((item) => convert(item as ParsedNode, context) ?? []) };
  context.open.delete(node);
  return converted;

  function fail(message: string): undefined {
    context.report(start, message);
  }
}

function entriesOf(pairs: readonly { readonly key: ParsedNode; readonly value: ParsedNode | null }[], context: Conversion): ReadonlyMap<string, YamlEntry> {
  const entries = new Map<string, YamlEntry>();
  for (const { key: keyNode, value: valueNode } of pairs) {
    const keyStart = keyNode.range[0];
    if (!isScalar(keyNode)) {
      context.report(keyStart, 'expected a plain key');
      continue;
    }
    const key = String(keyNode.value);
    const first = entries.get(key);
    if (first) {
      context.report(keyStart, `the key ${quote(key)} is here twice`, 'keep one of them');
      continue;
    }
    const empty: YamlScalar = { kind: 'scalar', start: keyStart, value: null, source: '' };
    const value = valueNode ? convert(valueNode, context) : empty;
    // Nothing was written, so there is only the key to point at.
    if (value) entries.set(key, { keyStart, value: value.kind === 'scalar' && value.source === '' ? { ...value, start: keyStart } : value });
  }
  return entries;
}

const QUOTED_EXAMPLE = '"{{ name }} ..."';

/** Where more lines than that are no YAML, the first ones are the cause, or it is no YAML at all. */
const MOST_TROUBLES = 5;

/** One line per line of the file: a single slip makes the parser stumble several times. */
function reportTroubles(troubles: readonly YAMLError[], text: string, report: Report): void {
  const byLine = new Map<number, YAMLError>();
  for (const trouble of troubles) {
    const lineStart = text.lastIndexOf('\n', trouble.pos[0] - 1) + 1;
    if (!byLine.has(lineStart)) byLine.set(lineStart, trouble);
  }
  const told = [...byLine].sort(([a], [b]) => a - b);
  for (const [lineStart, { message, code, pos }] of told.slice(0, MOST_TROUBLES)) {
    const line = text.slice(lineStart).split('\n', 1)[0] ?? '';
    report(pos[0], `not valid YAML: ${shortened(message)}`, hintFor(code, line));
  }
  const rest = told.slice(MOST_TROUBLES);
  if (rest[0]) report(rest[0][1].pos[0], `not valid YAML from here on, in ${counted(rest.length, 'more line')}`, 'mend the first ones first');
}

/** The parser quotes whatever it stumbled over, a whole file if need be. */
function shortened(message: string): string {
  const sentence = `${message.charAt(0).toLowerCase()}${message.slice(1)}`.replace(/\s+/g, ' ');
  return sentence.length <= 120 ? sentence : `${sentence.slice(0, 117)}...`;
}

function hintFor(code: YAMLError['code'], line: string): string | undefined {
  if (/(?:^|[:\-,[]\s*)\{\{/.test(line)) return `a text that begins with {{ needs quotes: ${QUOTED_EXAMPLE}`;
  switch (code) {
    case 'BLOCK_AS_IMPLICIT_KEY':
      return 'put a text that holds ": " in quotes';
    case 'BAD_SCALAR_START':
      return 'put the text in quotes';
    case 'TAB_AS_INDENT':
      return 'indent with spaces';
    default:
      return undefined;
  }
}
