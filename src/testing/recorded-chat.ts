/** Asks a brain that is a recording, a second into a call, and says what came of it when. */
import { VirtualClock } from '../clock/virtual-clock.ts';
import type { Clock } from '../clock/clock.ts';
import type { DeliverOptions } from '../clock/arrival.ts';
import type { LiveLlm } from '../pipeline/live-llm.ts';
import type { LlmRequest } from '../pipeline/llm.ts';
import { chatAsked } from '../providers/cassette/call-request.ts';
import type { CassetteCall } from '../providers/cassette/cassette.ts';
import { LiveBrain } from '../providers/live/live-brain.ts';
import { HandMovedWall } from './hand-moved-wall.ts';

export const CHAT_FACTS = { provider: 'openai', model: 'gpt-4o', settings: { temperature: 0 } };

const said = (text: string): LlmRequest => ({ agent: 'Sarah', replyId: 'r', messages: [{ role: 'user', text }], tools: [], cause: 'turn' });

/** An answer in words, each `[offset, word]`; given up then, or whole. */
export function recordedChat(heard: string, words: readonly (readonly [number, string])[], { givenUpMs }: { readonly givenUpMs?: number } = {}): CassetteCall {
  const pieces = words.map(([offsetMs, text]) => ({ offsetMs, value: { kind: 'text', text } as never }));
  const last = { offsetMs: words.at(-1)?.[0] ?? 0, value: { kind: 'ended' } as const };
  const request = chatAsked(said(heard), CHAT_FACTS);
  return { kind: 'llm', agent: 'Sarah', atMs: 0, request, ...(givenUpMs === undefined ? { pieces: [...pieces, last] } : { pieces, givenUpMs }) };
}

/** Each question is `[text, when it is given up]`; the next one is asked when the one before is over. */
export async function askRecorded(
  open: (clock: Clock, wall: HandMovedWall) => LiveLlm,
  charge: DeliverOptions['charge'],
  questions: readonly (readonly [text: string, giveUpMs?: number])[],
): Promise<readonly string[]> {
  const wall = new HandMovedWall();
  const clock = new VirtualClock({ wall });
  const brain = new LiveBrain({ clock, llm: open(clock, wall), charge });
  const log: string[] = [];
  clock.every(1000, { phase: 'publish', order: 0 }, () => {});
  clock.task(async () => {
    for (const [text, giveUpMs] of questions) {
      const askedMs = clock.nowMs();
      const giveUp = new AbortController();
      const note = (what: string): void => void log.push(`${what} ${Math.round(clock.nowMs() - askedMs)}`);
      if (giveUpMs !== undefined) clock.at(askedMs + giveUpMs, { phase: 'vad', order: 0 }, () => giveUp.abort(new Error('given up')));
      try {
        for await (const chunk of brain.complete(said(text), giveUp.signal)) if (chunk.kind === 'text' && chunk.text !== '') note(chunk.text);
        note('over');
      } catch (error) {
        if (!giveUp.signal.aborted) throw error;
        note('given up');
      }
    }
    clock.stop();
  });
  await wall.until(clock.run());
  return log;
}
