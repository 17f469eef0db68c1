import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UsageError } from '../base/errors.ts';
import { cassetteText } from '../providers/cassette/cassette-text.ts';
import { readCassette } from '../providers/cassette/read-cassette.ts';
import type { Cassette } from '../providers/cassette/cassette.ts';
import { commandLine } from '../testing/command-line.ts';
import { SAMPLE_CASSETTE } from '../testing/sample-cassette.ts';
import { registerCassette } from './cassette.ts';

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bottalk-cassettes-'));
  file = join(folder, 'cassette.jsonl');
  writeFileSync(file, cassetteText(SAMPLE_CASSETTE));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const cassette = (...words: string[]) => commandLine(registerCassette, 'cassette', ...words);
const callsOf = (path: string): Cassette['calls'] => readCassette(readFileSync(path, 'utf8'), path).calls;

describe('bottalk cassette show', () => {
  it('prints who asked for what, and what came of it', async () => {
    const { output, error } = await cassette('show', folder);
    expect(error).toBeUndefined();
    const size = Math.ceil(readFileSync(file).length / 1000);
    expect(output.replace(folder, 'FOLDER')).toBe(`Sample, seed 7
  FOLDER/cassette.jsonl: ${size} kB, format 1, written by bottalk 0.0.0
  Sarah: openai gpt-4o, elevenlabs eleven_turbo_v2_5 voice rachel
  Mike: script, offline flite voice ross

  calls of       all  failed tries  failed  given up  unused  sound
  Sarah, llm       2             1       1         -       -      -
  Sarah, speech    1             -       -         1       -  0.2 s

  1   0:00.0  Sarah  llm     system: You are Sarah.  ended
  2   0:00.5  Sarah  speech  Hello there.            given up
  3   0:02.0  Sarah  llm     user: how much is it    failed
`);
  });

  it('names the flags that are played again', async () => {
    const header = { ...SAMPLE_CASSETTE.header, variables: { company: 'Blue Finch' }, maxTurns: 4 };
    writeFileSync(file, cassetteText({ ...SAMPLE_CASSETTE, header }));
    expect((await cassette('show', file)).output).toContain('Sample, seed 7, --max-turns 4\n  --var company="Blue Finch"\n');
    writeFileSync(file, cassetteText({ ...SAMPLE_CASSETTE, header: { ...header, variables: { company: 7 } as never } }));
    expect((await cassette('verify', file)).error).toMatchObject({ message: expect.stringContaining('the first line is incomplete') as unknown });
  });

  it('gives the same as data, and one call in full', async () => {
    const facts = JSON.parse((await cassette('show', file, '--json')).output) as Record<string, unknown>;
    expect(facts).toMatchObject({ format: 1, title: 'Sample', seed: 7 });
    expect(facts['totals']).toMatchObject([{ agent: 'Sarah', kind: 'llm', calls: 2, failed_tries: 1, failed: 1 }, { kind: 'speech', given_up: 1, sound_secs: 0.2 }]);
    const call = JSON.parse((await cassette('show', file, '--call', '2')).output) as Record<string, unknown>;
    expect(call).toMatchObject({ kind: 'speech', request: { sentences: ['Hello there.'] }, pieces: [{ offsetMs: 100, samples: 1600 }, { offsetMs: 130.25 }], givenUpMs: 170 });
    expect((await cassette('show', file, '--call', '4')).error).toBeInstanceOf(UsageError);
  });

  it('says where there is none', async () => {
    expect((await cassette('show', join(folder, 'no.jsonl'))).error).toMatchObject({ message: expect.stringContaining('no.jsonl: there is no cassette') as unknown });
    rmSync(file);
    expect((await cassette('show', folder)).error).toMatchObject({ message: expect.stringContaining('this run has no cassette') as unknown });
  });
});

describe('bottalk cassette verify', () => {
  it('is content with what is sound, and names each broken line of each file', async () => {
    const broken = join(folder, 'broken.jsonl');
    writeFileSync(broken, cassetteText(SAMPLE_CASSETTE).replace('how much', 'how little').replace(/"data":".{20}/, '"data":"'));
    const { output, error } = await cassette('verify', file, broken);
    expect(output).toBe(`${file}: sound, 3 calls\n`);
    expect((error as UsageError).mistakes.map(({ place, message }) => `${place?.line}: ${message}`)).toEqual([
      '4: the request is not the one that its fingerprint names',
      '5: this sound cannot be unpacked',
    ]);
  });
});

describe('bottalk cassette trim', () => {
  it('drops what the last refresh did not ask for', async () => {
    const [first, second, third] = SAMPLE_CASSETTE.calls as [Cassette['calls'][number], Cassette['calls'][number], Cassette['calls'][number]];
    writeFileSync(file, cassetteText({ ...SAMPLE_CASSETTE, calls: [first, third, { ...second, unused: true }] }));
    expect((await cassette('trim', folder)).output).toMatch(/: 2 calls kept, 1 dropped, \d+ kB became \d+ kB\n$/);
    expect(callsOf(file)).toEqual([first, third]);
    expect(readFileSync(file, 'utf8')).not.toContain('"codec"');
    expect((await cassette('trim', folder)).output).toContain('all 2 calls are in use, nothing was changed');
  });

  it('keeps what a run asked for, or the beginning of a call, and leaves the file where another is named', async () => {
    const before = readFileSync(file, 'utf8');
    const run = join(folder, 'run.jsonl');
    const [out, start] = [join(folder, 'out.jsonl'), join(folder, 'start.jsonl')];
    writeFileSync(run, cassetteText({ ...SAMPLE_CASSETTE, calls: SAMPLE_CASSETTE.calls.slice(1, 2) }));
    expect((await cassette('trim', file, '--run', run, '--out', out)).error).toBeUndefined();
    expect(callsOf(out).map(({ kind }) => kind)).toEqual(['speech']);
    expect((await cassette('trim', file, '--until', '2s', '--out', start)).error).toBeUndefined();
    expect(callsOf(start)).toEqual(SAMPLE_CASSETTE.calls.slice(0, 2));
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('replaces only the file that it trims', async () => {
    const other = join(folder, 'other.txt');
    writeFileSync(other, 'mine');
    const refusal = async (out: string): Promise<string | undefined> => ((await cassette('trim', file, '--until', '2s', '--out', out)).error as Error | undefined)?.message;
    expect(await refusal(folder)).toBe(`--out: ${folder} is a folder (name a file, such as ${join(folder, 'trimmed.jsonl')})`);
    expect(await refusal(other)).toBe(`--out: ${other} exists already (name another file, or remove that one first)`);
    expect(await refusal(join(folder, 'no', 'out.jsonl'))).toContain('its folder does not exist');
    expect(readFileSync(other, 'utf8')).toBe('mine');
    chmodSync(file, 0o444);
    expect(await refusal(join(folder, '.', 'cassette.jsonl'))).toBeUndefined();
    expect(callsOf(file).length).toBe(2);
    expect(statSync(file).mode & 0o777).toBe(0o444);
  });

  it('does not leave an empty cassette', async () => {
    expect((await cassette('trim', file, '--until', '0s')).error).toMatchObject({ message: expect.stringContaining('would be left') as unknown });
  });
});
