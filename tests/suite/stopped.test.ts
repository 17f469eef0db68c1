/** Test runs that are stopped, lose a process or are not read: what ran is kept, the exit code is honest, nobody stays behind. */
import { type ChildProcess, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SuiteResult } from '../../src/metrics/suite-result.ts';
import { bottalk, COMMAND, type CommandResult, type ProcessOptions } from '../../src/testing/command-process.ts';
import { sharedCache } from '../../src/testing/shared-cache.ts';

const CALL = `title: A short call
turn: { profile: responsive }
agents:
  - name: Ann
    prompt: Greet.
    script: { lines: ["Hello, this is Ann speaking and I am glad that you call.", { say: "You are welcome, goodbye.", end: true }] }
  - { name: Ben, prompt: Answer., script: { lines: ["Hi Ann, what is the time where you are?"] } }
expect:
`;

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bottalk-stopped-'));
  writeFileSync(join(folder, 'fine.yaml'), `${CALL}  - turns >= 1\n`);
  writeFileSync(join(folder, 'bad.yaml'), `${CALL}  - turns >= 9\n`);
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Resolves when the output is closed, which the processes of cases hold open as well: once none of them is left. */
const run = (words: readonly string[], onOutput?: ProcessOptions['onOutput']): Promise<CommandResult> =>
  bottalk(['test', ...words], { cwd: folder, ...(onOutput && { onOutput }) });
const results = (out: string): SuiteResult => JSON.parse(readFileSync(join(folder, out, 'results.json'), 'utf8')) as SuiteResult;

/** Does it once, as soon as the first case has ended. */
function afterFirst(act: (process: ChildProcess) => void): ProcessOptions['onOutput'] {
  let done = false;
  return (process, output) => {
    if (done || !/^ *1\//.test(output)) return;
    done = true;
    act(process);
  };
}

describe('a test run', () => {
  test('stops after the first case that does not pass when it is told to, and goes on with the rest when that is run again', async () => {
    const { status, output } = await run(['bad.yaml', 'fine.yaml', '--repeat', '3', '--bail', '--workers', '1', '--no-report', '--out', 'bail']);
    expect(status).toBe(1);
    expect(output).toContain('1 failed, stopped early: 1 case, ');
    expect(results('bail')).toMatchObject({ stopped: true, totals: { failed: 1, passed: 0 } });
    expect((await run(['--rerun-failed', 'bail', '--no-report', '--out', 'again'])).status).toBe(1);
    // What never ran has not passed either.
    expect(results('again').cases.map(({ id }: { id: string }) => id).toSorted()).toEqual(['bad.yaml @1', 'bad.yaml @2', 'bad.yaml @3', 'fine.yaml @1', 'fine.yaml @2', 'fine.yaml @3']);
  });

  test('refuses to run again what is not among its cases, or what passed', async () => {
    await run(['bad.yaml', '--repeat', '2', '--no-report', '--out', 'two']);
    expect(await run(['bad.yaml', '--seeds', '1', '--rerun-failed', 'two'])).toMatchObject({ status: 2, errors: 'bad.yaml @2 did not pass in two and is not among these cases (leave out paths and seeds, or give the same as then)\n' });
    await run(['fine.yaml', '--out', 'fine']);
    expect(await run(['fine.yaml', '--rerun-failed', 'fine'])).toMatchObject({ status: 2, errors: 'every case in fine passed (there is nothing to run again)\n' });
  });

  test('keeps what had run when it is ended by Ctrl-C, and leaves no process behind', async () => {
    const { status, output } = await run(['fine.yaml', '--repeat', '200', '--workers', '2', '--out', 'cancelled'], afterFirst((process) => process.kill('SIGINT')));
    expect(status).toBe(130);
    const { cases, stopped, totals } = results('cancelled');
    expect(stopped).toBe(true);
    expect(totals.passed).toBeGreaterThan(0);
    expect(totals.passed + totals.cancelled).toBe(cases.length);
    expect(output).toContain('stopped early');
  });

  test.skipIf(process.platform !== 'linux')('goes on without a process that was killed, and calls its case errored', async () => {
    const kill = afterFirst(({ pid }) => process.kill(childrenOf(pid as number)[0] as number, 'SIGKILL'));
    const { status, output } = await run(['fine.yaml', '--repeat', '4', '--workers', '1', '--out', 'killed'], kill);
    expect(status).toBe(3);
    expect(results('killed').totals).toMatchObject({ passed: 3, errored: 1 });
    expect(output).toContain('fine.yaml: its process ended (SIGKILL)');
  });

  test('ends a case that hangs with its process, and runs the others', async () => {
    // A regular expression that takes longer than the universe is old: nothing in that process answers any more.
    writeFileSync(join(folder, 'hangs.yaml'), `${CALL}  - matches: "^(\\\\w+[ ,]*)+#$"\n`);
    const { status, output } = await run(['fine.yaml', 'hangs.yaml', '--timeout', '1', '--workers', '1', '--out', 'hung']);
    expect(status).toBe(3);
    expect(output).toContain('hangs.yaml: it took longer than 1 s and did not end when it was told to');
    expect(results('hung').totals).toMatchObject({ passed: 1, errored: 1 });
  });

  test('ends as by Ctrl-C when nobody reads it any more', async () => {
    const { status } = await run(['fine.yaml', '--repeat', '200', '--workers', '1', '--out', 'unread'], afterFirst((process) => process.stdout?.destroy()));
    expect(status).toBe(130);
    expect(results('unread')).toMatchObject({ stopped: true });
  });

  test.skipIf(process.platform !== 'linux')('says that its output is refused, and keeps the results', () => {
    const words = [process.execPath, COMMAND, 'test', 'fine.yaml', '--repeat', '40', '--workers', '1', '--out', 'full'];
    const env = { ...process.env, CI: '1', BOTTALK_CACHE_DIR: sharedCache };
    const { status, stderr } = spawnSync('sh', ['-c', '"$0" "$@" > /dev/full', ...words], { cwd: folder, env, encoding: 'utf8' });
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'the output cannot be written: ENOSPC: no space left on device, write\n' });
    expect(results('full').cases.length).toBeGreaterThan(0);
  });

  test.skipIf(process.platform !== 'linux')('does not lose the others for a reporter that cannot write', async () => {
    const { status, output, errors } = await run(['fine.yaml', '--reporter', 'junit=/dev/full', '--reporter', 'plain', '--reporter', 'html=report.html', '--out', 'reports']);
    expect({ status, errors }).toEqual({ status: 2, errors: '/dev/full cannot be written (ENOSPC)\n' });
    expect(output).toContain('1 passed: 1 case');
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain('fine.yaml @1');
    expect(results('reports').totals.passed).toBe(1);
  });

  test('prints no escape sequences where there is no terminal', async () => {
    const { output } = await run(['bad.yaml', '--reporter', 'pretty', '--out', 'pretty']);
    expect(output).toContain('1/1  failed     bad.yaml @1');
    expect(output).not.toContain('\u001b');
    expect(readdirSync(join(folder, 'pretty'))).toEqual(['bad-@1', 'results.json']);
  });
});

function childrenOf(pid: number): readonly number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).map(Number);
}
