import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { systemWallClock } from '../../clock/wall-clock.ts';
import { encodeSpeech, type Speech } from './speech.ts';
import { type SpeechRequest, Synthesiser, type SynthesiserOptions } from './synthesiser.ts';

const REQUESTS: readonly SpeechRequest[] = [
  { voice: 'clara', text: 'Hello.' },
  { voice: 'otto', text: 'Hello.' },
  { voice: 'otto', text: 'It is $29.95 a month.' },
];

// Starting processes and threads is slow on a machine that is busy with other things.
vi.setConfig({ testTimeout: 30_000 });

let folder: string;
const synthesisers: Synthesiser[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bottalk-voice-'));
});
afterEach(async () => {
  await Promise.all(synthesisers.splice(0).map((synthesiser) => synthesiser.close()));
  rmSync(folder, { recursive: true, force: true });
});

function open(options: Partial<SynthesiserOptions> = {}): Synthesiser {
  const synthesiser = new Synthesiser({ wall: systemWallClock, cache: { folder }, ...options });
  synthesisers.push(synthesiser);
  return synthesiser;
}

const digest = (speech: readonly Speech[]): string => {
  const hash = createHash('sha256');
  for (const each of speech) hash.update(encodeSpeech(each));
  return hash.digest('hex');
};
const sayAll = async (synthesiser: Synthesiser): Promise<string> => digest(await Promise.all(REQUESTS.map((request) => synthesiser.say(request))));
const entries = (): string[] => readdirSync(folder).map((name) => join(folder, name));

/** Runs a script in a process of its own, with a synthesiser at hand, and gives back what it printed. */
function runElsewhere(script: string): Promise<{ output: string; exitCode: number | null }> {
  const moduleUrl = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href);
  const preamble = `
    import { createHash } from 'node:crypto';
    const { Synthesiser } = await import(${moduleUrl('./synthesiser.ts')});
    const { encodeSpeech } = await import(${moduleUrl('./speech.ts')});
    const { systemWallClock } = await import(${moduleUrl('../../clock/wall-clock.ts')});
    const synthesiser = new Synthesiser({ wall: systemWallClock, cache: { folder: process.argv[1] } });
    const REQUESTS = ${JSON.stringify(REQUESTS)};`;
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--input-type=module', '-e', preamble + script, folder]);
    let output = '';
    child.stdout.on('data', (text: Buffer) => (output += text.toString()));
    child.stderr.on('data', (text: Buffer) => (output += text.toString()));
    child.on('close', (exitCode) => resolve({ output: output.trim(), exitCode }));
  });
}

describe('the synthesiser', () => {
  test('gives the same bytes cold, from memory, from disk, from a corrupted disk and without a disk', async () => {
    const first = open();
    const cold = await sayAll(first);
    expect(await sayAll(first)).toBe(cold);
    await first.close();
    expect(entries()).toHaveLength(REQUESTS.length);

    expect(await sayAll(open())).toBe(cold);

    const [truncated, changed, emptied] = entries() as [string, string, string];
    truncateSync(truncated, 1000);
    truncateSync(emptied, 0);
    const bytes = readFileSync(changed);
    bytes[2000] = (bytes[2000] as number) ^ 1;
    writeFileSync(changed, bytes);
    const healing = open();
    expect(await sayAll(healing)).toBe(cold);

    expect(await sayAll(open({ cache: undefined }))).toBe(cold);
  });

  test('processes that share a cache get the same bytes as this one', async () => {
    const script = `
      const hash = createHash('sha256');
      for (const speech of await Promise.all(REQUESTS.map((request) => synthesiser.say(request)))) hash.update(encodeSpeech(speech));
      await synthesiser.close();
      console.log(hash.digest('hex'));`;
    const [one, two, here] = await Promise.all([runElsewhere(script), runElsewhere(script), sayAll(open())]);
    expect([one, two]).toEqual([{ output: here, exitCode: 0 }, { output: here, exitCode: 0 }]);
  });

  test('speech that is on disk needs no worker', async () => {
    const warming = open();
    await sayAll(warming);
    await warming.close();
    const { output } = await runElsewhere(`
      process.on('worker', () => console.log('a worker was started'));
      for (const request of REQUESTS) await synthesiser.say(request);
      synthesiser.prefetch(REQUESTS);`);
    expect(output).toBe('');
  });

  test('says what somebody waits for before what was only prefetched', async () => {
    const synthesiser = open({ cache: undefined });
    const ahead = Array.from({ length: 12 }, (_, i) => ({ voice: 'clara', text: `Number ${i}, not yet.` }));
    const last = ahead.at(-1) as SpeechRequest;
    const ready: string[] = [];
    const note = (text: string) => (): void => void ready.push(text);
    synthesiser.prefetch(ahead);
    await Promise.all([synthesiser.say({ voice: 'otto', text: 'I am new.' }), synthesiser.say(last)]);
    const said = ahead.map((request) => synthesiser.say(request).then(note(request.text)));
    // What is there already is handed out at once.
    await nextTurn();
    expect(ready).toContain(last.text);
    expect(ready.length).toBeLessThan(6);
    await Promise.all(said);
    expect(ready).toHaveLength(ahead.length);
  });

  test('a sentence asked for twice is synthesised once, and shared', async () => {
    const synthesiser = open();
    const request = REQUESTS[0] as SpeechRequest;
    synthesiser.prefetch([request]);
    const [one, two] = await Promise.all([synthesiser.say(request), synthesiser.say(request)]);
    expect(one).toBe(two);
    expect(await synthesiser.say(request)).toBe(one);
  });

  test('refuses what it cannot say and voices it does not have', async () => {
    const synthesiser = open();
    await expect(synthesiser.say({ voice: 'bella', text: 'Hello.' })).rejects.toMatchObject({ name: 'UsageError' });
    await expect(synthesiser.say({ voice: 'clara', text: 'ok привет' })).rejects.toMatchObject({
      name: 'ProviderError',
      kind: 'unsupported',
      message: 'the offline voice speaks English only and cannot say "привет"',
    });
    synthesiser.prefetch([{ voice: 'clara', text: '…' }]);
    await expect(synthesiser.say({ voice: 'clara', text: '…' })).rejects.toMatchObject({ kind: 'unsupported' });
  });

  test('warns once of a cache that cannot be written, and speaks all the same', async () => {
    writeFileSync(join(folder, 'file'), '');
    const warnings: string[] = [];
    const synthesiser = open({ cache: { folder: join(folder, 'file', 'cache') }, onWarning: (text) => warnings.push(text) });
    await sayAll(synthesiser);
    await synthesiser.say({ voice: 'otto', text: 'One more.' });
    expect(warnings).toHaveLength(1);
  });

  test('keeps the cache within its bound', async () => {
    const synthesiser = open({ cache: { folder, maxBytes: 100_000 } });
    await sayAll(synthesiser);
    await synthesiser.close();
    expect(entries().reduce((sum, path) => sum + readFileSync(path).length, 0)).toBeLessThan(100_000);
  });

  test('lets the process end while sentences are prefetched, but not while one is awaited', async () => {
    const prefetching = await runElsewhere(`synthesiser.prefetch(Array.from({ length: 200 }, (_, i) => ({ voice: 'ross', text: 'Sentence number ' + i })));`);
    expect(prefetching).toEqual({ output: '', exitCode: 0 });
    const awaiting = await runElsewhere(`const speech = await synthesiser.say(REQUESTS[2]); console.log(speech.words.length);`);
    expect(awaiting).toEqual({ output: '5', exitCode: 0 });
  });

  test('once closed it starts nothing, and closing again does nothing', async () => {
    const synthesiser = open();
    await synthesiser.close();
    await synthesiser.close();
    synthesiser.prefetch(REQUESTS);
    await expect(sayAll(synthesiser)).rejects.toMatchObject({ name: 'ProviderError' });
  });
});
