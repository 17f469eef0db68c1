import { execFileSync } from 'node:child_process';
import { existsSync, linkSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');

/** The machine's own PATH: without the node_modules/.bin folders that npm puts in front while it runs our scripts. */
const machinePath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((folder) => !folder.includes('node_modules'))
  .join(delimiter);
const nodeNow = dirname(process.execPath);

describe('bottalk, packed and installed into an empty project of somebody else', { timeout: 300_000 }, () => {
  const project = mkdtempSync(join(tmpdir(), 'bottalk-tarball-'));
  let machineNode: string;

  beforeAll(() => {
    const manifest = { name: 'somebody-else', private: true, type: 'module', scripts: { node: 'node -p process.execPath' } };
    writeFileSync(join(project, 'package.json'), JSON.stringify(manifest));
    machineNode = inProject('npm', ['run', '--silent', 'node']);

    // Of dist as it is: to build it anew would take it away from the tests that run meanwhile.
    execFileSync('npm', ['pack', '--ignore-scripts', '--silent', '--pack-destination', project], { cwd: root, stdio: 'pipe' });
    const tarball = readdirSync(project).find((name) => name.endsWith('.tgz')) ?? '';
    const megabytes = (statSync(join(project, tarball)).size / 1e6).toFixed(2);
    console.log(`${tarball}: ${megabytes} MB`);
    layPackages();
    inProject('npm', ['install', `./${tarball}`, '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']);
  }, 300_000);
  afterAll(() => rmSync(project, { recursive: true, force: true }));

  test('it leaves that project the Node it had', () => {
    expect(inProject('npm', ['run', '--silent', 'node'])).toBe(machineNode);
    expect(existsSync(join(project, 'node_modules/.bin/node'))).toBe(false);
    expect(readdirSync(join(project, 'node_modules')).filter((name) => /^node-(bin|linux|darwin|win)/.test(name))).toEqual([]);
  });

  test('the command runs a conversation', () => {
    const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
    expect(inProject('npx', ['bottalk', '--version'], nodeNow)).toBe(version);
    const said = inProject('npx', ['bottalk', 'run', 'node_modules/bottalk/scenarios/sales.yaml', '--exit'], nodeNow);
    expect(said).toMatch(/turns/i);
    expect(readdirSync(join(project, 'runs'))).toHaveLength(1);
  });

  test('the library can be imported, and its types hold', () => {
    writeFileSync(join(project, 'use.ts'), "import * as bottalk from 'bottalk';\nconsole.log(Object.keys(bottalk).length);\n");
    expect(Number(inProject('node', ['use.ts'], nodeNow))).toBeGreaterThan(0);
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--target', 'es2024', '--types', ''];
    inProject('node', [join(root, 'node_modules/typescript/bin/tsc'), ...options, 'use.ts'], nodeNow);
  });

  /**
   * Puts links to this project's packages where npm looks before it unpacks any, which is nearly all of its work. It takes
   * out again what the tarball does not ask for, so that the outcome is the same.
   */
  function layPackages(): void {
    const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { packages: Record<string, { dev?: boolean; link?: boolean }> };
    const places = Object.keys(packages).filter((place) => /^node_modules\/(@[^/]+\/)?[^/]+$/.test(place) && !packages[place]?.dev && !packages[place]?.link);
    try {
      for (const place of places) if (existsSync(join(root, place))) linkFolder(join(root, place), join(project, place));
    } catch (error) {
      // Between two file systems nothing can be linked, and npm has to do it all.
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
      rmSync(join(project, 'node_modules'), { recursive: true, force: true });
    }
  }

  function inProject(command: string, args: readonly string[], nodeFolder?: string): string {
    const env: NodeJS.ProcessEnv = {
      // What npm tells our scripts about our own project must not reach theirs.
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^npm_(package|lifecycle|command|execpath)|^INIT_CWD$/.test(name))),
      PATH: nodeFolder ? `${nodeFolder}${delimiter}${machinePath}` : machinePath,
      CI: '1',
      // onnxruntime's install script downloads what nobody here uses, and fails without internet.
      ONNXRUNTIME_NODE_INSTALL: 'skip',
    };
    return execFileSync(command, args, { cwd: project, env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }).trim();
  }
});

function linkFolder(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    if (entry.isDirectory()) linkFolder(join(from, entry.name), join(to, entry.name));
    else if (entry.isFile()) linkSync(join(from, entry.name), join(to, entry.name));
  }
}
