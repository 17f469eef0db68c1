import { describe, expect, it } from 'vitest';
import type { EndedBy, UtteranceKind } from '../events/event.ts';
import { LogBuilder } from '../testing/log-builder.ts';
import { foldAll } from './run-fold.ts';
import { turnTakingOf } from './turn-taking.ts';

function measure(builder: LogBuilder, agent: string, options: { endedBy?: EndedBy; endMs?: number; toolCallsMs?: number[] } = {}) {
  const { utterances, turns } = foldAll(builder.build());
  return turnTakingOf({ agent, utterances, turns, toolCallsMs: options.toolCallsMs ?? [], endedBy: options.endedBy ?? 'end_conversation', endMs: options.endMs ?? 20_000 });
}

describe('answering', () => {
  const call = () =>
    new LogBuilder()
      .says('Sarah', { fromMs: 1000, toMs: 2000, text: 'Hello.' })
      .says('Mike', { fromMs: 2100, toMs: 4000, text: 'Hi.' })
      .says('Mike', { fromMs: 9000, toMs: 9500, text: 'Hello?' })
      .says('Sarah', { fromMs: 12500, toMs: 14000, text: 'Sorry.' })
      .says('Mike', { fromMs: 15000, toMs: 16000, text: 'Bye.' });

  it('counts what was answered before the peer had to speak again, and how soon', () => {
    const measured = measure(call(), 'Sarah');
    expect(measured.response_rate).toEqual({ rate: 0.5, count: 1, of: 2 });
    expect(measured.response_latency_mean).toBe(3000);
    expect(measured.response_latency).toMatchObject({ n: 1, p50: 3000 });
  });

  it('takes what was cut off as it began for answered, too', () => {
    const log = new LogBuilder().says('Sarah', { fromMs: 0, toMs: 900, text: 'Hello.' }).at(2000, { type: 'utterance.started', agent: 'Mike', utteranceId: 'u', replyId: null, kind: 'reply' });
    log.at(2000, { type: 'utterance.stopped', agent: 'Mike', utteranceId: 'u', replyId: null, kind: 'reply', words: [], cut: true });
    expect(measure(log.says('Sarah', { fromMs: 3000, toMs: 4000, text: 'Yes?' }), 'Sarah').response_rate).toEqual({ rate: 1, count: 1, of: 1 });
  });

  it('needs no answer to the last words of a call, unless the call died of the silence after them', () => {
    expect(measure(call(), 'Sarah', { endedBy: 'inactivity' }).response_rate.of).toBe(3);
    // Time was up in the middle of that silence, or before there could be an answer.
    expect(measure(call(), 'Sarah', { endedBy: 'max_duration', endMs: 21_000 }).response_rate.of).toBe(3);
    expect(measure(call(), 'Sarah', { endedBy: 'max_duration', endMs: 18_000 }).response_rate.of).toBe(2);
  });

  it('does not take an utterance for finished that goes on with what a tool answered', () => {
    const looked = new LogBuilder()
      .says('Sarah', { fromMs: 1000, toMs: 2000, text: 'Let me look.' })
      .says('Sarah', { fromMs: 4000, toMs: 5000, text: 'Ten dollars.', cause: 'tool_result' })
      .says('Mike', { fromMs: 5600, toMs: 6000, text: 'Thanks.' });
    expect(measure(looked, 'Mike').response_rate).toEqual({ rate: 1, count: 1, of: 1 });
  });

  it('sorts answers into early, on time and late, and allows a tool call its time', () => {
    const measured = measure(call(), 'Mike');
    expect([measured.early_rate.count, measured.on_time_rate.count, measured.late_rate.count]).toEqual([1, 1, 0]);
    expect(measure(call(), 'Sarah').late_rate).toEqual({ rate: 1, count: 1, of: 1 });
    expect(measure(call(), 'Sarah', { toolCallsMs: [10000] }).late_rate.count).toBe(0);
  });
});

describe('interrupting', () => {
  const call = () =>
    new LogBuilder()
      .says('Sarah', { fromMs: 1000, toMs: 5000, text: 'Let me tell you', cut: true })
      .says('Mike', { fromMs: 4400, toMs: 6000, text: 'Wait.', kind: 'barge_in' })
      .says('Sarah', { fromMs: 7000, toMs: 12000, text: 'As I said, it is ten dollars.' })
      .says('Mike', { fromMs: 8000, toMs: 9000, text: 'But', kind: 'barge_in', cut: true });

  it('counts for who was spoken over whether and how soon it yielded', () => {
    const sarah = measure(call(), 'Sarah');
    expect(sarah.yield_rate).toEqual({ rate: 0.5, count: 1, of: 2 });
    expect(sarah.yield_latency).toMatchObject({ n: 1, avg: 600 });
    expect(measure(call(), 'Mike').yield_rate).toEqual({ rate: null, count: 0, of: 0 });
  });

  it('counts for who spoke over how often, per turn of the peer', () => {
    expect(measure(call(), 'Mike').agent_interruption_rate).toEqual({ rate: 1, count: 2, of: 2 });
    expect(measure(call(), 'Sarah').agent_interruption_rate).toEqual({ rate: 0, count: 0, of: 1 });
  });
});

describe('selectivity', () => {
  /** Sarah speaks ten times; each time Mike makes a sound in the middle of it. She stops at the first `yielded`. */
  function sounds(kind: UtteranceKind, yielded: number, events = 10): LogBuilder {
    const call = new LogBuilder();
    for (let i = 0; i < events; i++) {
      const cut = i < yielded;
      call.says('Sarah', { fromMs: i * 10000, toMs: i * 10000 + (cut ? 2500 : 5000), text: 'Let me tell you.', cut });
      call.says('Mike', { fromMs: i * 10000 + 2000, toMs: i * 10000 + 2300, text: 'Mm.', kind });
    }
    return call;
  }

  it.each([
    ['backchannel', 'backchannel'],
    ['tic', 'vocal_tic'],
    ['aside', 'non_directed'],
  ] as const)('counts a %s ignored when it does not stop the speech', (kind, field) => {
    expect(measure(sounds(kind, 3), 'Sarah').selectivity[field]).toEqual({ rate: 0.7, count: 7, of: 10 });
  });

  it('gives counts but no rate under ten events', () => {
    expect(measure(sounds('tic', 0, 9), 'Sarah').selectivity.vocal_tic).toEqual({ rate: null, count: 9, of: 9 });
  });

  it('counts a sound into silence as ignored unless a reply follows within two seconds', () => {
    const quiet = (replyMs: number) =>
      new LogBuilder()
        .says('Sarah', { fromMs: 0, toMs: 1000, text: 'Hello.' })
        .says('Mike', { fromMs: 2000, toMs: 2300, text: 'Ahem.', kind: 'tic' })
        .says('Sarah', { fromMs: replyMs, toMs: 9000, text: 'Yes?' });
    expect(measure(quiet(4000), 'Sarah').selectivity.vocal_tic.count).toBe(0);
    expect(measure(quiet(4400), 'Sarah').selectivity.vocal_tic.count).toBe(1);
  });

  it('leaves out a sound after which an answer was due anyway', () => {
    const due = new LogBuilder()
      .says('Mike', { fromMs: 0, toMs: 1000, text: 'Hello?' })
      .says('Mike', { fromMs: 1200, toMs: 1400, text: 'Ahem.', kind: 'tic' })
      .says('Sarah', { fromMs: 2000, toMs: 3000, text: 'Yes?' });
    expect(measure(due, 'Sarah').selectivity.vocal_tic.of).toBe(0);
  });
});
