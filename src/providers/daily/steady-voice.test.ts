import { expect, test } from 'vitest';
import { SteadyVoice } from './page/steady-voice.ts';

const SPEECH = new Int16Array(320).fill(1_000);
const SILENCE = new Int16Array(320);

test('frames that come in time go out at once, and nothing else does', () => {
  const { voice, written } = listen();
  for (let n = 0; n < 50; n++) {
    voice.take(SPEECH, n * 20 + (n % 3) * 9);
    voice.tick(n * 20 + 19);
  }
  expect(written).toEqual(Array(50).fill('speech'));
});

test('before the first frame, and where none comes, there is silence all the time', () => {
  const { voice, written } = listen();
  for (let ms = 0; ms < 2_000; ms += 20) voice.tick(ms);
  expect(written.length).toBeGreaterThanOrEqual(100);
  expect(written.length).toBeLessThanOrEqual(104);
  expect(new Set(written)).toEqual(new Set(['silence']));
});

test('speech that was held up is sent when it comes, and silence is left out until the far end has caught up', () => {
  const { voice, written } = listen();
  voice.take(SPEECH, 0);
  for (let ms = 20; ms <= 160; ms += 20) voice.tick(ms);
  const filled = written.length - 1;
  expect(filled).toBeGreaterThanOrEqual(6);
  for (let n = 0; n < 8; n++) voice.take(SPEECH, 160);
  expect(written.filter((kind) => kind === 'speech')).toHaveLength(9);
  const before = written.length;
  for (let n = 1; n <= 20; n++) voice.take(SILENCE, 160 + n * 20);
  expect(20 - (written.length - before), 'left out').toBeGreaterThanOrEqual(4);
});

test('after a long standstill no more is sent than can be answered in time', () => {
  const { voice, written } = listen();
  voice.take(SPEECH, 0);
  for (let ms = 20; ms <= 5_000; ms += 20) voice.tick(ms);
  const before = written.length;
  for (let n = 0; n < 250; n++) voice.take(SPEECH, 5_000);
  expect((written.length - before) * 20).toBeLessThanOrEqual(280);
});

function listen(): { readonly voice: SteadyVoice; readonly written: string[] } {
  const written: string[] = [];
  const voice = new SteadyVoice((samples) => written.push(samples.some((sample) => sample !== 0) ? 'speech' : 'silence'));
  return { voice, written };
}
