/** Which transcripts an agent may hear: never its own words, and if it wants so only what is addressed to it. */
import type { EventOf } from '../events/event.ts';
import type { Transcript } from '../room/room.ts';

export type DropReason = EventOf<'transcript.dropped'>['reason'];

export type Hearer = {
  readonly name: string;
  /** Every seat that this agent has had in the room: its words may arrive after it has changed seats. */
  readonly seats: ReadonlySet<string>;
  readonly addressedOnly: boolean;
};

/** Why the transcript must not be heard; undefined when it may. */
export function dropReason({ participant, text }: Transcript, hearer: Hearer): DropReason | undefined {
  if (hearer.seats.has(participant)) return 'own_echo';
  if (hearer.addressedOnly && !isAddressed(text, hearer.name)) return 'not_addressed';
  return undefined;
}

/** Whether the name stands in the text as a whole word; letter case does not matter. */
export function containsName(text: string, name: string): boolean {
  // A name may begin or end in a mark ("C++", "Dr."), where \b would never match.
  return wholeWord(escaped(name)).test(text);
}

/** Whether the name was said. Transcripts know no marks, so "Dr. No" is heard as "dr no". */
function isAddressed(text: string, name: string): boolean {
  const words = name.match(/[\p{L}\p{N}]+/gu) ?? [];
  return containsName(text, name) || (words.length > 0 && wholeWord(words.join('[^\\p{L}\\p{N}]+')).test(text));
}

function wholeWord(pattern: string): RegExp {
  return new RegExp(`(?<![\\p{L}\\p{N}_])${pattern}(?![\\p{L}\\p{N}_])`, 'iu');
}

function escaped(name: string): string {
  return name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
