/** Hands an archive to the store that Pipecat Cloud named for it: a form whose fields come first and whose file comes last. */
import { Deadline } from '../../base/deadline.ts';
import { CloudError } from './cloud-error.ts';
import { brokenConnection, type RequestOptions } from './requests.ts';

/** Where to upload to; `uploadFields` go into the form as they are, in their order. */
export type UploadPlace = {
  readonly uploadId: string;
  readonly uploadUrl: string;
  readonly uploadFields: Readonly<Record<string, string>>;
  readonly expiresAt?: string | undefined;
};

/** The fields are the permission, so no key is sent. Rejects with a CloudError or the signal's reason. */
export async function upload(place: UploadPlace, archive: Uint8Array<ArrayBuffer>, { wall, timeouts }: RequestOptions, signal?: AbortSignal): Promise<void> {
  const { uploadUrl, uploadFields } = place;
  if (!URL.canParse(uploadUrl)) throw new CloudError('the place to upload to cannot be read', { kind: 'server' });
  const form = new FormData();
  for (const [name, value] of Object.entries(uploadFields)) form.append(name, value);
  if (!Object.keys(uploadFields).some((name) => name.toLowerCase() === 'content-type')) form.append('Content-Type', 'application/gzip');
  form.append('file', new Blob([archive], { type: 'application/gzip' }), 'context.tar.gz');
  using deadline = new Deadline({ wall, ms: timeouts.uploadMs, signal });
  try {
    const response = await fetch(uploadUrl, { method: 'POST', body: form, redirect: 'manual', signal: deadline.signal });
    await response.body?.cancel();
    const { ok, status } = response;
    if (!ok) throw new CloudError(`uploading what is to be built was refused (${status})`, { kind: status >= 500 ? 'server' : 'bad_request', status });
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    if (error instanceof CloudError) throw error;
    if (deadline.passed) throw new CloudError(`uploading what is to be built took longer than ${timeouts.uploadMs / 1000} s`, { kind: 'timeout' });
    throw brokenConnection(uploadUrl, error);
  }
}
