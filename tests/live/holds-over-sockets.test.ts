/**
 * The promises of `clock.hold` under real sockets: the vendors' clients against servers of this machine, in virtual
 * time. What a server does next follows from what was delivered, so the order is caused and never a matter of speed.
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Arrival } from '../../src/clock/arrival.ts';
import type { LivePiece } from '../../src/clock/live-answer.ts';
import { VirtualClock } from '../../src/clock/virtual-clock.ts';
import { systemWallClock as wall } from '../../src/clock/wall-clock.ts';
import type { LiveLlm } from '../../src/pipeline/live-llm.ts';
import type { LlmChunk, LlmRequest } from '../../src/pipeline/llm.ts';
import type { Tape } from '../../src/pipeline/tape.ts';
import { ElevenLabsSocketTts } from '../../src/providers/elevenlabs/socket-tts.ts';
import { LiveBrain } from '../../src/providers/live/live-brain.ts';
import { LiveVoice } from '../../src/providers/live/live-voice.ts';
import { openChat } from '../../src/providers/openai/open-chat.ts';
import { type ChatServer, type ChatTurn, openChatServer } from '../../src/testing/chat-server.ts';
import { ElevenLabsServer } from '../../src/testing/eleven-labs/eleven-labs-server.ts';

const HOUR_MS = 3_600_000;
const never = new AbortController().signal;

let server: ChatServer;
let speech: ElevenLabsServer;
let chat: LiveLlm;
let onTurn: (turn: ChatTurn) => void;
let clock: VirtualClock;
let log: string[];

beforeAll(async () => {
  server = await openChatServer((turn) => onTurn(turn));
  speech = await ElevenLabsServer.start();
  chat = await openChat({ apiKey: undefined, baseUrl: server.baseUrl }, wall);
});

afterAll(async () => {
  await server.close();
  await speech.close();
});

beforeEach(() => {
  clock = new VirtualClock({ wall });
  log = [];
});

const request = (agent: string): LlmRequest => ({ agent, replyId: agent, messages: [{ role: 'user', text: agent }], tools: [], cause: 'turn' });
const agentOf = (turn: ChatTurn): string => turn.body.messages[0]?.content ?? '';

/** Asks for an answer and notes each piece of it, and how it ends. */
function ask(agent: string, { signal = never, llm = chat, tape }: { signal?: AbortSignal; llm?: LiveLlm; tape?: Tape } = {}): void {
  const brain = new LiveBrain({ clock, llm, charge: llm === chat ? 'wall' : 'none', tape });
  clock.task(async () => {
    try {
      for await (const chunk of brain.complete(request(agent), signal)) if (chunk.kind === 'text') log.push(`${agent}: ${chunk.text}`);
      log.push(`${agent} is over`);
    } catch (error) {
      log.push(`${agent}: ${(error as Error).message}`);
    }
  });
}

/** Runs until nothing but the end is left, an hour of call time away. */
async function runToTheEnd(): Promise<void> {
  clock.at(HOUR_MS, { phase: 'publish', order: 9 }, () => clock.stop());
  await clock.run();
}

/** Calls `then` as soon as this was noted. */
function whenNoted(text: string, then: () => void): void {
  const watch = (): void => {
    if (log.includes(text)) then();
    else clock.at(clock.nowMs() + 1, { phase: 'turn', order: 0 }, watch);
  };
  clock.at(0, { phase: 'turn', order: 0 }, watch);
}

describe('a hold over a real socket', () => {
  test('does not keep a provider that stalls from timing out in call time', async () => {
    onTurn = (turn) => void turn.begin().say('Well, ');
    const giveUp = new AbortController();
    ask('Sarah', { signal: giveUp.signal });
    whenNoted('Sarah: Well, ', () => clock.at(clock.nowMs() + 30, { phase: 'turn', order: 0 }, () => giveUp.abort(new Error('nothing came for 30 ms'))));
    await runToTheEnd();
    expect(log).toEqual(['Sarah: Well, ', 'Sarah: nothing came for 30 ms']);
    expect(await server.turns.at(-1)?.closed).toBe(true);
    expect(clock.nowMs()).toBe(HOUR_MS);
  });

  test('lets two agents stream at once, each piece when it comes', async () => {
    const turns = new Map<string, ChatTurn>();
    onTurn = (turn) => {
      turns.set(agentOf(turn), turn.begin());
      if (turns.size === 2) turns.get('Mike')?.say('one ');
    };
    ask('Sarah');
    ask('Mike');
    whenNoted('Mike: one ', () => turns.get('Sarah')?.say('two '));
    whenNoted('Sarah: two ', () => turns.get('Mike')?.say('three ').finish());
    whenNoted('Mike is over', () => turns.get('Sarah')?.say('four').finish());
    await runToTheEnd();
    expect(log).toEqual(['Mike: one ', 'Sarah: two ', 'Mike: three ', 'Mike is over', 'Sarah: four', 'Sarah is over']);
  });

  test('is ended by a barge-in: the server is hung up on, and time is free again', async () => {
    onTurn = (turn) => void turn.begin().say('I ');
    const reply = new AbortController();
    ask('Sarah', { signal: reply.signal });
    whenNoted('Sarah: I ', () => reply.abort(new Error('barge-in')));
    await runToTheEnd();
    expect(log).toEqual(['Sarah: I ', 'Sarah: barge-in']);
    expect(await server.turns.at(-1)?.closed).toBe(true);
    // Had the hold gone on, this hour of call time would be one of the world.
    expect(clock.nowMs()).toBe(HOUR_MS);
  });

  test('may wait for text that a later event sends', async () => {
    const tts = new ElevenLabsSocketTts({ wall, apiKey: speech.apiKey, model: 'eleven_turbo_v2_5', baseUrl: speech.baseUrl });
    const context = new LiveVoice({ clock, tts, charge: 'wall' }).open({ agent: 'Sarah', replyId: 'r', voice: 'rachel' }, never);
    clock.task(async () => {
      for await (const { words } of context.chunks()) for (const { text } of words) log.push(text);
      log.push('over');
    });
    clock.at(20, { phase: 'turn', order: 0 }, () => {
      log.push('sent');
      context.send('Good morning.');
    });
    whenNoted('morning.', () => {
      log.push('sent');
      context.send('Bye.');
      context.end();
    });
    await runToTheEnd();
    await tts.close();
    expect(log).toEqual(['sent', 'Good', 'morning.', 'sent', 'Bye.', 'over']);
  });

  test.each([['Sarah', 'Mike'], ['Mike', 'Sarah']])('delivers %s before %s when they finish in that order, and a recording of it does, too', async (first, second) => {
    const turns = new Map<string, ChatTurn>();
    onTurn = (turn) => {
      turns.set(agentOf(turn), turn);
      if (turns.size === 2) turns.get(first)?.answer('done');
    };
    const tapes = new Map<string, Arrival<LivePiece<LlmChunk>>[]>();
    const tape: Tape = {
      asked: (_, { agent }) => {
        const pieces: Arrival<LivePiece<LlmChunk>>[] = [];
        tapes.set(agent, pieces);
        return (value, offsetMs) => void pieces.push({ offsetMs, value });
      },
      opened: () => {
        throw new Error('nobody speaks here');
      },
    };
    ask('Sarah', { tape });
    ask('Mike', { tape });
    whenNoted(`${first} is over`, () => turns.get(second)?.answer('done'));
    await runToTheEnd();
    const live = [`${first}: done`, `${first} is over`, `${second}: done`, `${second} is over`];
    expect(log).toEqual(live);

    clock = new VirtualClock({ wall });
    log = [];
    const played: LiveLlm = {
      name: chat.name,
      model: chat.model,
      async *ask({ agent }) {
        yield* tapes.get(agent) ?? [];
      },
    };
    ask('Sarah', { llm: played });
    ask('Mike', { llm: played });
    await runToTheEnd();
    expect(log).toEqual(live);
  });
});
