/** The voices that an ElevenLabs account may use, page by page through the vendor's own client. */
import { Deadline } from '../../base/deadline.ts';
import { retrying } from '../../base/retry.ts';
import { failureOf, loadClient } from './client.ts';
import { nothingCame, notUnderstood } from './failures.ts';
import { baseUrlOf, type ElevenLabsOptions, waitsOf } from './options.ts';

export type ListedVoice = {
  readonly id: string;
  readonly name: string;
  /** The vendor's word for where it comes from: `premade`, `cloned`, `generated`, ... */
  readonly category: string | undefined;
  readonly description: string | undefined;
  /** Accent, gender, age and the like, by name. */
  readonly labels: Readonly<Record<string, string>>;
};

/** The most that the vendor puts on a page. */
const PAGE_SIZE = 100;
/** Ten thousand voices; whoever sends more pages than that sends them for ever. */
const MOST_PAGES = 100;
const PATIENCE_MS = 15_000;

export type ListVoicesOptions = Omit<ElevenLabsOptions, 'model'> & { readonly signal?: AbortSignal | undefined; readonly patienceMs?: number };

/** In the vendor's order. Rejects with a ProviderError, or with the signal's reason. */
export async function listVoices(options: ListVoicesOptions): Promise<ListedVoice[]> {
  const voices: ListedVoice[] = [];
  let nextPageToken: string | undefined;
  for (let page = 0; page < MOST_PAGES; page++) {
    const token = nextPageToken;
    const answer = await retrying(() => readPage(options, token), { ...waitsOf(options), wall: options.wall, signal: options.signal });
    voices.push(...answer.voices);
    nextPageToken = answer.nextPageToken;
    if (nextPageToken === undefined) return voices;
  }
  throw notUnderstood(`more than ${MOST_PAGES} pages of voices`);
}

type Page = { readonly voices: readonly ListedVoice[]; readonly nextPageToken: string | undefined };

async function readPage(options: ListVoicesOptions, nextPageToken: string | undefined): Promise<Page> {
  const { wall, signal, patienceMs = PATIENCE_MS } = options;
  const client = await loadClient(options);
  using deadline = new Deadline({ wall, ms: patienceMs, signal });
  try {
    const answer = await client.voices.search(
      { pageSize: PAGE_SIZE, includeTotalCount: false, ...(nextPageToken !== undefined && { nextPageToken }) },
      { abortSignal: deadline.signal },
    );
    const voices = answer.voices.map(({ voiceId, name, category, description, labels }) => {
      return { id: voiceId, name: name ?? voiceId, category, description, labels: labels ?? {} };
    });
    return { voices, nextPageToken: answer.hasMore ? answer.nextPageToken : undefined };
  } catch (error) {
    signal?.throwIfAborted();
    throw deadline.passed ? nothingCame('list of voices', patienceMs) : failureOf(error, { host: new URL(baseUrlOf(options)).host }, options);
  }
}
