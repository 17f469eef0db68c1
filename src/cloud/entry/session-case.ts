/**
 * From what starts a session to the case that its agent is of. An agent that was described by the fields of bottalk's
 * Python agents becomes one of a scenario of two, whose other is known by its name alone.
 */
import { resolveScenario } from '../../scenarios/resolve.ts';
import type { Case, Scenario } from '../../scenarios/scenario.ts';
import { scenarioSchema } from '../../scenarios/schema.ts';
import type { SessionOrder } from './session-order.ts';

export type SessionCase = { readonly of: Case; readonly order: 0 | 1 };

export type CaseSurroundings = {
  /** When the session began: ISO 8601. */
  readonly startedAt: string;
  /** The model that judges the KPIs of sessions which say nothing of a judge; undefined judges none of those. */
  readonly judgeModel: string | undefined;
};

const PROMPTS: Readonly<Record<string, string>> = {
  System: 'You are a friendly agent on the phone who wants to help. Find out what the caller needs, answer in one or two short sentences, and never use lists or markup.',
  User: 'You are calling a company about something that you want. Say what you want when you are asked, answer in one or two short sentences, and stay in your part.',
};

export function sessionCase(order: SessionOrder, surroundings: CaseSurroundings): SessionCase {
  const asked = order.scenario_agent;
  if (!asked) return plainCase(order, surroundings);
  const { scenario, seed = scenario.seed, jitterSeed, order: which, tell } = asked;
  // Whoever is told the events has the whole call, and judges that.
  const isJudged = tell === undefined && (scenario.judge !== undefined || scenario.expect.some(({ kind }) => kind === 'criterion' || kind === 'kpis'));
  const { judge = { role_check: false }, ...rest } = scenario;
  const judged = evaluated(rest, isJudged ? { ...judge, role_check: false } : undefined);
  return { of: { scenario: inTheWorld(judged, surroundings), seed, ...(jitterSeed !== undefined && { jitterSeed }) }, order: which };
}

function plainCase({ name, system_prompt, voice_id, goes_first, known_agents, max_turns }: SessionOrder, surroundings: CaseSurroundings): SessionCase {
  const goesFirst = goes_first ?? name === 'System';
  const peer = known_agents.find((known) => known !== name) ?? (name === 'System' || (name !== 'User' && goesFirst) ? 'User' : 'System');
  const isSystem = name === 'System' || (name !== 'User' && goesFirst);
  const world = { llm: { provider: 'openai' }, tts: { provider: 'elevenlabs' } } as const;
  const own = {
    ...world,
    name,
    role: isSystem ? 'system' : 'user',
    goes_first: goesFirst,
    prompt: system_prompt.trim() || (PROMPTS[name] ?? `You are ${name}, on the phone.`),
    ...(voice_id !== '' && { voice: { elevenlabs: voice_id } }),
  };
  const other = { ...world, name: peer, role: isSystem ? 'user' : 'system', goes_first: !goesFirst, prompt: 'Speaks for itself.' };
  const file = scenarioSchema.parse({ title: `${name} and ${peer}`, max_turns, room: { kind: 'daily' }, agents: goesFirst ? [own, other] : [other, own] });
  const { judgeModel } = surroundings;
  const scenario = evaluated(resolveScenario(file, {}), judgeModel === undefined ? undefined : { model: judgeModel, role_check: false });
  return { of: { scenario: inTheWorld(scenario, surroundings), seed: scenario.seed }, order: goesFirst ? 0 : 1 };
}

/** A session can tell how well it went, but holds nobody to anything. */
function evaluated(scenario: Omit<Scenario, 'judge'>, judge: Scenario['judge']): Scenario {
  if (!judge) return { ...scenario, expect: [] };
  return { ...scenario, judge, expect: [{ kind: 'kpis', atLeast: {}, severity: 'should', line: null }] };
}

/** The room is one of Daily's, whatever else the scenario may be run in. */
function inTheWorld(scenario: Scenario, { startedAt }: CaseSurroundings): Scenario {
  const { room, transcription } = scenario;
  const provider = transcription.provider === 'embedded' ? 'room' : transcription.provider;
  return { ...scenario, started_at: startedAt, room: { ...room, kind: 'daily' }, transcription: { ...transcription, provider } };
}
