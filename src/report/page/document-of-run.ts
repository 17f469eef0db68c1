/** Makes the document of a run's page from its folds. Knows no HTML, and nothing that the folds, the recording or run.json do not say. */
import { doubted, recordingFaults, type RecordedTracks } from '../../metrics/recording-check.ts';
import { samplesToMs } from '../../audio/format.ts';
import type { Utterance } from '../../metrics/conversation.ts';
import type { AboutRun, RunDocument, SoundStory, Speaker, SpokenLine, Stretch, ToolStory, TurnStory } from '../../metrics/pages/run-document.ts';
import type { RunFold } from '../../metrics/run-fold.ts';
import { metricsOf } from '../../metrics/run-metrics.ts';
import type { Span } from '../../metrics/spans.ts';
import { deadAir, talkOver } from '../../metrics/talk.ts';
import type { Turn } from '../../metrics/turns.ts';
import { SOUND_DELAY_MS } from './encode-sound.ts';
import { decidedMs } from './decided.ts';
import { PEAK_MS, peaksOf } from './peaks.ts';
import { reproducingCommand } from './reproducing-command.ts';
import { stagesOf } from './turn-stages.ts';

export type RunRecord = {
  readonly fold: RunFold;
  /** As audio.wav holds them; undefined where there is no such recording. */
  readonly tracks: RecordedTracks | undefined;
  /** What run.json says; null where there is none. */
  readonly about: AboutRun | null;
};

export function documentOfRun({ fold, tracks, about }: RunRecord): RunDocument {
  const { roster, utterances, turns } = fold;
  const turnOf = new Map(turns.flatMap((turn) => turn.utterances.map((utterance) => [utterance.utteranceId, turn.index + 1])));
  const speakers = speakersOf(fold);
  const scenario = roster.started?.scenario ?? {};
  const metrics = doubted(metricsOf(fold), recordingFaults(fold, tracks));
  return {
    page: 'run',
    metrics,
    callMs: whole(fold.nowMs),
    speakers,
    decidedMs: decidedMs(metrics.checks, fold).map(wholeOrNull),
    lines: utterances.map((utterance) => lineOf(utterance, turnOf.get(utterance.utteranceId) ?? null, fold.nowMs)),
    turns: turns.map((turn) => turnStory(turn, turns[turn.index - 1], fold)),
    overlaps: talkOver(utterances).map(stretch),
    silences: deadAir(utterances, fold.together).map(stretch),
    tools: toolsOf(fold),
    sound: tracks === undefined || tracks[0].length === 0 ? null : soundOf(tracks),
    about,
    command: reproducingCommand(about, roster.started?.seed ?? 0),
    asksWorld: about?.['cassette'] === undefined && asksWorld(roster),
    scenario,
  };
}

/** Agents first, in the order of their tracks. */
function speakersOf({ roster, wire }: RunFold): Speaker[] {
  const agents = roster.agents.toSorted((a, b) => Number(b.goesFirst) - Number(a.goesFirst));
  const guests = wire.names.filter((name) => !roster.isAgent(name));
  return [
    ...agents.map(({ name, role }, i): Speaker => ({ name, side: i === 0 ? 'first' : 'second', role })),
    ...guests.map((name): Speaker => ({ name, side: 'guest', role: null })),
  ];
}

function asksWorld({ started, agents }: RunFold['roster']): boolean {
  if (!started) return false;
  const ears = started.transcription !== 'embedded' && started.transcription !== started.room;
  return ears || started.evaluator !== undefined || agents.some(({ llm, tts, judge }) => llm !== 'script' || tts !== 'offline' || judge !== undefined);
}

function lineOf(utterance: Utterance, turn: number | null, nowMs: number): SpokenLine {
  const { agent, kind, startMs, segments, words, text, cut } = utterance;
  const endMs = whole(utterance.endMs ?? nowMs);
  const timed = words.map((word) => [word.text, whole(word.startMs), whole(word.endMs)] as const);
  return {
    speaker: agent,
    kind,
    turn,
    startMs: whole(startMs),
    endMs,
    segments: segments.map(stretch),
    words: timed.length > 0 || text === '' ? timed : [[text, whole(startMs), endMs]],
    unheard: cut ? unheardOf(utterance) : '',
    cut,
  };
}

/** What was given to the voice behind the last word that was heard. */
function unheardOf({ intended, words }: Utterance): string {
  return intended.split(/\s+/).filter(Boolean).slice(words.length).join(' ');
}

function turnStory(turn: Turn, before: Turn | undefined, fold: RunFold): TurnStory {
  const { index, agent, startMs, endMs, gapMs, cut } = turn;
  const fromMs = before?.endMs ?? fold.joinedMs ?? 0;
  return {
    number: index + 1,
    speaker: agent,
    startMs: whole(startMs),
    endMs: whole(endMs ?? fold.nowMs),
    gapMs: wholeOrNull(gapMs),
    cut,
    stages: stagesOf(turn, fromMs, fold),
    fromMs: whole(fromMs),
  };
}

function toolsOf({ replies }: RunFold): ToolStory[] {
  const calls = replies.flatMap(({ agent, toolCalls }) =>
    toolCalls.map((call): ToolStory => ({
      agent,
      name: call.name,
      arguments: JSON.stringify(call.arguments),
      result: call.answeredMs === null ? null : (JSON.stringify(call.result) ?? null),
      failed: call.failed,
      calledMs: whole(call.calledMs),
      answeredMs: wholeOrNull(call.answeredMs),
    })),
  );
  return calls.toSorted((a, b) => a.calledMs - b.calledMs);
}

function soundOf(tracks: RecordedTracks): SoundStory {
  return {
    type: 'audio/mpeg',
    lengthMs: whole(samplesToMs(tracks[0].length)),
    delayMs: SOUND_DELAY_MS,
    peakMs: PEAK_MS,
    peaks: [peaksOf(tracks[0]), peaksOf(tracks[1])],
  };
}

function stretch({ startMs, endMs }: Span): Stretch {
  return [whole(startMs), whole(endMs)];
}

function whole(ms: number): number {
  return Math.round(ms) + 0;
}

function wholeOrNull(ms: number | null): number | null {
  return ms === null ? null : whole(ms);
}
