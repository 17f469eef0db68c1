/** The text of a scenario file, or one clear line about why there is none. It never looks at what the text says. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { nearest } from '../base/nearest.ts';
import { type Mistake, UsageError } from '../base/errors.ts';

/** More than any scenario needs, and little enough to refuse a recording that was given by accident. */
const MAX_BYTES = 1_000_000;

export async function readScenarioText(file: string): Promise<string> {
  const bytes = await readBytes(file);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new UsageError(`${file} is not UTF-8 text`, 'save it as UTF-8');
  }
}

/** Why a path cannot be read, by the system's error code. */
export function unreadable(path: string, error: unknown): string {
  switch ((error as NodeJS.ErrnoException).code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `no such file: ${path}`;
    case 'EISDIR':
      return `${path} is a folder, not a scenario file`;
    case 'EACCES':
    case 'EPERM':
      return `${path} may not be read: permission denied`;
    default:
      return `${path} could not be read: ${(error as Error).message}`;
  }
}

/** The same as a mistake, with the scenario that was most likely meant, or the folder where one will do. */
export async function unreadableScenario(path: string, error: unknown, { orFolder = false } = {}): Promise<Mistake> {
  const hint = await hintFor(path, { code: (error as NodeJS.ErrnoException).code, orFolder });
  return { message: unreadable(path, error), ...(hint !== undefined && { hint }) };
}

async function readBytes(file: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file);
    if (size <= MAX_BYTES) return await readFile(file);
  } catch (error) {
    throw new UsageError([await unreadableScenario(file, error)]);
  }
  throw new UsageError(`${file} is too large for a scenario`, `at most ${MAX_BYTES / 1e6} MB`);
}

type Wanted = { readonly code: string | undefined; readonly orFolder: boolean };

async function hintFor(file: string, { code, orFolder }: Wanted): Promise<string | undefined> {
  if (code === 'EISDIR') {
    const [first] = await scenariosIn(file);
    return first === undefined ? undefined : `give a file, such as ${first}`;
  }
  if (code !== 'ENOENT') return undefined;
  const folders = orFolder ? await foldersIn(dirname(file)) : [];
  const known = [...(await scenariosIn(dirname(file))), ...folders, ...(await scenariosIn('scenarios'))];
  // A link to what is gone has the name that was given.
  const candidates = known.filter((path) => resolve(path) !== resolve(file));
  const near = nearest(nameOf(file), candidates.map(nameOf));
  return near === undefined ? undefined : `did you mean ${candidates.find((candidate) => nameOf(candidate) === near)}?`;
}

async function scenariosIn(folder: string): Promise<readonly string[]> {
  // Only for a hint: a folder that cannot be listed has nothing to suggest.
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /\.ya?ml$/.test(name)).sort().map((name) => join(folder, name));
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(folder, name)).sort();
}

function nameOf(file: string): string {
  return basename(file).replace(/\.ya?ml$/, '');
}
