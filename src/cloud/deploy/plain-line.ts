/** A line of somebody else's program as a terminal can show it beside ours: without colours, cursor moves or breaks. */
import { stripVTControlCharacters } from 'node:util';
import { displayable } from '../../base/display-text.ts';

export function plainLine(line: string): string {
  return displayable(stripVTControlCharacters(line)).trimEnd();
}
