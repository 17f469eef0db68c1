/**
 * One GET, redirects followed by hand, because the checksum that the host announces stands on the redirect and not on
 * what it leads to. One try only; who wants more tries again. Knows nothing of models or files.
 */
import { connectionFault } from '../../base/connection-fault.ts';
import { ProviderError, type ProviderErrorKind, UsageError } from '../../base/errors.ts';

export type Download = {
  /** The SHA-256 that the host announces for the whole body, hexadecimal. */
  readonly announcedSha256: string | undefined;
  readonly totalBytes: number | undefined;
  readonly body: AsyncIterable<Uint8Array>;
};

/** Opens the download. Throws a ProviderError, or the signal's reason once it is aborted. */
export async function openDownload(url: string, signal: AbortSignal): Promise<Download> {
  let at = parseUrl(url);
  let announcedSha256: string | undefined;
  for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
    const response = await get(at, signal);
    announcedSha256 ??= announcedIn(response.headers);
    const location = response.headers.get('location');
    if (response.status >= 300 && response.status < 400 && location !== null) {
      await response.body?.cancel();
      at = redirected(at, location);
      continue;
    }
    if (response.status !== 200 || !response.body) {
      await response.body?.cancel();
      throw refused(at, response);
    }
    const length = Number(response.headers.get('content-length') ?? Number.NaN);
    const totalBytes = Number.isFinite(length) ? length : undefined;
    return { announcedSha256, totalBytes, body: chunks(response.body, at, signal) };
  }
  throw new ProviderError(`${url} redirects more than ${MOST_REDIRECTS} times`, { provider: PROVIDER, kind: 'server' });
}

const PROVIDER = 'model-host';
const MOST_REDIRECTS = 5;

async function get(url: URL, signal: AbortSignal): Promise<Response> {
  try {
    // Compressed on the way, the length announced would not be that of the file.
    return await fetch(url, { redirect: 'manual', signal, headers: { 'accept-encoding': 'identity' } });
  } catch (error) {
    throw lost(url, error, signal);
  }
}

async function* chunks(body: ReadableStream<Uint8Array>, url: URL, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw lost(url, error, signal);
  }
}

/** Large files on Hugging Face: X-Linked-Etag is their SHA-256. Any other etag counts only if it looks like one. */
function announcedIn(headers: Headers): string | undefined {
  for (const name of ['x-linked-etag', 'etag']) {
    const sha256 = /^(?:W\/)?"?([0-9a-f]{64})"?$/i.exec(headers.get(name) ?? '')?.[1];
    if (sha256) return sha256.toLowerCase();
  }
  return undefined;
}

function parseUrl(url: string): URL {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(`${JSON.stringify(url)} is no http or https address`);
  }
  return new URL(url);
}

function redirected(from: URL, location: string): URL {
  const to = new URL(location, from);
  if (from.protocol === 'https:' && to.protocol !== 'https:') {
    const message = `${from.host} redirects to an address that is not encrypted`;
    throw new ProviderError(message, { provider: PROVIDER, kind: 'server' });
  }
  return to;
}

function refused(url: URL, { status }: Response): ProviderError {
  const failure = (kind: ProviderErrorKind, what: string, retryable = false): ProviderError =>
    new ProviderError(`${url.origin}${url.pathname} answered ${status}${what}`, { provider: PROVIDER, status, kind, retryable });
  if (status === 404 || status === 410) return failure('not_found', ': there is no such file');
  if (status === 401 || status === 403) return failure('unauthorized', ': access denied');
  if (status === 429) return failure('rate_limited', ': too many requests', true);
  return status >= 500 ? failure('server', '', true) : failure('bad_request', '');
}

function lost(url: URL, error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return signal.reason;
  const message = `the connection to ${url.host} failed (${connectionFault(error)})`;
  return new ProviderError(message, { provider: PROVIDER, kind: 'network', retryable: true, cause: error });
}
