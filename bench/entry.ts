/**
 * `npm run bench:entry`: what one session of `bottalk serve` takes, Node and its Chromium together, in a control group of
 * each of Pipecat Cloud's smaller profiles. A second entry, and all servers that both talk to, run outside of it. Takes
 * Linux, root, a Chromium and about three minutes for each profile; `agent-1x` or `agent-2x` names the one that is wanted.
 */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, tmpdir, totalmem } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { findChromium } from '../src/providers/daily/find-chromium.ts';
import { ControlGroup } from './control-group.ts';
import { entryLines } from './entry-lines.ts';
import { measureProfile, type Profile } from './entry-profile.ts';

const PROFILES: readonly Profile[] = [
  { name: 'agent-1x', cpus: 0.5, memoryBytes: 2 ** 30 },
  { name: 'agent-2x', cpus: 1, memoryBytes: 2 * 2 ** 30 },
];

const SIGNALS = [['SIGHUP', 129], ['SIGINT', 130], ['SIGTERM', 143]] as const;

/** In the order in which it was opened. */
const open: { close(): Promise<unknown> }[] = [];
let isEnding = false;
for (const [signal, status] of SIGNALS) process.once(signal, () => void end(status));
const folder = mkdtempSync(join(tmpdir(), 'bottalk-bench-entry-'));
process.exitCode = await main(process.argv.slice(2));

async function main(names: readonly string[]): Promise<number> {
  const { model = 'unknown' } = cpus()[0] ?? {};
  try {
    console.log(`Node ${process.version}, ${cpus().length} cores of ${model}, ${Math.round(totalmem() / 2 ** 30)} GiB, ${process.platform}-${process.arch}`);
    const unknown = names.find((name) => !PROFILES.some((profile) => profile.name === name));
    if (unknown !== undefined) throw new Error(`there is no profile "${unknown}": ${PROFILES.map(({ name }) => name).join(', ')}`);
    // What is missing for it is told before anything takes time.
    await closing(new ControlGroup(`bottalk-bench-${process.pid}`, { cpus: 1, memoryBytes: 2 ** 30 })).close();
    const chromium = ownChromium(findChromium({ env: process.env, platform: process.platform }));
    const env = { ...imageEnvironment(), TMPDIR: folder, BOTTALK_CACHE_DIR: join(folder, 'cache') };
    for (const profile of PROFILES.filter(({ name }) => names.length === 0 || names.includes(name))) {
      console.log(`\nload of the machine before: ${loadavg().map((load) => load.toFixed(1)).join(', ')} (1, 5 and 15 minutes)`);
      const figures = await measureProfile(profile, { env, chromium, folder, closing });
      for (const line of entryLines(profile, figures)) console.log(line);
      console.log(`load of the machine after: ${loadavg().map((load) => load.toFixed(1)).join(', ')}`);
    }
    return 0;
  } catch (error) {
    if (!isEnding) console.error(`bench:entry: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  } finally {
    await closeAll();
  }
}

/** As the Dockerfile has it. */
function imageEnvironment(): { readonly NODE_ENV: string; readonly NODE_OPTIONS: string } {
  const text = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8');
  const given = (name: string): string => new RegExp(`\\b${name}=(\\S+)`).exec(text)?.[1] ?? '';
  return { NODE_ENV: given('NODE_ENV'), NODE_OPTIONS: given('NODE_OPTIONS') };
}

/** A copy that nobody else uses, so that the memory of its files is all the measured entry's, started as in the image. */
function ownChromium(executable: string): string {
  const home = dirname(executable);
  // Elsewhere it is a script of the system's, in a folder with everything else.
  const isAtHome = existsSync(join(home, 'icudtl.dat'));
  const copy = join(folder, 'chromium');
  if (isAtHome) cpSync(home, copy, { recursive: true });
  const script = join(folder, 'bottalk-chromium');
  writeFileSync(script, `#!/bin/sh\nexec ${isAtHome ? join(copy, basename(executable)) : executable} --no-sandbox "$@"\n`, { mode: 0o755 });
  return script;
}

function closing<T extends { close(): Promise<unknown> }>(opened: T): T {
  open.push(opened);
  if (isEnding) throw new Error('it was told to end');
  return opened;
}

async function end(status: number): Promise<void> {
  isEnding = true;
  // What was just being opened is there after the first round.
  while (open.length > 0) await closeAll();
  process.exit(status);
}

async function closeAll(): Promise<void> {
  for (const each of open.splice(0).toReversed()) {
    try {
      await each.close();
    } catch (error) {
      console.error(`bench:entry: could not be closed: ${String(error)}`);
    }
  }
  rmSync(folder, { recursive: true, force: true });
}
