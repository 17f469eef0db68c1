/** What an agent remembers of the conversation: the system prompt, what it heard, and what it was heard to say. */
import type { EventLog } from '../events/log.ts';
import type { ContextMessage } from './llm.ts';

export class ConversationContext {
  readonly #agent: string;
  readonly #log: EventLog;
  readonly #messages: ContextMessage[] = [];

  constructor(agent: string, systemPrompt: string, log: EventLog) {
    this.#agent = agent;
    this.#log = log;
    this.#append({ role: 'system', text: systemPrompt });
  }

  /** The messages as they are now; later changes do not show in the list. */
  get messages(): readonly ContextMessage[] {
    return [...this.#messages];
  }

  /** Whether anybody has said a word to this agent. */
  get hasHeard(): boolean {
    return this.#messages.some((message) => message.role === 'user');
  }

  system(text: string): void {
    this.#append({ role: 'system', text });
  }

  /** What the peer said. Messages in a row are never merged. */
  user(text: string): void {
    this.#append({ role: 'user', text });
  }

  /**
   * The words of a reply that were heard; a reply of which nothing was heard leaves no trace. It stands before the
   * tools it called, as the model wrote it, though they may have answered before it was spoken.
   */
  assistant(text: string, replyId: string): void {
    if (text === '') return;
    const call = this.#messages.findIndex((message) => message.role === 'tool_call' && message.replyId === replyId);
    this.#append({ role: 'assistant', text, replyId }, call < 0 ? this.#messages.length : call);
  }

  toolCall(call: Omit<Extract<ContextMessage, { role: 'tool_call' }>, 'role'>): void {
    this.#messages.push({ role: 'tool_call', ...call });
  }

  /** Stands right behind its call and the other messages of the same calls, whatever was heard in between. */
  toolResult(result: Omit<Extract<ContextMessage, { role: 'tool_result' }>, 'role'>): void {
    let index = this.#messages.findLastIndex((message) => message.role === 'tool_call' && message.callId === result.callId) + 1;
    while (this.#messages[index]?.role === 'tool_call' || this.#messages[index]?.role === 'tool_result') index += 1;
    this.#messages.splice(index, 0, { role: 'tool_result', ...result });
  }

  /** Adds words that came late to the last thing heard. */
  amendUser(lateText: string): void {
    const index = this.#messages.findLastIndex((message) => message.role === 'user');
    const last = this.#messages[index];
    if (last?.role !== 'user') return this.user(lateText);
    const text = `${last.text} ${lateText}`;
    this.#messages[index] = { role: 'user', text };
    this.#log.append({ type: 'context.amended', agent: this.#agent, role: 'user', text });
  }

  #append(message: Extract<ContextMessage, { text: string }>, index = this.#messages.length): void {
    this.#messages.splice(index, 0, message);
    const { role, text } = message;
    const replyId = role === 'assistant' ? { replyId: message.replyId } : {};
    this.#log.append({ type: 'context.appended', agent: this.#agent, role, text, ...replyId });
  }
}
