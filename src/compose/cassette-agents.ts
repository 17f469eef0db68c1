/**
 * Between a scenario and a cassette: what a cassette keeps of the agents that it was recorded with, a scenario with the
 * same providers again, and whether it is still one of those agents.
 */
import { UsageError } from '../base/errors.ts';
import type { CassetteAgent, CassetteHeader } from '../providers/cassette/cassette.ts';
import type { CassetteMode } from '../providers/cassette/playback.ts';
import { ownVoice } from '../scenarios/own-voice.ts';
import type { ProviderWishes } from '../scenarios/provider-wishes.ts';
import type { Case, Scenario, ScenarioAgent } from '../scenarios/scenario.ts';
import type { Ears, StartedAgent } from './run-started.ts';

/** `started` in the order of the scenario. */
export function recordedFacts({ scenario, seed, given }: Case, started: readonly StartedAgent[], { ears, evaluator }: RecordedBeside): RecordedFacts {
  const { title, room, agents } = scenario;
  return {
    title,
    seed,
    ...given,
    ...(room.kind !== 'embedded' && { room: room.kind }),
    agents: agents.map(({ name }, i): CassetteAgent => {
      const { endOfTurn: _, ...recorded } = started[i] as StartedAgent;
      return { name, ...recorded };
    }),
    ...(ears && { transcription: { provider: ears.name, model: ears.model, ...(ears.host !== undefined && { host: ears.host }) } }),
    ...(evaluator?.host !== undefined && { evaluatorHost: evaluator.host }),
  };
}

/** Who else is asked, besides the agents' own. */
type RecordedBeside = { readonly ears: Ears | undefined; readonly evaluator: { readonly host: string | undefined } | undefined };

type RecordedFacts = Omit<CassetteHeader, 'bottalk' | 'prices'>;

/** What a scenario has to be loaded with to have the providers of the recording, whatever flags it was made with. */
export function recordedWishes({ agents, transcription }: CassetteHeader, mode: CassetteMode): ProviderWishes {
  return {
    always: {
      transcription: transcription?.provider,
      // Only there can a call be had without the world.
      room: mode === 'refresh' ? undefined : 'embedded',
    },
    agents: Object.fromEntries(agents.map(({ name, llm, tts }) => [name, { llm, tts }])),
  };
}

/** The case with the models and voices of the recording where it names none itself, for a run that goes on live. */
export function withRecordedVoices(of: Case, { agents }: CassetteHeader): Case {
  const [first, second] = of.scenario.agents.map((agent): ScenarioAgent => {
    const recorded = agents.find(({ name }) => name === agent.name);
    if (!recorded) return agent;
    const { llm, tts, voice } = agent;
    const sameBrain = llm.provider === recorded.llm && llm.provider !== 'script';
    const sameSpeech = tts.provider === recorded.tts && tts.provider !== 'offline';
    return {
      ...agent,
      llm: sameBrain ? { ...llm, model: llm.model ?? recorded.llmModel } : llm,
      tts: sameSpeech ? { ...tts, model: tts.model ?? recorded.ttsModel } : tts,
      ...(sameSpeech && ownVoice(agent) === undefined && { voice: { ...(typeof voice === 'object' && voice), [tts.provider]: recorded.voice } }),
    };
  });
  return { ...of, scenario: { ...of.scenario, agents: [first as ScenarioAgent, second as ScenarioAgent] } };
}

/** Throws a UsageError where a cassette cannot be played with this scenario: other agents, or another model or voice that it names. */
export function checkReplayed(scenario: Scenario, header: CassetteHeader, mode: CassetteMode): void {
  checkNames(scenario, header);
  if (mode === 'refresh') return;
  if (mode === 'strict' && header.room !== undefined) {
    throw new UsageError(
      `the cassette is of a call in a room of kind ${header.room}, where what was heard depended on the network: it cannot be the same again`,
      'run it with --cassette-mode timing',
    );
  }
  if (scenario.room.kind !== 'embedded') throw new UsageError('a cassette is played in the embedded room: a room of the world is never the same twice', 'leave --room out');
  const { provider } = scenario.transcription;
  same('the transcription', provider === 'embedded' ? 'room' : provider, header.transcription?.provider ?? 'room');
  for (const agent of scenario.agents) {
    const { name, llm, tts } = agent;
    const recorded = header.agents.find((other) => other.name === name) as CassetteAgent;
    same(`${name}'s brain`, llm.provider, recorded.llm);
    same(`${name}'s speech`, tts.provider, recorded.tts);
    if (llm.provider !== 'script') same(`the model of ${name}'s brain`, llm.model, recorded.llmModel);
    if (tts.provider !== 'offline') same(`the model of ${name}'s speech`, tts.model, recorded.ttsModel);
    same(`${name}'s voice`, ownVoice(agent), recorded.voice);
  }
}

/** Throws a UsageError where the scenario has other agents than were recorded. */
function checkNames({ agents }: Scenario, header: CassetteHeader): void {
  const names = (list: readonly { readonly name: string }[]): string => list.map(({ name }) => name).join(' and ');
  if (agents.every(({ name }) => header.agents.some((recorded) => recorded.name === name))) return;
  throw new UsageError(`the cassette is a call of ${names(header.agents)}, the scenario one of ${names(agents)}`, 'give the scenario that was recorded');
}

function same(what: string, wanted: string | undefined, recorded: string): void {
  if (wanted === undefined || wanted === recorded) return;
  throw new UsageError(`${what} was ${recorded} when the cassette was recorded, and is ${wanted} now`, 'change it back, record the call again, or run it with --cassette-mode refresh');
}
