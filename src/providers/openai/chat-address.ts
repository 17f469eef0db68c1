/** Where a chat server is, and whether the key may be sent there: reads what the user gave. Does not go there. */
import { UsageError } from '../../base/errors.ts';

export type ChatAddress = {
  /** Without query and without a slash at its end. */
  readonly baseUrl: string;
  readonly query: Readonly<Record<string, string>>;
  /** For messages. */
  readonly host: string;
  /** Azure's own addresses name a version of the API, and their key goes into a header of its own. */
  readonly azure: boolean;
  /** Whether OPENAI_API_KEY is for this server. */
  readonly getsKey: boolean;
};

/** Where the address comes from; OpenAI itself if neither is given. */
export type ChatPlace = {
  /** OPENAI_BASE_URL. A query goes along with every request. */
  readonly baseUrl?: string | undefined;
  /** The `base_url` of a scenario, which wins. Whoever writes scenarios gets no key by naming a server of their own. */
  readonly scenarioUrl?: string | undefined;
};

const OPENAI_URL = 'https://api.openai.com/v1';

/** Throws a UsageError that does not repeat the address, for it may hold a password. */
export function chatAddress({ baseUrl = OPENAI_URL, scenarioUrl }: ChatPlace): ChatAddress {
  const hint = `OPENAI_BASE_URL is an http or https address such as ${OPENAI_URL} or http://localhost:11434/v1`;
  const url = URL.parse(scenarioUrl ?? baseUrl);
  if (!url || !/^https?:$/.test(url.protocol)) throw new UsageError('the address of the chat server cannot be read', hint);
  if (url.username !== '' || url.password !== '') {
    throw new UsageError('the address of the chat server may not hold a user name or a password', 'the key belongs into OPENAI_API_KEY');
  }
  return {
    baseUrl: `${url.origin}${url.pathname.replace(/\/+$/, '')}`,
    query: Object.fromEntries(url.searchParams),
    host: url.host,
    azure: url.searchParams.has('api-version'),
    getsKey: [OPENAI_URL, baseUrl].some((own) => URL.parse(own)?.origin === url.origin),
  };
}
