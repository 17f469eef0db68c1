/** The recording of a saved run, as far as it is there. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SAMPLE_RATE_HZ } from '../audio/format.ts';
import { decodeWav } from '../audio/wav.ts';
import type { RecordedTracks } from '../metrics/recording-check.ts';
import { AUDIO_FILE } from '../run/run-folder.ts';

/** Undefined where there is no such file, or one that bottalk did not write. */
export async function readRecording(folder: string): Promise<RecordedTracks | undefined> {
  try {
    const wav = decodeWav(await readFile(join(folder, AUDIO_FILE)));
    const [first, other] = wav?.sampleRateHz === SAMPLE_RATE_HZ ? wav.tracks : [];
    return first && other && [first, other];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === undefined) throw error;
    return undefined;
  }
}
