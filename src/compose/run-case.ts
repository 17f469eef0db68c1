/** The composition root of one run: a case becomes a clock, a room, providers and two agents, and is run to its end. */
import { invariant } from '../base/errors.ts';
import { drawLatencyMs } from '../base/latency.ts';
import { seededRandom } from '../base/random.ts';
import { VirtualClock } from '../clock/virtual-clock.ts';
import type { WallClock } from '../clock/wall-clock.ts';
import { RunLog, type Sink } from '../events/log.ts';
import { Agent } from '../pipeline/agent.ts';
import { ScriptBrain } from '../providers/script/script-brain.ts';
import { OfflineVoice } from '../providers/voice/offline-voice.ts';
import type { Link } from '../room/link.ts';
import { LocalRoom } from '../room/local-room.ts';
import type { Recorder } from '../room/recorder.ts';
import { converse, type Ending } from '../run/conversation.ts';
import { StopConditions } from '../run/stop-conditions.ts';
import type { Case, ScenarioAgent } from '../scenarios/scenario.ts';
import { agentSettings } from './agent-settings.ts';
import { chooseEndOfTurn } from './choose-end-of-turn.ts';
import type { Machinery } from './machinery.ts';
import { runStarted } from './run-started.ts';
import { expectedSpeech } from './expected-speech.ts';

/** What Pipecat's Daily transport assumes of Deepgram; agents in the embedded room wait for text as long as there. */
const ANNOUNCED_LATENCY_MS = 350;

export type RunOptions = {
  readonly wall: WallClock;
  readonly machinery: Machinery;
  readonly sinks: readonly Sink[];
  /** What is said is recorded here, and stays there however the run goes. */
  readonly recorder: Recorder;
  /** Call seconds per wall second; undefined means as fast as possible. */
  readonly pace?: number | undefined;
  /** Missing weights are an error, not a warning. */
  readonly strict?: boolean;
  readonly signal?: AbortSignal | undefined;
  /** The line of one speaker, by name; clear if not given. */
  readonly link?: (name: string) => Link;
};

export type RunOutcome = {
  readonly ending: Ending;
  /** What sinks threw; the run's record is not whole then. */
  readonly sinkErrors: readonly unknown[];
};

/** Throws the UsageError that would end a run of this case before it began, so that nothing need be made for it. */
export function checkCase({ scenario }: Case, { machinery, strict = false }: Pick<RunOptions, 'machinery' | 'strict'>): void {
  for (const [order, agent] of scenario.agents.entries()) {
    agentSettings(scenario, agent, order);
    chooseEndOfTurn(agent, { smartTurn: machinery.smartTurn, strict }).strategy.close();
  }
}

export async function runCase({ scenario, seed }: Case, options: RunOptions): Promise<RunOutcome> {
  const { wall, machinery, recorder, pace, signal, link } = options;
  const random = seededRandom(seed);
  const clock = new VirtualClock({ wall, pace });
  const conditions = new StopConditions();
  const log = new RunLog({ nowMs: () => clock.nowMs(), sinks: options.sinks, essential: conditions });
  const { transcription } = scenario;
  const brains = scenario.agents.map(
    (agent) =>
      new ScriptBrain({
        clock,
        script: scriptOf(agent),
        content: random.fork('content').fork(agent.name),
        latency: random.fork('latency').fork(agent.name).fork('llm'),
        firstTokenMs: agent.llm.first_token_ms,
        tokensPerSecond: agent.llm.tokens_per_second,
      }),
  );
  const settings = scenario.agents.map((agent, order) => agentSettings(scenario, agent, order));
  const endOfTurn = scenario.agents.map((agent) => chooseEndOfTurn(agent, { smartTurn: machinery.smartTurn, strict: options.strict ?? false }));
  log.append(runStarted(scenario, seed, endOfTurn.map(({ strategy }) => strategy.name)));
  for (const { warning } of endOfTurn) if (warning) log.append({ type: 'warning.raised', message: warning });
  machinery.synthesiser.prefetch(expectedSpeech(brains.map((brain, i) => ({ voice: settings[i]?.voice ?? '', texts: brain.expectedTexts() }))));

  const room = new LocalRoom({
    clock,
    log,
    recorder,
    random: random.fork('room'),
    transcription: (seat) => ({
      wordErrorRate: transcription.word_error_rate,
      interimIntervalMs: transcription.interim_interval_ms,
      finalLatencyMs: () => drawLatencyMs(transcription.final_latency_ms, seat),
    }),
    announcedLatencyMs: ANNOUNCED_LATENCY_MS,
    ...(link ? { link } : {}),
  });
  const voices = scenario.agents.map((agent) => {
    const latency = random.fork('latency').fork(agent.name).fork('tts');
    return new OfflineVoice({
      clock,
      synthesiser: machinery.synthesiser,
      firstByteMs: ({ replyId, sentenceIndex }) => drawLatencyMs(agent.tts.first_byte_ms, latency.fork(`${replyId}/${sentenceIndex}`)),
    });
  });
  try {
    const ending = await converse({
      clock,
      log,
      transport: room,
      conditions,
      limits: { maxDurationMs: scenario.max_duration * 1000, inactivityMs: scenario.inactivity * 1000 },
      signal,
      seats: (ended) =>
        settings.map(
          (own, i) =>
            new Agent({
              clock,
              log,
              random: random.fork('agent').fork(own.name),
              settings: own,
              llm: brains[i] as ScriptBrain,
              tts: voices[i] as OfflineVoice,
              vad: machinery.vad,
              endOfTurn: (endOfTurn[i] as (typeof endOfTurn)[number]).strategy,
              onEnded: (endedBy) => ended(own.name, endedBy),
            }),
        ),
    });
    return { ending, sinkErrors: log.sinkErrors };
  } finally {
    for (const { strategy } of endOfTurn) strategy.close();
  }
}

function scriptOf({ name, script }: ScenarioAgent): NonNullable<ScenarioAgent['script']> {
  invariant(script, `${name} has no script`);
  return script;
}
