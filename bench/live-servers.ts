/**
 * The world of the live benchmarks, in a thread of its own so that it keeps its times while the other one computes: a
 * brain that writes its first token after 300 ms and then 80 tokens a second, a voice whose first sound comes after
 * 150 ms and then four times as fast as it is spoken. It notes when everything came and went, on the clock that all
 * threads of a process share.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { systemWallClock as wall } from '../src/clock/wall-clock.ts';
import { type ChatTurn, openChatServer } from '../src/testing/chat-server.ts';
import { ElevenLabsServer } from '../src/testing/eleven-labs/eleven-labs-server.ts';
import { type BrainRecord, nowEverywhereMs, type VoiceRecord, type WorldData } from './live-world.ts';

const FIRST_TOKEN_MS = 300;
const TOKENS_PER_SECOND = 80;
const FIRST_BYTE_MS = 150;
const SPEED = 4;

const { lines } = workerData as WorldData;
const brains: BrainRecord[] = [];
const voices: VoiceRecord[] = [];
const lateMs: number[] = [];
const byContext = new Map<string, VoiceRecord>();

const chat = await openChatServer((turn) => write(turn));
const voice = await ElevenLabsServer.start();
voice.plan = { firstByteMs: FIRST_BYTE_MS, speed: SPEED };
voice.onTraffic = ({ kind, contextId }) => {
  if (kind === 'text' && !byContext.has(contextId)) {
    const record: VoiceRecord = { contextId, askedMs: nowEverywhereMs(), soundMs: null };
    byContext.set(contextId, record);
    voices.push(record);
  }
  const record = byContext.get(contextId);
  if (kind === 'sound' && record) record.soundMs ??= nowEverywhereMs();
};

parentPort?.on('message', () => {
  void Promise.all([chat.close(), voice.close()]).then(() => {
    parentPort?.postMessage({ brains, voices, lateMs });
    parentPort?.close();
  });
});
parentPort?.postMessage({ chatUrl: chat.baseUrl, voiceUrl: voice.baseUrl, voiceKey: voice.apiKey });

/** The next line of whoever asks; the last one ends the conversation. */
function write(turn: ChatTurn): void {
  const askedMs = nowEverywhereMs();
  const agent = /You are (\w+)/.exec(turn.body.messages[0]?.content ?? '')?.[1] ?? '';
  const spoken = turn.body.messages.filter(({ role }) => role === 'assistant').length;
  const { texts, hangsUp } = lines[agent] ?? { texts: [], hangsUp: false };
  const words = (texts[spoken] ?? 'Goodbye.').match(/\S+\s*/g) ?? [];
  const record: BrainRecord = { agent, askedMs, tokens: [] };
  brains.push(record);
  const sendFrom = (index: number): void => {
    const dueMs = askedMs + FIRST_TOKEN_MS + (index * 1000) / TOKENS_PER_SECOND;
    const waitMs = Math.max(0, dueMs - nowEverywhereMs());
    const setMs = nowEverywhereMs();
    wall.after(waitMs, () => {
      lateMs.push(nowEverywhereMs() - setMs - waitMs);
      if (index === 0) turn.begin();
      const text = words[index];
      if (text !== undefined) {
        record.tokens.push({ text, sentMs: nowEverywhereMs() });
        turn.say(text);
        return sendFrom(index + 1);
      }
      const ends = hangsUp && spoken >= texts.length - 1;
      if (ends) turn.delta({ tool_calls: [{ index: 0, id: 'call-1', type: 'function', function: { name: 'end_conversation', arguments: '{}' } }] });
      record.tokens.push({ text: '', sentMs: nowEverywhereMs() });
      turn.finish(ends ? 'tool_calls' : 'stop');
    });
  };
  sendFrom(0);
}
