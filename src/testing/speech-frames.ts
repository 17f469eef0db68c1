/** Speech as an agent's playout would send it, for tests that need no agent: frames with their labels. */
import { FRAME_SAMPLES } from '../audio/format.ts';
import { type AudioFrame, audioFrame, SILENCE } from '../audio/frame.ts';
import type { Speech } from '../providers/voice/speech.ts';

/** The frames of one utterance; each names the words that end in it. */
export function framesOf({ samples, words }: Speech, utteranceId = 'utterance'): AudioFrame[] {
  const count = Math.ceil(samples.length / FRAME_SAMPLES);
  return Array.from({ length: count }, (_, n) => {
    const start = n * FRAME_SAMPLES;
    const frame = new Int16Array(FRAME_SAMPLES);
    frame.set(samples.subarray(start, start + FRAME_SAMPLES));
    const ending = words.filter(({ endSample }) => endSample > start && endSample <= start + FRAME_SAMPLES);
    const spans = ending.map((word) => ({ text: word.text, startSample: word.startSample - start, endSample: word.endSample - start }));
    return spans.length === 0 ? audioFrame(frame) : audioFrame(frame, { utteranceId, words: spans });
  });
}

/** The same frames with every sample zero, labels kept. */
export function muted(frames: readonly AudioFrame[]): AudioFrame[] {
  return frames.map(({ label }) => (label ? { ...SILENCE, label } : SILENCE));
}

export function silence(frames: number): AudioFrame[] {
  return Array.from({ length: frames }, () => SILENCE);
}
