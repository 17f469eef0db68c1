import { describe, expect, test } from 'vitest';
import { ProviderError } from './errors.ts';
import { type FailedTry, retrying, type RetryOptions } from './retry.ts';

const busy = (retryAfterMs?: number): ProviderError =>
  new ProviderError('busy', { provider: 'test', kind: 'rate_limited', retryable: true, retryAfterMs });

type Outcome = { readonly outcome: unknown; readonly waitsMs: number[]; readonly failed: FailedTry[] };

/** Tries `failures` in turn, then succeeds; remembers every wait and every report. */
async function tryAll(failures: readonly unknown[], options: Partial<RetryOptions> = {}): Promise<Outcome> {
  const waitsMs: number[] = [];
  const failed: FailedTry[] = [];
  const sleep = (ms: number): Promise<void> => Promise.resolve(void waitsMs.push(ms));
  const attempt = (count: number): Promise<string> => {
    return count <= failures.length ? Promise.reject(failures[count - 1] as Error) : Promise.resolve(`succeeded at try ${count}`);
  };
  const settings = { wall: { sleep }, attempts: 3, firstWaitMs: 100, longestWaitMs: 1000, onFailedTry: (failure: FailedTry) => void failed.push(failure) };
  const outcome = await retrying(attempt, { ...settings, ...options }).catch((error: unknown) => error);
  return { outcome, waitsMs, failed };
}

describe('retrying', () => {
  test('tries again after waits that double, and reports each failed try', async () => {
    const { outcome, waitsMs, failed } = await tryAll([busy(), busy()]);
    expect(outcome).toBe('succeeded at try 3');
    expect(waitsMs).toEqual([100, 200]);
    expect(failed.map(({ attempt, retryInMs }) => [attempt, retryInMs])).toEqual([[1, 100], [2, 200]]);
  });

  test('gives up after the last try with its failure', async () => {
    const last = busy();
    const { outcome, waitsMs, failed } = await tryAll([busy(), busy(), last]);
    expect(outcome).toBe(last);
    expect(waitsMs).toEqual([100, 200]);
    expect(failed.at(-1)).toEqual({ attempt: 3, error: last, retryInMs: null });
  });

  test('waits as long as the provider asks, and not at all for one that asks too much', async () => {
    expect((await tryAll([busy(700)])).waitsMs).toEqual([700]);
    expect((await tryAll([busy(50)])).waitsMs).toEqual([100]);
    const { outcome, waitsMs } = await tryAll([busy(1001)]);
    expect(outcome).toBeInstanceOf(ProviderError);
    expect(waitsMs).toEqual([]);
  });

  test('waits never longer than the longest wait', async () => {
    expect((await tryAll([busy(), busy(), busy()], { attempts: 4, longestWaitMs: 250 })).waitsMs).toEqual([100, 200, 250]);
  });

  test('does not repeat what another try cannot mend', async () => {
    const refused = new ProviderError('no', { provider: 'test', kind: 'unauthorized' });
    const { outcome, waitsMs, failed } = await tryAll([refused]);
    expect(outcome).toBe(refused);
    expect(waitsMs).toEqual([]);
    expect(failed).toEqual([{ attempt: 1, error: refused, retryInMs: null }]);
    const bug = new TypeError('x is not a function');
    expect(await tryAll([bug])).toEqual({ outcome: bug, waitsMs: [], failed: [] });
  });

  test('an abort ends it with its reason, before a try and in the middle of one', async () => {
    const abort = new AbortController();
    const reason = new Error('interrupted');
    const inTheMiddle = retrying(
      () => {
        abort.abort(reason);
        return Promise.reject(busy());
      },
      { wall: { sleep: () => Promise.resolve() }, attempts: 3, firstWaitMs: 1, longestWaitMs: 1, signal: abort.signal },
    );
    await expect(inTheMiddle).rejects.toBe(reason);
    expect((await tryAll([], { signal: abort.signal })).outcome).toBe(reason);
  });
});
