/** What goes wrong with Daily, as the user of the real command sees it: the line, the exit code, and what is left. */
import type { ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BottalkEvent } from '../../src/events/event.ts';
import { parseEventLog } from '../../src/events/jsonl.ts';
import { bottalk, type CommandResult, type ProcessOptions } from '../../src/testing/command-process.ts';
import { browserProcesses, noBrowserLeft } from '../../src/testing/daily/browser-processes.ts';
import { secretsFor } from '../../src/testing/daily/daily-run.ts';
import { FakeDaily } from '../../src/testing/daily/fake-daily.ts';
import { logFaults } from '../../src/testing/log-invariants.ts';
import { systemWallClock as wall } from '../../src/clock/wall-clock.ts';
import { isChromiumMissing } from './chromium-here.ts';

const QUICK = 'llm: { first_token_ms: 50 }, tts: { first_byte_ms: 20 }';
const SCENARIO = `title: By Daily
turn: { profile: responsive }
room: { kind: daily }
agents:
  - { name: Nora, prompt: Greet., ${QUICK}, script: { lines: [Hello Leo.] } }
  - { name: Leo, prompt: Answer., ${QUICK}, script: { lines: [I am well.] } }
`;

describe.skipIf(isChromiumMissing('tests/daily/daily-faults.test.ts'))('a Daily room that fails', () => {
  let daily: FakeDaily;
  let cwd: string;
  let out: string;
  beforeEach(async () => {
    daily = await FakeDaily.start();
    cwd = mkdtempSync(join(tmpdir(), 'bottalk-faults-'));
    out = join(cwd, 'out');
    writeFileSync(join(cwd, 'daily.yaml'), SCENARIO);
  });
  afterEach(async () => {
    await daily.close();
    rmSync(cwd, { recursive: true, force: true });
  });

  type Options = { readonly words?: readonly string[]; readonly env?: Readonly<Record<string, string>>; readonly onOutput?: ProcessOptions['onOutput'] };

  function run({ words = [], env = {}, onOutput }: Options = {}): Promise<CommandResult> {
    return bottalk(['run', 'daily.yaml', '--out', out, ...words], {
      cwd,
      env: { TMPDIR: cwd, ...secretsFor(daily), ...env },
      ...(onOutput && { onOutput }),
    });
  }

  /** Calls it once, when the command has printed this. */
  function when(pattern: RegExp, act: (child: ChildProcess) => void): ProcessOptions['onOutput'] {
    let done = false;
    return (child, printed) => {
      if (done || !pattern.test(printed)) return;
      done = true;
      act(child);
    };
  }

  const eventsLeft = (): readonly BottalkEvent[] => parseEventLog(readFileSync(join(out, 'events.jsonl'), 'utf8'), 'events.jsonl');

  /** Neither a process nor a profile nor a room. */
  async function expectNothingLeft(): Promise<void> {
    await noBrowserLeft(cwd);
    expect(daily.rooms.size).toBe(0);
  }

  /** Once as the call's end, and once in the summary, which names the folder as well. */
  function expectTold(output: string, reason: string): void {
    const [called = '', summary = ''] = output.split(/\n(?= {2}ended by {2})/).map((text) => text.replaceAll(/\s+/g, ' '));
    expect(called.split(reason).length).toBe(2);
    expect(summary).toMatch(/^ ended by error invalid daily: /);
    expect(summary).toContain(` files ${out} `);
  }

  describe('before the call begins', () => {
    const usage: readonly (readonly [string, Options, string])[] = [
      ['no key', { env: { DAILY_API_KEY: '' } }, 'a Daily room needs DAILY_API_KEY (put it into .env.local or the environment)\n'],
      ['a pace', { words: ['--pace', '2'] }, 'a Daily room keeps real time, so it cannot be given a pace (leave out --pace, or take the embedded room)\n'],
      ['no browser', { env: { BOTTALK_CHROMIUM: '/nowhere/chromium' } }, 'BOTTALK_CHROMIUM names /nowhere/chromium, and no program is there (unset it to search the usual places)\n'],
    ];
    test.each(usage)('%s is for the user to mend, and nothing is made', async (_title, options, line) => {
      expect(await run(options)).toEqual({ status: 2, signal: null, output: '', errors: line });
      expect(daily.requests).toEqual([]);
      expect(existsSync(out)).toBe(false);
    });

    test.each([
      [401, 'authentication-error', 'daily: Daily answered POST /rooms with 401 authentication-error: check DAILY_API_KEY'],
      [402, 'payment-required', "daily: Daily answered POST /rooms with 402 payment-required: the account's plan does not include it"],
    ])('a refusal with %i ends the run with a reason', async (status, code, reason) => {
      daily.refuse(/POST \/rooms/, status, code);
      const { status: exit, errors, output } = await run();
      expect({ exit, errors }).toEqual({ exit: 3, errors: '' });
      expectTold(output, reason);
      expect(eventsLeft().at(-1)).toMatchObject({ type: 'run.ended', endedBy: 'error', reason });
      expect(JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))).toMatchObject({ ended_by: 'error', reason });
      expect(JSON.parse(readFileSync(join(out, 'metrics.json'), 'utf8'))).toMatchObject({ scenario: 'By Daily', invalid: [{ code: 'error', text: reason }] });
      await expectNothingLeft();
    });

    test('a token that is refused ends the run, and the room with it', async () => {
      daily.refusesJoins = { type: 'not-allowed', msg: 'no' };
      const { status, errors, output } = await run();
      expect({ status, errors }).toEqual({ status: 3, errors: '' });
      expectTold(output, 'daily: Daily does not let this token into the room');
      await expectNothingLeft();
    });
  });

  describe('in the middle of the call', () => {
    const faults: readonly (readonly [string, () => void, string])[] = [
      ['a room that is deleted', () => daily.deleteRooms(), 'daily: the Daily room does not exist, or was deleted'],
      ['a room that expires', () => daily.room.throwOut({ type: 'ejected', msg: 'Meeting has ended' }), 'daily: Daily ended the call: the room was deleted or has expired, or somebody removed the agent'],
    ];
    test.each(faults)('%s ends the run with a reason; what there was is kept', async (_title, strike, reason) => {
      const { status, errors, output } = await run({ onOutput: when(/Leo +joined/, strike) });
      expect({ status, errors }).toEqual({ status: 3, errors: '' });
      expectTold(output, reason);
      expect(logFaults(eventsLeft())).toEqual([]);
      expect(eventsLeft().at(-1)).toMatchObject({ type: 'run.ended', endedBy: 'error', reason });
      expect(JSON.parse(readFileSync(join(out, 'metrics.json'), 'utf8'))).toMatchObject({ invalid: [{ code: 'error', text: reason }] });
      expect(readdirSync(out).toSorted()).toEqual(['audio.wav', 'events.jsonl', 'metrics.json', 'report.html', 'run.json', 'transcript.txt', 'transcript.vtt']);
      await expectNothingLeft();
    });

    test('a room that does not transcribe ends the run at once, where nobody else can listen', async () => {
      daily.refuse(/transcription\/start/, 402, 'payment-required');
      const { status, output } = await run({ env: { OPENAI_API_KEY: '', ELEVENLABS_API_KEY: '' } });
      expect(status).toBe(3);
      expect(output.replaceAll(/\s+/g, ' ')).toContain("the account's plan does not include it); with OPENAI_API_KEY or ELEVENLABS_API_KEY another would listen");
      expect(JSON.parse(readFileSync(join(out, 'metrics.json'), 'utf8'))).toMatchObject({ invalid: [{ code: 'no_transcription' }] });
      await expectNothingLeft();
    });

    test('a page that dies, as it does without memory, is told of, and the call goes on', async () => {
      const killPages = (): void => {
        for (const { pid, type } of browserProcesses(cwd)) if (type === 'renderer') process.kill(pid, 'SIGKILL');
      };
      // By then each has heard or been heard, so both have their seats for certain.
      const kill = when(/Nora +Hello Leo\./, killPages);
      const warning = /warning (Nora|Leo): the page for the Daily call is gone: [\w ]+; joining again/g;
      const warned = (printed: string): string[] => [...printed.replaceAll(/\s+/g, ' ').matchAll(warning)].map(([, name]) => name ?? '');
      let isOver = false;
      const { status, output } = await run({
        onOutput: (child, printed) => {
          kill?.(child, printed);
          if (isOver || warned(printed).length < 2 || printed.split(/ joined\n/).length <= 4) return;
          isOver = child.kill('SIGINT');
        },
      });
      expect(status).toBe(130);
      expect(warned(output).toSorted()).toEqual(['Leo', 'Nora']);
      await expectNothingLeft();
    });

    test('a room that cannot be deleted is told of', async () => {
      daily.refuse(/DELETE/, 403, 'forbidden-error');
      const { status, output } = await run({ onOutput: when(/Leo +joined/, (child) => child.kill('SIGINT')) });
      expect(status).toBe(130);
      const said = output.replaceAll(/\s+/g, ' ');
      expect(said).toContain(`room people can join at ${daily.room.url}`);
      expect(said).toContain(`warning the Daily room ${daily.room.url} could not be deleted: Daily answered DELETE /rooms/${daily.room.name} with 403 forbidden-error: check DAILY_API_KEY`);
    });

    test('a polite kill leaves nothing behind, not even a room', async () => {
      const { status, errors } = await run({ onOutput: when(/Leo +joined/, (child) => child.kill('SIGTERM')) });
      expect({ status, errors }).toEqual({ status: 130, errors: '' });
      expect(eventsLeft().at(-1)).toMatchObject({ type: 'run.ended', endedBy: 'cancelled' });
      await expectNothingLeft();
    });

    test('bottalk killed outright leaves neither browser nor profile; the room goes when it expires', async () => {
      const { signal } = await run({ onOutput: when(/Leo +joined/, (child) => child.kill('SIGKILL')) });
      expect(signal).toBe('SIGKILL');
      expect(daily.room.properties).toMatchObject({ exp: expect.toSatisfy((exp: number) => exp > wall.epochMs() / 1000) as unknown, eject_at_room_exp: true });
      daily.deleteRooms();
      await expectNothingLeft();
      expect(eventsLeft().filter(({ type }) => type === 'participant.joined')).toHaveLength(2);
      const { output } = await bottalk(['report', out, '--json'], { cwd });
      expect(JSON.parse(output)).toMatchObject({ complete: false, invalid: [{ code: 'incomplete' }] });
    });
  });
});
