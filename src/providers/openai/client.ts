/**
 * OpenAI's own client, told never to try again and to read nothing from the environment: tries are counted in one
 * place, and keys are given, but sent only where they belong. Azure's addresses get theirs in a header of its own.
 */
import { OpenAI } from 'openai';
import { keptConnections } from '../../base/kept-connections.ts';
import type { ChatAddress } from './chat-address.ts';

/** The client has a timer of its own, in real time; ours are shorter, so it only has to stay out of the way. */
const CLIENT_TIMEOUT_MS = 3_600_000;

export type OpenAiClientOptions = {
  readonly address: ChatAddress;
  readonly apiKey: string | undefined;
  /** How long connections that nothing is asked over stay open. */
  readonly idleMs?: number;
};

export function openClient({ address, apiKey: anyKey, idleMs }: OpenAiClientOptions): OpenAI {
  const apiKey = address.getsKey ? anyKey : undefined;
  return new OpenAI({
    baseURL: address.baseUrl,
    defaultQuery: address.query,
    apiKey: apiKey || 'none',
    defaultHeaders: { ...(!apiKey && { Authorization: null }), ...(apiKey && address.azure && { Authorization: null, 'api-key': apiKey }) },
    // What the client would read from the environment on its own.
    organization: null,
    project: null,
    logLevel: 'off',
    maxRetries: 0,
    timeout: CLIENT_TIMEOUT_MS,
    fetch: readableRefusals,
    fetchOptions: { dispatcher: keptConnections(idleMs) },
  });
}

/** The client understands a refusal only in OpenAI's form, so a server's own words are put where it looks for them. */
const readableRefusals: typeof fetch = async (input, init) => {
  const response = await fetch(input, init);
  if (response.status < 400) return response;
  const text = await response.text();
  const { status, statusText, headers } = response;
  return new Response(isInForm(text) ? text : JSON.stringify({ error: { message: text } }), { status, statusText, headers });
};

function isInForm(text: string): boolean {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && 'error' in body && typeof body.error === 'object';
  } catch {
    return false;
  }
}
