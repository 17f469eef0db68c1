import { describe, expect, it } from 'vitest';
import { foldAll } from '../metrics/run-fold.ts';
import { LogBuilder } from '../testing/log-builder.ts';
import { transcriptText } from './transcript-text.ts';
import { transcriptVtt } from './transcript-vtt.ts';

const call = () =>
  foldAll(
    new LogBuilder()
      .says('Sarah', { fromMs: 1000, toMs: 5000, text: 'Hi. I am, well,', intended: 'Hi. I am, well, new.', cut: true })
      .says('Mike', { fromMs: 4000, toMs: 4400, text: 'Mm-hm.', kind: 'backchannel' })
      .says('Mike', { fromMs: 4800, toMs: 6000, text: 'A < B & C', kind: 'barge_in' })
      .build(),
  );

describe('transcript.txt', () => {
  it('gives each utterance a line, marks where speech was cut off and puts side speech in brackets', () => {
    expect(transcriptText(call())).toBe(
      ['0:01.0  Sarah  Hi. I am, well— (cut off)', '0:04.0  Mike   [Mm-hm.]', '0:04.8  Mike   A < B & C', ''].join('\n'),
    );
  });

  it('tells who came and went besides the agents, and what they said', () => {
    const log = new LogBuilder().says('Sarah', { fromMs: 1000, toMs: 2000, text: 'Hello.' });
    log.at(500, { type: 'participant.joined', participant: 'vera-1', name: 'Vera' }).at(5000, { type: 'participant.left', participant: 'vera-1', name: 'Vera', reason: 'left' });
    log.at(3060, { type: 'wire.speech_started', participant: 'vera-1', startMs: 3000 }).at(4300, { type: 'wire.speech_stopped', participant: 'vera-1', startMs: 3000, endMs: 4000 });
    log.at(4200, { type: 'transcript.published', participant: 'vera-1', text: 'who are you', final: true, startMs: 3000, endMs: 4000 });
    expect(transcriptText(foldAll(log.build()))).toBe(
      ['0:00.5  Vera   [joined]', '0:01.0  Sarah  Hello.', '0:03.0  Vera   who are you', '0:05.0  Vera   [left]', ''].join('\n'),
    );
  });

  it('is empty for a call in which nothing was said', () => {
    expect(transcriptText(foldAll(new LogBuilder().build()))).toBe('');
  });
});

describe('transcript.vtt', () => {
  it('gives each sentence a cue with its voice and the times of its words', () => {
    expect(transcriptVtt(call())).toBe(
      [
        'WEBVTT',
        '',
        '00:00:01.000 --> 00:00:02.000',
        '<v Sarah>Hi.',
        '',
        '00:00:02.000 --> 00:00:05.000',
        '<v Sarah>I <00:00:03.000>am, <00:00:04.000>well,—',
        '',
        '00:00:04.000 --> 00:00:04.400',
        '<v Mike>[Mm-hm.]',
        '',
        '00:00:04.800 --> 00:00:06.000',
        '<v Mike>A <00:00:05.040>&lt; <00:00:05.280>B <00:00:05.520>&amp; <00:00:05.760>C',
        '',
      ].join('\n'),
    );
  });

  it('gives words of no length a cue that lasts, and no times inside it', () => {
    const vtt = transcriptVtt(foldAll(new LogBuilder().says('Sarah', { fromMs: 1000, toMs: 1000, text: 'a b' }).build()));
    expect(vtt).toContain('00:00:01.000 --> 00:00:01.001\n<v Sarah>a b\n');
  });
});
