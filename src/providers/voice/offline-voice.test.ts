import { afterAll, describe, expect, test } from 'vitest';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { systemWallClock } from '../../clock/wall-clock.ts';
import type { TtsChunk, TtsContext } from '../../pipeline/tts.ts';
import { OfflineVoice } from './offline-voice.ts';
import { Synthesiser } from './synthesiser.ts';

const synthesiser = new Synthesiser({ wall: systemWallClock });
afterAll(() => synthesiser.close());

type Delivery = { readonly atMs: number; readonly text: string };
type Call = { readonly clock: VirtualClock; readonly context: TtsContext; readonly abort: AbortController };

/** Runs one reply in call time; returns what was delivered when, and how the stream ended. */
async function runReply(
  play: (call: Call) => Promise<void>,
  firstByteMs: (sentenceIndex: number) => number = () => 100,
): Promise<{ deliveries: Delivery[]; ended: string }> {
  const clock = new VirtualClock({ wall: systemWallClock });
  const abort = new AbortController();
  const voice = new OfflineVoice({ clock, synthesiser, firstByteMs: ({ sentenceIndex }) => firstByteMs(sentenceIndex) });
  const context = voice.open({ agent: 'Ann', replyId: 'r1', voice: 'otto' }, abort.signal);
  const deliveries: Delivery[] = [];
  let ended = '';
  clock.task(async () => {
    try {
      for await (const chunk of context.chunks()) deliveries.push({ atMs: clock.nowMs(), text: textOf(chunk) });
      ended = `ended at ${clock.nowMs()}`;
    } catch (error) {
      ended = `failed at ${clock.nowMs()}: ${(error as { kind?: string }).kind}`;
    }
    clock.stop();
  });
  clock.task(() => play({ clock, context, abort }));
  await clock.run();
  return { deliveries, ended };
}

const textOf = (chunk: TtsChunk): string => chunk.words.map((word) => word.text).join(' ');

describe('the offline voice', () => {
  test('delivers each sentence when it is due, never before the one before it', async () => {
    const firstByteMs = [300, 100, 250];
    const reply = await runReply(
      async ({ clock, context }) => {
        context.send('One.');
        context.send('Two.');
        await clock.sleep(1000);
        context.send('Three.');
        context.end();
      },
      (i) => firstByteMs[i] as number,
    );
    expect(reply).toEqual({
      deliveries: [{ atMs: 300, text: 'One.' }, { atMs: 300, text: 'Two.' }, { atMs: 1250, text: 'Three.' }],
      ended: 'ended at 1250',
    });
  });

  test('waits for a sentence that is sent late, and ends without any', async () => {
    const reply = await runReply(async ({ clock, context }) => {
      await clock.sleep(500);
      context.send('Late.');
      await clock.sleep(500);
      context.end();
    });
    expect(reply).toEqual({ deliveries: [{ atMs: 600, text: 'Late.' }], ended: 'ended at 1000' });
    expect(await runReply(async ({ context }) => context.end())).toEqual({ deliveries: [], ended: 'ended at 0' });
  });

  test('stops when it is interrupted, whether it waits for speech or for text', async () => {
    const waitingForSpeech = await runReply(async ({ clock, context, abort }) => {
      context.send('One.');
      await clock.sleep(50);
      abort.abort();
      await clock.sleep(500);
    });
    expect(waitingForSpeech).toEqual({ deliveries: [], ended: 'ended at 50' });
    const waitingForText = await runReply(async ({ clock, context, abort }) => {
      context.send('One.');
      await clock.sleep(200);
      abort.abort();
      await clock.sleep(500);
    });
    expect(waitingForText).toEqual({ deliveries: [{ atMs: 100, text: 'One.' }], ended: 'ended at 200' });
  });

  test('a sentence that cannot be spoken fails when it is due', async () => {
    const reply = await runReply(async ({ context }) => {
      context.send('One.');
      context.send('два');
      context.end();
    });
    expect(reply).toEqual({ deliveries: [{ atMs: 100, text: 'One.' }], ended: 'failed at 100: unsupported' });
  });

  test('refuses an unknown voice when it is opened', () => {
    const clock = new VirtualClock({ wall: systemWallClock });
    const voice = new OfflineVoice({ clock, synthesiser, firstByteMs: () => 0 });
    expect(() => voice.open({ agent: 'Ann', replyId: 'r1', voice: 'bella' }, new AbortController().signal)).toThrowError(/unknown voice/);
  });
});
