import { describe, expect, test } from 'vitest';
import { UsageError } from '../../base/errors.ts';
import { chatAddress } from './chat-address.ts';

describe('the key is sent', () => {
  test.each([
    ['to OpenAI, if nothing else is said', {}, true],
    ['to OPENAI_BASE_URL', { baseUrl: 'http://localhost:11434/v1' }, true],
    ['to OpenAI, named by a scenario', { scenarioUrl: 'https://api.openai.com/v1' }, true],
    ['to OpenAI, named by a scenario while OPENAI_BASE_URL is another', { baseUrl: 'http://localhost:1/v1', scenarioUrl: 'https://api.openai.com/v1' }, true],
    ['to another path where OPENAI_BASE_URL is', { baseUrl: 'https://gate.example/a/v1', scenarioUrl: 'https://gate.example/b/v1' }, true],
    ['not to a server that a scenario names', { scenarioUrl: 'https://gate.example/v1' }, false],
    ['not to one of a like name', { scenarioUrl: 'https://api.openai.com.example/v1' }, false],
    ['not in the clear', { scenarioUrl: 'http://api.openai.com/v1' }, false],
    ['not to another port', { baseUrl: 'http://localhost:1/v1', scenarioUrl: 'http://localhost:2/v1' }, false],
    ['not by an OPENAI_BASE_URL that cannot be read', { baseUrl: 'gate', scenarioUrl: 'https://gate.example/v1' }, false],
  ])('%s', (_, place, getsKey) => {
    expect(chatAddress(place).getsKey).toBe(getsKey);
  });
});

test('an address that cannot be read is not repeated', () => {
  expect(() => chatAddress({ baseUrl: 'SECRET' })).toThrow(UsageError);
  expect(() => chatAddress({ baseUrl: 'https://me:SECRET@gate.example' })).toThrow(UsageError);
  expect(() => chatAddress({ baseUrl: 'https://me:SECRET@gate.example' })).not.toThrow(/SECRET/);
});
