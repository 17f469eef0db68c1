/** Finds scenario files where the user points. It reads folders and never a file. */
import { glob, readdir, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { type Mistake, UsageError } from '../base/errors.ts';
import { unreadableScenario } from './read-text.ts';

const DEFAULT_FOLDER = 'scenarios';

/**
 * The scenario files under the given paths, sorted and each once: files as they are, folders with everything below
 * that is called *.yaml or *.yml, and patterns such as `calls/**\/*.yaml` that no shell has filled in. Without paths, the
 * folder scenarios/. A file below the working folder has one name however it was pointed at, for cases are known by it.
 * Throws a UsageError when there is none.
 */
export async function discoverScenarios(paths: readonly string[] = []): Promise<readonly string[]> {
  const found = new Set<string>();
  const mistakes: Mistake[] = [];
  for (const path of paths.length > 0 ? paths : [DEFAULT_FOLDER]) {
    try {
      const files = (await stat(path)).isDirectory() ? await filesBelow(path) : [path];
      for (const file of files) found.add(named(file));
    } catch (error) {
      const matches = isPattern(path) ? await filesLike(path) : [];
      for (const file of matches) found.add(named(file));
      if (matches.length > 0) continue;
      // Without paths nobody asked for the folder, so it may be missing.
      if (paths.length > 0) mistakes.push(await unreadableScenario(path, error, { orFolder: true }));
    }
  }
  if (mistakes.length > 0) throw new UsageError(mistakes);
  if (found.size === 0) throw new UsageError(`no scenario found in ${(paths.length > 0 ? paths : [DEFAULT_FOLDER]).join(', ')}`, '`bottalk init` writes one');
  return [...found].sort();
}

function named(file: string): string {
  const path = relative('.', file);
  return isAbsolute(path) || path.startsWith('..') ? file : path.split(sep).join('/');
}

function isPattern(path: string): boolean {
  return /[*?{[]/.test(path);
}

async function filesLike(pattern: string): Promise<readonly string[]> {
  const files: string[] = [];
  for await (const path of glob(pattern, { exclude: isOutOfSight })) {
    const isFile = await stat(path).then((found) => found.isFile(), () => false);
    if (isFile) files.push(path);
  }
  return files;
}

/** As folders that are walked through: nothing hidden, and nobody else's packages. */
function isOutOfSight(path: string): boolean {
  return /(^|[\\/])(node_modules|\.[^\\/.]+)$/.test(path);
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'node_modules') files.push(...(await filesBelow(path)));
    else if (!entry.isDirectory() && /\.ya?ml$/i.test(entry.name)) files.push(path);
  }
  return files;
}
