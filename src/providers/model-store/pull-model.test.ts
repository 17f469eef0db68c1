import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ProviderError, UsageError } from '../../base/errors.ts';
import { systemWallClock } from '../../clock/wall-clock.ts';
import { modelPath, modelState, readModel, recordPath, sha256Of } from './model-store.ts';
import { SMART_TURN } from './published-model.ts';
import { pullModel, type PulledModel, type PullOptions } from './pull-model.ts';

const weights = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7 + (i >> 8)) & 255);
const sha256 = sha256Of(weights);

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

let folder: string;
let server: Server;
let origin: string;
let requests: string[];
/** One answer per request; the last one answers all that follow. */
let answers: Answer[];

beforeEach(async () => {
  folder = join(mkdtempSync(join(tmpdir(), 'bottalk-models-')), 'models');
  requests = [];
  server = createServer((request, response) => {
    requests.push(request.url ?? '');
    (answers.length > 1 ? answers.shift() : answers[0])?.(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(join(folder, '..'), { recursive: true, force: true });
});

const whole =
  (headers: Record<string, string> = { etag: `"${sha256}"` }, body = weights): Answer =>
  (_, response) => {
    response.writeHead(200, { 'content-length': body.length, ...headers });
    response.end(body);
  };
const status =
  (code: number): Answer =>
  (_, response) => {
    response.writeHead(code).end('no');
  };
const redirect =
  (location: string, headers: Record<string, string> = {}): Answer =>
  (_, response) => {
    response.writeHead(302, { location, ...headers }).end();
  };
/** Promises everything, sends half, and hangs up. */
const cutOff: Answer = (_, response) => {
  response.writeHead(200, { 'content-length': weights.length, etag: `"${sha256}"` });
  response.write(weights.subarray(0, weights.length / 2), () => response.destroy());
};
/** Sends half and then nothing. */
const stalled: Answer = (_, response) => {
  response.writeHead(200, { 'content-length': weights.length });
  response.write(weights.subarray(0, weights.length / 2));
};

function pull(options: Partial<PullOptions> = {}): Promise<PulledModel> {
  const url = options.fromFile === undefined ? `${origin}/model.onnx` : undefined;
  return pullModel(SMART_TURN, { folder, wall: systemWallClock, url, firstWaitMs: 0, ...options });
}

/** Nothing that was pulled, and nothing half pulled. */
function expectEmpty(): void {
  expect(readdirSync(folder)).toEqual([]);
  expect(readModel(folder, SMART_TURN)).toBeUndefined();
}

describe('pulling from a host', () => {
  it('keeps the file and the checksum that the host announces, and reports progress', async () => {
    answers = [whole()];
    const progress: number[] = [];
    const pulled = await pull({ onProgress: ({ receivedBytes }) => progress.push(receivedBytes) });
    expect(pulled.changed).toBe(true);
    expect(pulled.record).toEqual({ sha256, bytes: weights.length, origin: `${origin}/model.onnx`, announced: true });
    expect(Buffer.from(readModel(folder, SMART_TURN) ?? [])).toEqual(Buffer.from(weights));
    expect(progress.at(-1)).toBe(weights.length);
    expect(readdirSync(folder).toSorted()).toEqual([SMART_TURN.fileName, `${SMART_TURN.fileName}.json`]);
  });

  it('takes the checksum from the redirect, as Hugging Face announces it for large files', async () => {
    answers = [redirect('/storage/abc?signed=1', { 'x-linked-etag': `"${sha256}"` }), whole({ etag: '"0123456789abcdef"' })];
    const { record } = await pull();
    expect(record).toMatchObject({ sha256, announced: true });
    expect(requests).toEqual(['/model.onnx', '/storage/abc?signed=1']);
  });

  it('says so when the host announces no checksum', async () => {
    answers = [whole({ etag: '"5d41402abc4b2a76b9719d911017c592"' })];
    expect((await pull()).record).toMatchObject({ sha256, announced: false });
  });

  it('transfers nothing when the file is there already', async () => {
    answers = [whole()];
    await pull();
    let transferred = 0;
    const again = await pull({ onProgress: () => (transferred += 1) });
    expect(again).toMatchObject({ changed: false, record: { sha256 } });
    expect(transferred).toBe(0);
  });

  it('pulls anew what was damaged', async () => {
    answers = [whole()];
    const { path } = await pull();
    writeFileSync(path, 'scribble');
    expect((await pull()).changed).toBe(true);
    expect(modelState(folder, SMART_TURN).kind).toBe('sound');
  });
});

describe('a pull that fails', () => {
  it('tries again after a download that was cut off', async () => {
    answers = [cutOff, cutOff, whole()];
    const failures: string[] = [];
    const { record } = await pull({ onRetry: (failure) => failures.push(failure.kind) });
    expect(record.sha256).toBe(sha256);
    expect(failures).toEqual(['network', 'network']);
  });

  it('gives up after three tries and leaves nothing behind', async () => {
    answers = [cutOff];
    await expect(pull()).rejects.toMatchObject({ name: 'ProviderError', kind: 'network' });
    expect(requests).toHaveLength(3);
    expectEmpty();
  });

  it('refuses what does not have the announced checksum', async () => {
    answers = [whole({ etag: `"${'0'.repeat(64)}"` })];
    await expect(pull()).rejects.toThrow(/checksum [0-9a-f]{64}, announced was 0{64}/);
    expectEmpty();
  });

  it('does not ask twice for a file that is not there', async () => {
    answers = [status(404)];
    await expect(pull()).rejects.toMatchObject({ kind: 'not_found', status: 404, retryable: false });
    expect(requests).toHaveLength(1);
    expectEmpty();
  });

  it('tries again when the host is in trouble', async () => {
    answers = [status(503), status(429), whole()];
    expect((await pull()).record.sha256).toBe(sha256);
  });

  it('gives up on a connection over which nothing comes', async () => {
    answers = [stalled];
    await expect(pull({ stallMs: 60, attempts: 1 })).rejects.toMatchObject({ kind: 'timeout' });
    expectEmpty();
  });

  it('does not follow redirects for ever', async () => {
    answers = [redirect('/model.onnx')];
    await expect(pull()).rejects.toThrow(/redirects more than 5 times/);
  });

  it('says which host cannot be reached', async () => {
    await new Promise((resolve) => server.close(resolve));
    await expect(pull({ attempts: 1 })).rejects.toThrow(/127\.0\.0\.1:\d+ failed \(ECONNREFUSED\)/);
  });

  it('ends with the reason of the abort, at once, and keeps what was there', async () => {
    answers = [whole()];
    await pull();
    const changedMeanwhile: Answer = (_, response) => {
      response.writeHead(200, { 'content-length': weights.length });
      response.write(weights.subarray(0, 1000));
    };
    answers = [changedMeanwhile];
    const abort = new AbortController();
    const pulling = pull({ signal: abort.signal, onProgress: () => abort.abort(new Error('the user left')) });
    await expect(pulling).rejects.toThrow('the user left');
    expect(requests).toHaveLength(2);
    expect(modelState(folder, SMART_TURN).kind).toBe('sound');
    expect(readdirSync(folder)).toHaveLength(2);
  });

  it('refuses weights that the check refuses', async () => {
    answers = [whole()];
    const check = (): void => {
      throw new ProviderError('this is not a Smart Turn v3 model', { provider: 'smart-turn', kind: 'unsupported' });
    };
    await expect(pull({ check })).rejects.toThrow('not a Smart Turn v3 model');
    expectEmpty();
  });

  it('tells the user about a wrong address and a folder that cannot be written', async () => {
    await expect(pull({ url: 'ftp://somewhere/x' })).rejects.toThrow(UsageError);
    writeFileSync(join(folder, '..', 'file'), '');
    await expect(pull({ folder: join(folder, '..', 'file', 'models') })).rejects.toThrow(/cannot be kept in .* \(ENOTDIR\)/);
  });
});

describe('pulling from a file', () => {
  it('copies it and keeps the checksum it had on arrival', async () => {
    const fromFile = join(folder, '..', 'mine.onnx');
    writeFileSync(fromFile, weights);
    const { record, path } = await pull({ fromFile });
    expect(record).toEqual({ sha256, bytes: weights.length, origin: fromFile, announced: false });
    expect(readFileSync(path)).toEqual(Buffer.from(weights));
  });

  it('says so when there is no such file', async () => {
    await expect(pull({ fromFile: join(folder, 'nothing') })).rejects.toThrow(/nothing: no such file/);
    await expect(pull({ fromFile: folder })).rejects.toThrow(/is not a file/);
  });
});

describe('reading', () => {
  it('finds nothing where nothing was pulled', () => {
    expect(readModel(folder, SMART_TURN)).toBeUndefined();
  });

  it('hands out no weights that changed since they were pulled', async () => {
    answers = [whole()];
    const { path } = await pull();
    const damaged = weights.slice();
    damaged[1234] = 0;
    writeFileSync(path, damaged);
    expect(() => readModel(folder, SMART_TURN)).toThrow(/is damaged.*bottalk models pull smart-turn/);
    writeFileSync(path, weights);
    writeFileSync(recordPath(path), 'no record');
    expect(() => readModel(folder, SMART_TURN)).toThrow(/is damaged/);
  });

  it('hands out a file that was put there by hand, unchecked', async () => {
    answers = [whole()];
    await pull();
    rmSync(recordPath(modelPath(folder, SMART_TURN)));
    expect(modelState(folder, SMART_TURN).kind).toBe('unrecorded');
    expect(readModel(folder, SMART_TURN)).toHaveLength(weights.length);
  });
});
