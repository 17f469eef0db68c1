import { describe, expect, it } from 'vitest';
import { askRecorded, CHAT_FACTS, recordedChat } from '../../testing/recorded-chat.ts';
import type { CassetteCall } from './cassette.ts';
import { CassetteLlm } from './cassette-llm.ts';
import { Playback } from './playback.ts';

async function ask(mode: 'strict' | 'timing', calls: readonly CassetteCall[], ...questions: readonly (readonly [string, number?])[]) {
  const playback = new Playback({ header: { bottalk: '', title: '', seed: 1, agents: [] }, calls }, mode);
  const warnings: string[] = [];
  const open = (clock: ConstructorParameters<typeof CassetteLlm>[0]['clock']): CassetteLlm =>
    new CassetteLlm({ clock, mode, agent: 'Sarah', facts: CHAT_FACTS, shelf: playback.shelf('llm', 'Sarah'), onWarning: (message) => warnings.push(message) });
  return { log: await askRecorded(open, 'none', questions), warnings };
}

const WHOLE = recordedChat('hello', [[100, 'Hi'], [250, 'there.']]);
const CUT = recordedChat('hello', [[100, 'Hi']], { givenUpMs: 180 });
const SILENT = recordedChat('hello', [], { givenUpMs: 180 });

describe('a brain that is a recording', () => {
  it('answers the same question as often as it was asked, each time as it did then', async () => {
    const other = recordedChat('hello', [[50, 'You again.']]);
    expect((await ask('strict', [WHOLE, other], ['hello'], ['hello'])).log).toEqual(['Hi 100', 'there. 250', 'over 250', 'You again. 50', 'over 50']);
    await expect(ask('strict', [WHOLE], ['hello'], ['hello'])).rejects.toThrow("Sarah's brain is asked once more than was recorded");
  });

  it('finds an answer wherever in the recording it stands', async () => {
    const bye = recordedChat('bye', [[10, 'Bye.']]);
    expect((await ask('strict', [WHOLE, bye], ['bye'], ['hello'])).log).toEqual(['Bye. 10', 'over 10', 'Hi 100', 'there. 250', 'over 250']);
  });

  it.each([['in the middle', CUT, ['Hi 100', 'given up 180']], ['before a word was there', SILENT, ['given up 180']]])(
    'is silent until it is given up as it was then, %s',
    async (_, call, log) => {
      expect((await ask('strict', [call], ['hello', 180])).log).toEqual(log);
      expect((await ask('timing', [call], ['what', 180])).log).toEqual(log);
    },
  );

  it('is a mismatch when it is listened to for longer than it was recorded', async () => {
    await expect(ask('strict', [CUT], ['hello', 400])).rejects.toMatchObject({ name: 'MismatchError', message: expect.stringContaining('listened to for longer') as unknown });
  });

  it('gives its answers in their order when only their timing counts, and says where one breaks off', async () => {
    const { log, warnings } = await ask('timing', [CUT, WHOLE], ['what'], ['ever', 150]);
    expect(log).toEqual(['Hi 100', 'over 180', 'Hi 100', 'given up 150']);
    expect(warnings).toEqual(["Sarah's answer ends where it was given up in the recording"]);
  });

  it('goes on with the answer after one of which no word was there', async () => {
    expect((await ask('timing', [SILENT, WHOLE], ['what'])).log).toEqual(['Hi 180', 'there. 250', 'over 250']);
  });
});
