/**
 * Puts tool calls together from the pieces in which they are streamed. Servers number them, name them and cut them up
 * in different ways; a call that cannot be read in the end is told apart and never guessed.
 */
import type { LlmChunk } from '../../pipeline/llm.ts';

export type WireToolCall = {
  readonly index?: number | null;
  readonly id?: string | null;
  readonly function?: { readonly name?: string | null; readonly arguments?: unknown } | null;
};

type ToolCall = Extract<LlmChunk, { kind: 'tool_call' }>;
type Entry = { readonly index: number | undefined; id: string; name: string; text: string };

export class ToolCallReader {
  readonly #entries: Entry[] = [];

  /** Whether any call was begun. */
  get begun(): boolean {
    return this.#entries.length > 0;
  }

  add({ index, id, function: called }: WireToolCall): void {
    const name = called?.name ?? '';
    const entry = this.#entryOf(index ?? undefined, id ?? '', name);
    entry.id ||= id ?? '';
    entry.name ||= name;
    const given = called?.arguments;
    // Some servers send the arguments as an object and not as its text.
    if (typeof given === 'string') entry.text += given;
    else if (given !== undefined && given !== null) entry.text = JSON.stringify(given);
  }

  /** All calls, with ids that are unique within the reply; undefined if one cannot be read. */
  calls(replyId: string): readonly ToolCall[] | undefined {
    const used = new Set<string>();
    const calls: ToolCall[] = [];
    for (const [i, { id, name, text }] of this.#entries.entries()) {
      const given = parseArguments(text);
      if (name === '' || !given) return undefined;
      const callId = id === '' || used.has(id) ? `${replyId}-call-${i + 1}` : id;
      used.add(callId);
      calls.push({ kind: 'tool_call', callId, name, arguments: given });
    }
    return calls;
  }

  #entryOf(index: number | undefined, id: string, name: string): Entry {
    const entry = this.#entries.findLast((other) => index === undefined || other.index === index);
    if (entry && !beginsAnother(entry, id, name)) return entry;
    const added: Entry = { index, id: '', name: '', text: '' };
    this.#entries.push(added);
    return added;
  }
}

/** Some servers give every call the same index, or none; then its id tells, or a name after arguments that are whole. */
function beginsAnother(entry: Entry, id: string, name: string): boolean {
  if (id !== '' && entry.id !== '') return id !== entry.id;
  return name !== '' && entry.name !== '' && entry.text !== '' && parseArguments(entry.text) !== undefined;
}

/** No text at all means no arguments. */
function parseArguments(text: string): Readonly<Record<string, unknown>> | undefined {
  if (text.trim() === '') return {};
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
