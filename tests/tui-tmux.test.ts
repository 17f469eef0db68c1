import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { sharedCache } from '../src/testing/shared-cache.ts';

const root = join(import.meta.dirname, '..');
const cli = join(root, 'dist/bin/bottalk.js');

/** A pane is looked at this often, so often at most: a cold start on a busy machine may take its time. */
const LOOK_EVERY_MS = 100;
const LOOKS = 450;

const hasTmux = ((): boolean => {
  try {
    execFileSync('tmux', ['-V'], { stdio: 'pipe' });
    return true;
  } catch {
    return false;
  }
})();

if (!hasTmux && !process.env['CI']) console.log('tests/tui-tmux.test.ts is skipped: tmux is not installed');

describe.skipIf(!hasTmux && !process.env['CI'])('the screen in a real terminal', { timeout: 180_000 }, () => {
  const SESSION = 'bottalk-test';
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bottalk-tui-'));
  });
  afterEach(() => {
    try {
      tmux('kill-server');
    } catch {
      // It had not been started, or is gone already.
    }
    rmSync(folder, { recursive: true, force: true });
  });

  test('runs a call, plays it, follows a new size, and leaves the terminal as it was', async () => {
    expect(existsSync(cli), 'npm run build comes first').toBe(true);
    openPane(`node ${cli} run ${join(root, 'scenarios/quickstart.yaml')} --seed 7 --out ${join(folder, 'run')}`);

    const over = await see('files ', 'q quit');
    expect(over).toHaveLength(24);
    expect(pane('alternate_on')).toBe('1');
    press('Up', 'Up');
    await see('›');
    press('Enter');
    await see('first token', 'esc close');

    tmux('resize-window', '-t', SESSION, '-x', '100', '-y', '30');
    await seeFrame((frame) => frame.length === 30 && frame.at(-1)?.trimEnd().length === 99 && frame.join('').includes('first token'));
    press('Escape');
    await see('›', 'q quit');
    expect(pane('history_size'), 'nothing was scrolled away').toBe('0');

    press('q');
    await see('left with 0');
    press('stty -a', 'Enter');
    const settings = (await see('icanon')).join(' ');
    expect(settings).not.toMatch(/-icanon|-echo |-isig/);
    expect([pane('alternate_on'), pane('cursor_flag')]).toEqual(['0', '1']);

    press(`clear; node ${cli} play ${join(folder, 'run')}`, 'Enter');
    await see('files ', 'q quit');
    press('C-c');
    await see('$');
    expect(pane('alternate_on')).toBe('0');
  });

  test('Ctrl-C ends a call that is running, keeps what was recorded and gives the terminal back', async () => {
    const run = join(folder, 'run');
    openPane(`node ${cli} run ${join(root, 'scenarios/quickstart.yaml')} --seed 7 --pace realtime --out ${run}`);
    await see('turn 1/');
    press('C-c');
    await see('left with 130');
    expect([pane('alternate_on'), pane('cursor_flag')]).toEqual(['0', '1']);
    expect(existsSync(join(run, 'audio.wav'))).toBe(true);
  });

  test('shows a test run in any size, and Ctrl-C ends it, keeps its results and gives the terminal back', async () => {
    const run = join(folder, 'run');
    // Here Ctrl-C is a signal, which the shell has to outlive.
    openPane(`trap : INT; node ${cli} test ${join(root, 'scenarios/quickstart.yaml')} --repeat 500 --workers 1 --out ${run}`);
    await seeFrame(([first = '', second = '']) => /^ [1-9]\d*\/500 #*\.+ {2}\d+ passed .* left$/.test(first) && second.includes('running '));
    expect(pane('alternate_on')).toBe('1');
    tmux('resize-window', '-t', SESSION, '-x', '120', '-y', '30');
    await seeFrame((frame) => frame.length === 30 && (frame[0]?.length ?? 0) > 110 && frame.slice(5).every((row) => row === ''));
    press('C-c');
    const over = await see('left with 130');
    expect(over.join('\n')).toContain('stopped early');
    expect([pane('alternate_on'), pane('cursor_flag')]).toEqual(['0', '1']);
    expect(existsSync(join(run, 'results.json'))).toBe(true);
  });

  /** A shell that runs the command and stays. */
  function openPane(command: string): void {
    const environment = { PATH: `${dirname(process.execPath)}:${process.env['PATH']}`, LC_ALL: 'C.UTF-8', BOTTALK_CACHE_DIR: sharedCache ?? join(folder, 'cache') };
    const settings = Object.entries(environment).map(([name, value]) => `${name}='${value}'`).join(' ');
    const script = `cd ${folder}; export ${settings} PS1='$ '; unset CI NO_COLOR; ${command}; echo "left with $?"; exec sh`;
    tmux('-f', '/dev/null', 'new-session', '-d', '-s', SESSION, '-x', '80', '-y', '24', 'sh', '-c', script);
  }

  /** On a server of the test's own: where the last test's is still ending, none can start. */
  function tmux(...args: readonly string[]): string {
    return execFileSync('tmux', ['-u', '-S', join(folder, 'tmux'), ...args], { encoding: 'utf8', stdio: 'pipe' });
  }

  function pane(format: string): string {
    return tmux('display-message', '-p', '-t', SESSION, `#{${format}}`).trim();
  }

  function press(...keys: readonly string[]): void {
    tmux('send-keys', '-t', SESSION, ...keys);
  }

  function see(...wanted: readonly string[]): Promise<string[]> {
    return seeFrame((frame) => wanted.every((text) => frame.some((row) => row.includes(text))));
  }

  async function seeFrame(wanted: (frame: string[]) => boolean): Promise<string[]> {
    let frame: string[] = [];
    for (let look = 0; look < LOOKS; look++) {
      frame = tmux('capture-pane', '-p', '-t', SESSION).replace(/\n$/, '').split('\n');
      if (wanted(frame)) return frame;
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
    }
    throw new Error(`the screen never came to show what was waited for; it shows:\n${frame.join('\n')}`);
  }
});
