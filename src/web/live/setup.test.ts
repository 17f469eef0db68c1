import { afterEach, expect, test, vi } from 'vitest';
import type { GeneratedPrompts, ListedScenario } from '../parts/live-messages.ts';
import { Setup } from './setup.ts';

const LISTED: ListedScenario = {
  name: 'sales',
  title: 'A sale',
  description: null,
  shipped: true,
  tags: [],
  agents: [{ name: 'Sarah', role: 'system', goesFirst: true, prompt: 'You are Sarah.', voice: 'slt', llm: 'script', tts: 'offline' }],
  variables: {},
  expectations: [],
};
const WRITTEN: GeneratedPrompts = { title: 'A cake', agents: [{ name: 'Iris', role: 'system', prompt: 'You bake.' }], variables: { shop: 'Sunny Cakes' } };

afterEach(() => vi.restoreAllMocks());

test('prompts that come when the form shows a scenario again wait for their place', async () => {
  const prompted = Promise.withResolvers<void>();
  vi.spyOn(globalThis, 'fetch').mockImplementation(async (path) => {
    if (path === '/api/scenarios') return Response.json({ scenarios: [LISTED], mistakes: [] });
    if (path === '/api/voices') return Response.json({ voices: [] });
    await prompted.promise;
    return Response.json(WRITTEN);
  });
  const setup = new Setup();
  await setup.load();
  setup.chooseSource('topic');
  setup.topic.value = 'Somebody orders a cake';
  const generating = setup.generate();
  setup.chooseSource('scenario');
  prompted.resolve();
  await generating;
  expect(setup.request).toEqual({ room: 'embedded', scenario: 'sales' });
  setup.chooseSource('topic');
  expect(setup.agents.value).toEqual([{ name: 'Iris', prompt: 'You bake.', voice: '' }]);
  expect(setup.variables.value).toEqual({ shop: 'Sunny Cakes' });
});
