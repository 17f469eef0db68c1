/** Decides what a file leaves open: who greets, who plays which role, who may end the call, and with which voice. */
import type { Check } from '../metrics/checks/check.ts';
import type { Scenario, ScenarioAgent } from './scenario.ts';
import type { AgentFile, ScenarioFile } from './schema.ts';

export type Decisions = {
  readonly seed?: number | undefined;
  readonly maxTurns?: number | undefined;
  /** For agents without a voice; the two differ, so that a listener can tell the agents apart. */
  readonly defaultVoices?: readonly [string, string] | undefined;
  /** Where the expectations stand in the file, in order. */
  readonly expectLines?: readonly number[] | undefined;
};

/** A file without mistakes, made ready to run. */
export function resolveScenario(file: ScenarioFile, { seed, maxTurns, defaultVoices, expectLines }: Decisions): Scenario {
  const { variables: _filled, agents: _asWritten, matrix: _expanded, turn, ...rest } = file;
  const [first, second] = file.agents as [AgentFile, AgentFile];
  const firstGreets = first.goes_first ?? !(second.goes_first ?? false);
  const firstRole = first.role ?? (second.role === 'system' ? 'user' : 'system');
  const roles = { first: firstRole, second: second.role ?? (firstRole === 'system' ? 'user' : 'system') } as const;
  const voices = decideVoices([first, second], defaultVoices);

  const decide = (agent: AgentFile, goesFirst: boolean, role: 'system' | 'user', voice: AgentFile['voice']): ScenarioAgent => {
    const { variables: _ownFilled, ...own } = agent;
    const merged = { ...turn, ...agent.turn };
    return {
      ...own,
      role,
      goes_first: goesFirst,
      end_conversation: agent.end_conversation ?? goesFirst,
      turn: { ...merged, profile: merged.profile ?? 'compat', min_words: merged.min_words ?? 0 },
      ...(voice !== undefined && { voice }),
    };
  };
  return {
    ...rest,
    seed: seed ?? file.seed,
    max_turns: maxTurns ?? file.max_turns,
    expect: file.expect.map((check, i): Check => ({ ...check, line: expectLines?.[i] ?? null })),
    agents: [decide(first, firstGreets, roles.first, voices[0]), decide(second, !firstGreets, roles.second, voices[1])],
  };
}

type Voice = AgentFile['voice'];

function decideVoices([first, second]: readonly [AgentFile, AgentFile], defaults: readonly [string, string] | undefined): readonly [Voice, Voice] {
  if (!defaults) return [first.voice, second.voice];
  const [one, other] = defaults;
  // Whoever chose a default by name keeps it, and the other takes the one that is left.
  const firstVoice = offlineVoice(first) ?? (offlineVoice(second) === one ? other : one);
  const secondVoice = offlineVoice(second) ?? (firstVoice === other ? one : other);
  return [withOffline(first, firstVoice), withOffline(second, secondVoice)];
}

function offlineVoice({ voice, tts }: AgentFile): string | undefined {
  if (typeof voice === 'object') return voice['offline'];
  return tts.provider === 'offline' ? voice : undefined;
}

function withOffline({ voice, tts }: AgentFile, offline: string): Voice {
  if (typeof voice === 'object') return { ...voice, offline };
  return tts.provider === 'offline' ? offline : voice;
}
