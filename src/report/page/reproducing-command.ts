/** The command that runs a call again, from what run.json says of it. A cassette that was played knows its providers by itself. */
import type { AboutRun } from '../../metrics/pages/run-document.ts';

/** Null for a scenario that was in no file. */
export function reproducingCommand(about: AboutRun | null, seed: number): string | null {
  const file = about?.['scenario_file'];
  if (typeof file !== 'string') return null;
  const { variables, max_turns: maxTurns, jitter_seed: jitterSeed, variant, providers = {}, cassette } = about as Given;
  const flags = cassette ? played(cassette) : Object.entries(providers).flatMap(([what, name]) => [`--${what}`, name]);
  // Latencies of their own, and values of a matrix, are what a test run has.
  if (jitterSeed !== undefined || variant !== undefined) {
    const values = Object.entries(variant ?? {}).map(([key, value]) => `${key}=${value}`);
    const jitter = jitterSeed === undefined ? [] : ['--jitter-seeds', String(jitterSeed)];
    const only = values.length === 0 ? [] : ['--grep', pattern(`[${values.join(', ')}]`)];
    return words(['bottalk', 'test', file, '--seeds', String(seed), ...jitter, ...only, ...given(variables), ...flags, '--keep', 'all']);
  }
  const turns = maxTurns === undefined ? [] : ['--max-turns', String(maxTurns)];
  return words(['bottalk', 'run', file, '--seed', String(seed), ...given(variables), ...turns, ...flags]);
}

type Given = {
  readonly variables?: Readonly<Record<string, string>>;
  readonly max_turns?: number;
  readonly jitter_seed?: number;
  readonly variant?: Readonly<Record<string, string>>;
  readonly providers?: Readonly<Record<string, string>>;
  readonly cassette?: { readonly file: string; readonly mode: string };
};

function given(variables: Given['variables'] = {}): string[] {
  return Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}=${value}`]);
}

function played({ file, mode }: NonNullable<Given['cassette']>): string[] {
  return ['--cassette', file, ...(mode === 'strict' ? [] : ['--cassette-mode', mode])];
}

function pattern(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** As a shell takes them. */
function words(parts: readonly string[]): string {
  return parts.map((part) => (/^[\w./:=@,~+-]+$/.test(part) ? part : `'${part.replaceAll("'", String.raw`'\''`)}'`)).join(' ');
}
