import { describe, expect, it } from 'vitest';
import { LogBuilder } from '../testing/log-builder.ts';
import { foldAll } from './run-fold.ts';
import { transcriptError } from './transcript-error.ts';

function errorOf(builder: LogBuilder): ReturnType<typeof transcriptError> {
  const fold = foldAll(builder.build());
  return transcriptError(fold.utterances, { finals: fold.finalsOf('Sarah'), givenUp: fold.givenUp.of('Sarah'), callEndMs: fold.nowMs });
}

describe('transcriptError', () => {
  const call = () => new LogBuilder().says('Sarah', { fromMs: 1000, toMs: 4000, text: 'How are you?', transcribed: 'how are who' });

  it('holds the final texts against the words that were played', () => {
    expect(errorOf(call().at(60_000, { type: 'run.ended', endedBy: 'goodbye' }))).toMatchObject({ words: 3, substitutions: 1 });
  });

  it('forgives what could not be transcribed before the call ended', () => {
    const cutShort = call().says('Sarah', { fromMs: 8000, toMs: 9000, text: 'Goodbye.', transcribed: '' }).at(9500, { type: 'run.ended', endedBy: 'goodbye' });
    expect(errorOf(cutShort)).toMatchObject({ words: 3, deletions: 0 });
  });

  it('forgives speech whose text was given up', () => {
    const segment = { participant: 'sarah-1', segmentId: 's1' };
    const left = call().says('Sarah', { fromMs: 8000, toMs: 9000, text: 'Hello again?', transcribed: '' });
    left.at(9500, { type: 'stt.requested', ...segment, startMs: 8000, endMs: 9000, audioMs: 1400 }).at(9800, { type: 'stt.cancelled', ...segment });
    expect(errorOf(left.at(60_000, { type: 'run.ended', endedBy: 'hangup' }))).toMatchObject({ words: 3, deletions: 0 });
  });

  it('forgives nothing that was never transcribed in time', () => {
    const deaf = call().says('Sarah', { fromMs: 8000, toMs: 9000, text: 'Hello?', transcribed: '' }).at(12_000, { type: 'run.ended', endedBy: 'inactivity' });
    expect(errorOf(deaf)).toMatchObject({ words: 4, deletions: 1 });
  });
});
