/**
 * Checks what can be checked of the container image without a container engine: that the Dockerfile copies what exists,
 * that every native module has a binary for linux/arm64 with glibc, and that `bottalk serve` starts, answers and stops
 * with nothing but the files that the image would hold. `npm run check:image` builds first.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, linkSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { buildFilter } from '../src/cloud/deploy/docker-ignore.ts';
import { isLoaded } from './prune-packages.ts';
import { freePort } from '../src/testing/free-port.ts';

const ROOT = join(import.meta.dirname, '..');
const WORKDIR = '/srv/bottalk';
/** The C library of Debian trixie, which the image is made of. */
const NEWEST_GLIBC = [2, 41] as const;

type Instruction = { readonly stage: string; readonly word: string; readonly rest: string };

/** The Dockerfile's instructions, each on one line and with the stage that it belongs to. */
function readDockerfile(): readonly Instruction[] {
  const text = readFileSync(join(ROOT, 'Dockerfile'), 'utf8').replace(/^\s*#.*\n/gm, '').replace(/\\\n/g, ' ');
  let stage = '';
  return text.split('\n').filter((line) => line.trim() !== '').map((line) => {
    const [, word = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line.trim()) ?? [];
    if (word === 'FROM') stage = / AS (\w+)$/i.exec(rest)?.[1] ?? 'final';
    return { stage, word, rest };
  });
}

type Copy = { readonly stage: string; readonly from: string | undefined; readonly sources: readonly string[]; readonly to: string };

function copiesOf(instructions: readonly Instruction[]): readonly Copy[] {
  return instructions.filter(({ word }) => word === 'COPY').map(({ stage, rest }) => {
    const words = rest.split(/\s+/);
    const paths = words.filter((each) => !each.startsWith('--'));
    return { stage, from: words.find((each) => each.startsWith('--from='))?.slice(7), sources: paths.slice(0, -1), to: paths.at(-1) ?? '' };
  });
}

/** Each thing that the Dockerfile copies and that is not there, or that .dockerignore keeps out. */
export function copyFaults(): readonly string[] {
  const instructions = readDockerfile();
  const stages = new Set(instructions.map(({ stage }) => stage));
  const ignoring = buildFilter(readFileSync(join(ROOT, '.dockerignore'), 'utf8'), []);
  return copiesOf(instructions).flatMap(({ from, sources }) => {
    if (from !== undefined) return stages.has(from) ? [] : [`COPY --from=${from}: there is no such stage`];
    return sources.flatMap((source) => {
      if (!existsSync(join(ROOT, source))) return [`COPY ${source}: there is no such file`];
      return ignoring.isLeftOut(source) ? [`COPY ${source}: .dockerignore keeps it out`] : [];
    });
  });
}

type LockedPackage = { readonly dev?: boolean; readonly devOptional?: boolean; readonly optional?: boolean; readonly link?: boolean; readonly peer?: boolean };

/** Folders below node_modules of what `npm ci --omit=dev --omit=optional` installs. */
export function productionPackages(): readonly string[] {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as { readonly packages: Readonly<Record<string, LockedPackage>> };
  return Object.entries(packages)
    .filter(([path, { dev, devOptional, optional, link }]) => path.startsWith('node_modules/') && ![dev, devOptional, optional, link].includes(true))
    .map(([path]) => path.slice('node_modules/'.length))
    .filter((name) => existsSync(join(ROOT, 'node_modules', name)));
}

/** What of the production packages would not run on linux/arm64 with glibc. `found` is called for each binary that would. */
export function nativeFaults(found: (path: string) => void = () => {}): readonly string[] {
  return productionPackages().flatMap((name) => {
    const files = filesOf(name);
    const modules = files.filter((path) => path.endsWith('.node'));
    if (modules.length === 0) return files.includes(`${name}/binding.gyp`) ? [`${name} is compiled where it is installed, and brings no binary`] : [];
    const fitting = files.filter((path) => /\.(node|so(\.\d+)*)$/.test(path) && isLoaded(path, 'arm64')).map((path) => ({ path, fault: binaryFault(path) }));
    for (const { path, fault } of fitting) if (fault === undefined) found(path);
    const faults = fitting.flatMap(({ path, fault }) => (fault === undefined ? [] : [`${path} ${fault}`]));
    return fitting.some(({ path }) => path.endsWith('.node')) ? faults : [`${name} has no binary for linux/arm64`];
  });
}

const ELF_AARCH64 = 183;

function binaryFault(path: string): string | undefined {
  const bytes = readFileSync(join(ROOT, 'node_modules', path));
  if (bytes.readUInt32BE(0) !== 0x7f454c46 || bytes.readUInt16LE(18) !== ELF_AARCH64) return 'is no program for arm64';
  const text = bytes.toString('latin1');
  if (text.includes('libc.musl')) return 'needs musl, and the image has glibc';
  const newest = [...text.matchAll(/GLIBC_(\d+)\.(\d+)/g)].map(([, major, minor]) => [Number(major), Number(minor)] as const);
  const tooNew = newest.find(([major, minor]) => major > NEWEST_GLIBC[0] || (major === NEWEST_GLIBC[0] && minor > NEWEST_GLIBC[1]));
  return tooNew && `needs glibc ${tooNew.join('.')}, and the image has ${NEWEST_GLIBC.join('.')}`;
}

/** Files of one package, without those of packages within it. */
function filesOf(name: string): readonly string[] {
  const below = (folder: string): readonly string[] =>
    readdirSync(join(ROOT, 'node_modules', folder), { withFileTypes: true }).flatMap((entry) => {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === 'node_modules' ? [] : below(path);
      return [path];
    });
  return below(name);
}

/** Lays the image's files out in a folder of its own: those of this machine's kind of processor, so that they can run. */
export function layOut(folder: string): void {
  const architecture = process.arch === 'arm64' ? 'arm64' : 'amd64';
  for (const { from, sources, to } of copiesOf(readDockerfile()).filter(({ stage }) => stage === 'final')) {
    for (const source of sources) {
      const name = from === undefined ? source : relative(WORKDIR, source);
      const target = join(folder, to.endsWith('/') ? join(to, name) : to);
      if (name === 'node_modules') for (const path of productionPackages().flatMap(filesOf).filter((each) => isLoaded(each, architecture))) link(`node_modules/${path}`, join(target, path));
      // Weights are made by the build; without them agents go by the last words.
      else if (name === 'cache') mkdirSync(target, { recursive: true });
      else linkAll(name, target);
    }
  }
}

function linkAll(path: string, target: string): void {
  if (!lstatSync(join(ROOT, path)).isDirectory()) return link(path, target);
  for (const entry of readdirSync(join(ROOT, path))) linkAll(join(path, entry), join(target, entry));
}

/** A second name of the same file: as good as a copy to whoever looks for packages from where it lies. */
function link(path: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  try {
    linkSync(join(ROOT, path), target);
  } catch (error) {
    // Temporary files may lie on a disk of their own.
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    copyFileSync(join(ROOT, path), target);
  }
}

export type Start = { readonly untilAnswerMs: number; readonly status: number; readonly exitCode: number | null; readonly output: string };

const LONGEST_START_MS = 60_000;

/** Starts what the image would start, asks whether it lives, and ends it as Pipecat Cloud would. */
export async function startFrom(folder: string): Promise<Start> {
  const port = await freePort();
  const settings = readDockerfile().filter(({ word }) => word === 'ENV').flatMap(({ rest }) => rest.trim().split(/\s+/));
  const pairs = settings.map((setting) => /^(\w+)=(.*)$/.exec(setting.replace(WORKDIR, folder)) ?? []);
  // The image's own way to its browser exists in the image only.
  const ofImage = Object.fromEntries(pairs.map(([, name = '', value = '']) => [name, value]).filter(([name]) => name !== 'BOTTALK_CHROMIUM')) as Record<string, string>;
  const env = { PATH: '/usr/bin:/bin', HOME: folder, PORT: String(port), ...ofImage };
  const startedMs = performance.now();
  const child = spawn(process.execPath, ['dist/bin/bottalk.js', 'serve'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (output += piece.toString()));
  const ended = once(child, 'close') as Promise<[number | null]>;
  let isOver = false;
  void ended.then(() => (isOver = true));
  let status = 0;
  while (status === 0 && !isOver && performance.now() - startedMs < LONGEST_START_MS) {
    status = await fetch(`http://127.0.0.1:${port}/livez`).then((response) => response.status, () => 0);
    if (status === 0) await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const untilAnswerMs = performance.now() - startedMs;
  child.kill('SIGTERM');
  const [exitCode] = await ended;
  return { untilAnswerMs, status, exitCode, output };
}

async function checkAll(): Promise<readonly string[]> {
  const faults = [...copyFaults()];
  console.log(`Dockerfile: ${copiesOf(readDockerfile()).length} COPY instructions, ${faults.length} faults`);
  faults.push(...nativeFaults((path) => console.log(`arm64, glibc: ${path}`)));
  const folder = mkdtempSync(join(tmpdir(), 'bottalk-image-'));
  try {
    layOut(folder);
    const { untilAnswerMs, status, exitCode, output } = await startFrom(folder);
    console.log(`bottalk serve from the image's files: /livez answers ${status} after ${Math.round(untilAnswerMs)} ms, SIGTERM ends it with ${exitCode}`);
    if (status !== 200 || exitCode !== 0) faults.push(`bottalk serve does not start or end as it should:\n${output}`);
    const call = spawnSync(process.execPath, ['dist/bin/bottalk.js', 'run', 'scenarios/quickstart.yaml', '--exit'], { cwd: folder, encoding: 'utf8', env: { PATH: '/usr/bin:/bin', HOME: folder } });
    console.log(`a whole call from the image's files ends with ${call.status}`);
    if (call.status !== 0) faults.push(`a call does not work with the image's files:\n${call.stdout}${call.stderr}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
  return faults;
}

if (process.argv[1] === import.meta.filename) {
  const faults = await checkAll();
  for (const fault of faults) console.error(fault);
  process.exitCode = faults.length === 0 ? 0 : 1;
}
