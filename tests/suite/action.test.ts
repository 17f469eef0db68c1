/** The GitHub action and the workflow that shows it: what they call exists, and the step that tests does what it says. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { program } from '../../src/commands/program.ts';
import { REPORTERS } from '../../src/commands/test-flags.ts';

type Step = { readonly uses?: string; readonly run?: string; readonly with?: Readonly<Record<string, string>>; readonly shell?: string };
type Action = {
  readonly name: string;
  readonly description: string;
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly runs: { readonly using: string; readonly steps: readonly (Step & { readonly id?: string })[] };
};
type Workflow = { readonly on: unknown; readonly jobs: Readonly<Record<string, { readonly 'runs-on': string; readonly 'timeout-minutes': number; readonly steps: readonly Step[] }>> };

const root = join(import.meta.dirname, '../..');
const text = (path: string): string => readFileSync(join(root, path), 'utf8');
const action = parse(text('action.yml')) as Action;
const workflows = ['ci', 'bottalk'].map((name) => [name, parse(text(`.github/workflows/${name}.yml`)) as Workflow] as const);
const flags: ReadonlySet<string | null | undefined> = new Set(program().commands.find((command) => command.name() === 'test')?.options.map(({ long }) => long));

const folder = mkdtempSync(join(tmpdir(), 'bottalk-action-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the action', () => {
  const source = text('action.yml');

  test('uses the inputs that it has, and has none that it does not use', () => {
    const used = new Set([...source.matchAll(/inputs\.([a-z-]+)/g)].map(([, name]) => name));
    expect(used).toEqual(new Set(Object.keys(action.inputs)));
    expect(action.runs.using).toBe('composite');
  });

  test('puts no input into a script, where it would be run', () => {
    for (const { run, shell } of action.runs.steps) {
      if (run === undefined) continue;
      expect(shell).toBe('bash');
      expect(run).not.toContain('${{');
    }
  });

  test('calls what there is', () => {
    const [, ...called] = source.match(/\$GITHUB_ACTION_PATH\/[\w./-]+/g) ?? [];
    expect(existsSync(join(root, 'scripts/setup.mjs'))).toBe(true);
    expect(called).toEqual(['$GITHUB_ACTION_PATH/dist/bin/bottalk.js']);
    for (const flag of source.match(/(?<=\s)--[a-z-]+/g) ?? []) expect(flags).toContain(flag);
    for (const [, name] of source.matchAll(/--reporter "?([a-z]+)/g)) expect(REPORTERS).toContain(name);
  });

  test('tests, annotates, and leaves results, JUnit and a page, with the exit code of the test', () => {
    writeFileSync(
      join(folder, 'a call.yaml'),
      'title: Short\nturn: { profile: responsive }\nagents:\n  - { name: Ann, prompt: Greet., script: { lines: [Hello this is Ann., { say: Thank you and goodbye., end: true }] } }\n  - { name: Ben, prompt: Ask., script: { lines: ["Hi, what time is it?"] } }\nexpect:\n  - turns >= 9\n',
    );
    const { status, stdout } = step({ PATHS: '*.yaml', ARGS: '--repeat 2\n--workers 1' });
    expect(status).toBe(1);
    expect(stdout).toContain('::error file=a call.yaml,line=7,title=bottalk%3A a call.yaml @1 ');
    expect(readFileSync(join(folder, 'output'), 'utf8')).toBe('results=./results/results.json\n');
    for (const name of ['results.json', 'junit.xml', 'report.html']) expect(readFileSync(join(folder, 'results', name), 'utf8')).toContain('a call.yaml @2');
    expect(readFileSync(join(folder, 'summary.md'), 'utf8')).toContain('## bottalk: 2 ');
  });

  test('keeps what is quoted together, takes nothing else for more than it is, and refuses a quote that is not closed', () => {
    writeFileSync(join(folder, 'node'), '#!/bin/sh\nfor each; do echo "<$each>"; done\n', { mode: 0o755 });
    const words = (inputs: Readonly<Record<string, string>>) => step({ ...inputs, PATH: `${folder}:${process.env['PATH']}` });
    const { stdout } = words({ PATHS: `'a call.yaml' *.yaml`, ARGS: `--grep "a call" --var who="Ann Lee" $HOME \`id\` ; it\\'s` });
    const given = stdout.split('\n').filter((line) => line.startsWith('<'));
    expect(given.slice(2, 4)).toEqual(['<a call.yaml>', '<*.yaml>']);
    expect(given.slice(-8)).toEqual(['<--grep>', '<a call>', '<--var>', '<who=Ann Lee>', '<$HOME>', '<`id`>', '<;>', "<it's>"]);
    expect(words({ PATHS: '*.yaml', ARGS: '' }).stdout.trim().split('\n').at(-1)).toMatch(/^<html=/);
    const refused = words({ PATHS: '*.yaml', ARGS: '--grep "a call' });
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toContain('unmatched double quote');
    expect(refused.stdout).toBe('');
  });

  /** The step that tests, with these inputs and a blank folder of results. */
  function step(inputs: Readonly<Record<string, string>>) {
    const { run = '' } = action.runs.steps.find(({ id }) => id === 'test') ?? {};
    const files = { GITHUB_OUTPUT: join(folder, 'output'), GITHUB_STEP_SUMMARY: join(folder, 'summary.md') };
    const env = { ...process.env, GITHUB_ACTIONS: 'true', GITHUB_ACTION_PATH: root, GITHUB_WORKSPACE: folder, ...files };
    const usual = { IN: '.', OUT: 'results', BOTTALK_CACHE_DIR: join(folder, 'cache') };
    return spawnSync('bash', ['-eo', 'pipefail', '-c', run], { cwd: folder, env: { ...env, ...usual, ...inputs }, encoding: 'utf8' });
  }
});

describe.each(workflows)('the workflow %s', (_name, { on, jobs }) => {
  const steps = Object.values(jobs).flatMap((job) => job.steps);

  test('runs on a change, and not for ever', () => {
    expect(on).toEqual(['push', 'pull_request']);
    for (const job of Object.values(jobs)) expect(job['timeout-minutes']).toBeLessThanOrEqual(30);
  });

  test('calls what there is', () => {
    const scripts = steps.flatMap(({ run = '' }) => (run.startsWith('.') ? [run] : []));
    expect(scripts.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    for (const { uses = '' } of steps) expect(uses).toMatch(/^$|^\.\/$|^actions\/[a-z-]+@v\d+$/);
    const given = steps.flatMap(({ uses, with: values = {} }) => (uses === './' ? [values] : []));
    expect(given.flatMap((values) => Object.keys(values)).filter((name) => !(name in action.inputs))).toEqual([]);
    expect(given.flatMap(({ paths = '' }) => paths.split(/\s+/)).filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(given.flatMap(({ args = '' }) => args.match(/--[a-z-]+/g) ?? []).filter((flag) => !flags.has(flag))).toEqual([]);
  });
});
