/** From what a scenario says of an agent to the numbers it runs on. The two profiles of turn-taking live here. */
import { UsageError } from '../base/errors.ts';
import { sameJson } from '../base/same-json.ts';
import type { AgentSettings, MockedTool } from '../pipeline/settings.ts';
import { compileManners } from '../providers/script/compile-manners.ts';
import { ownVoice } from '../scenarios/own-voice.ts';
import type { Scenario, ScenarioAgent } from '../scenarios/scenario.ts';
import type { Secrets } from './secrets.ts';
import type { ToolFile } from '../scenarios/schema.ts';

type Profile = {
  readonly vadStopSecs: number;
  readonly strategy: 'auto' | 'silence';
  readonly stopSecs: number;
  readonly timeoutSecs: number;
  readonly interruptible: boolean;
};

/** Pipecat's role numbers: who goes first waits for silence, the other asks its strategy and cannot be cut off. */
const COMPAT_FIRST: Profile = { vadStopSecs: 1.5, strategy: 'silence', stopSecs: 3, timeoutSecs: 5, interruptible: true };
const COMPAT_SECOND: Profile = { vadStopSecs: 0.8, strategy: 'auto', stopSecs: 1.2, timeoutSecs: 1.5, interruptible: false };
/** A short VAD stop, and a strategy that tells a pause from an end. */
const RESPONSIVE: Profile = { vadStopSecs: 0.2, strategy: 'auto', stopSecs: 1.2, timeoutSecs: 5, interruptible: true };

const VAD_CONFIDENCE = 0.6;
const VAD_START_SECS = 0.2;
const VAD_MIN_VOLUME = 0.4;

export type StrategyChoice = 'auto' | 'smart_turn' | 'lexical' | 'silence' | 'llm';

/** Which strategy an agent asks for; `auto` is decided by what is installed. */
export function strategyOf(agent: ScenarioAgent): StrategyChoice {
  return agent.turn.strategy ?? profileOf(agent).strategy;
}

export function agentSettings(scenario: Scenario, agent: ScenarioAgent, order: number, secrets: Secrets): AgentSettings {
  const profile = profileOf(agent);
  const { vad, turn } = agent;
  return {
    name: agent.name,
    order,
    goesFirst: agent.goes_first,
    systemPrompt: systemPrompt(agent),
    voice: voiceFor(agent, secrets),
    knownAgents: scenario.agents.map(({ name }) => name),
    addressedOnly: agent.hear === 'addressed',
    vad: {
      confidence: vad.confidence ?? VAD_CONFIDENCE,
      startSecs: vad.start_secs ?? VAD_START_SECS,
      stopSecs: vad.stop_secs ?? profile.vadStopSecs,
      minVolume: vad.min_volume ?? VAD_MIN_VOLUME,
    },
    turn: {
      stopMs: (turn.stop_secs ?? profile.stopSecs) * 1000,
      timeoutMs: (turn.timeout_secs ?? profile.timeoutSecs) * 1000,
      minWords: turn.min_words,
    },
    interruptible: agent.allow_interruptions ?? profile.interruptible,
    endsConversation: agent.end_conversation,
    maxTurns: scenario.max_turns,
    tools: agent.tools.map(mockedTool),
    manners: compileManners(agent),
  };
}

/** The voices that the two roles always had with ElevenLabs; SYSTEM_VOICE_ID and USER_VOICE_ID win. */
const ELEVENLABS_VOICES = { system: '21m00Tcm4TlvDq8ikWAM', user: 'TxGEqnHWrfWFTfGW9XjX' } as const;

/** The voice that an agent has with the provider that speaks for it, by the name that this provider knows. */
function voiceFor(agent: ScenarioAgent, secrets: Secrets): string {
  const { name, role, tts } = agent;
  const chosen = ownVoice(agent);
  if (chosen !== undefined) return chosen;
  if (tts.provider === 'elevenlabs') return secrets[role === 'system' ? 'SYSTEM_VOICE_ID' : 'USER_VOICE_ID'] ?? ELEVENLABS_VOICES[role];
  throw new UsageError(`${name} has no voice for ${tts.provider}`, `add voice: { ${tts.provider}: ... }`);
}

function profileOf(agent: ScenarioAgent): Profile {
  if (agent.turn.profile === 'responsive') return RESPONSIVE;
  return agent.goes_first ? COMPAT_FIRST : COMPAT_SECOND;
}

function systemPrompt(agent: ScenarioAgent): string {
  const ending = agent.end_conversation ? ['When the conversation has come to its end, say goodbye and call end_conversation.'] : [];
  return [agent.prompt, ...agent.rules.map((rule) => `- ${rule}`), ...ending].join('\n');
}

function mockedTool({ name, description, parameters, delay, answer, answers, error }: ToolFile): MockedTool {
  return {
    name,
    description,
    parameters,
    delayMs: delay * 1000,
    answer: (given) => {
      const rule = answers?.find(({ when }) => Object.entries(when).every(([key, value]) => sameJson(given[key], value)));
      const failure = rule ? rule.error : error;
      if (failure !== undefined) return { result: failure, failed: true };
      return { result: (rule ? rule.answer : answer) ?? null, failed: false };
    },
  };
}
