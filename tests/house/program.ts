/**
 * Opens a project with the TypeScript compiler, so that a house rule can ask what a name means instead of guessing
 * from its spelling. Without files it is this project; with files it is a small made-up one.
 */
import { join } from 'node:path';
import { type Node, type SourceFile } from 'typescript/unstable/ast';
import { createVirtualFileSystem } from 'typescript/unstable/fs';
import { API, type Checker } from 'typescript/unstable/sync';

export type HouseFile = { readonly path: string; readonly source: SourceFile };

export type HouseProgram = {
  /** Files of the project itself by their path from its root, such as `src/base/errors.ts`. */
  readonly files: readonly HouseFile[];
  readonly checker: Checker;
  /** The path from the project's root, or undefined for what lies outside: a library, Node, the language. */
  pathOf(absolute: string): string | undefined;
  close(): void;
};

/** What a rule found; `message` begins with file:line and can be printed as it is. */
export type Fault = string;

/** `project` is the folder of its tsconfig.json: code that runs in a browser has one of its own. */
export function openProgram(madeUp?: Readonly<Record<string, string>>, project = '.'): HouseProgram {
  const root = madeUp ? '/house' : join(import.meta.dirname, '../..');
  const config = { compilerOptions: { strict: true, module: 'nodenext', target: 'es2024', types: [], allowImportingTsExtensions: true, noEmit: true } };
  const api = new API(madeUp ? { cwd: root, fs: virtualFiles(root, { 'tsconfig.json': JSON.stringify(config), ...madeUp }) } : { cwd: root });
  const opened = api.updateSnapshot({ openProjects: [join(root, project, 'tsconfig.json')] }).getProjects()[0];
  if (!opened) throw new Error(`TypeScript finds no project in ${root}`);
  const pathOf = (absolute: string): string | undefined =>
    absolute.startsWith(`${root}/`) && !absolute.includes('/node_modules/') ? absolute.slice(root.length + 1) : undefined;
  const files = opened.program.getSourceFileNames().toSorted().flatMap((absolute) => {
    const path = pathOf(absolute);
    const source = opened.program.getSourceFile(absolute);
    return path && source ? [{ path, source }] : [];
  });
  if (files.length === 0) throw new Error(`TypeScript finds no files in ${root}`);
  return { files, checker: opened.checker, pathOf, close: () => api.close() };
}

/** Calls `visit` with every node below, in the order of the text; below a node for which it says `skip` nothing is visited. */
export function walk(node: Node, visit: (node: Node) => 'skip' | undefined): void {
  node.forEachChild((child) => {
    if (visit(child) !== 'skip') walk(child, visit);
  });
}

/** `file:line`, the beginning of every fault. */
export function placeOf(file: HouseFile, node: Node): string {
  return `${file.path}:${file.source.text.slice(0, node.getStart(file.source)).split('\n').length}`;
}

function virtualFiles(root: string, files: Readonly<Record<string, string>>): ReturnType<typeof createVirtualFileSystem> {
  return createVirtualFileSystem(Object.fromEntries(Object.entries(files).map(([path, text]) => [join(root, path), text])));
}
