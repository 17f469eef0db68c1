/** Where records are posted to: METRICS_INGEST_URL, taken apart so that what is secret in it goes into no message. */
import { UsageError } from '../../base/errors.ts';

export type IngestAddress = {
  /** Without a user and a password, which a request may not have in its address. */
  readonly url: string;
  /** What messages call it: the rest of an address may hold a key. */
  readonly host: string;
  readonly authorization: string | undefined;
};

/** Throws a UsageError that says nothing of the value. */
export function ingestAddress(text: string): IngestAddress {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new UsageError('METRICS_INGEST_URL is no address that records can be posted to', 'it begins with http:// or https://; leave it out to post nothing');
  }
  const { host, username, password } = url;
  const user = username === '' && password === '' ? undefined : `${decoded(username)}:${decoded(password)}`;
  url.username = '';
  url.password = '';
  return { url: url.href, host, authorization: user === undefined ? undefined : `Basic ${Buffer.from(user).toString('base64')}` };
}

/** A percent sign that encodes nothing stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
