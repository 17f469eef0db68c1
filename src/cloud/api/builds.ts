/** The calls about builds in the cloud: where to upload what is built, building it, and what came of it. */
import { z } from 'zod';
import { maybe } from './lenient.ts';
import type { CloudRequests } from './requests.ts';
import { upload, type UploadPlace } from './upload.ts';

const build = z.object({
  id: z.string(),
  /** pending, building, success, failed or timeout. */
  status: z.string(),
  region: maybe(z.string()),
  contextHash: maybe(z.string()),
  dockerfilePath: maybe(z.string()),
  imageUri: maybe(z.string()),
  errorMessage: maybe(z.string()),
  buildDurationSeconds: maybe(z.number()),
  contextSizeBytes: maybe(z.number()),
  imageSizeBytes: maybe(z.number()),
});

const uploadPlace = z.object({
  uploadId: z.string(),
  uploadUrl: z.string(),
  uploadFields: z.record(z.string(), z.string()),
  expiresAt: maybe(z.string()),
});
const created = z.object({ build, contextHash: maybe(z.string()), cached: maybe(z.boolean()) });
const buildList = z.object({ builds: z.array(build), total: maybe(z.int()) });
const buildLog = z.object({ logs: z.array(z.string()), nextToken: maybe(z.string()) });

export type CloudBuild = z.infer<typeof build>;

export type CreateBuild = { readonly uploadId: string; readonly region: string; readonly dockerfilePath?: string };

export type BuildQuery = {
  readonly status?: 'pending' | 'building' | 'success' | 'failed' | 'timeout';
  readonly region?: string;
  readonly contextHash?: string;
  readonly limit?: number;
};

export interface BuildCalls {
  /** A place to upload to, for a quarter of an hour. */
  uploadPlace(region: string, signal?: AbortSignal): Promise<UploadPlace>;
  /** Uploads a gzipped tar archive; no key goes there. Never repeated. */
  upload(place: UploadPlace, archive: Uint8Array<ArrayBuffer>, signal?: AbortSignal): Promise<void>;
  /** Builds what was uploaded, or finds what was built of it before (`cached`). Never repeated. */
  create(request: CreateBuild, signal?: AbortSignal): Promise<z.infer<typeof created>>;
  get(id: string, signal?: AbortSignal): Promise<CloudBuild>;
  list(query?: BuildQuery, signal?: AbortSignal): Promise<readonly CloudBuild[]>;
  logs(id: string, limit?: number, signal?: AbortSignal): Promise<readonly string[]>;
}

export function buildCalls({ ask, options }: CloudRequests): BuildCalls {
  const one = (id: string): string => `/builds/${encodeURIComponent(id)}`;
  return {
    uploadPlace: (region, signal) =>
      ask({ method: 'POST', path: '/builds/upload-url', body: { region }, key: 'private', what: 'asking for a place to upload to', repeat: 'safely' }, uploadPlace, signal),
    upload: (place, archive, signal) => upload(place, archive, options, signal),
    create: (request, signal) =>
      ask({ method: 'POST', path: '/builds', body: request, key: 'private', what: 'building the image', repeat: 'never', timeout: 'deployMs' }, created, signal),
    async get(id, signal) {
      const call = { method: 'GET', path: one(id), key: 'private', what: `looking at build ${id}`, repeat: 'safely', missing: `there is no build ${id}` } as const;
      return (await ask(call, z.object({ build }), signal)).build;
    },
    async list(query = {}, signal) {
      return (await ask({ method: 'GET', path: '/builds', query, key: 'private', what: 'listing builds', repeat: 'safely' }, buildList, signal)).builds;
    },
    async logs(id, limit, signal) {
      const call = { method: 'GET', path: `${one(id)}/logs`, query: { limit }, key: 'private', what: `reading the log of build ${id}`, repeat: 'safely', missing: `there is no build ${id}` } as const;
      return (await ask(call, buildLog, signal)).logs;
    },
  };
}
