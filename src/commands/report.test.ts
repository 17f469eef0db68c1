import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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

  it('prints a text to read unless told otherwise', async () => {
    const expected = textReport(foldAll(sampleCall()));
    expect(await report(folder)).toBe(expected);
    expect(await report(folder, '--text')).toBe(expected);
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
