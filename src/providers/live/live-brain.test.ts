/** Answers in call time: what arrives from a server is handed on at its time, and its recording alike. */
import { afterEach, describe, expect, it } from 'vitest';
import { ProviderError } from '../../base/errors.ts';
import type { Arrival } from '../../clock/arrival.ts';
import { ArrivalQueue } from '../../clock/arrival-queue.ts';
import { VirtualClock } from '../../clock/virtual-clock.ts';
import { systemWallClock, type WallClock } from '../../clock/wall-clock.ts';
import type { LiveFailure } from '../../clock/live-answer.ts';
import type { LiveLlm } from '../../pipeline/live-llm.ts';
import type { LlmChunk } from '../../pipeline/llm.ts';
import type { Tape } from '../../pipeline/tape.ts';
import { type ChatPiece, REQUEST } from '../../testing/chat-asker.ts';
import { type ChatServer, openChatServer } from '../../testing/chat-server.ts';
import { HandMovedWall } from '../../testing/hand-moved-wall.ts';
import { openChat } from '../openai/open-chat.ts';
import { LiveBrain } from './live-brain.ts';

const never = new AbortController().signal;
const BUSY: LiveFailure = { provider: 'openai', kind: 'server', message: 'the server failed (503)', retryable: true, status: 503 };
const EMPTY: LiveFailure = { provider: 'openai', kind: 'empty', message: 'the model ended its turn without a word', retryable: true, status: null };

/** After so many milliseconds of the world, this. */
type Script = readonly (readonly [afterMs: number, piece: ChatPiece])[];

const SPOKEN: Script = [
  [120, { kind: 'retrying', attempt: 1, retryInMs: 400, failure: BUSY }],
  [733.25, { kind: 'text', text: 'Good ' }],
  [12.5, { kind: 'text', text: 'morning.' }],
  [47, { kind: 'tool_call', callId: 'call_a', name: 'lookup', arguments: { id: 7 } }],
  [0, { kind: 'usage', usage: { promptTokens: 21, completionTokens: 9 } }],
  [33.3, { kind: 'ended' }],
];
const SILENT: Script = [[321.5, { kind: 'failed', failure: EMPTY }]];

describe('a brain in call time', () => {
  it('speaks when the server does, ends when it ends, and tells of tries that failed when they did', async () => {
    const { log } = await run((wall) => scripted(wall, SPOKEN), 'wall');
    expect(log.filter((line) => !line.startsWith('tick'))).toEqual([
      'retrying (server, 503) at 1120',
      'text at 1853.25',
      'text at 1865.75',
      'tool_call at 1912.75',
      'usage at 1912.75',
      'over at 1946.05',
    ]);
  });

  it('fails as the server fails, and when', async () => {
    const { log, error } = await run((wall) => scripted(wall, SILENT), 'wall');
    expect(log.filter((line) => !line.startsWith('tick'))).toEqual(['failed at 1321.5']);
    expect(error).toBeInstanceOf(ProviderError);
    expect(error).toMatchObject({ provider: 'openai', kind: 'empty', message: EMPTY.message, status: undefined });
  });

  it('has each piece taken down with the time of its delivery: failed tries, the end and the failure among them', async () => {
    const tapeOf = async (script: Script) => (await run((wall) => scripted(wall, script), 'wall')).tape;
    const pieces = (script: Script) => script.map(([, piece]) => piece);
    const spoken = await tapeOf(SPOKEN);
    expect(spoken.map(({ value }) => value)).toEqual(pieces(SPOKEN));
    expect(spoken.map(({ offsetMs }) => offsetMs)).toEqual([120, 853.25, 865.75, 912.75, 912.75, 946.05]);
    expect(await tapeOf(SILENT)).toEqual([{ offsetMs: 321.5, value: { kind: 'failed', failure: EMPTY } }]);
  });

  it('has the offset taken down at which a late piece was delivered, not the one at which it came', async () => {
    const late = await run((wall) => scripted(wall, SPOKEN), 'wall', { tardyMs: 200 });
    expect(late.tape.map(({ offsetMs }) => offsetMs)).toEqual([120, 853.25, 1053.25, 1253.25, 1253.25, 1253.25]);
  });

  it.each([['an answer', SPOKEN], ['a failure', SILENT]])('plays %s back from a recording at the same moments, the last one included, and waits for nothing', async (_, script) => {
    const live = await run((wall) => scripted(wall, script), 'wall');
    const replay = await run(() => ({ name: 'openai', model: 'gpt-4o', ask: () => recording(live.tape) }), 'none');
    expect(replay.log).toEqual(live.log);
    expect(replay.tape).toEqual(live.tape);
    expect(replay.wallMs).toBe(0);
    expect(live.wallMs).toBeGreaterThan(300);
  });

  it('is known by what it asks', () => {
    const llm: LiveLlm = { name: 'openai', model: 'gpt-4o', ask: () => recording([]) };
    const brain = new LiveBrain({ clock: new VirtualClock({ wall: new HandMovedWall() }), llm, charge: 'none' });
    expect([brain.name, brain.model]).toEqual(['openai', 'gpt-4o']);
  });
});

describe('a brain over real sockets', () => {
  let server: ChatServer | undefined;
  afterEach(() => server?.close());

  it('hangs up on the server when it is interrupted in call time', async () => {
    server = await openChatServer((turn) => void turn.begin().say('Well, ').say('I '));
    const clock = new VirtualClock({ wall: systemWallClock });
    const brain = new LiveBrain({ clock, llm: await openChat({ apiKey: undefined, baseUrl: server.baseUrl }, systemWallClock), charge: 'wall' });
    const reply = new AbortController();
    const heard: LlmChunk[] = [];
    let ended: unknown;
    clock.task(async () => {
      try {
        for await (const chunk of brain.complete(REQUEST, reply.signal)) {
          heard.push(chunk);
          if (heard.length === 2) clock.at(clock.nowMs(), { phase: 'vad', order: 0 }, () => reply.abort(new Error('barge-in')));
        }
      } catch (error) {
        ended = error;
      }
      clock.stop();
    });
    await clock.run();
    expect(heard).toEqual([{ kind: 'text', text: 'Well, ' }, { kind: 'text', text: 'I ' }]);
    expect(ended).toBe(reply.signal.reason);
    expect(await server.turns[0]?.closed).toBe(true);
  });
});

/**
 * Asks once, a second into a call in which frames go round, and says what happened when. A tardy listener takes each
 * text so much later than it came.
 */
async function run(source: (wall: WallClock) => LiveLlm, charge: 'wall' | 'none', { tardyMs = 0 } = {}) {
  const wall = new HandMovedWall();
  const clock = new VirtualClock({ wall });
  const log: string[] = [];
  const tape: Arrival<ChatPiece>[] = [];
  const note = (what: string): void => void log.push(`${what} at ${clock.nowMs()}`);
  const asked: Tape['asked'] = () => (value, offsetMs) => void tape.push({ offsetMs, value });
  const opened = (): never => {
    throw new Error('nobody speaks here');
  };
  const brain = new LiveBrain({ clock, llm: source(wall), charge, tape: { asked, opened } });
  let error: unknown;
  clock.every(20, { phase: 'playout', order: 0 }, (n) => note(`tick ${n}`));
  clock.at(1000, { phase: 'turn', order: 0 }, () =>
    clock.task(async () => {
      try {
        for await (const chunk of brain.complete(REQUEST, never, ({ failure }) => note(`retrying (${failure.kind}, ${failure.status})`))) {
          note(chunk.kind);
          if (chunk.kind === 'text' && tardyMs > 0) await clock.sleep(tardyMs);
        }
        note('over');
      } catch (thrown) {
        error = thrown;
        note('failed');
      }
    }),
  );
  clock.at(3000, { phase: 'publish', order: 99 }, () => clock.stop());
  await wall.until(clock.run());
  return { log, error, wallMs: wall.nowMs(), tape };
}

function scripted(wall: WallClock, script: Script): LiveLlm {
  return {
    name: 'openai',
    model: 'gpt-4o',
    ask: () => {
      const queue = new ArrivalQueue<ChatPiece>(wall, () => undefined);
      void (async () => {
        for (const [afterMs, piece] of script) {
          if (afterMs > 0) await wall.sleep(afterMs);
          queue.push(piece);
        }
        queue.end();
      })();
      return queue;
    },
  };
}

async function* recording(tape: readonly Arrival<ChatPiece>[]): AsyncGenerator<Arrival<ChatPiece>> {
  yield* tape;
}
