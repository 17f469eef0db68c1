/**
 * Sets the checkout up before `npm start` and `npm test`. Runs on plain Node 20 without a dependency, says nothing
 * and changes nothing when all is in place. With --prepare, which npm passes after an install and before a pack,
 * it only builds.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const NODE_MAJOR = 24;
const PINNED_NODE = 'node_modules/.bin/node';
const BUILD_INPUTS = ['bin', 'src', 'scripts/build.ts', 'scripts/notices', 'package.json', 'tsconfig.json', 'tsconfig.build.json'];

process.chdir(fileURLToPath(new URL('..', import.meta.url)));
try {
  // The lock file brings Node for this one platform; elsewhere the machine's own must do.
  if (!(process.platform === 'linux' && process.arch === 'x64')) refuseOldNode();
  if (!process.argv.includes('--prepare') && modifiedMs('package-lock.json') > modifiedMs('node_modules/.package-lock.json')) {
    await install();
  }
  if (newestMs(BUILD_INPUTS) > modifiedMs('dist')) await build();
} catch (error) {
  console.error(`bottalk set-up: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}

function refuseOldNode() {
  if (Number.parseInt(process.versions.node) >= NODE_MAJOR) return;
  throw new Error(`Node ${NODE_MAJOR} or newer is needed and this is ${process.version}: install it from https://nodejs.org/en/download`);
}

async function install() {
  say('installing what package-lock.json lists; this happens once and takes about half a minute');
  const seconds = stopwatch();
  const heartbeat = setInterval(() => say(`still installing (${seconds().toFixed(0)} s)`), 10_000);
  // No package here needs its install script, and one of them would download what nobody uses.
  const { code, output } = await run(npmCommand(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']), 'pipe');
  clearInterval(heartbeat);
  if (code !== 0) throw new Error(`the packages could not be installed: ${reasonIn(output)} (npm ci shows more)`);
  say(`installed in ${seconds().toFixed(0)} s`);
}

async function build() {
  const hasPinnedNode = existsSync(PINNED_NODE);
  if (!hasPinnedNode) refuseOldNode();
  say('building');
  const seconds = stopwatch();
  const { code } = await run([hasPinnedNode ? PINNED_NODE : process.execPath, 'scripts/build.ts'], 'inherit');
  if (code !== 0) throw new Error('the build failed');
  say(`built in ${seconds().toFixed(1)} s`);
}

/**
 * @param {string[]} args
 * @returns {string[]}
 */
function npmCommand(args) {
  const npmScript = process.env['npm_execpath'];
  return npmScript ? [process.execPath, npmScript, ...args] : ['npm', ...args];
}

/**
 * @param {string[]} command
 * @param {'pipe' | 'inherit'} stdio
 * @returns {Promise<{ code: number | null, output: string }>}
 */
function run([program = '', ...args], stdio) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', stdio, stdio] });
    let output = '';
    child.stdout?.on('data', (data) => (output += data));
    child.stderr?.on('data', (data) => (output += data));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

/**
 * The first line in which npm says what is wrong, without its codes.
 * @param {string} output
 */
function reasonIn(output) {
  const lines = output.split('\n').map((line) => line.replace(/^npm error ?/, '').trim());
  return lines.find((line) => line !== '' && !/^(code|errno|syscall|path|dest|type) /.test(line)) ?? 'npm gave no reason';
}

/**
 * The latest change to these files and everything under these folders. A folder's own time counts too, because it
 * is all that tells of a deleted file.
 * @param {string[]} paths
 * @returns {number}
 */
function newestMs(paths) {
  return Math.max(
    ...paths.map((path) => {
      const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
      return Math.max(modifiedMs(path), isFolder ? newestMs(readdirSync(path).map((name) => join(path, name))) : 0);
    }),
  );
}

/**
 * @param {string} path
 * @returns {number} 0 if there is nothing.
 */
function modifiedMs(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

function stopwatch() {
  const startedMs = Date.now();
  return () => (Date.now() - startedMs) / 1000;
}

/** @param {string} line */
function say(line) {
  console.error(`bottalk set-up: ${line}`);
}
