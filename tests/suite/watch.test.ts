/** `bottalk test --watch` as users live with it: a real process, files that are saved, and Ctrl-C. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { bottalk } from '../../src/testing/command-process.ts';

const folder = mkdtempSync(join(tmpdir(), 'bottalk-watch-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const save = (expectation: string): void =>
  writeFileSync(
    join(folder, 'call.yaml'),
    `title: A call\nturn: { profile: responsive }\nagents:\n  - { name: Ann, prompt: Greet., script: { lines: [Hello Ben., { say: Goodbye., end: true }] } }\n  - { name: Ben, prompt: Greet., script: { lines: [Hello Ann.] } }\nexpect:\n  - ${expectation}\n`,
  );

test('a scenario that is saved is run again, mistakes are said and waited out, and Ctrl-C ends it', async () => {
  save('contains: hello');
  /** What is done each time it waits. */
  const steps = [() => save('contains: refund'), () => save('contians: refund'), () => save('contains: hello Ann')];
  const { status, output, errors } = await bottalk(['test', 'call.yaml', '--watch', '--keep', 'none'], {
    cwd: folder,
    onErrors: (() => {
      let waits = 0;
      return (child, text) => {
        for (; waits < text.split('(Ctrl-C ends)').length - 1; waits++) (steps[waits] ?? (() => child.kill('SIGINT')))();
      };
    })(),
  });
  expect(output.match(/^1\/1 {2}\w+/gm)).toEqual(['1/1  passed', '1/1  failed', '1/1  passed']);
  expect(errors.split('\n').filter((line) => line.startsWith('call.yaml:'))).toEqual([expect.stringContaining('contians')]);
  expect(errors.match(/^changed: call\.yaml$/gm)).toHaveLength(3);
  expect(status).toBe(130);
});

test('a baseline and recordings that change are held against it again, and what a run itself keeps begins no other', async () => {
  save('contains: hello');
  const cassette = join(folder, 'calls', 'call-@1.cassette.jsonl');
  const run = (...words: string[]) => bottalk(['test', 'call.yaml', '--keep', 'none', ...words], { cwd: folder });
  await run('--record', 'calls', '--save-baseline', 'main');
  const baseline = join(folder, 'baselines', 'main.json');
  /** What is done each time it waits. Each run keeps a baseline, which is no change. */
  const touch = (path: string): void => appendFileSync(path, '\n');
  const steps = [() => touch(baseline), () => touch(cassette)];
  let waits = 0;
  const { status, errors } = await bottalk(['test', 'call.yaml', '--watch', '--keep', 'none', '--cassette', 'calls', '--baseline', 'main', '--update-baseline'], {
    cwd: folder,
    onErrors: (child, text) => {
      for (; waits < text.split('(Ctrl-C ends)').length - 1; waits++) (steps[waits] ?? (() => child.kill('SIGINT')))();
    },
  });
  expect(errors.match(/^changed: .*$/gm)).toEqual(['changed: baselines/main.json', 'changed: calls/call-@1.cassette.jsonl']);
  expect(status).toBe(130);
});

test('each of its runs needs a folder of its own, and something to watch', async () => {
  const run = (...words: string[]) => bottalk(['test', ...words, '--watch'], { cwd: folder });
  expect((await run('call.yaml', '--out', 'here')).errors).toContain("option '--watch' cannot be used with option '--out <folder>'");
  expect(await run('nothing.yaml')).toMatchObject({ status: 2, errors: 'no such file: nothing.yaml\n' });
});
