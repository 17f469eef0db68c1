/**
 * Who may talk to the server: pages of this machine, and programs. A page of somewhere else can make a browser send requests
 * here, and by a name that it lets point here even read the answers; neither may start paid runs. Beyond this machine a
 * token is needed as well.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { RequestError } from './request-error.ts';

export type AdmissionOptions = {
  /** Where the server listens, if the user named it. */
  readonly host: string | undefined;
  /** Origins that the user lets in, such as `https://app.example.com`. */
  readonly allowedOrigins: readonly string[];
  /** Undefined on this machine alone. */
  readonly token: string | undefined;
};

export type Knock = {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
  /** `?token=` of the address. */
  readonly query: string | undefined;
};

export const TOKEN_COOKIE = 'bottalk-token';
/** This machine, as addresses name it. */
export const LOOPBACK: readonly string[] = ['localhost', '127.0.0.1', '[::1]'];

/** Throws a RequestError: 403 for who comes from elsewhere, 401 for who has no token. */
export function admit({ host, origin, authorization, cookie, query }: Knock, options: AdmissionOptions): void {
  if (host === undefined || !isKnownHost(host, options)) throw new RequestError(403, 'this Host is not served here');
  if (origin !== undefined && !isAllowedOrigin(origin, host, options)) throw new RequestError(403, 'this Origin may not use this server; --allow-origin lets it in');
  const { token } = options;
  if (token === undefined) return;
  const given = [query, /^Bearer (.+)$/i.exec(authorization ?? '')?.[1], cookieIn(cookie ?? '')];
  if (!given.some((one) => one !== undefined && isSame(one, token))) throw new RequestError(401, 'the token is missing; it stands in the address that was printed at the start');
}

/** Of a port nothing is asked: it is the name that tells who sent the browser here. */
function isKnownHost(host: string, { host: named, allowedOrigins }: AdmissionOptions): boolean {
  const name = URL.parse(`http://${host}`)?.hostname;
  if (name === undefined || !/^[\w.:[\]-]+$/.test(host)) return false;
  if (LOOPBACK.includes(name)) return true;
  // An address that is no name cannot be made to point elsewhere.
  if (named !== undefined && (name === URL.parse(`http://${inUrl(named)}`)?.hostname || isIP(name.replace(/^\[|\]$/g, '')) !== 0)) return true;
  return allowedOrigins.some((origin) => URL.parse(origin)?.hostname === name);
}

export function isAllowedOrigin(origin: string, host: string, { allowedOrigins }: AdmissionOptions): boolean {
  const url = URL.parse(origin);
  if (!url || !/^https?:$/.test(url.protocol) || url.origin !== origin.toLowerCase()) return false;
  return LOOPBACK.includes(url.hostname) || url.host === host || allowedOrigins.includes(url.origin);
}

/** As it stands in an address. */
export function inUrl(host: string): string {
  return isIP(host) === 6 ? `[${host}]` : host;
}

function cookieIn(header: string): string | undefined {
  const found = header.split(';').map((pair) => pair.trim()).find((pair) => pair.startsWith(`${TOKEN_COOKIE}=`));
  return found?.slice(TOKEN_COOKIE.length + 1);
}

/** In a time that tells nothing of how much was right. */
function isSame(given: string, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(given), digest(token));
}
