/** Option values that several commands take, read and refused in the same words. */
import { InvalidArgumentError } from 'commander';
import type { CassetteMode } from '../providers/cassette/playback.ts';

export const CASSETTE_MODES = ['strict', 'refresh', 'timing'] as const satisfies readonly CassetteMode[];

export function fileName(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Expected a file.');
  return text;
}

export function folderName(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Expected a folder.');
  return text;
}

export function dollars(text: string): number {
  if (!/^\$?\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError('Expected US dollars, such as 0.50.');
  return Number(text.replace('$', ''));
}

/** 0 is any free one. */
export function portNumber(text: string): number {
  if (!/^\d+$/.test(text) || Number(text) > 65_535) throw new InvalidArgumentError('Expected a port from 0 to 65535.');
  return Number(text);
}

export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('Expected a whole number.');
  return Number(text);
}
