import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../base/errors.ts';
import { findModel, openVerified } from './silero-model.ts';

describe('the model file', () => {
  it('is the one whose checksum we know', () => {
    const session = openVerified(findModel());
    expect(session.outputNames).toEqual(['output', 'stateN']);
    session.close();
  });

  it('is refused if it is another version', () => {
    const older = createRequire(import.meta.url).resolve('@ricky0123/vad-web/dist/silero_vad_v5.onnx');
    expect(() => openVerified(older)).toThrow(UsageError);
  });
});
