/**
 * Reads pcc-deploy.toml: every mistake at once, with its line and column. A file that somebody named must exist; without
 * one in the folder, flags and environment have to say everything.
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import { z } from 'zod';
import { UsageError } from '../../base/errors.ts';
import { didYouMean, nearest } from '../../base/nearest.ts';
import { mistakeList, type Report } from '../../scenarios/mistake-list.ts';
import { clashesIn, type DeployFile, deployFileSchema, REMOVED_KEYS } from './deploy-file-schema.ts';
import { tomlPlaces, type TomlPlace } from './toml-places.ts';

const DEPLOY_FILE = 'pcc-deploy.toml';

export type FoundDeployFile = {
  /** As the user would name it; undefined where there is none. */
  readonly path: string | undefined;
  readonly says: DeployFile;
};

export type DeployFilePlaces = {
  /** What --config-file says; it wins. */
  readonly named: string | undefined;
  /** PIPECAT_DEPLOY_CONFIG_PATH is looked at. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where bottalk runs. */
  readonly folder: string;
};

/** Throws a UsageError with every mistake in the file. */
export async function findDeployFile({ named, env, folder }: DeployFilePlaces): Promise<FoundDeployFile> {
  const asked = named ?? (env['PIPECAT_DEPLOY_CONFIG_PATH'] || undefined);
  const path = asked ?? DEPLOY_FILE;
  let text: string;
  try {
    text = await readFile(resolve(folder, path), 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT' && asked === undefined) return { path: undefined, says: {} };
    const hint = named === undefined && asked !== undefined ? 'PIPECAT_DEPLOY_CONFIG_PATH names it' : undefined;
    throw new UsageError({ message: `${path}: ${code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code ?? 'unknown'})`}`, ...(hint !== undefined && { hint }) });
  }
  return { path, says: readDeployFile(path, text) };
}

/** What the text of a deploy file says. */
export function readDeployFile(file: string, text: string): DeployFile {
  const mistakes = mistakeList(file, text);
  const parsed = parseToml(file, text);
  const read = deployFileSchema.safeParse(parsed);
  const places = tomlPlaces(text);
  if (!read.success) reportIssues(read.error.issues, { parsed, places, report: mistakes.report });
  for (const { path, message } of clashesIn(parsed)) mistakes.report(places.get(path.join('.'))?.keyStart, `${path.join('.')} ${message}`);
  return read.success && mistakes.isEmpty() ? read.data : mistakes.throwAll();
}

function parseToml(file: string, text: string): Readonly<Record<string, unknown>> {
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The parser repeats the line below its first sentence.
    const sentence = (error.message.split('\n', 1)[0] ?? '').replace(/^Invalid TOML document: /, '');
    throw new UsageError({ message: `not valid TOML: ${sentence}`, place: { file, line: error.line, column: error.column } });
  }
}

type Found = { readonly parsed: unknown; readonly places: ReadonlyMap<string, TomlPlace>; readonly report: Report };

function reportIssues(issues: readonly z.core.$ZodIssue[], { parsed, places, report }: Found): void {
  for (const issue of issues) {
    const path = issue.path.map(String);
    const place = places.get(path.join('.'));
    if (issue.code === 'unrecognized_keys') for (const key of issue.keys) reportUnknown([...path, key], { places, report });
    else if (place) report(place.valueStart, `${path.join('.')}: ${issue.message}, got ${shown(valueAt(parsed, path))}`);
    else report(places.get(path.slice(0, -1).join('.'))?.keyStart, `the key ${path.join('.')} is missing: ${issue.message}`);
  }
}

function reportUnknown(path: readonly string[], { places, report }: Pick<Found, 'places' | 'report'>): void {
  const name = path.join('.');
  const at = places.get(name)?.keyStart;
  const replacement = REMOVED_KEYS[name];
  if (replacement !== undefined) return report(at, `${name} is no longer read`, replacement);
  const key = path.at(-1) ?? '';
  const here = keysAt(path.slice(0, -1));
  const home = nearest(key, here) === undefined ? tablesWith(key) : undefined;
  const hint = home === undefined ? (didYouMean(key, here) ?? `valid keys here: ${here.join(', ')}`) : `it belongs under ${home}`;
  report(at, `unknown key ${name}`, hint);
}

/** The keys that a table takes. */
function keysAt(path: readonly string[]): readonly string[] {
  return Object.keys(path.reduce((shape, key) => shapeOf(shape[key]) ?? {}, deployFileSchema.shape as Shape));
}

/** The table that takes this key, where only one does. */
function tablesWith(key: string): string | undefined {
  const tables = Object.entries(deployFileSchema.shape as Shape).filter(([, field]) => key in (shapeOf(field) ?? {}));
  if (tables.length === 1) return `[${tables[0]?.[0]}]`;
  return key in deployFileSchema.shape ? 'no table: move it above the first [table]' : undefined;
}

type Shape = Readonly<Record<string, z.ZodType>>;

function shapeOf(field: z.ZodType | undefined): Shape | undefined {
  const inner = field instanceof z.ZodOptional ? field.unwrap() : field;
  return inner instanceof z.ZodObject ? (inner.shape as Shape) : undefined;
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce((node, key) => (typeof node === 'object' && node !== null ? (node as Readonly<Record<string, unknown>>)[key] : undefined), value);
}

function shown(value: unknown): string {
  if (value instanceof Date) return 'a date';
  if (typeof value === 'object') return Array.isArray(value) ? 'a list' : 'a table';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= 60 ? text : `${text.slice(0, 57)}...`;
}
