/** The fake's builds: where to upload, what was uploaded, and how far a build has come, one step for each look at it. */
import { createHash, randomUUID } from 'node:crypto';
import { type Answer, type Asked, ok, refusal } from './answer.ts';

export type FakeBuild = {
  readonly id: string;
  readonly region: string;
  readonly dockerfilePath: string;
  readonly contextHash: string;
  readonly endsAs: 'success' | 'failed' | 'timeout';
  looks: number;
};

/** The fields that a store wants to have first and in this order. */
const FIELDS = { key: 'context.tar.gz', policy: 'a-policy', 'x-amz-signature': 'a-signature' };

export class FakeBuilds {
  readonly all = new Map<string, FakeBuild>();
  /** By the id of their place. */
  readonly uploads = new Map<string, Buffer | null>();
  /** What becomes of builds that begin from now on. */
  endsAs: FakeBuild['endsAs'] = 'success';
  readonly #uploadUrl: (id: string) => string;
  readonly #epochMs: () => number;

  constructor(uploadUrl: (id: string) => string, epochMs: () => number) {
    this.#uploadUrl = uploadUrl;
    this.#epochMs = epochMs;
  }

  isBuilt(id: string): boolean {
    return this.all.get(id)?.endsAs === 'success';
  }

  answer({ method, path, query, body }: Asked): Answer | undefined {
    const [, collection, name, part] = path.split('/').map(decodeURIComponent);
    if (collection !== 'builds') return undefined;
    if (name === 'upload-url') {
      const uploadId = randomUUID();
      this.uploads.set(uploadId, null);
      const expiresAt = new Date(this.#epochMs() + 900_000).toISOString();
      return ok({ uploadId, uploadUrl: this.#uploadUrl(uploadId), uploadFields: FIELDS, expiresAt });
    }
    if (name === undefined) return method === 'POST' ? this.#create(body) : this.#list(query);
    const build = this.all.get(name);
    if (!build) return refusal(404, 'NOT_FOUND', 'Build not found');
    if (part === 'logs') return ok({ logs: ['#1 load build definition', '#2 COPY . .', build.endsAs === 'failed' ? 'npm error code 1' : '#3 exporting to image'] });
    const told = this.#details(build);
    build.looks += 1;
    return ok({ build: told });
  }

  /** What came to an upload's place: its fields in order, the file last, as a store demands it. */
  async upload(id: string, form: FormData): Promise<Answer> {
    if (this.uploads.get(id) !== null) return { status: 403, body: {} };
    const entries = [...form];
    const names = entries.map(([name]) => name);
    const file = entries.at(-1)?.[1];
    const isInOrder = names.at(-1) === 'file' && Object.entries(FIELDS).every(([name, value], i) => names[i] === name && form.get(name) === value);
    if (!isInOrder || !(file instanceof File) || !names.includes('Content-Type')) return { status: 400, body: {} };
    this.uploads.set(id, Buffer.from(await file.arrayBuffer()));
    return { status: 204, body: undefined };
  }

  #create({ uploadId, region, dockerfilePath = 'Dockerfile' }: Asked['body']): Answer {
    const archive = this.uploads.get(String(uploadId));
    if (!archive) return refusal(400, 'GENERIC_BAD_REQUEST', 'Upload not found');
    const contextHash = createHash('md5').update(archive).digest('hex').slice(0, 16);
    const isSame = (build: FakeBuild): boolean => build.contextHash === contextHash && build.region === region && build.dockerfilePath === dockerfilePath;
    const same = [...this.all.values()].find((build) => isSame(build) && build.endsAs === 'success');
    if (same) return ok({ build: this.#details(same), contextHash, cached: true });
    const build: FakeBuild = { id: randomUUID(), region: String(region), dockerfilePath: String(dockerfilePath), contextHash, endsAs: this.endsAs, looks: 0 };
    this.all.set(build.id, build);
    return { status: 201, body: { build: this.#details(build), contextHash, cached: false } };
  }

  #list(query: URLSearchParams): Answer {
    const wanted = (name: string, value: string): boolean => (query.get(name) ?? value) === value;
    const builds = [...this.all.values()]
      .filter((build) => wanted('region', build.region) && wanted('contextHash', build.contextHash))
      .map((build) => this.#details(build))
      .filter(({ status }) => wanted('status', String(status)));
    return ok({ builds, total: builds.length, limit: 20, offset: 0 });
  }

  #details({ id, region, dockerfilePath, contextHash, endsAs, looks }: FakeBuild): Readonly<Record<string, unknown>> {
    const status = ['pending', 'building'][looks] ?? endsAs;
    return { id, status, region, dockerfilePath, contextHash, ...(status === 'failed' ? { errorMessage: 'npm error code 1' } : {}) };
  }
}
