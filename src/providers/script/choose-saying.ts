/** Which part of a script is said next: the first answer that matches what was heard, else the next line. */
import type { ContextMessage, LlmRequest } from '../../pipeline/llm.ts';
import { compilePattern } from '../../base/pattern.ts';
import { plainWords } from '../../room/plain-words.ts';
import type { ScriptFile, ScriptLine } from '../../scenarios/schema.ts';

export type Saying = Partial<Pick<ScriptLine, 'say' | 'call' | 'then'>> & { readonly end: boolean };

/** What was chosen, by a name that is the same whenever the same part of the script is said. */
export type Choice = { readonly id: string; readonly lineIndex?: number; readonly saying: Saying };

export function chooseSaying(script: ScriptFile, request: Pick<LlmRequest, 'messages' | 'cause'>, used: readonly Choice[]): Choice {
  if (request.cause === 'unheard') return { id: `unheard/${used.length}`, saying: { say: script.unheard, end: false } };
  // A greeting is a greeting, also the second time, for somebody who missed the first.
  if (request.cause === 'kickoff') return lineChoice(script, 0, used);
  const usedIds = new Set(used.map((choice) => choice.id));
  const heard = heardSinceLastReply(request.messages);
  for (const [index, answer] of script.answers.entries()) {
    const id = `answer/${index}`;
    if ((answer.once && usedIds.has(id)) || !matches(answer.on, heard)) continue;
    return { id, saying: answer };
  }
  return lineChoice(script, nextLineIndex(used), used);
}

/** A transcription of the world sets marks; what a script listens for knows none, but may be written with them. */
function matches(on: ScriptFile['answers'][number]['on'], heard: string): boolean {
  if (heard === '') return false;
  const pattern = compilePattern(on);
  return pattern.test(heard) || pattern.test(heard.split(/\s+/).flatMap(plainWords).join(' '));
}

function lineChoice(script: ScriptFile, lineIndex: number, used: readonly Choice[]): Choice {
  const line = script.lines[lineIndex];
  if (line) return { id: `line/${lineIndex}`, lineIndex, saying: line };
  return { id: `otherwise/${used.length}`, saying: { say: script.otherwise, end: false } };
}

/** The line that comes next, unless an answer comes before it; undefined when all are used. */
export function nextLine(script: ScriptFile, used: readonly Choice[]): ScriptLine | undefined {
  return script.lines[nextLineIndex(used)];
}

function nextLineIndex(used: readonly Choice[]): number {
  return Math.max(-1, ...used.map((choice) => choice.lineIndex ?? -1)) + 1;
}

function heardSinceLastReply(messages: readonly ContextMessage[]): string {
  const last = messages.findLastIndex((message) => message.role === 'assistant');
  return messages
    .slice(last + 1)
    .flatMap((message) => (message.role === 'user' ? [message.text] : []))
    .join(' ');
}
