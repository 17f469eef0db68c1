import { expect, test } from 'vitest';
import { audioFrame } from '../audio/frame.ts';
import { decodeLiveSound, type LiveSound } from '../web/parts/live-sound.ts';
import { SoundMessages } from './sound-messages.ts';

function listen(names: readonly string[] = ['Ann', 'Bob']) {
  const told: (LiveSound | number)[] = [];
  const messages = new SoundMessages({
    run: 7,
    names,
    onSound: (message) => void told.push(decodeLiveSound(message.buffer as ArrayBuffer) as LiveSound),
    onTime: (callMs) => void told.push(callMs),
  });
  const say = (name: string, tick: number, value = tick + 1): void => messages.hear(name, audioFrame(new Int16Array(320).fill(value)), tick);
  const sounds = (): string[] => told.map((one) => (typeof one === 'number' ? `at ${one}` : `${one.order} from ${one.callMs}: ${[...new Set(one.samples)].join(' ')}`));
  return { messages, say, sounds };
}

test('frames go together to 100 ms, by who speaks, and time is told behind what it includes', () => {
  const { messages, say, sounds } = listen();
  for (let tick = 0; tick < 12; tick += 1) {
    say('Ann', tick);
    say('Bob', tick, -tick - 1);
  }
  messages.finish();
  expect(sounds()).toEqual([
    'at 0', '0 from 0: 1 2 3 4 5', '1 from 0: -1 -2 -3 -4 -5',
    'at 100', '0 from 100: 6 7 8 9 10', '1 from 100: -6 -7 -8 -9 -10',
    'at 200', '0 from 200: 11 12', '1 from 200: -11 -12',
  ]);
});

test('silence ends a message and sends none, and a gap is none', () => {
  const { messages, say, sounds } = listen();
  say('Ann', 0);
  say('Ann', 1, 0);
  say('Ann', 2);
  say('Ann', 7);
  messages.finish();
  expect(sounds()).toEqual(['at 0', '0 from 0: 1', '0 from 40: 3', 'at 140', '0 from 140: 8']);
});

test('nobody else is heard', () => {
  const { messages, say, sounds } = listen();
  say('Guest', 0);
  messages.finish();
  expect(sounds()).toEqual(['at 0']);
});
