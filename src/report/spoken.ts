/** An utterance as one line of a transcript, the same in every report. */
import { takesFloor, type Utterance } from '../metrics/conversation.ts';
import { oneLine } from './text-columns.ts';

/** What was heard; cut-off speech ends in a dash where it was cut, speech that takes no floor stands in brackets. */
export function spokenLine({ text, kind, cut }: Utterance): string {
  const heard = cut ? `${oneLine(text).replace(/[\s,;:]+$/, '')}— (cut off)` : oneLine(text);
  return takesFloor(kind) ? heard : `[${heard}]`;
}
