import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { commandLine } from '../testing/command-line.ts';
import { registerSchema } from './schema.ts';

test('the published schema is what the command prints', async () => {
  const published = await readFile(new URL('../../schema/scenario.schema.json', import.meta.url), 'utf8');
  const { output } = await commandLine(registerSchema, 'schema');
  expect(published === output, 'schema/scenario.schema.json is stale; refresh it with: bottalk schema > schema/scenario.schema.json').toBe(true);
});
