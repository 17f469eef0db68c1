/** Opens the world of the live benchmarks in its own thread, and makes the scenarios that are played in it. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Secrets } from '../src/compose/secrets.ts';
import { parseScenario } from '../src/scenarios/load.ts';
import type { Case } from '../src/scenarios/scenario.ts';
import { newDialogue } from './dialogue.ts';

/** One request for text. The last token is empty: it ends the answer. All times by `nowEverywhereMs`. */
export type BrainRecord = { readonly agent: string; readonly askedMs: number; readonly tokens: { readonly text: string; readonly sentMs: number }[] };

/** One context of speech: when its first text came and its first sound went out. */
export type VoiceRecord = { readonly contextId: string; readonly askedMs: number; soundMs: number | null };

/** What each agent says, in order. Whoever hangs up does so with its last line. */
export type WorldData = { readonly lines: Readonly<Record<string, { readonly texts: readonly string[]; readonly hangsUp: boolean }>> };

export type Records = {
  readonly brains: readonly BrainRecord[];
  readonly voices: readonly VoiceRecord[];
  /** By how much the timers of that thread, which does nothing else, came late: what the machine itself is good for. */
  readonly lateMs: readonly number[];
};

export type LiveWorld = {
  readonly secrets: Secrets;
  /** Ends it, and tells what came and went. */
  close(): Promise<Records>;
};

/** Milliseconds on the one clock that all threads of a process share. */
export function nowEverywhereMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}

export async function openLiveWorld(data: WorldData): Promise<LiveWorld> {
  const worker = new Worker(new URL('./live-servers.ts', import.meta.url), { workerData: data });
  const [{ chatUrl, voiceUrl, voiceKey }] = (await once(worker, 'message')) as [{ chatUrl: string; voiceUrl: string; voiceKey: string }];
  return {
    secrets: { OPENAI_API_KEY: 'of-the-benchmark', OPENAI_BASE_URL: chatUrl, ELEVENLABS_API_KEY: voiceKey, ELEVENLABS_BASE_URL: voiceUrl },
    async close() {
      // Both are listened for from the beginning: the thread may be gone as soon as its last word is there.
      const gone = Promise.all([once(worker, 'message'), once(worker, 'exit')]);
      worker.postMessage('close');
      const [[records]] = (await gone) as [[Records], unknown];
      return records;
    },
  };
}

/** A dialogue between two agents whose brains and voices are of the world, and what that world has them say. */
export function liveDialogue(number: number, { maxTurns = 99 } = {}): { readonly of: Case; readonly lines: WorldData['lines'] } {
  const [first, second] = newDialogue(number).scenario.agents.map(({ script }) => script?.lines.map(({ say }) => say?.[0] ?? '') ?? []);
  const names = [`Ada${number}`, `Ben${number}`] as const;
  const agents = names.map((name, i) => `  - { name: ${name}, prompt: You are ${name}., voice: { elevenlabs: ${i === 0 ? 'rachel' : 'josh'} }, llm: { provider: openai }, tts: { provider: elevenlabs } }`);
  const source = `title: Live ${number}\nturn: { profile: responsive }\nmax_duration: 4m\nmax_turns: ${maxTurns}\nagents:\n${agents.join('\n')}\n`;
  return {
    of: parseScenario(source, `live-${number}.yaml`, { seed: number, defaultVoices: ['clara', 'ross'] }),
    lines: { [names[0]]: { texts: first ?? [], hangsUp: true }, [names[1]]: { texts: second ?? [], hangsUp: false } },
  };
}
