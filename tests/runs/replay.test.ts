/** What a run leaves can be derived again from its event log, to the byte, by anybody at any time. */
import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { decodeWav } from '../../src/audio/wav.ts';
import { parseEventLog } from '../../src/events/jsonl.ts';
import { foldAll, RunFold } from '../../src/metrics/run-fold.ts';
import { metricsJson } from '../../src/report/json-report.ts';
import { transcriptText } from '../../src/report/transcript-text.ts';
import { transcriptVtt } from '../../src/report/transcript-vtt.ts';
import { bottalk, type CommandResult } from '../../src/testing/command-process.ts';
import { shipped, shippedFile, WholeRuns } from '../../src/testing/whole-run.ts';

let runs: WholeRuns;
let folder: string;
let ran: CommandResult;
beforeAll(async () => {
  runs = new WholeRuns();
  ran = await command('run', shippedFile('interruptions'), '--seed', '11', '--out', 'call');
  folder = join(runs.folder, 'call');
});
afterAll(() => runs.close());

function command(...words: readonly string[]): Promise<CommandResult> {
  return bottalk(words, { cwd: runs.folder, cacheFolder: runs.cacheFolder });
}

function file(name: string): string {
  return readFileSync(join(folder, name), 'utf8');
}

describe('the folder of a run', () => {
  test('holds all that belongs to it, and the recording can be read', () => {
    expect(ran).toMatchObject({ status: 0, errors: '' });
    expect(readdirSync(folder).toSorted()).toEqual(['audio.wav', 'events.jsonl', 'metrics.json', 'report.html', 'run.json', 'transcript.txt', 'transcript.vtt']);
    const wav = decodeWav(readFileSync(join(folder, 'audio.wav')));
    expect(wav?.sampleRateHz).toBe(16_000);
    expect(wav?.tracks).toHaveLength(2);
    expect(JSON.parse(file('run.json'))).toMatchObject({ seed: 11, ended_by: 'end_conversation' });
  });

  test('is what the same run leaves in this process', async () => {
    const live = await runs.run(await shipped('interruptions', 11));
    expect(file('events.jsonl')).toBe(live.files.events);
    expect(file('metrics.json')).toBe(live.files.metrics);
    expect(Buffer.compare(readFileSync(join(folder, 'audio.wav')), live.files.audio)).toBe(0);
  });
});

describe('the saved events', () => {
  test('give the same metrics and transcripts', () => {
    const fold = foldAll(parseEventLog(file('events.jsonl'), 'events.jsonl'));
    expect(metricsJson(fold)).toBe(file('metrics.json'));
    expect(transcriptText(fold)).toBe(file('transcript.txt'));
    expect(transcriptVtt(fold)).toBe(file('transcript.vtt'));
  });

  test('give them whether or not somebody looked at the figures while they came in', () => {
    const watched = new RunFold();
    for (const event of parseEventLog(file('events.jsonl'), 'events.jsonl')) {
      watched.event(event);
      metricsJson(watched);
    }
    expect(metricsJson(watched)).toBe(file('metrics.json'));
  });

  test('are all that bottalk report needs', async () => {
    const elsewhere = join(runs.folder, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'events.jsonl'), file('events.jsonl'));
    for (const place of ['call', 'call/events.jsonl', 'elsewhere']) {
      const reported = await command('report', place, '--json');
      expect(reported).toMatchObject({ status: 0, errors: '' });
      expect(reported.output).toBe(file('metrics.json'));
    }
    rmSync(elsewhere, { recursive: true });
  });

  test('are readable up to where they were cut off, as when the run was killed', async () => {
    const killed = join(runs.folder, 'killed');
    mkdirSync(killed);
    const path = join(killed, 'events.jsonl');
    writeFileSync(path, file('events.jsonl'));
    truncateSync(path, Math.floor(file('events.jsonl').length / 2));
    const reported = await command('report', 'killed', '--json');
    expect(reported).toMatchObject({ status: 0, errors: '' });
    expect(JSON.parse(reported.output)).toBeTypeOf('object');
  });
});
