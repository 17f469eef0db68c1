import { describe, expect, it } from 'vitest';
import { LogBuilder, seatOf } from '../testing/log-builder.ts';
import { foldAll } from './run-fold.ts';

describe('Conversation', () => {
  it('takes the time of an utterance from the wire, pauses left out, and its words from what was played', () => {
    const events = new LogBuilder()
      .at(1000, { type: 'reply.started', agent: 'Sarah', replyId: 'r1', turnId: 't1', cause: 'turn', kind: 'reply' })
      .at(1000, { type: 'tts.sentence_sent', agent: 'Sarah', utteranceId: 'u1', text: 'One two three.' })
      .at(1000, { type: 'utterance.started', agent: 'Sarah', utteranceId: 'u1', replyId: 'r1', kind: 'reply' })
      .at(1300, { type: 'wire.speech_started', participant: seatOf('Sarah'), startMs: 1180 })
      .at(2300, { type: 'wire.speech_stopped', participant: seatOf('Sarah'), startMs: 1180, endMs: 1900 })
      .at(2700, { type: 'wire.speech_started', participant: seatOf('Sarah'), startMs: 2600 })
      .at(3500, {
        type: 'utterance.stopped',
        agent: 'Sarah',
        utteranceId: 'u1',
        replyId: 'r1',
        kind: 'reply',
        words: [
          { text: 'One', startMs: 1180, endMs: 1500 },
          { text: 'two', startMs: 1500, endMs: 1900 },
        ],
        cut: true,
      })
      .at(3800, { type: 'wire.speech_stopped', participant: seatOf('Sarah'), startMs: 2600, endMs: 3360 })
      .build();
    expect(foldAll(events).utterances).toMatchObject([
      {
        agent: 'Sarah',
        turnId: 't1',
        cause: 'turn',
        startMs: 1180,
        endMs: 3360,
        segments: [
          { startMs: 1180, endMs: 1900 },
          { startMs: 2600, endMs: 3360 },
        ],
        text: 'One two',
        intended: 'One two three.',
        cut: true,
      },
    ]);
  });

  it('shows what is given to the voice while an utterance lasts, and no end', () => {
    const events = new LogBuilder()
      .at(1000, { type: 'tts.sentence_sent', agent: 'Sarah', utteranceId: 'u1', text: 'One.' })
      .at(1000, { type: 'utterance.started', agent: 'Sarah', utteranceId: 'u1', replyId: null, kind: 'aside' })
      .at(1200, { type: 'tts.sentence_sent', agent: 'Sarah', utteranceId: 'u1', text: 'Two.' })
      .build();
    expect(foldAll(events).utterances).toMatchObject([{ startMs: 1000, endMs: null, text: 'One. Two.', segments: [{ startMs: 1000, endMs: 1200 }] }]);
  });

  it('divides one stretch of sound between two utterances that follow each other without a pause', () => {
    const events = new LogBuilder()
      .at(1000, { type: 'utterance.started', agent: 'Sarah', utteranceId: 'u1', replyId: null, kind: 'reply' })
      .at(1100, { type: 'wire.speech_started', participant: seatOf('Sarah'), startMs: 1000 })
      .at(2000, { type: 'utterance.stopped', agent: 'Sarah', utteranceId: 'u1', replyId: null, kind: 'reply', words: [], cut: false })
      .at(2020, { type: 'utterance.started', agent: 'Sarah', utteranceId: 'u2', replyId: null, kind: 'reply' })
      .at(3000, { type: 'utterance.stopped', agent: 'Sarah', utteranceId: 'u2', replyId: null, kind: 'reply', words: [], cut: false })
      .at(3300, { type: 'wire.speech_stopped', participant: seatOf('Sarah'), startMs: 1000, endMs: 2990 })
      .build();
    expect(foldAll(events).utterances).toMatchObject([
      { startMs: 1000, endMs: 2020 },
      { startMs: 2020, endMs: 2990 },
    ]);
  });

  it('knows somebody who is not ours by the wire and the transcript', () => {
    const events = new LogBuilder()
      .at(0, { type: 'participant.joined', participant: 'guest-1', name: 'Guest' })
      .at(1100, { type: 'wire.speech_started', participant: 'guest-1', startMs: 1000 })
      .at(2300, { type: 'wire.speech_stopped', participant: 'guest-1', startMs: 1000, endMs: 2000 })
      .at(2250, { type: 'transcript.published', participant: 'guest-1', text: 'hello both', final: true, startMs: 1050, endMs: 1950 })
      .build();
    expect(foldAll(events).utterances).toMatchObject([{ agent: 'Guest', kind: 'reply', startMs: 1000, endMs: 2000, text: 'hello both' }]);
  });

  it('ends the sound of who leaves in mid-word', () => {
    const events = new LogBuilder()
      .at(1000, { type: 'wire.speech_started', participant: seatOf('Mike'), startMs: 900 })
      .at(1500, { type: 'participant.left', participant: seatOf('Mike'), name: 'Mike', reason: 'gone' })
      .at(9000, { type: 'run.ended', endedBy: 'hangup' })
      .build();
    expect(foldAll(events).utterances).toMatchObject([{ agent: 'Mike', startMs: 900, endMs: 1500 }]);
  });
});
