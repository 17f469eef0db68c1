/** What somebody in a Daily room is told of the agents' metrics, by the agents themselves and in messages of Daily. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemWallClock as wall } from '../../src/clock/wall-clock.ts';
import { DailyRun, transcribing } from '../../src/testing/daily/daily-run.ts';
import { FakeDaily } from '../../src/testing/daily/fake-daily.ts';
import { Visitor } from '../../src/testing/daily/visitor.ts';
import { caseOf, eventsOf, WholeRuns } from '../../src/testing/whole-run.ts';
import { isChromiumMissing } from './chromium-here.ts';

const QUICK = 'llm: { first_token_ms: 50 }, tts: { first_byte_ms: 20 }';
const SCENARIO = `
title: By Daily
turn: { profile: responsive }
room: { kind: daily }
agents:
  - { name: Nora, prompt: Ask., ${QUICK}, script: { lines: [Hello Leo.], unheard: And how is that? } }
  - { name: Leo, prompt: Answer., ${QUICK}, script: { lines: [I am well.], unheard: It could be worse. } }
`;

const COMMON = ['label', 'id', 'agent', 'type', 'ts', 'seq'];
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  ttfb: ['processor', 'value'],
  processing: ['processor', 'value'],
  e2e: ['value', 'reply_id'],
  turn: ['turn', 'input', 'output', 'e2e', 'reply_id', 'vad_stop_secs', 'perceived_latency', 'interrupted', 'spoken_output'],
  summary: ['data'],
};

type Message = {
  readonly label: string;
  readonly id: string;
  readonly agent: string;
  readonly seq: number;
  readonly type: string;
  readonly ts: number;
  readonly replay?: boolean;
};

describe.skipIf(isChromiumMissing('tests/daily/daily-metrics.test.ts'))('metrics in a Daily room', () => {
  let runs: WholeRuns;
  beforeAll(() => void (runs = new WholeRuns()));
  afterAll(() => runs.close());

  test('reach a visitor who comes late: what was, alone, then what is, and summaries before the agents leave', async () => {
    const daily = await FakeDaily.start();
    const call = new DailyRun(daily);
    const visitor = new Visitor({ daily, profilesFolder: call.profilesFolder });
    visitor.warmUp();
    const transcribe = transcribing(daily);
    const enough = new AbortController();
    const startedSecs = wall.epochMs() / 1000;
    let url = '';
    let joining: Promise<void> | undefined;
    const liveTurnsOf = (agent: string): number =>
      messagesTo(visitor).filter(({ from, message: { type, replay } }) => from === agent && type === 'turn' && !replay).length;
    const { events, thrown, ending } = await runs.run(caseOf(SCENARIO), {
      secrets: call.secrets,
      patience: { daily: call.tuning() },
      signal: enough.signal,
      onEvent: (event) => {
        transcribe(event);
        if (event.type === 'room.opened') url = event.url;
        if (event.type === 'reply.stopped') joining ??= visitor.join(url, 'Vera');
        if (liveTurnsOf('Nora') > 0 && liveTurnsOf('Leo') > 0) enough.abort();
      },
    });
    await joining;
    // What the agents say last reaches him before the news that they have left.
    const hasLeft = (agent: string): boolean => visitor.notes.some((note) => note.startsWith(`${agent} left`));
    while (!hasLeft('Nora') || !hasLeft('Leo')) await wall.sleep(10);
    await visitor.close();
    await daily.close();
    call.close();
    expect(thrown).toBeUndefined();
    expect(ending).toEqual({ endedBy: 'cancelled' });

    const told = messagesTo(visitor);
    for (const { from, message } of told) {
      expect(message.agent).toBe(from);
      expect(Object.keys(message)).toEqual([...COMMON, ...(message.replay ? ['replay'] : []), ...(FIELDS[message.type] ?? ['?'])]);
      expect(message.ts).toBeGreaterThan(startedSecs);
    }
    expect(new Set(told.map(({ message: { id } }) => id)).size).toBe(told.length);
    for (const agent of ['Nora', 'Leo']) {
      const own = told.flatMap(({ message }) => (message.agent === agent ? [message] : []));
      const live = own.filter(({ replay }) => !replay);
      expect(live.map(({ seq }) => seq), 'in order').toEqual(live.map(({ seq }) => seq).toSorted((a, b) => a - b));
      // What is sent while he comes in may reach him both ways, under one number.
      const numbers = new Set(own.map(({ seq }) => seq));
      expect([...numbers].toSorted((a, b) => a - b), 'nothing is missed').toEqual([...numbers.keys()].map((_, n) => n));
      expect(live.at(-1)?.type).toBe('summary');
    }
    const again = told.flatMap(({ message }) => (message.replay && message.agent === 'Nora' ? [message] : []));
    expect(again.length).toBeGreaterThan(0);
    expect(again.map(({ seq }) => seq)).toEqual([...again.keys()]);
    expect(eventsOf(events, 'app_message.sent')).toEqual([]);
  });
});

function messagesTo(visitor: Visitor): { readonly from: string; readonly message: Message }[] {
  return visitor.messages.flatMap(({ from, data }) => ((data as Message).label === 'metrics' ? [{ from, message: data as Message }] : []));
}
