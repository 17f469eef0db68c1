/** Whatever is wrong with what the command is given: one clear line, an honest exit code, and nothing lost. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { decodeWav } from '../../src/audio/wav.ts';
import { explain } from '../../src/commands/explain.ts';
import { program } from '../../src/commands/program.ts';
import { bottalk, COMMAND, type CommandResult } from '../../src/testing/command-process.ts';

const cwd = mkdtempSync(join(tmpdir(), 'bottalk-bad-input-'));
const cacheFolder = join(cwd, 'cache');
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

function command(...words: readonly string[]): Promise<CommandResult> {
  return bottalk(words, { cwd, cacheFolder });
}

/** The same in this process, for what is refused before anything is begun: most of a process's time is Node's own start. */
async function here(...words: readonly string[]): Promise<Pick<CommandResult, 'status' | 'output' | 'errors'>> {
  const [output, errors]: [string[], string[]] = [[], []];
  const streams = ([['stdout', output], ['stderr', errors]] as const).map(([name, texts]) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => texts.push(String(text)) > 0),
  );
  const folder = process.cwd();
  process.chdir(cwd);
  try {
    await program().parseAsync(['node', 'bottalk', ...words]);
    return { status: Number(process.exitCode ?? 0), output: output.join(''), errors: errors.join('') };
  } catch (error) {
    const status = explain(error);
    return { status, output: output.join(''), errors: errors.join('') };
  } finally {
    process.chdir(folder);
    for (const stream of streams) stream.mockRestore();
  }
}

const GOOD = `title: Test
turn: { profile: responsive }
agents:
  - name: Ann
    prompt: Greet.
    end_conversation: true
    script: { lines: ["Hello, Ben.", { say: "Goodbye.", end: true }] }
  - name: Ben
    prompt: Answer.
    script: { lines: ["Hello, Ann."] }
`;

/** What stands in each file; a text that is replaced in the good scenario stands for the rest of it. */
const FILES: Readonly<Record<string, string | readonly [string, string]>> = {
  good: GOOD,
  'not-yaml': 'title: [a, b\nagents: }',
  'not-text': '\u0000\u0001',
  empty: '',
  sentence: 'just a sentence',
  'unknown-key': ['turn: {', 'turns: {'],
  'empty-prompt': ['prompt: Greet.', 'prompt: " "'],
  'same-name': ['name: Ben', 'name: Ann'],
  'both-first': ['prompt:', 'goes_first: true\n    prompt:'],
  'neither-first': ['prompt:', 'goes_first: false\n    prompt:'],
  'unknown-voice': ['prompt: Greet.', 'prompt: Greet.\n    voice: klara'],
  'unknown-variable': ['Hello, Ben.', 'Hello, {{ nmae }}.'],
  'not-english': ['Hello, Ben.', 'Добрый день, Бен.'],
  'smart-turn': ['profile: responsive', 'strategy: smart_turn'],
  'no-turns': ['title: Test', 'title: Test\nmax_turns: 0'],
};

beforeAll(() => {
  vi.stubEnv('BOTTALK_CACHE_DIR', cacheFolder);
  for (const [name, content] of Object.entries(FILES)) {
    writeFileSync(join(cwd, `${name}.yaml`), typeof content === 'string' ? content : GOOD.replaceAll(...content));
  }
  writeFileSync(join(cwd, 'not-utf8.yaml'), Buffer.from([0x74, 0xff, 0xfe, 0x0a]));
  mkdirSync(join(cwd, 'folder.yaml'));
  mkdirSync(join(cwd, 'full'));
  writeFileSync(join(cwd, 'full', 'events.jsonl'), 'of another run');
  writeFileSync(join(cwd, 'a-file'), 'something of the user\n');
});

describe('bottalk run', () => {
  const cases: readonly (readonly [what: string, words: string, line: RegExp])[] = [
    ['processes in the embedded room', 'good.yaml --processes', /^--processes needs a room of the world to meet in \(--room daily, /],
    ['no such file', 'nowhere.yaml', /^no such file: nowhere\.yaml/],
    ['a name that is nearly right', 'goood.yaml', /did you mean good\.yaml\?/],
    ['a folder', 'folder.yaml', /^folder\.yaml is a folder, not a scenario file/],
    ['no YAML', 'not-yaml.yaml', /^not-yaml\.yaml:2:\d+: not valid YAML/],
    ['no text', 'not-utf8.yaml', /^not-utf8\.yaml is not UTF-8 text/],
    ['control characters', 'not-text.yaml', /^not-text\.yaml:1:1: /],
    ['an empty file', 'empty.yaml', /^empty\.yaml:1:1: the file is empty/],
    ['something else', 'sentence.yaml', /^sentence\.yaml:1:1: expected a mapping/],
    ['an unknown key', 'unknown-key.yaml', /^unknown-key\.yaml:2:1: unknown key "turns" \(did you mean turn\?\)/],
    ['an empty prompt', 'empty-prompt.yaml', /^empty-prompt\.yaml:5:13: prompt: must not be empty/],
    ['two agents with one name', 'same-name.yaml', /^same-name\.yaml:8:11: name: both agents are called "Ann"/],
    ['both going first', 'both-first.yaml', /^both-first\.yaml:10:17: goes_first: both agents go first/],
    ['neither going first', 'neither-first.yaml', /^neither-first\.yaml:10:17: goes_first: neither agent goes first/],
    ['an unknown voice', 'unknown-voice.yaml', /^unknown-voice\.yaml:6:12: voice: .*"klara" \(did you mean clara\?\)/],
    ['an unknown variable', 'unknown-variable.yaml', /^unknown-variable\.yaml:7:\d+: the variable nmae has no value/],
    ['text that the offline voice cannot speak', 'not-english.yaml', /^not-english\.yaml:7:\d+: say: the offline voice cannot speak "Добрый"/],
    ['max_turns 0', 'no-turns.yaml', /^no-turns\.yaml:2:12: max_turns: expected a whole number of at least 1, got 0/],
    ['--max-turns 0', 'good.yaml --max-turns 0', /^--max-turns: expected a whole number of at least 1, got 0/],
    ['a seed that is too large', 'good.yaml --seed 4294967296', /^--seed: expected a whole number/],
    ['a seed that is none', 'good.yaml --seed seven', /--seed .* Expected a whole number/],
    ['a pace of nothing', 'good.yaml --pace 0', /--pace .* Expected realtime, or a factor above 0/],
    ['a variable that is not there', 'good.yaml --var company=Blue', /^--var company: .* uses no variable of this name/],
    ['an option that is not there', 'good.yaml --fast', /unknown option '--fast'\n(.*\n)*\(bottalk run --help shows what it takes\)/],
    ['weights that are not there, where they must be', 'smart-turn.yaml --strict', /^Ann wants smart_turn, but its weights are not here \(bottalk models pull/],
    ['a file where the folder should be', 'good.yaml --out a-file', /^cannot write a-file: a file of that name is in the way/],
    ['a folder that holds a run', 'good.yaml --out full', /^full holds a run already \(name another folder with --out\)/],
    ['a file above the folder', 'good.yaml --out a-file/run', /^cannot write a-file\/run: a part of the path is a file/],
  ];

  test.each(cases)('%s', async (_, words, line) => {
    const { status, output, errors } = await here('run', ...words.split(' '));
    expect(errors).toMatch(line);
    expect(linesOf(errors)).toHaveLength(1);
    expect({ status, output }).toEqual({ status: 2, output: '' });
  });

  test.each(['nowhere.yaml', 'same-name.yaml', 'good.yaml --fast'])('%s is told by a process as it is here', async (words) => {
    const { status, output, errors } = await command('run', ...words.split(' '));
    expect({ status, output, errors }).toEqual(await here('run', ...words.split(' ')));
  });

  test('a folder with no name', async () => {
    const { status, errors } = await command('run', 'good.yaml', '--out', '');
    expect(errors).toMatch(/'--out <folder>' argument '' is invalid. Expected a folder./);
    expect(status).toBe(2);
  });

  test.runIf(existsSync('/proc/self'))('a file system that takes no folders', async () => {
    const { status, output, errors } = await command('run', 'good.yaml', '--out', '/proc/nope');
    expect(errors).toMatch(/^cannot write \/proc\/nope: (no folder can be made there|permission denied) \(choose another folder with --out\)\n$/);
    expect({ status, output }).toEqual({ status: 2, output: '' });
  });

  test('nothing of all that has left a trace or touched a file', () => {
    expect(existsSync(join(cwd, 'runs'))).toBe(false);
    expect(readFileSync(join(cwd, 'a-file'), 'utf8')).toBe('something of the user\n');
    expect(readFileSync(join(cwd, 'full', 'events.jsonl'), 'utf8')).toBe('of another run');
  });

  test('a file where runs/ should be', async () => {
    const elsewhere = join(cwd, 'elsewhere');
    mkdirSync(elsewhere);
    writeFileSync(join(elsewhere, 'runs'), 'mine');
    const { status, errors } = await bottalk(['run', join(cwd, 'good.yaml')], { cwd: elsewhere, cacheFolder });
    expect(errors).toMatch(/^cannot write runs: (a file of that name is in the way|a part of the path is a file) \(choose another folder with --out\)\n$/);
    expect(status).toBe(2);
  });
});

describe('a full disk', () => {
  // Whatever is written to /dev/full is refused for want of space, as by a disk.
  test.runIf(existsSync('/dev/full')).each(['events.jsonl', 'audio.wav', 'metrics.json'])('that has no room for %s still takes the rest', async (name) => {
    const out = join(cwd, `full-${name}`);
    mkdirSync(out);
    symlinkSync('/dev/full', join(out, name));
    const { status, output, errors } = await command('run', 'good.yaml', '--out', out);
    expect(errors).toBe(`cannot write ${out}: no space left on the disk (choose another folder with --out)\n`);
    expect(status).toBe(2);
    // The call was shown to its end.
    expect(output).toMatch(/Goodbye\./);
    const whole = { 'events.jsonl': /"run\.ended".*\n$/, 'audio.wav': /^RIFF/, 'metrics.json': /\}\n$/, 'transcript.txt': /Goodbye\./, 'run.json': /"ended_by": "end_conversation"/ };
    for (const [other, content] of Object.entries(whole)) {
      expect(other === name ? 'refused' : readFileSync(join(out, other), 'latin1')).toMatch(other === name ? /refused/ : content);
    }
  });

  test.runIf(existsSync('/dev/full'))('under the output ends the run as by Ctrl-C, and its folder is whole', () => {
    expect(intoFullDisk('run', 'good.yaml', '--out', 'unread')).toEqual({ status: 2, errors: expect.stringMatching(/^the output cannot be written: ENOSPC.*\n$/) as string });
    expect(readFileSync(join(cwd, 'unread', 'events.jsonl'), 'utf8')).toMatch(/"run\.ended".*\n$/);
    expect(intoFullDisk('list', '.').status).toBe(2);
  });

  const { folder: tiny, release } = tinyDisk();
  afterAll(release);

  test('in earnest', async () => {
    const out = join(tiny, 'run');
    const { status, errors } = await command('run', 'good.yaml', '--out', out);
    expect(errors).toMatch(/^cannot write .*: .* \(choose another folder with --out\)\n$/);
    expect(status).toBe(2);
  });

  test('under the cache costs nothing but time', async () => {
    const { status, errors } = await bottalk(['run', 'good.yaml', '--out', 'beside', '--quiet'], { cwd, cacheFolder: join(tiny, 'cache') });
    expect(status).toBe(0);
    expect(errors).toMatch(/^warning: the cache in .* cannot be written, so nothing new is kept: .*\n$/);
    expect(existsSync(join(cwd, 'beside', 'audio.wav'))).toBe(true);
  });
});

describe('a damaged cache', () => {
  test('is no mistake of anybody: the run is as good, and what was damaged is made again', async () => {
    const first = await command('run', 'good.yaml', '--out', 'sound', '--quiet');
    expect(first).toMatchObject({ status: 0, errors: '' });
    const entries = readdirSync(cacheFolder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(entries.length).toBeGreaterThan(3);
    for (const { parentPath, name } of entries) truncateSync(join(parentPath, name), 60);
    expect(await command('run', 'good.yaml', '--out', 'damaged', '--quiet')).toMatchObject({ status: 0, errors: '' });
    for (const name of ['events.jsonl', 'metrics.json', 'audio.wav']) {
      expect(Buffer.compare(readFileSync(join(cwd, 'damaged', name)), readFileSync(join(cwd, 'sound', name)))).toBe(0);
    }
    expect(decodeWav(readFileSync(join(cwd, 'damaged', 'audio.wav')))?.tracks).toHaveLength(2);
  });
});

/** Runs the command with a full disk under its output. */
function intoFullDisk(...words: readonly string[]): { status: number | null; errors: string } {
  const { status, stderr } = spawnSync('sh', ['-c', 'exec "$0" "$@" > /dev/full', process.execPath, COMMAND, ...words], {
    cwd,
    env: { ...process.env, CI: '1', BOTTALK_CACHE_DIR: cacheFolder },
    encoding: 'utf8',
  });
  return { status, errors: stderr };
}

/** The hint where help is to be had is not counted. */
function linesOf(errors: string): string[] {
  return errors.split('\n').filter((line) => line !== '' && !/^\(bottalk .*--help/.test(line));
}

/** A disk of 64 KB; where this process may mount none, a place that takes nothing at all. */
function tinyDisk(): { readonly folder: string; readonly release: () => void } {
  const folder = join(cwd, 'tiny');
  mkdirSync(folder);
  try {
    execFileSync('sh', ['-c', 'mount -t tmpfs -o size=64k tmpfs "$0"', folder], { stdio: 'ignore' });
    return { folder, release: () => execFileSync('sh', ['-c', 'umount "$0"', folder]) };
  } catch {
    rmSync(folder, { recursive: true });
    writeFileSync(folder, 'no disk at all');
    return { folder, release: () => {} };
  }
}
