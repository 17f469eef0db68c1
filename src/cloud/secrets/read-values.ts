/**
 * The values that a secret set shall hold: by name out of the environment, out of a file of NAME=value lines, or one value
 * as it comes. None is taken from the command line, and no message repeats one.
 */
import { parseEnv } from 'node:util';
import { didYouMean } from '../../base/nearest.ts';
import { type Mistake, UsageError } from '../../base/errors.ts';
import { KEY_NAMES } from '../api/keys.ts';
import { isReservedName } from '../reserved-names.ts';

export type ValueSource =
  | { readonly kind: 'environment'; readonly env: Readonly<Record<string, string | undefined>> }
  /** `from`: as messages call it. */
  | { readonly kind: 'file'; readonly from: string; readonly text: string }
  /** One value; the line break at its end is not part of it. */
  | { readonly kind: 'value'; readonly text: string };

export type ReadValues = { readonly values: ReadonlyMap<string, string>; readonly warnings: readonly string[] };

/** What start and deploy calls of an account; an agent that holds them could do the same. */
const OWN_KEYS: readonly string[] = [...KEY_NAMES.private, ...KEY_NAMES.public];

/** Throws a UsageError with every mistake. No names at all mean everything that the file holds, except for the account's own keys. */
export function readValues(names: readonly string[], source: ValueSource): ReadValues {
  const misplaced = names.filter((name) => name.includes('='));
  if (misplaced.length > 0) throw new UsageError(misplaced.map(valueInWords));
  const held = source.kind === 'file' ? parseEnv(source.text) : source.kind === 'environment' ? source.env : {};
  if (source.kind === 'value' && names.length !== 1) throw new UsageError('--stdin gives one value, so name one secret', 'use --from-file - for NAME=value lines');
  if (source.kind === 'environment' && names.length === 0) throw new UsageError('no secret is named', 'name what the environment holds, or take a whole file with --from-file');
  const wanted = names.length > 0 ? names : Object.keys(held).filter((name) => !OWN_KEYS.includes(name) && held[name] !== '');
  const valueOf = (name: string): string | undefined => (source.kind === 'value' ? source.text.replace(/\r?\n$/, '') : held[name]);
  const mistakes = wanted.flatMap((name) => faultOf(name, valueOf(name), { source, held: Object.keys(held) }));
  if (wanted.length === 0) mistakes.push({ message: `${source.kind === 'file' ? source.from : 'the environment'} holds no NAME=value line that can be used` });
  if (mistakes.length > 0) throw new UsageError(mistakes);
  return { values: new Map(wanted.map((name) => [name, valueOf(name) ?? ''])), warnings: [...new Set(wanted)].flatMap(warningOf) };
}

function valueInWords(word: string): Mistake {
  const name = word.slice(0, word.indexOf('='));
  return { message: `the value of ${name} does not belong on the command line, where others can read it`, hint: `put it into the environment and name ${name} alone` };
}

function faultOf(name: string, value: string | undefined, { source, held }: { readonly source: ValueSource; readonly held: readonly string[] }): Mistake[] {
  if (!/^[\w-]{1,64}$/.test(name)) return [{ message: `${JSON.stringify(name)} is no name for a secret`, hint: 'up to 64 letters, digits, underscores and hyphens' }];
  if (value !== undefined && value !== '') return [];
  const where = source.kind === 'file' ? source.from : source.kind === 'environment' ? 'the environment' : 'stdin';
  const near = source.kind === 'file' && value === undefined ? didYouMean(name, held) : undefined;
  return [{ message: `${where} holds ${value === undefined ? 'no' : 'an empty'} ${name}`, ...(near === undefined ? {} : { hint: near }) }];
}

function warningOf(name: string): string[] {
  if (isReservedName(name)) return [`${name} is a name that Pipecat Cloud uses itself; an agent may not see this value, or not start`];
  return OWN_KEYS.includes(name) ? [`${name} opens the whole account; an agent does not need it`] : [];
}
