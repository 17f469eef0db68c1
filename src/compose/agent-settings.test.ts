import { expect, test } from 'vitest';
import { agentSettings } from './agent-settings.ts';
import { parseCase } from './load-case.ts';

test('a tool answers by what it is given, in whatever order a model writes the keys', () => {
  const { scenario } = parseCase(
    `title: A tool
agents:
  - name: Anna
    role: system
    prompt: Look things up.
    script: { lines: [Hello.] }
    tools:
      - name: look_up
        description: Looks something up.
        parameters: { type: object, properties: { order: { type: object } } }
        answers:
          - when: { order: { id: 7, city: Rome } }
            answer: found
          - when: {}
            answer: nothing
  - name: Ben
    role: user
    prompt: Ask.
    script: { lines: [Hi.] }
`,
    'tool.yaml',
  );
  const [tool] = agentSettings(scenario, scenario.agents[0], 0, {}).tools;
  expect(tool?.answer({ order: { city: 'Rome', id: 7 } })).toEqual({ result: 'found', failed: false });
  expect(tool?.answer({ order: { city: 'Rome', id: 8 } })).toEqual({ result: 'nothing', failed: false });
  expect(tool?.answer({})).toEqual({ result: 'nothing', failed: false });
});
