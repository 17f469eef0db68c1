import { describe, expect, it } from 'vitest';
import { LogBuilder } from '../testing/log-builder.ts';
import { foldAll } from './run-fold.ts';

const turnsIn = (builder: LogBuilder) =>
  foldAll(builder.build()).turns.map(({ agent, startMs, endMs, gapMs, text }) => ({ agent, startMs, endMs, gapMs, text }));

describe('turnsOf', () => {
  it('joins what one agent says until the other takes the floor', () => {
    const call = new LogBuilder()
      .says('Sarah', { fromMs: 1000, toMs: 2000, text: 'Hello.' })
      .says('Sarah', { fromMs: 4000, toMs: 5000, text: 'Anybody there?' })
      .says('Mike', { fromMs: 5800, toMs: 7000, text: 'Yes.' });
    expect(turnsIn(call)).toEqual([
      { agent: 'Sarah', startMs: 1000, endMs: 5000, gapMs: null, text: 'Hello. Anybody there?' },
      { agent: 'Mike', startMs: 5800, endMs: 7000, gapMs: 800, text: 'Yes.' },
    ]);
  });

  it('gives a barge-in the floor from where it began, so that the gap is negative', () => {
    const call = new LogBuilder()
      .says('Sarah', { fromMs: 1000, toMs: 4400, text: 'Let me tell you', cut: true })
      .says('Mike', { fromMs: 4000, toMs: 6000, text: 'Stop.', kind: 'barge_in' });
    expect(turnsIn(call)[1]).toMatchObject({ agent: 'Mike', startMs: 4000, gapMs: -400 });
  });

  it.each(['backchannel', 'tic', 'aside'] as const)('gives a %s no turn', (kind) => {
    const call = new LogBuilder()
      .says('Sarah', { fromMs: 1000, toMs: 4000, text: 'Let me tell you.' })
      .says('Mike', { fromMs: 2000, toMs: 2400, text: 'Mm-hm.', kind })
      .says('Sarah', { fromMs: 4500, toMs: 6000, text: 'And more.' });
    expect(turnsIn(call)).toHaveLength(1);
  });

  it('leaves the floor with who goes on when the other gives up', () => {
    const call = new LogBuilder()
      .says('Sarah', { fromMs: 1000, toMs: 9000, text: 'Let me tell you.' })
      .says('Mike', { fromMs: 3000, toMs: 4000, text: 'But', kind: 'barge_in', cut: true })
      .says('Mike', { fromMs: 9500, toMs: 11000, text: 'Now me.' });
    expect(turnsIn(call)).toMatchObject([
      { agent: 'Sarah', endMs: 9000 },
      { agent: 'Mike', startMs: 9500, gapMs: 500, text: 'Now me.' },
    ]);
  });

  it('has no end and no gap behind it while a turn lasts', () => {
    const call = new LogBuilder()
      .says('Sarah', { fromMs: 1000, toMs: 2000, text: 'Hello.' })
      .at(3000, { type: 'utterance.started', agent: 'Mike', utteranceId: 'now', replyId: null, kind: 'reply' });
    expect(turnsIn(call)[1]).toEqual({ agent: 'Mike', startMs: 3000, endMs: null, gapMs: 1000, text: '' });
  });
});
