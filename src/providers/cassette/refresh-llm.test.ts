import { describe, expect, it } from 'vitest';
import { ArrivalQueue } from '../../clock/arrival-queue.ts';
import type { LivePiece } from '../../clock/live-answer.ts';
import type { LiveLlm } from '../../pipeline/live-llm.ts';
import type { LlmChunk } from '../../pipeline/llm.ts';
import type { HandMovedWall } from '../../testing/hand-moved-wall.ts';
import { askRecorded, CHAT_FACTS, recordedChat } from '../../testing/recorded-chat.ts';
import type { CassetteCall } from './cassette.ts';
import { Playback } from './playback.ts';
import { RefreshLlm } from './refresh-llm.ts';

/** Says after 70 ms that it is alive. */
function liveLlm(wall: HandMovedWall): LiveLlm {
  return {
    name: CHAT_FACTS.provider,
    model: CHAT_FACTS.model,
    ask: () => {
      const queue = new ArrivalQueue<LivePiece<LlmChunk>>(wall, () => {});
      wall.after(70, () => {
        queue.push({ kind: 'text', text: 'Live.' });
        queue.finish({ kind: 'ended' });
      });
      return queue;
    },
  };
}

async function ask(calls: readonly CassetteCall[], ...questions: readonly (readonly [string, number?])[]) {
  const playback = new Playback({ header: { bottalk: '', title: '', seed: 1, agents: [] }, calls }, 'refresh');
  const warnings: string[] = [];
  let asked = 0;
  const log = await askRecorded(
    (_, wall) =>
      new RefreshLlm({
        agent: 'Sarah',
        settings: CHAT_FACTS.settings,
        shelf: playback.shelf('llm', 'Sarah'),
        live: liveLlm(wall),
        onLive: () => (asked += 1),
        onWarning: (message) => warnings.push(message),
      }),
    'wall',
    questions,
  );
  return { log, asked, warnings };
}

const hello = recordedChat('hello', [[100, 'Hi']]);
const bye = recordedChat('bye', [[100, 'Bye.']]);

describe('a brain that is refreshed', () => {
  it('answers from the recording, and from the first other question on from the world', async () => {
    const { log, asked } = await ask([hello, bye], ['hello'], ['how are you'], ['bye']);
    expect(log).toEqual(['Hi 100', 'over 100', 'Live. 70', 'over 70', 'Live. 70', 'over 70']);
    expect(asked).toBe(2);
  });

  it('asks again for what was given up before a word was there, if it is wanted for longer now', async () => {
    const { log, asked } = await ask([recordedChat('hello', [], { givenUpMs: 300 })], ['hello']);
    expect(log).toEqual(['Live. 370', 'over 370']);
    expect(asked).toBe(1);
  });

  it('asks again for what failed, and keeps no failure', async () => {
    const failure = { provider: CHAT_FACTS.provider, kind: 'unauthorized', message: 'the key was refused', retryable: false, status: 401 } as const;
    const refused: CassetteCall = { ...hello, pieces: [{ offsetMs: 20, value: { kind: 'failed', failure } }] };
    expect(await ask([refused], ['hello'])).toMatchObject({ log: ['Live. 70', 'over 70'], asked: 1 });
    const header = { bottalk: '', title: '', seed: 1, agents: [] };
    expect(new Playback({ header, calls: [refused, bye] }, 'refresh').refreshed({ header, calls: [hello] }).calls).toEqual([hello, { ...bye, unused: true }]);
  });

  it('asks nobody for what is given up again, and ends what was begun', async () => {
    expect(await ask([recordedChat('hello', [], { givenUpMs: 300 })], ['hello', 300])).toEqual({ log: ['given up 300'], asked: 0, warnings: [] });
    const begun = await ask([recordedChat('hello', [[100, 'Hi']], { givenUpMs: 300 })], ['hello']);
    expect(begun).toEqual({ log: ['Hi 100', 'over 300'], asked: 0, warnings: ["Sarah's answer ends where it was given up in the recording"] });
  });
});
