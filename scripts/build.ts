/**
 * Builds dist: compiles bin and src, then the pages that run in a browser, and puts the Silero model with its notice
 * beside the code that loads it, so that an installed bottalk does not need the package which the file comes from.
 * Everything is made in a folder of its own and then moved, so an interrupted build leaves the last one in place.
 */
import { execFileSync } from 'node:child_process';
import { buildSync } from 'esbuild';
import { chmodSync, cpSync, mkdirSync, renameSync, rmSync, utimesSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

process.chdir(join(import.meta.dirname, '..'));

const started = new Date();
// Two builds at once keep out of each other's way.
const stage = `node_modules/.cache/bottalk/dist-${process.pid}`;
process.once('exit', () => rmSync(stage, { recursive: true, force: true }));
compile('tsconfig.build.json');
compile('src/providers/daily/page/tsconfig.json', '--noEmit', 'false', '--noEmitOnError');
bundlePages();
chmodSync(join(stage, 'bin/bottalk.js'), 0o755);
addSileroModel();
// The set-up script rebuilds when a source is newer than dist, so what changed during this build must count as newer.
utimesSync(stage, started, started);
rmSync('dist', { recursive: true, force: true });
renameSync(stage, 'dist');

function compile(project: string, ...options: readonly string[]): void {
  const args = ['node_modules/typescript/bin/tsc', '-p', project, '--outDir', stage, ...options];
  try {
    execFileSync(process.execPath, args, { stdio: 'inherit' });
  } catch {
    process.exit(1); // The compiler has said why.
  }
}

/**
 * Each page becomes one script and one style sheet, so that a report can hold them and a server has few files to serve.
 * What plays the live page's sound is a script of its own, because an audio thread can only be given one.
 */
function bundlePages(): void {
  buildSync({
    entryPoints: { live: 'src/web/live/main.tsx', 'live-sound': 'src/web/live/sound-worklet.ts', report: 'src/web/report/main.tsx' },
    outdir: join(stage, 'web'),
    bundle: true,
    minify: true,
    format: 'iife',
    target: 'es2022',
    legalComments: 'eof',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.svg': 'dataurl' },
    logLevel: 'warning',
  });
}

function addSileroModel(): void {
  const folder = join(stage, 'src/providers/silero');
  mkdirSync(folder, { recursive: true });
  const model = createRequire(import.meta.url).resolve('@ricky0123/vad-web/dist/silero_vad_v6.onnx');
  cpSync(model, join(folder, 'silero_vad_v6.onnx'));
  cpSync('scripts/notices/silero-vad.txt', join(folder, 'LICENSE.txt'));
}
