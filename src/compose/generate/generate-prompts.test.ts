/** Prompts for a topic, as a chat server of this machine writes them: what it is asked, and what of its answer is believed. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ProviderError, UsageError } from '../../base/errors.ts';
import { systemWallClock as wall } from '../../clock/wall-clock.ts';
import { type ChatServer, type ChatTurn, openChatServer } from '../../testing/chat-server.ts';
import { parseCase } from '../load-case.ts';
import { generatePrompts, MOST_TOKENS } from './generate-prompts.ts';
import { scenarioText } from './generated-scenario.ts';

const TOPIC = 'A guest complains: the room is "noisy"';
const WRITTEN = {
  title: 'A noisy room',
  system: { name: 'Iris', prompt: 'You are Iris at {{hotel}}. Offer {{ discount : ten percent }} and say {{ nothing_known }} or {{ 1 }}.' },
  user: { name: 'Paul', prompt: 'You are Paul.\nYou stay at {{ hotel }}; it costs \\{{ much }}.' },
  variables: [
    { name: 'hotel', default: 'Hotel {{ Sun }}' },
    { name: 'unused', default: 'x' },
  ],
};

let server: ChatServer;
let answers: ((turn: ChatTurn) => void)[];
beforeEach(async () => {
  answers = [];
  server = await openChatServer((turn) => answers.shift()?.(turn));
});
afterEach(() => server.close());

const says = (text: string) => (turn: ChatTurn) => turn.answer(text);
const generate = () => generatePrompts(TOPIC, { secrets: { OPENAI_API_KEY: 'sk-test', OPENAI_BASE_URL: server.baseUrl }, wall, patience: { attempts: 1 } });

describe('what is asked', () => {
  test('is one answer of a fixed form and a bounded length', async () => {
    answers = [says(JSON.stringify(WRITTEN))];
    await generate();
    const [turn] = server.turns;
    expect(turn?.body).toMatchObject({ model: 'gpt-4o', max_completion_tokens: MOST_TOKENS, response_format: { type: 'json_schema', json_schema: { name: 'scenario', strict: true } } });
    expect(turn?.body.messages.at(-1)?.content).toBe(`Topic: ${JSON.stringify(TOPIC)}`);
    expect(turn?.headers.authorization).toBe('Bearer sk-test');
  });

  test('is asked of nobody without a key', async () => {
    await expect(generatePrompts(TOPIC, { secrets: {}, wall })).rejects.toThrow(UsageError);
  });
});

describe('what is written', () => {
  test('becomes two prompts, with the variables that have a value, and braces nowhere else', async () => {
    answers = [says(`Here you are:\n\`\`\`json\n${JSON.stringify(WRITTEN)}\n\`\`\``)];
    const { scenario } = await generate();
    expect(scenario).toEqual({
      title: 'A noisy room',
      topic: TOPIC,
      agents: [
        { name: 'Iris', role: 'system', prompt: 'You are Iris at {{ hotel }}. Offer ten percent and say nothing known or \\{{ 1 }}.' },
        { name: 'Paul', role: 'user', prompt: 'You are Paul.\nYou stay at {{ hotel }}; it costs \\{{ much }}.' },
      ],
      variables: { hotel: 'Hotel {{ Sun }}' },
    });
  });

  test('is a scenario without mistakes, whatever its texts hold', async () => {
    const odd = { ...WRITTEN, title: '- "yes": #1 {{ x }}\n', system: { name: 'null', prompt: '# no comment: {{ hotel }}\n\n  - a list\n' } };
    answers = [says(JSON.stringify(odd))];
    const { scenario } = await generate();
    const { scenario: loaded } = parseCase(scenarioText(scenario), 'noisy.yaml', { variables: { hotel: 'Astoria' } });
    expect(loaded).toMatchObject({ title: '- "yes": #1 {{ x }}', topic: TOPIC, tags: ['generated'] });
    expect(loaded.agents[0]).toMatchObject({ name: 'null', role: 'system', goes_first: true, prompt: '# no comment: Astoria\n\n  - a list', llm: { provider: 'openai' }, tts: { provider: 'offline' } });
    expect(loaded.agents[1].prompt).toBe('You are Paul.\nYou stay at Astoria; it costs {{ much }}.');
    expect(parseCase(scenarioText(scenario), 'noisy.yaml').scenario.agents[1].prompt).toContain('You stay at Hotel {{ Sun }};');
  });

  test('is asked for once more if it cannot be used, and no third time', async () => {
    answers = [says('I would rather not.'), says(JSON.stringify(WRITTEN))];
    expect((await generate()).scenario.title).toBe('A noisy room');
    answers = [says('{'), says(JSON.stringify({ ...WRITTEN, user: { name: 'iris', prompt: 'x' } }))];
    await expect(generate()).rejects.toThrow(/^gpt-4o wrote nothing that can be used: name: both agents are called "Iris"$/);
    expect(server.turns).toHaveLength(4);
  });

  test.each([
    [{ ...WRITTEN, title: ' ' }, /title/],
    [{ ...WRITTEN, system: { name: 'Iris' } }, /system\.prompt/],
    [{ ...WRITTEN, variables: [{ name: 'hotel' }] }, /variables\.0\.default/],
    [[], /it is no JSON|expected object/],
  ])('is refused if it is not whole: %j', async (written, message) => {
    answers = [says(JSON.stringify(written)), says(JSON.stringify(written))];
    await expect(generate()).rejects.toThrow(message);
  });

  test('is nothing where the server refuses', async () => {
    answers = [(turn) => turn.refuse(401, { message: 'no', type: 'invalid_request_error', code: 'invalid_api_key' })];
    await expect(generate()).rejects.toThrow(ProviderError);
  });
});
