/**
 * An image registry on the loopback interface, as far as somebody who asks for a manifest needs one: it gives out tokens
 * like the big ones do, and holds images of several platforms or of one.
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type RegistryAccess =
  /** To anybody who asks, without a token. */
  | { readonly kind: 'open' }
  /** With a token, which anybody gets. */
  | { readonly kind: 'token' }
  /** With a token, which only this user gets; `user:password`. */
  | { readonly kind: 'private'; readonly user: string; readonly by: 'token' | 'password' };

const INDEX = 'application/vnd.oci.image.index.v1+json';
const TOKEN = 'planted-registry-token';

export class ImageRegistry {
  access: RegistryAccess = { kind: 'token' };
  /** What the next manifests are answered with instead, first one first. */
  readonly faults: number[] = [];
  /** `GET /v2/…`, in the order of arrival. */
  readonly requests: string[] = [];
  readonly #server: Server;
  readonly #manifests = new Map<string, { readonly type: string; readonly body: string }>();
  readonly #blobs = new Map<string, string>();

  static async start(): Promise<ImageRegistry> {
    const registry = new ImageRegistry();
    await new Promise<void>((resolve) => registry.#server.listen(0, '127.0.0.1', resolve));
    return registry;
  }

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response));
  }

  get host(): string {
    return `127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** An image of several platforms, such as `linux/arm64`, with an attestation beside each. Gives back its full name. */
  push(name: string, ...platforms: readonly string[]): string {
    const manifests = platforms.flatMap((platform) => [{ platform: platformOf(platform) }, { platform: platformOf('unknown/unknown') }]);
    return this.#put(name, INDEX, { schemaVersion: 2, mediaType: INDEX, manifests });
  }

  /** An image of one platform, which only its configuration tells. */
  pushSingle(name: string, platform: string): string {
    const [os, architecture] = platform.split('/');
    const configuration = JSON.stringify({ os, architecture });
    const digest = digestOf(configuration);
    this.#blobs.set(digest, configuration);
    const type = 'application/vnd.docker.distribution.manifest.v2+json';
    return this.#put(name, type, { schemaVersion: 2, mediaType: type, config: { digest } });
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #put(name: string, type: string, manifest: unknown): string {
    const body = JSON.stringify(manifest);
    const [repository = '', tag = ''] = name.split(':');
    for (const reference of [tag, digestOf(body)]) this.#manifests.set(`${repository}/manifests/${reference}`, { type, body });
    return `${this.host}/${name}`;
  }

  #answer({ method, url = '', headers }: IncomingMessage, response: ServerResponse): void {
    this.requests.push(`${method} ${url}`);
    const { pathname, searchParams } = new URL(url, 'http://registry');
    const { authorization } = headers;
    if (pathname === '/token') {
      const { access } = this;
      const isAllowed = access.kind !== 'private' || authorization === `Basic ${Buffer.from(access.user).toString('base64')}`;
      const isAsked = searchParams.get('service') === 'tests' && /^repository:.+:pull$/.test(searchParams.get('scope') ?? '');
      return void response.writeHead(isAllowed && isAsked ? 200 : 401).end(isAllowed ? JSON.stringify({ token: TOKEN }) : '{}');
    }
    const fault = this.faults.shift();
    if (fault !== undefined) return void response.writeHead(fault).end();
    const challenge = this.#challenge(authorization, pathname);
    if (challenge !== undefined) return void response.writeHead(401, { 'www-authenticate': challenge }).end('{"errors":[{"code":"UNAUTHORIZED"}]}');
    const path = pathname.replace(/^\/v2\//, '');
    const manifest = this.#manifests.get(path);
    const blob = this.#blobs.get(path.split('/blobs/')[1] ?? '');
    if (manifest && headers.accept?.includes(manifest.type)) {
      return void response.writeHead(200, { 'content-type': manifest.type, 'docker-content-digest': digestOf(manifest.body) }).end(manifest.body);
    }
    if (blob !== undefined) return void response.writeHead(200).end(blob);
    response.writeHead(404).end('{"errors":[{"code":"MANIFEST_UNKNOWN"}]}');
  }

  #challenge(authorization: string | undefined, path: string): string | undefined {
    const { access } = this;
    if (access.kind === 'open') return undefined;
    const byPassword = access.kind === 'private' && access.by === 'password';
    const wanted = byPassword ? `Basic ${Buffer.from(access.user).toString('base64')}` : `Bearer ${TOKEN}`;
    if (authorization === wanted) return undefined;
    if (byPassword) return 'Basic realm="tests"';
    const repository = /^\/v2\/(.+)\/(manifests|blobs)\//.exec(path)?.[1];
    return `Bearer realm="http://${this.host}/token",service="tests",scope="repository:${repository}:pull"`;
  }
}

function platformOf(text: string): Readonly<Record<string, string | undefined>> {
  const [os, architecture, variant] = text.split('/');
  return { os, architecture, variant };
}

function digestOf(text: string): string {
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}
