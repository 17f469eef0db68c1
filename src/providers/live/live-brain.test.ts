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

  it.each([['an answer', SPOKEN], ['a failure', SILENT]])('plays %s back from a recording at the same moments, the last one included, and waits for nothing', async (_, script) => {
    const live = await run((wall) => scripted(wall, script), 'wall');
    const tape = live.tape();
    const replay = await run(() => ({ name: 'openai', model: 'gpt-4o', ask: () => recording(tape) }), 'none');
    expect(replay.log).toEqual(live.log);
    expect(replay.wallMs).toBe(0);
    expect(live.wallMs).toBeGreaterThan(300);
  });

  it('is known by what it asks', () => {
    const chat: LiveLlm = { name: 'openai', model: 'gpt-4o', ask: () => recording([]) };
    const brain = new LiveBrain({ clock: new VirtualClock({ wall: new HandMovedWall() }), chat, charge: 'none' });
    expect([brain.name, brain.model]).toEqual(['openai', 'gpt-4o']);
  });
});

describe('a brain over real sockets', () => {
  let server: ChatServer | undefined;
  afterEach(() => server?.close());

  it('hangs up on the server when it is interrupted in call time', async () => {
    server = await openChatServer((turn) => void turn.begin().say('Well, ').say('I '));
    const clock = new VirtualClock({ wall: systemWallClock });
    const brain = new LiveBrain({ clock, chat: await openChat({ apiKey: undefined, baseUrl: server.baseUrl }, systemWallClock), charge: 'wall' });
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

/** Asks once, a second into a call in which frames go round, and says what happened when. */
async function run(source: (wall: WallClock) => LiveLlm, charge: 'wall' | 'none') {
  const wall = new HandMovedWall();
  const clock = new VirtualClock({ wall });
  const log: string[] = [];
  const tape: Arrival<ChatPiece>[] = [];
  const chat = source(wall);
  const note = (what: string): void => void log.push(`${what} at ${clock.nowMs()}`);
  let error: unknown;
  clock.every(20, { phase: 'playout', order: 0 }, (n) => note(`tick ${n}`));
  clock.at(1000, { phase: 'turn', order: 0 }, () => {
    // What a cassette does: it writes down what passes by, with the offset at which it was delivered.
    const passed: ChatPiece[] = [];
    const kept: LiveLlm = { ...chat, ask: (request, signal) => passingBy(chat.ask(request, signal), passed) };
    const delivered = (): void => {
      for (const value of passed.splice(0)) tape.push({ offsetMs: Math.round((clock.nowMs() - 1000) * 1000) / 1000, value });
    };
    const brain = new LiveBrain({
      clock,
      chat: kept,
      charge,
      onRetry: (_, { failure }) => {
        note(`retrying (${failure.kind}, ${failure.status})`);
        delivered();
      },
    });
    clock.task(async () => {
      try {
        for await (const chunk of brain.complete(REQUEST, never)) {
          note(chunk.kind);
          delivered();
        }
        note('over');
      } catch (thrown) {
        error = thrown;
        note('failed');
      }
      delivered();
    });
  });
  clock.at(3000, { phase: 'publish', order: 99 }, () => clock.stop());
  await wall.until(clock.run());
  return { log, error, wallMs: wall.nowMs(), tape: () => tape };
}

async function* passingBy(pieces: AsyncIterable<Arrival<ChatPiece>>, passed: ChatPiece[]): AsyncGenerator<Arrival<ChatPiece>> {
  for await (const piece of pieces) {
    passed.push(piece.value);
    yield piece;
  }
}

function scripted(wall: WallClock, script: Script): LiveLlm {
  return {
    provider: 'openai',
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
