/**
 * Who may import whom: the allow-list of the house. Type-only imports count like all others, and so do dynamic ones
 * and worker entry files named by `new URL(..., import.meta.url)`. Tests, and what stands in src/testing for them,
 * may import anything.
 */
import { posix } from 'node:path';
import {
  isCallExpression,
  isExportDeclaration,
  isImportDeclaration,
  isImportTypeNode,
  isLiteralTypeNode,
  isNewExpression,
  isStringLiteral,
  type Node,
  SyntaxKind,
} from 'typescript/unstable/ast';
import { type Fault, type HouseFile, type HouseProgram, placeOf, walk } from './program.ts';

/** From the ground up: a folder may import itself and what stands in a row above its own, never its neighbours. */
const FLOORS: readonly (readonly string[])[] = [
  ['base'],
  ['clock', 'audio'],
  ['events'],
  ['room', 'metrics'],
  ['pipeline', 'scenarios', 'report', 'tui', 'web'],
  ['providers', 'run'],
  ['compose'],
  ['cloud', 'server', 'index.ts'],
  ['commands'],
  ['bin'],
];

/** Exceptions to the floors: these see events only. */
const NEVER: Readonly<Record<string, readonly string[]>> = { report: ['room'], tui: ['room'], web: ['room'] };

/** The only folders whose files may take both kinds of time. */
const BOTH_CLOCKS = ['clock', 'compose'];

export function importFaults(program: HouseProgram): Fault[] {
  const files = program.files.filter(({ path }) => /^(src|bin)\//.test(path) && !isForTests(path));
  const imports = files.flatMap((file) => importsOf(file));
  return [...imports.flatMap(faultsOfImport), ...files.flatMap((file) => faultsOfClocks(file, imports)), ...cycles(imports)];
}

type Import = { readonly from: string; readonly to: string; readonly place: string };

function importsOf(file: HouseFile): Import[] {
  const found: Import[] = [];
  walk(file.source, (node) => {
    const specifier = specifierOf(node);
    if (specifier?.startsWith('.')) {
      const to = posix.join(posix.dirname(file.path), specifier);
      found.push({ from: file.path, to, place: placeOf(file, node) });
    }
    return undefined;
  });
  return found;
}

/** The module that a node names, if it names one. */
function specifierOf(node: Node): string | undefined {
  const named =
    isImportDeclaration(node) || isExportDeclaration(node)
      ? node.moduleSpecifier
      : isImportTypeNode(node) && isLiteralTypeNode(node.argument)
        ? node.argument.literal
        : isCallExpression(node) && node.expression.kind === SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : isNewExpression(node) && node.expression.getText() === 'URL' && node.arguments?.[1]?.getText() === 'import.meta.url'
            ? node.arguments[0]
            : undefined;
  return named && isStringLiteral(named) ? named.text : undefined;
}

function faultsOfImport({ from, to, place }: Import): Fault[] {
  if (isForTests(to)) return [`${place}: only tests may import ${to}`];
  const folder = folderOf(from);
  const target = folderOf(to);
  const allowed = allowedFor(folder);
  if (!allowed) return [`${place}: ${folder} stands in no row of tests/house/imports.ts; give it one`];
  // What lies outside of src and bin (package.json, the schema) is data and free to all.
  if (!/^(src|bin)\//.test(to)) return [];
  if (folder === target) {
    const [mine, other] = [providerOf(from), providerOf(to)];
    return mine === other ? [] : [`${place}: provider ${mine} may not import provider ${other} (${to})`];
  }
  return allowed.includes(target) ? [] : [`${place}: ${folder} may not import ${target} (${to}), only ${allowed.join(', ') || 'itself'}`];
}

function allowedFor(folder: string): readonly string[] | undefined {
  const floor = FLOORS.findIndex((row) => row.includes(folder));
  if (floor === -1) return undefined;
  return FLOORS.slice(0, floor).flat().filter((below) => !NEVER[folder]?.includes(below));
}

function faultsOfClocks(file: HouseFile, imports: readonly Import[]): Fault[] {
  const clocks = imports.filter(({ from, to }) => from === file.path && /^src\/clock\/(wall-)?clock\.ts$/.test(to));
  const [first] = clocks;
  if (!first || BOTH_CLOCKS.includes(folderOf(file.path)) || new Set(clocks.map(({ to }) => to)).size < 2) return [];
  return [`${first.place}: no module takes both a Clock and a WallClock, except in ${BOTH_CLOCKS.join(' and ')}`];
}

/** Each cycle once, named by the import that closes it. */
function cycles(imports: readonly Import[]): Fault[] {
  const outgoing = Map.groupBy(imports, ({ from }) => from);
  const done = new Set<string>();
  const trail: string[] = [];
  const faults: Fault[] = [];
  const visit = (path: string): void => {
    if (done.has(path)) return;
    trail.push(path);
    for (const { to, place } of outgoing.get(path) ?? []) {
      const begin = trail.indexOf(to);
      if (begin === -1) visit(to);
      else faults.push(`${place}: a cycle of imports: ${[...trail.slice(begin), to].join(' -> ')}`);
    }
    trail.pop();
    done.add(path);
  };
  for (const path of outgoing.keys()) visit(path);
  return faults;
}

function isForTests(path: string): boolean {
  return path.startsWith('src/testing/') || /\.test\.tsx?$/.test(path);
}

/** The folder under src, `bin`, or the name of a file that lies directly in src. */
function folderOf(path: string): string {
  const [top, second] = path.split('/');
  return top === 'src' ? (second ?? '') : (top ?? '');
}

function providerOf(path: string): string | undefined {
  return path.startsWith('src/providers/') ? path.split('/')[2] : undefined;
}
