import { describe, expect, it } from 'vitest';
import { LogBuilder } from '../testing/log-builder.ts';
import { figuresOf } from './run-figures.ts';
import { foldAll } from './run-fold.ts';
import { agentTalkOf, talkOf, talkOver } from './talk.ts';

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
    expect(talkOf(call(), { together: [{ startMs: 0, endMs: 20_000 }], callMs: 20_000 })).toEqual({
      talk_over_share: 0.025,
      talk_over_secs: 0.5,
      dead_air: { count: 2, longest_secs: 10.5, total_secs: 14.5 },
    });
  });

  it('counts no silence as dead air while one of the two is not there', () => {
    const away = { participant: 'mike-1', name: 'Mike', reason: 'line dropped' };
    const log = new LogBuilder().says('Sarah', { fromMs: 0, toMs: 1000, text: 'One.' }).at(2000, { type: 'participant.left', ...away }).at(9000, { type: 'participant.joined', participant: 'mike-2', name: 'Mike' });
    const fold = foldAll(log.says('Mike', { fromMs: 13_000, toMs: 14_000, text: 'Two.' }).at(15_000, { type: 'run.ended', endedBy: 'hangup' }).build());
    expect(fold.together).toEqual([{ startMs: 0, endMs: 2000 }, { startMs: 9000, endMs: 15_000 }]);
    expect(figuresOf(fold).conversation.dead_air).toEqual({ count: 1, longest_secs: 4, total_secs: 4 });
  });

  it('counts talking over whoever it is, also when somebody who is no agent spoke before', () => {
    const log = new LogBuilder().says('Sarah', { fromMs: 0, toMs: 4000, text: 'One.' }).at(4500, { type: 'participant.joined', participant: 'vera-1', name: 'Vera' });
    log.at(5060, { type: 'wire.speech_started', participant: 'vera-1', startMs: 5000 }).at(8300, { type: 'wire.speech_stopped', participant: 'vera-1', startMs: 5000, endMs: 8000 });
    log.says('Mike', { fromMs: 7500, toMs: 10_000, text: 'Two.' }).says('Sarah', { fromMs: 9000, toMs: 11_000, text: 'Three.' });
    const fold = foldAll(log.build());
    expect(talkOver(fold.utterances)).toEqual([{ startMs: 7500, endMs: 8000 }, { startMs: 9000, endMs: 10_000 }]);
    expect(talkOf(fold.utterances, { together: [], callMs: 20_000 })).toMatchObject({ talk_over_secs: 1.5, talk_over_share: 0.075 });
  });

  it('gives each side its part and its pace', () => {
    expect(agentTalkOf('Sarah', call())).toEqual({ speech_secs: 3, talk_ratio: 0.6, words: 6, words_per_minute: 120 });
    expect(agentTalkOf('Mike', call())).toEqual({ speech_secs: 2, talk_ratio: 0.4, words: 3, words_per_minute: 90 });
  });

  it('has no shares of silence', () => {
    expect(agentTalkOf('Sarah', [])).toEqual({ speech_secs: 0, talk_ratio: null, words: 0, words_per_minute: null });
    expect(talkOf([], { together: [], callMs: 0 })).toMatchObject({ talk_over_share: null, dead_air: { count: 0 } });
  });
});
