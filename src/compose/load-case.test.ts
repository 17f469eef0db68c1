import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { compilePattern } from '../base/pattern.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { scenarioText } from '../testing/scenario.ts';
import { loadCase } from './load-case.ts';

const SHIPPED = ['sales', 'support', 'discovery', 'quickstart', 'interruptions'];
const load = async (name: string): Promise<Scenario> => (await loadCase(`scenarios/${name}.yaml`)).scenario;
const ASCII = /^[\x20-\x7e]*$/;

describe.each(SHIPPED)('the shipped scenario %s', (name) => {
  test('is without mistakes, responsive, and ended by who goes first', async () => {
    const scenario = await load(name);
    expect(scenario.agents.map(({ turn }) => turn.profile)).toEqual(['responsive', 'responsive']);
    const last = scenario.agents.find((agent) => agent.goes_first)?.script?.lines.at(-1);
    expect(last?.end).toBe(true);
    expect(last?.say?.filter((text) => !text.includes('bye'))).toEqual([]);
  });

  test('has two voices that can be told apart and says only what a voice can read', async () => {
    const { agents } = await load(name);
    expect(agents.map(({ voice }) => voice)).toEqual(['clara', 'ross']);
    for (const { script } of agents) {
      for (const text of [...(script?.lines ?? []), ...(script?.answers ?? [])].flatMap(({ say = [], then = [] }) => [...say, ...then])) {
        expect(text).toMatch(ASCII);
        expect(text).not.toMatch(/\d|[&%$@#*_/]/);
      }
    }
  });

  test('has answers that something the peer says can match', async () => {
    const { agents } = await load(name);
    for (const [i, agent] of agents.entries()) {
      const heard = agents[1 - i]?.script?.lines.flatMap(({ say = [] }) => say.map((text) => text.toLowerCase().replace(/[^a-z' -]/g, ''))) ?? [];
      for (const { on } of agent.script?.answers ?? []) expect(heard.filter((text) => compilePattern(on).test(text))).not.toEqual([]);
    }
  });
});

test.each(['sales', 'support', 'discovery'])('%s has rules in several wordings', async (name) => {
  const answers = (await load(name)).agents.flatMap(({ script }) => script?.answers ?? []);
  expect(answers.length).toBeGreaterThan(0);
  expect(answers.every(({ say = [] }) => say.length > 1)).toBe(true);
});

test('agents of interruptions.yaml break in and listen, and one word does not stop the one who speaks', async () => {
  const [nora, leo] = (await load('interruptions')).agents;
  expect(nora.turn.min_words).toBe(3);
  expect(leo.script?.lines.filter((line) => line.barge_in)).toHaveLength(2);
  const signs = leo.script?.lines.flatMap((line) => line.backchannel?.words ?? []) ?? [];
  expect(signs).not.toEqual([]);
  expect(signs.every((words) => words.split(' ').length < nora.turn.min_words)).toBe(true);
});

test('a voice that is not built in and a text that it cannot speak are mistakes', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bottalk-case-'));
  try {
    const file = join(folder, 'x.yaml');
    await writeFile(file, scenarioText({ agent: 'voice: slt\nscript: { lines: [Hello., "Guten Tag, \u4f60\u597d."] }' }));
    await expect(loadCase(file)).rejects.toMatchObject({
      name: 'UsageError',
      message: [
        `${file}:8:12: voice: expected clara, ross, angus or otto, got "slt"`,
        `${file}:9:31: say: the offline voice cannot speak "\u4f60\u597d.", in "Guten Tag, \u4f60\u597d."`,
      ].join('\n'),
    });
  } finally {
    await rm(folder, { recursive: true });
  }
});
