/**
 * Speech that its hearer never got: an agent that does not know what it was told cannot be blamed for its answer.
 * Judged by the texts that the room sent, whatever the agent made of them, and only where there was time for one.
 */
import type { EventOf } from '../events/event.ts';
import { takesFloor, type Utterance } from './conversation.ts';
import type { RunFold } from './run-fold.ts';
import type { Span } from './spans.ts';
import { FINAL_TEXT_MS } from './transcript-error.ts';
import { wordsOf } from './word-error.ts';

/** What one agent never got of its peer. */
export type LostSpeech = { readonly hearer: string; readonly speaker: string; readonly lost: readonly Utterance[]; readonly of: number };

/** Fewer words may be a cough to whoever listens. */
const FEWEST_WORDS = 3;
/** So many in all, of which neither text nor sound arrived, are no coughs: nothing gets through. */
const FEWEST_IN_ALL = 2;
/** What comes later than this is no answer to anything that was said. */
const LATEST_TEXT_MS = 10_000;
/** A text may be placed so far beside the speech that it is of: in virtual time by a pause, in the world by a network. */
const MISPLACED_MS = { virtual: 1000, real: 3000 } as const;

/** By hearer, in the order of the roster; none where everything arrived. */
export function lostSpeech(fold: RunFold): readonly LostSpeech[] {
  const { roster, utterances } = fold;
  return roster.agents.flatMap(({ name: hearer }): LostSpeech[] => {
    const speaker = roster.peerOf(hearer);
    const said = utterances.filter((utterance) => utterance.agent === speaker && isOwed(utterance, hearer, fold));
    const isCut = said.every((utterance) => !arrived(utterance, hearer, fold)) && fold.hearing.noticedBy(hearer).length === 0;
    const fewest = isCut && said.flatMap(({ text }) => wordsOf(text)).length >= FEWEST_IN_ALL ? 1 : FEWEST_WORDS;
    const owed = said.filter(({ text }) => wordsOf(text).length >= fewest);
    const lost = owed.filter((utterance) => !arrived(utterance, hearer, fold));
    return speaker !== undefined && lost.length > 0 ? [{ hearer, speaker, lost, of: owed.length }] : [];
  });
}

/** Whether its words were heard while the hearer was there, early enough for their text to come before either left. */
function isOwed({ kind, agent, startMs, endMs }: Utterance, hearer: string, { hearing, nowMs, roster }: RunFold): boolean {
  if (!takesFloor(kind) || endMs === null) return false;
  const neededMs = endMs + finalTextMs(roster.started);
  const stays = (name: string): boolean => hearing.visitsOf(name).some((visit) => visit.startMs <= startMs && neededMs <= Math.min(visit.endMs, nowMs));
  return stays(agent) && stays(hearer);
}

function arrived({ agent, startMs, endMs }: Utterance, hearer: string, { hearing, givenUp, roster }: RunFold): boolean {
  const { started } = roster;
  const slackMs = MISPLACED_MS[started?.clock ?? 'virtual'];
  const covers = (span: Span): boolean => span.startMs <= (endMs ?? startMs) + slackMs && span.endMs >= startMs - slackMs;
  if (hearing.textsOf(agent).some(covers) || givenUp.of(agent).some(covers)) return true;
  // All words of a short sentence may be misheard as nothing, where that was asked for; then the sound has to do.
  return misheardOnPurpose(started) && hearing.noticedBy(hearer).some(covers);
}

type Started = EventOf<'run.started'> | undefined;

function transcriptionOf(started: Started): { readonly word_error_rate?: number; readonly final_latency_ms?: number | { readonly p95: number } } {
  return started?.scenario['transcription'] ?? {};
}

function misheardOnPurpose(started: Started): boolean {
  return started?.transcription === 'embedded' && (transcriptionOf(started).word_error_rate ?? 0) > 0;
}

/** A scenario may ask for text that comes later; longer than twice its 95th percentile it hardly ever takes. */
function finalTextMs(started: Started): number {
  const { final_latency_ms: latency = 0 } = transcriptionOf(started);
  return Math.min(LATEST_TEXT_MS, Math.max(FINAL_TEXT_MS, 2 * (typeof latency === 'number' ? latency : latency.p95)));
}
