/** What an agent does when there is no money for what it is about to do. */
import { describe, expect, it } from 'vitest';
import { AgentCall } from '../testing/agent-call.ts';
import type { Purse } from './purse.ts';

/** So many answers and characters, then the call ends and nothing more is afforded. */
function holding({ answers, characters }: { answers: number; characters: number }): (endCall: () => void) => Purse {
  return (endCall) => {
    let left = { answers, characters };
    const take = (next: typeof left): boolean => {
      if (next.answers < 0 || next.characters < 0) {
        left = { answers: 0, characters: 0 };
        endCall();
        return false;
      }
      left = next;
      return true;
    };
    return {
      affordsAnswer: () => take({ ...left, answers: left.answers - 1 }),
      affordsJudgement: () => true,
      affordsSpeech: (_agent, count) => take({ ...left, characters: left.characters - count }),
    };
  };
}

async function call(options: ConstructorParameters<typeof AgentCall>[0]): Promise<AgentCall> {
  const made = new AgentCall(options);
  made.room.enters(100, 'Mike');
  return made.run(20_000);
}

describe('without money', () => {
  it('for an answer, the model is not asked and the agent leaves in silence', async () => {
    const made = await call({ purse: holding({ answers: 0, characters: 1000 }) });
    expect(made.brain.asked).toEqual([]);
    expect(made.of('llm.requested')).toEqual([]);
    expect(made.of('reply.stopped')).toMatchObject([{ outcome: 'abandoned', heard: '' }]);
    expect(made.endedBy).toBe('budget');
  });

  it('for a sentence, those before it are said to their end and nothing after it', async () => {
    const answer = { text: 'Hello there. How are you today? It is a lovely morning. Is it not?', wordMs: 5 };
    const made = await call({ answers: [answer], purse: holding({ answers: 9, characters: 40 }) });
    expect(made.of('tts.sentence_sent').map(({ text }) => text)).toEqual(['Hello there.', 'How are you today?']);
    expect(made.of('reply.stopped')).toMatchObject([{ heard: 'Hello there. How are you today?' }]);
    expect(made.of('utterance.stopped')).toMatchObject([{ cut: false }]);
    expect(made.endedBy).toBe('budget');
  });

  it('for the first sentence, the request is called off and nothing is heard', async () => {
    const made = await call({ answers: [{ text: 'Hello there. How are you?', wordMs: 50 }], purse: holding({ answers: 9, characters: 0 }) });
    expect(made.of('tts.requested')).toEqual([]);
    expect(made.brain.asked.map(({ signal }) => signal.aborted)).toEqual([true]);
    expect(made.of('llm.cancelled')).toHaveLength(1);
    expect(made.of('reply.stopped')).toMatchObject([{ outcome: 'abandoned', heard: '' }]);
    expect(made.endedBy).toBe('budget');
  });

  it('for another try, a model that failed is not asked once more', async () => {
    const made = await call({ answers: [{ fails: { kind: 'server', retryable: true } }], purse: holding({ answers: 1, characters: 1000 }) });
    expect(made.brain.asked).toHaveLength(1);
    expect(made.of('tts.requested')).toEqual([]);
    expect(made.endedBy).toBe('budget');
  });

  it('for a goodbye that is owed, the call ends as it was to end, without one', async () => {
    const calls = [{ name: 'end_conversation' }];
    const made = await call({ answers: [{ text: 'That is all.', calls }], purse: holding({ answers: 9, characters: 12 }) });
    expect(made.of('reply.stopped').map(({ heard }) => heard)).toEqual(['That is all.', '']);
    expect(made.endedBy).toBe('end_conversation');
  });
});
