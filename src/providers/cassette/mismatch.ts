/** Says in one line how what is asked differs from what was recorded: the first difference only, and shortened. */
import { MismatchError } from '../../base/errors.ts';
import { type AskedMessage, type ChatAsked, orderedJson, type SpeechAsked } from './call-request.ts';
import { sameMessages } from './cassette-text.ts';

/** How much of a text is shown, and how much of that stands before the first difference. */
const SHOWN_CHARACTERS = 72;
const SHOWN_BEFORE = 24;

export function chatMismatch(agent: string, asked: ChatAsked, recorded: ChatAsked | undefined): MismatchError {
  if (!recorded) return new MismatchError(`${agent}'s brain is asked once more than was recorded; ${lastOf(asked)}`);
  const which = `${agent}'s brain is not asked what was recorded`;
  const facts = differentFacts(which, asked, recorded);
  if (facts) return facts;
  const at = sameMessages(asked.messages, recorded.messages);
  const [was, is] = excerpts(messageText(recorded.messages[at]), messageText(asked.messages[at]));
  if (was === is) return different(`${which}: the tools`, orderedJson(recorded.tools), orderedJson(asked.tools));
  return new MismatchError(`${which}: message ${at + 1} was ${was} and is ${is}`);
}

/** `sentences` may go on in one of the two only. */
export function speechMismatch(agent: string, asked: SpeechAsked, recorded: SpeechAsked | undefined): MismatchError {
  if (!recorded) return new MismatchError(`${agent}'s voice is asked once more than was recorded; ${quoted(asked.sentences.join(' '))}`);
  const which = `${agent}'s voice is not given what was recorded`;
  const facts = differentFacts(which, asked, recorded);
  if (facts) return facts;
  const at = asked.sentences.findIndex((sentence, i) => sentence !== recorded.sentences[i]);
  const number = at === -1 ? asked.sentences.length : at;
  return different(`${which}: sentence ${number + 1}`, recorded.sentences[number], asked.sentences[number]);
}

/** What is no text is compared by all of it. */
function differentFacts(which: string, asked: ChatAsked | SpeechAsked, recorded: ChatAsked | SpeechAsked): MismatchError | undefined {
  for (const key of ['provider', 'model', 'voice', 'settings'] as const) {
    const [was, is] = [recorded, asked].map((request) => (key in request ? orderedJson(request[key as keyof typeof request]) : undefined));
    const [did, does] = key === 'settings' ? ['were', 'are'] : ['was', 'is'];
    if (was !== is) return new MismatchError(`${which}: the ${key} ${did} ${was ?? 'none'} and ${does} ${is ?? 'none'}`);
  }
  return undefined;
}

function different(what: string, was: string | undefined, is: string | undefined): MismatchError {
  const [before, now] = excerpts(was, is);
  return new MismatchError(`${what} was ${before} and is ${now}`);
}

function messageText(message: AskedMessage | undefined): string | undefined {
  if (!message) return undefined;
  if ('text' in message) return `${message.role}: ${message.text}`;
  return `${message.role} ${message.name}: ${orderedJson(message.role === 'tool_call' ? message.arguments : message.result)}`;
}

/** Both from a little before the first character in which they differ. */
function excerpts(was: string | undefined, is: string | undefined): readonly [string, string] {
  let same = 0;
  while (was !== undefined && is !== undefined && same < was.length && was[same] === is[same]) same++;
  const fits = Math.max(was?.length ?? 0, is?.length ?? 0) <= SHOWN_CHARACTERS;
  const from = fits || same <= SHOWN_BEFORE ? 0 : wordAt(was ?? '', same - SHOWN_BEFORE, same);
  return [quoted(was, from), quoted(is, from)];
}

/** Where the first word begins that does not begin before `from`; `from` itself if none does before `end`. */
function wordAt(text: string, from: number, end: number): number {
  const blank = text.slice(from, end).search(/\s\S/);
  return blank === -1 ? from : from + blank + 1;
}

function quoted(text: string | undefined, from = 0): string {
  if (text === undefined) return 'nothing';
  const shown = text.slice(from, from + SHOWN_CHARACTERS).replace(/\s+/g, ' ');
  return `"${from > 0 ? '…' : ''}${shown}${from + SHOWN_CHARACTERS < text.length ? '…' : ''}"`;
}

function lastOf({ messages }: ChatAsked): string {
  return `the last message is ${quoted(messageText(messages.at(-1)))}`;
}
