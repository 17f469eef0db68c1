/**
 * The end-of-turn strategy `llm`: asks a small language model whether the speaker has finished. It understands what
 * rules cannot, in any language, and takes as long as its answer takes. It hears no tone of voice.
 */
import type { AskingStrategy, TurnSoFar } from './end-of-turn.ts';
import type { ContextMessage, LlmProvider, LlmRequest, TokenUsage } from './llm.ts';

/** So much of the conversation says what a short answer answers. */
const LINES = 6;

const TASK = [
  'You listen to a phone call. One of the two has just fallen silent.',
  'Say whether they have finished, so that the other may speak, or have only paused and will go on.',
  'What they said is transcribed, so that marks and single words may be wrong.',
  'Answer with one word: yes if they have finished, no if they will go on.',
].join(' ');

/** Reads text: asked again whenever more of it arrives. */
export function llmEndOfTurn(llm: LlmProvider): AskingStrategy {
  const requestOf = (turn: TurnSoFar, agent: string, askId: string): LlmRequest => ({
    agent,
    replyId: askId,
    messages: [
      { role: 'system', text: TASK },
      { role: 'user', text: questionOf(turn) },
    ],
    tools: [],
    cause: 'end_of_turn',
  });
  return {
    name: 'llm',
    needsAudio: false,
    readsText: true,
    async judge(turn, { agent, askId, signal, onRetry }) {
      let answer = '';
      let usage: TokenUsage | null = null;
      for await (const chunk of llm.complete(requestOf(turn, agent, askId), signal, onRetry)) {
        if (chunk.kind === 'text') answer += chunk.text;
        else if (chunk.kind === 'usage') usage = chunk.usage;
      }
      // Whatever else a model says, it did not say that the turn is over.
      return { complete: /^\W*yes\b/i.test(answer), usage };
    },
    mostTokens: (turn) => llm.mostTokens?.(requestOf(turn, '', '')),
    close: () => {},
  };
}

function questionOf({ text, messages }: TurnSoFar): string {
  const before = messages.flatMap(lineOf).slice(-LINES);
  return [...(before.length > 0 ? ['So far:', ...before, ''] : []), `Now they said: ${text}`, 'Have they finished?'].join('\n');
}

/** Who listens is the other; the peer is who may have finished. */
function lineOf(message: ContextMessage): string[] {
  if (message.role === 'user') return [`They: ${message.text}`];
  return message.role === 'assistant' ? [`The other: ${message.text}`] : [];
}
