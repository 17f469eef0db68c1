/** Answers of a language model that are data and no speech: how they are asked for, how long they may take, how they are read. */
import { isMapping, jsonIn } from '../base/read-json.ts';
import type { Patience } from '../providers/openai/patience.ts';

/** Nobody waits on the line; a server that meets a schema for the first time may take long over it. */
export const DATA_PATIENCE: Partial<Patience> = { firstTokenMs: 60_000, betweenChunksMs: 20_000, firstRetryWaitMs: 1000, longestRetryWaitMs: 20_000 };

/** A JSON schema as OpenAI's strict mode wants it: every key required, nothing else allowed. */
export function objectOf(properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return { type: 'object', properties, required: Object.keys(properties), additionalProperties: false };
}

/** From the first brace to the last: models like to explain themselves, and to put fences around code. */
export function objectInAnswer(text: string): Readonly<Record<string, unknown>> | undefined {
  const value = jsonIn(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  return isMapping(value) ? value : undefined;
}
