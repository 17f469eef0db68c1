/** The composition root of one run: a case becomes a clock, a room, providers and two agents, and is run to its end. */
import { invariant } from '../base/errors.ts';
import { seededRandom } from '../base/random.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import { RunLog, type Sink } from '../events/log.ts';
import { Agent } from '../pipeline/agent.ts';
import type { Link } from '../room/link.ts';
import type { Recorder } from '../room/recorder.ts';
import { converse, type Ending } from '../run/conversation.ts';
import { StopConditions } from '../run/stop-conditions.ts';
import type { Case } from '../scenarios/scenario.ts';
import { agentSettings } from './agent-settings.ts';
import { chooseEndOfTurn, type EndOfTurnChoice } from './choose-end-of-turn.ts';
import type { Machinery } from './machinery.ts';
import { checkEars, type EarsOptions, openEars } from './open-ears.ts';
import { type BrainOptions, openBrain, type OpenedBrain } from './open-brain.ts';
import { openBroadcast } from './open-broadcast.ts';
import type { DailyTuning } from './open-daily-room.ts';
import { checkRoom, longestCallMs, openClock, openRoom } from './open-room.ts';
import { openVoice, type OpenedVoice, type VoiceOptions } from './open-voice.ts';
import { runStarted, type StartedAgent } from './run-started.ts';
import { checkKeys, type Secrets } from './secrets.ts';
import { expectedSpeech } from './expected-speech.ts';

export type RunOptions = {
  readonly wall: WallClock;
  readonly machinery: Machinery;
  readonly sinks: readonly Sink[];
  /** What is said is recorded here, and stays there however the run goes. */
  readonly recorder: Recorder;
  /** Call seconds per wall second; undefined means as fast as possible. A room of the world keeps real time and takes none. */
  readonly pace?: number | undefined;
  /** Keys of the world's providers; offline runs need none. */
  readonly secrets?: Secrets;
  /** Missing weights are an error, not a warning. */
  readonly strict?: boolean;
  /** How long the world's providers may take and how often they are asked; each has its own measure. */
  readonly patience?: { readonly llm?: BrainOptions['patience']; readonly tts?: VoiceOptions['waits']; readonly stt?: EarsOptions['patience']; readonly daily?: DailyTuning } | undefined;
  readonly signal?: AbortSignal | undefined;
  /** In the embedded room: the line of one speaker, by name; clear if not given. */
  readonly link?: (name: string) => Link;
};

export type RunOutcome = {
  readonly ending: Ending;
  /** What sinks threw; the run's record is not whole then. */
  readonly sinkErrors: readonly unknown[];
};

/** Throws the UsageError that would end a run of this case before it began, so that nothing need be made for it. */
export function checkCase({ scenario }: Case, { machinery, strict = false, secrets = {}, pace }: Pick<RunOptions, 'machinery' | 'strict' | 'secrets' | 'pace'>): void {
  checkRoom(scenario, { secrets, pace });
  checkEars(scenario, secrets);
  for (const [order, agent] of scenario.agents.entries()) {
    agentSettings(scenario, agent, order, secrets);
    checkKeys(agent, secrets);
    chooseEndOfTurn(agent, { smartTurn: machinery.smartTurn, strict }).strategy.close();
  }
}

export async function runCase(of: Case, options: RunOptions): Promise<RunOutcome> {
  const { scenario, seed } = of;
  const { wall, machinery, recorder, pace, patience, signal, link } = options;
  const secrets = options.secrets ?? {};
  checkCase(of, options);
  const random = seededRandom(seed);
  const clock = openClock(scenario, { wall, pace });
  const conditions = new StopConditions();
  const broadcast = openBroadcast(scenario, { clock, wall, random });
  const log = new RunLog({ nowMs: () => clock.nowMs(), sinks: [...options.sinks, broadcast], essential: conditions });
  const settings = scenario.agents.map((agent, order) => agentSettings(scenario, agent, order, secrets));
  const endOfTurn = scenario.agents.map((agent) => chooseEndOfTurn(agent, { smartTurn: machinery.smartTurn, strict: options.strict ?? false }));
  const brains: OpenedBrain[] = [];
  const voices: OpenedVoice[] = [];
  try {
    for (const [i, agent] of scenario.agents.entries()) {
      const latency = random.fork('latency').fork(agent.name);
      const content = random.fork('content').fork(agent.name);
      brains.push(await openBrain(agent, { clock, wall, secrets, patience: patience?.llm, content, latency: latency.fork('llm') }));
      const { synthesiser } = machinery;
      const voice = settings[i]?.voice ?? '';
      voices.push(await openVoice(agent, { clock, wall, secrets, waits: patience?.tts, synthesiser, voice, latency: latency.fork('tts'), signal }));
    }
    const stt = await openEars(scenario, { wall, secrets, patience: patience?.stt });
    log.append(runStarted(scenario, seed, settings.map(({ voice }, i) => startedAgent(voice, brains[i], voices[i], endOfTurn[i])), stt));
    for (const { warning } of endOfTurn) if (warning) log.append({ type: 'warning.raised', message: warning });
    if (settings.every((_, i) => scenario.agents[i]?.tts.provider === 'offline')) {
      machinery.synthesiser.prefetch(expectedSpeech(brains.map(({ expectedTexts }, i) => ({ voice: settings[i]?.voice ?? '', texts: expectedTexts }))));
    }
    const room = await openRoom(scenario, { clock, wall, log, recorder, random: random.fork('room'), secrets, stt, link, daily: patience?.daily });
    const ending = await converse({
      clock,
      log,
      transport: broadcast.over(room),
      conditions,
      limits: { maxDurationMs: longestCallMs(scenario), inactivityMs: scenario.inactivity * 1000 },
      signal,
      seats: (ended) =>
        settings.map(
          (own, i) =>
            new Agent({
              clock,
              log,
              random: random.fork('agent').fork(own.name),
              settings: own,
              llm: (brains[i] as OpenedBrain).llm,
              tts: (voices[i] as OpenedVoice).tts,
              vad: machinery.vad,
              endOfTurn: (endOfTurn[i] as EndOfTurnChoice).strategy,
              onLeaving: () => broadcast.leaving(own.name),
              onEnded: (endedBy) => ended(own.name, endedBy),
            }),
        ),
    });
    return { ending, sinkErrors: log.sinkErrors };
  } finally {
    for (const voice of voices) await voice.close();
    for (const { strategy } of endOfTurn) strategy.close();
  }
}

function startedAgent(voice: string, brain?: OpenedBrain, opened?: OpenedVoice, endOfTurn?: EndOfTurnChoice): StartedAgent {
  invariant(brain && opened && endOfTurn, 'an agent was not opened');
  const { llm } = brain;
  const { tts } = opened;
  return { llm: llm.name, llmModel: llm.model, tts: tts.name, ttsModel: tts.model, voice, endOfTurn: endOfTurn.strategy.name };
}
