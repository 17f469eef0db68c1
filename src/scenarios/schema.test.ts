import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { scenarioText } from '../testing/scenario.ts';
import { scenarioJsonSchema } from './schema.ts';

type Schema = { [key: string]: unknown; properties?: Record<string, Schema> };

test('editors find a title, no references and a description of every key', () => {
  const schema = scenarioJsonSchema();
  expect(schema).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', title: 'bottalk scenario', additionalProperties: false });
  expect(JSON.stringify(schema)).not.toMatch(/"\$(?:id|ref)"/);
  expect([...undescribed(schema as Schema, '')]).toEqual([]);
});

test('the published schema takes what the parser takes and refuses what it refuses', () => {
  const published = z.fromJSONSchema(scenarioJsonSchema() as Parameters<typeof z.fromJSONSchema>[0]);
  expect(published.safeParse(parse(scenarioText())).success).toBe(true);
  for (const top of ['max_turns: 0', 'colour: red', 'turn: { profile: fast }']) expect(published.safeParse(parse(scenarioText({ top: `${top}\n` }))).success).toBe(false);
});

/** Paths of keys that an editor could not explain. */
function* undescribed(schema: Schema, path: string): Generator<string> {
  for (const [key, inner] of Object.entries(schema.properties ?? {})) if (inner['description'] === undefined) yield `${path}/${key}`;
  for (const [key, inner] of Object.entries(schema)) if (typeof inner === 'object' && inner !== null) yield* undescribed(inner as Schema, `${path}/${key}`);
}
