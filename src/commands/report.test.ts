import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SAMPLE_RATE_HZ } from '../audio/format.ts';
import { encodeWav } from '../audio/wav.ts';
import { UsageError } from '../base/errors.ts';
import { toJsonLine } from '../events/jsonl.ts';
import { foldAll } from '../metrics/run-fold.ts';
import { metricsJson } from '../report/json-report.ts';
import { textReport } from '../report/text-report.ts';
import { sampleCall } from '../testing/sample-call.ts';
import { registerReport } from './report.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bottalk-report-'));
  await writeFile(join(folder, 'events.jsonl'), sampleCall().map(toJsonLine).join(''));
});
afterEach(() => rm(folder, { recursive: true }));

async function report(...argv: string[]): Promise<string> {
  let printed = '';
  const program = new Command().exitOverride().configureOutput({ writeOut: (text) => void (printed += text), writeErr: () => {} });
  registerReport(program);
  await program.parseAsync(['report', ...argv], { from: 'user' });
  return printed;
}

describe('bottalk report', () => {
  it('derives metrics.json again, to the byte, from the folder or from the log itself', async () => {
    const expected = metricsJson(foldAll(sampleCall()));
    expect(await report(folder, '--json')).toBe(expected);
    expect(await report(join(folder, 'events.jsonl'), '--json')).toBe(expected);
  });

  it('makes the page beside the log or where it is told, of a run that was killed, too', async () => {
    expect(await report(folder, '--html')).toBe(`${join(folder, 'report.html')}\n`);
    const page = await readFile(join(folder, 'report.html'), 'utf8');
    expect(await report(join(folder, 'events.jsonl'), '--html', '-')).toBe(page);
    await report(folder, '--html', join(folder, 'deep/er.html'));
    expect(await readFile(join(folder, 'deep/er.html'), 'utf8')).toBe(page);
    expect(page).toContain('there is no recording of it');
  });

  it('says what to do where no page is asked for, or run.json cannot be read', async () => {
    await expect(report(folder, '--open')).rejects.toThrow(new UsageError('--open opens a page, and none is asked for', 'add --html'));
    await writeFile(join(folder, 'run.json'), '{');
    await expect(report(folder, '--html', '-')).rejects.toThrow(/run\.json cannot be read/);
  });

  it('prints a text to read unless told otherwise', async () => {
    const expected = textReport(foldAll(sampleCall()));
    const log = join(folder, 'events.jsonl');
    expect(await report(log)).toBe(expected);
    expect(await report(log, '--text')).toBe(expected);
  });

  it('says of a folder whether its recording is whole, and nothing of that in metrics.json', async () => {
    const recording = async (secs: number): Promise<string> => {
      const track = new Int16Array(secs * SAMPLE_RATE_HZ).fill(500);
      await writeFile(join(folder, 'audio.wav'), encodeWav([track, track]));
      return report(folder);
    };
    expect(await report(folder)).toMatch(/\n {2}invalid {8}there is no recording of it\n/);
    expect(await recording(30)).toMatch(/\n {2}invalid {8}the recording ends at 30\.0 s, and Sarah was heard until 48\.\d s\n/);
    expect(await recording(60)).toBe(textReport(foldAll(sampleCall())));
    await writeFile(join(folder, 'audio.wav'), 'no sound');
    expect(await report(folder)).toContain('there is no recording of it');
    expect(await report(folder, '--json')).toBe(metricsJson(foldAll(sampleCall())));
  });

  it.each([
    ['a path that is not there', 'nowhere', /no run here/],
    ['a folder that is no run', '.', /no run here/],
  ])('refuses %s in one line', async (_, path, message) => {
    await rm(join(folder, 'events.jsonl'));
    const failure = report(join(folder, path));
    await expect(failure).rejects.toThrow(UsageError);
    await expect(failure).rejects.toThrow(message);
  });

  it('refuses a log of another schema and a file that is no log', async () => {
    const [first] = sampleCall();
    await writeFile(join(folder, 'events.jsonl'), `${JSON.stringify({ ...first, schema: 99 })}\n`);
    await expect(report(folder)).rejects.toThrow(/schema 99/);
    await writeFile(join(folder, 'events.jsonl'), 'hello\n');
    await expect(report(folder)).rejects.toThrow(/events\.jsonl:1:1: not an event/);
  });
});
