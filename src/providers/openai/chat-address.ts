/** Where a chat server is: reads the address that the user gave. Does not go there. */
import { UsageError } from '../../base/errors.ts';

export type ChatAddress = {
  /** Without query and without a slash at its end. */
  readonly baseUrl: string;
  readonly query: Readonly<Record<string, string>>;
  /** For messages. */
  readonly host: string;
  /** Azure's own addresses name a version of the API, and their key goes into a header of its own. */
  readonly azure: boolean;
};

const OPENAI_URL = 'https://api.openai.com/v1';

/** Throws a UsageError that does not repeat the address, for it may hold a password. */
export function chatAddress(baseUrl: string = OPENAI_URL): ChatAddress {
  const hint = `OPENAI_BASE_URL is an http or https address such as ${OPENAI_URL} or http://localhost:11434/v1`;
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) throw new UsageError('the address of the chat server cannot be read', hint);
  if (url.username !== '' || url.password !== '') {
    throw new UsageError('the address of the chat server may not hold a user name or a password', 'the key belongs into OPENAI_API_KEY');
  }
  return {
    baseUrl: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    query: Object.fromEntries(url.searchParams),
    host: url.host,
    azure: url.searchParams.has('api-version'),
  };
}
