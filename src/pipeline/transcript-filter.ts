/** Which transcripts an agent may hear: never its own words, and if it wants so only what is addressed to it. */
import type { Transcript } from '../room/room.ts';

export type DropReason = 'own_echo' | 'not_addressed';

/** Why the transcript must not be heard; undefined when it may. */
export function dropReason(transcript: Transcript, self: { readonly participant: string; readonly name: string; readonly addressedOnly: boolean }): DropReason | undefined {
  if (transcript.participant === self.participant) return 'own_echo';
  if (self.addressedOnly && !containsName(transcript.text, self.name)) return 'not_addressed';
  return undefined;
}

/** Whether the name stands in the text as a whole word; letter case does not matter. */
export function containsName(text: string, name: string): boolean {
  const escaped = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  // A name may begin or end in a mark ("C++", "Dr."), where \b would never match.
  return new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, 'iu').test(text);
}
