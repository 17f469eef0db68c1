/** Recordings of the world that do not fit, are damaged, or were made on a machine that did not keep up. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CASSETTE_FILE } from '../../../src/run/run-folder.ts';
import { type BrokenRun, LIVE_CALL, type Outcome, type Planted, type Stage } from './stage.ts';

/** Records a call, changes its cassette, and plays it. */
async function played(stage: Stage, change: (cassette: string) => string, planted: Planted = {}): Promise<Outcome> {
  const folder = stage.newFolder();
  const recorded = await stage.live({ folder, keep: 'all' });
  if (recorded.verdict !== 'passed') throw new Error(`what was to be recorded is ${recorded.verdict}: ${JSON.stringify(recorded.invalid)} ${recorded.error}`);
  const path = join(folder, CASSETTE_FILE);
  writeFileSync(path, change(readFileSync(path, 'utf8')));
  return stage.live({ cassette: { path, mode: 'strict' }, ...planted });
}

const lines = (text: string): string[] => text.trimEnd().split('\n');

export const RECORDED: readonly BrokenRun[] = [
  { name: 'a recording of other prompts', comesTo: /^cassette: /, run: (stage) => played(stage, (text) => text, { scenario: LIVE_CALL.replace('You are Mike.', 'You are Mike now.') }) },
  { name: 'a recording of another cast', comesTo: /Mike|Mick/, run: (stage) => played(stage, (text) => text, { scenario: LIVE_CALL.replace('name: Mike', 'name: Mick') }) },
  { name: 'a recording that is cut off', comesTo: /cut off/, run: (stage) => played(stage, (text) => `${lines(text).slice(0, -2).join('\n')}\n`) },
  { name: 'a recording that was edited', comesTo: /damaged or edited|fingerprint|does not/, run: (stage) => played(stage, (text) => text.replaceAll('You are Sarah', 'You are Sarra')) },
  { name: 'a recording that is none', comesTo: /is no cassette/, run: (stage) => played(stage, () => 'hello\n') },
  { name: 'a recording that is not there', comesTo: /cassette/, run: (stage) => stage.live({ cassette: { path: join(stage.root, 'nowhere.jsonl'), mode: 'strict' } }) },
  {
    name: 'a recording of a machine that did not keep up',
    comesTo: 'timing_unreliable',
    run: (stage) => played(stage, (text) => text.replace('"agents":', '"lag":{"worstMs":130,"times":1,"firstMs":2000},"agents":')),
  },
];
