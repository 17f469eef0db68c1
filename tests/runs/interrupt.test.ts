/** Ctrl-C and its like, sent to the real command while it runs. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { decodeWav } from '../../src/audio/wav.ts';
import { parseEventLog } from '../../src/events/jsonl.ts';
import { bottalk, nodeProcess } from '../../src/testing/command-process.ts';
import { logFaults } from '../../src/testing/log-invariants.ts';

const cwd = mkdtempSync(join(tmpdir(), 'bottalk-interrupt-'));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** Two who never come to an end: at full speed it would take the machine half a minute and more. */
writeFileSync(
  join(cwd, 'endless.yaml'),
  `title: Endless
turn: { profile: responsive }
max_turns: 1000000
max_duration: 6000m
agents:
  - name: Ann
    prompt: Talk.
    script: { lines: ["Tell me more, Ben."], otherwise: "Tell me more, Ben." }
  - name: Ben
    prompt: Talk.
    script: { lines: ["There is always more, Ann."], otherwise: "There is always more, Ann." }
`,
);

type Told = { readonly signal: NodeJS.Signals; readonly after: RegExp; readonly words: readonly string[] };

describe('a run that is told to stop', () => {
  const cases: readonly (readonly [string, Told])[] = [
    ['by Ctrl-C at full speed', { signal: 'SIGINT', after: /Tell me more[^]*always more[^]*Tell me more/, words: [] }],
    ['by Ctrl-C before anything was said', { signal: 'SIGINT', after: /./, words: [] }],
    ['by Ctrl-C while it keeps to real time', { signal: 'SIGINT', after: /./, words: ['--pace', 'realtime'] }],
    ['by a polite kill', { signal: 'SIGTERM', after: /Tell me more[^]*always more/, words: [] }],
    ['by a terminal that goes away', { signal: 'SIGHUP', after: /Tell me more[^]*always more/, words: [] }],
  ];

  test.each(cases)('%s closes everything, keeps what there was and says so', async (title, { signal, after, words }) => {
    const out = join(cwd, title.replaceAll(/\W+/g, '-'));
    let sent = false;
    const { status, signal: killedBy, output, errors } = await bottalk(['run', 'endless.yaml', '--out', out, ...words], {
      cwd,
      onOutput: (child, printed) => {
        if (sent || !after.test(printed)) return;
        sent = true;
        child.kill(signal);
      },
    });
    expect({ status, killedBy, errors }).toEqual({ status: 130, killedBy: null, errors: '' });
    expect(output).toMatch(/ended by +cancelled/);

    const events = parseEventLog(readFileSync(join(out, 'events.jsonl'), 'utf8'), 'events.jsonl');
    expect(logFaults(events)).toEqual([]);
    expect(events.at(-1)).toMatchObject({ type: 'run.ended', endedBy: 'cancelled' });
    const wav = decodeWav(readFileSync(join(out, 'audio.wav')));
    expect(wav?.tracks).toHaveLength(2);
    expect(Math.abs((wav?.tracks[0]?.length ?? 0) / 16 - (events.at(-1)?.atMs ?? 0))).toBeLessThanOrEqual(20);
    expect(JSON.parse(readFileSync(join(out, 'run.json'), 'utf8'))).toMatchObject({ ended_by: 'cancelled' });
    expect((await bottalk(['report', out, '--json'], { cwd })).output).toBe(readFileSync(join(out, 'metrics.json'), 'utf8'));
  });

  test('by its reader going away ends in the same way', async () => {
    const out = join(cwd, 'unread');
    const { status } = await bottalk(['run', 'endless.yaml', '--json', '--out', out], {
      cwd,
      onOutput: (child) => child.stdout?.destroy(),
    });
    expect(status).toBe(130);
    const events = parseEventLog(readFileSync(join(out, 'events.jsonl'), 'utf8'), 'events.jsonl');
    expect(events.at(-1)).toMatchObject({ type: 'run.ended', endedBy: 'cancelled' });
  });
});

describe('a second signal', () => {
  test('ends the process at once, whatever it is doing', async () => {
    const module = join(import.meta.dirname, '../../dist/src/commands/interrupt.js');
    const busy = `
      const { interruptSignal } = await import(${JSON.stringify(module)});
      interruptSignal().signal.addEventListener('abort', () => console.log('asked to stop'));
      setInterval(() => {}, 1000);
      console.log('busy');`;
    const { status, signal, output } = await nodeProcess(['--input-type=module', '--eval', busy], {
      cwd,
      onOutput: (child, printed) => child.kill(printed.includes('asked') ? 'SIGTERM' : 'SIGINT'),
    });
    expect({ status, signal, output }).toEqual({ status: 130, signal: null, output: 'busy\nasked to stop\n' });
  });
});
