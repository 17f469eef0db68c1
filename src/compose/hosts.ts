/**
 * At which servers a run's providers are asked. Names only hosts, as `host:port`: the rest of an address may hold what
 * nobody else should know.
 */
import { baseUrlOf } from '../providers/elevenlabs/options.ts';
import { chatAddress } from '../providers/openai/chat-address.ts';
import type { CassetteAgent, CassetteHeader } from '../providers/cassette/cassette.ts';
import type { Scenario, ScenarioAgent } from '../scenarios/scenario.ts';
import { playsAlone, type Replay } from './replay.ts';
import type { Secrets } from './secrets.ts';

/** Undefined where nobody outside is asked, or where nobody took down who was. */
export type AgentHosts = { readonly llm: string | undefined; readonly judge: string | undefined; readonly tts: string | undefined };

/** Of a recording that is played alone they are those that were recorded. Throws a UsageError where an address cannot be read. */
export function agentHosts({ llm, turn, tts }: ScenarioAgent, secrets: Secrets, recorded?: CassetteAgent): AgentHosts {
  if (recorded) return { llm: recorded.llmHost, judge: recorded.judge?.host, tts: recorded.ttsHost };
  return {
    llm: llm.provider === 'openai' ? openAiHost(llm.base_url, secrets) : undefined,
    judge: turn.strategy === 'llm' ? openAiHost(turn.base_url, secrets) : undefined,
    tts: tts.provider === 'elevenlabs' ? elevenLabsHost(secrets) : undefined,
  };
}

export type ReplayedEars = Pick<Replay, 'mode'> & { readonly cassette: { readonly header: Pick<CassetteHeader, 'transcription'> } };

/** Of whoever turns speech into text; the same holds of recordings. */
export function earsHost({ transcription }: Scenario, secrets: Secrets, replay?: ReplayedEars): string | undefined {
  if (replay && playsAlone(replay)) return replay.cassette.header.transcription?.host;
  if (transcription.provider === 'openai') return openAiHost(transcription.base_url, secrets);
  return transcription.provider === 'elevenlabs' ? elevenLabsHost(secrets) : undefined;
}

function openAiHost(scenarioUrl: string | undefined, secrets: Secrets): string {
  return chatAddress({ baseUrl: secrets.OPENAI_BASE_URL, scenarioUrl }).host;
}

function elevenLabsHost({ ELEVENLABS_BASE_URL: baseUrl }: Secrets): string {
  return new URL(baseUrlOf({ baseUrl })).host;
}
