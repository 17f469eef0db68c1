import { describe, expect, it } from 'vitest';
import { LogBuilder } from '../testing/log-builder.ts';
import { foldAll } from './run-fold.ts';
import { agentTalkOf, talkOf } from './talk.ts';

const call = () =>
  foldAll(
    new LogBuilder()
      .says('Sarah', { fromMs: 1000, toMs: 4000, text: 'One two three four five six' })
      .says('Mike', { fromMs: 3000, toMs: 3500, text: 'Mm-hm.', kind: 'backchannel' })
      .says('Mike', { fromMs: 8000, toMs: 9500, text: 'Well now.' })
      .build(),
  ).utterances;

describe('talk', () => {
  it('shares the call out: both at once, and silences longer than three seconds', () => {
    expect(talkOf(call(), { startMs: 0, endMs: 20_000 })).toEqual({
      talk_over_share: 0.025,
      talk_over_secs: 0.5,
      dead_air: { count: 2, longest_secs: 10.5, total_secs: 14.5 },
    });
  });

  it('gives each side its part and its pace', () => {
    expect(agentTalkOf('Sarah', call())).toEqual({ speech_secs: 3, talk_ratio: 0.6, words: 6, words_per_minute: 120 });
    expect(agentTalkOf('Mike', call())).toEqual({ speech_secs: 2, talk_ratio: 0.4, words: 3, words_per_minute: 90 });
  });

  it('has no shares of silence', () => {
    expect(agentTalkOf('Sarah', [])).toEqual({ speech_secs: 0, talk_ratio: null, words: 0, words_per_minute: null });
    expect(talkOf([], { startMs: 0, endMs: 0 })).toMatchObject({ talk_over_share: null, dead_air: { count: 0 } });
  });
});
