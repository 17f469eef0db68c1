/**
 * A whole call made by hand, with everything that a screen has to show: stages of latency, an interruption that cut
 * the other off, a backchannel, an aside, a tool call, a warning. The times are invented; nothing was measured.
 */
import type { BottalkEvent } from '../events/event.ts';
import { LogBuilder, type Saying, seatOf, type Speaker } from './log-builder.ts';

type Turn = {
  readonly agent: Speaker;
  readonly text: string;
  /** From the peer's end of speech to this one's first sound; negative talks over. */
  readonly gapMs: number;
  readonly kind?: 'reply' | 'barge_in';
  readonly cutAfterWords?: number;
};

const TURNS: readonly Turn[] = [
  { agent: 'Sarah', gapMs: 900, text: 'Hi, this is Sarah from Velo Desk. Am I speaking with Mike, who runs the bike shop on Elm Street?' },
  { agent: 'Mike', gapMs: 1210, text: 'Yeah, that is me. What is this about?' },
  { agent: 'Sarah', gapMs: 980, text: 'We help shops like yours keep track of repairs. How do you know today which bikes are promised for Friday?' },
  { agent: 'Mike', gapMs: 1430, text: 'Honestly? A whiteboard. And my memory, which is not getting any better.' },
  { agent: 'Sarah', gapMs: 870, text: 'Then let me tell you how the calendar works, because it writes to your customers by itself and reminds them a day', cutAfterWords: 12 },
  { agent: 'Mike', gapMs: -620, kind: 'barge_in', text: 'Hold on, what does it cost?' },
  { agent: 'Sarah', gapMs: 1640, text: 'Forty nine a month, with everything in it. Shall I look whether Thursday is free for a demo?' },
  { agent: 'Mike', gapMs: 1120, text: 'Thursday is fine. After six, when the shop is closed.' },
  { agent: 'Sarah', gapMs: 2310, text: 'Thursday at half past six it is. Thank you, Mike, and goodbye.' },
  { agent: 'Mike', gapMs: 760, text: 'Thanks. Bye.' },
];

/** How long a word takes. */
const WORD_MS = 330;

/** The log of the call, complete unless `turns` asks for fewer. */
export function sampleCall(options: { readonly turns?: number } = {}): BottalkEvent[] {
  const turns = TURNS.slice(0, options.turns ?? TURNS.length);
  const log = new LogBuilder({ seed: 7 });
  let freeMs = 0;
  turns.forEach((turn, i) => {
    const words = turn.text.split(' ');
    const heard = turn.cutAfterWords === undefined ? turn.text : words.slice(0, turn.cutAfterWords).join(' ');
    const fromMs = freeMs + turn.gapMs;
    const toMs = fromMs + heard.split(' ').length * WORD_MS;
    const cause = i === 0 ? 'kickoff' : turn.kind === 'barge_in' ? 'barge_in' : 'turn';
    const facts = { fromMs, toMs, cause, replyId: `reply-${turn.agent}-${i}`, turnId: `turn-${i}` } as const;
    decide(log, turn, { ...facts, freeMs, index: i });
    log.says(turn.agent, { ...facts, text: heard, intended: turn.text, cut: turn.cutAfterWords !== undefined, ...(turn.kind ? { kind: turn.kind } : {}) });
    interims(log, turn.agent, { fromMs, words: heard.split(' ') });
    freeMs = toMs;
  });
  asides(log, freeMs);
  if (turns.length === TURNS.length) end(log, freeMs + 900);
  return asOfARun(log.build());
}

/** How long before its first sound a reply's voice is asked for. */
const VOICE_MS = 160;

/** A builder's log has replies begin with their first sound and knows no limit of turns; a run's has and does. */
function asOfARun(events: readonly BottalkEvent[]): BottalkEvent[] {
  const begun = new Set<string>();
  const kept = events.filter((event) => {
    if (event.type !== 'reply.started') return true;
    const first = !begun.has(event.replyId);
    begun.add(event.replyId);
    return first;
  });
  return kept
    .map((event) => (event.type === 'tts.requested' || event.type === 'tts.sentence_sent' ? { ...event, atMs: event.atMs - VOICE_MS } : event))
    .toSorted((a, b) => a.atMs - b.atMs)
    .map((event, seq) => (event.type === 'run.started' ? { ...event, scenario: { ...event.scenario, max_turns: 8 } } : { ...event, seq }));
}

/** What the room believes to hear while somebody speaks. */
function interims(log: LogBuilder, agent: Speaker, { fromMs, words }: { fromMs: number; words: readonly string[] }): void {
  for (let heard = 2; heard < words.length; heard += 2) {
    const endMs = fromMs + heard * WORD_MS;
    const text = words.slice(0, heard).join(' ').toLowerCase().replace(/[.,?!]/g, '');
    log.at(endMs + 150, { type: 'transcript.published', participant: seatOf(agent), text, final: false, startMs: fromMs, endMs });
  }
}

type Moment = {
  readonly fromMs: number;
  readonly freeMs: number;
  readonly replyId: string;
  readonly turnId: string;
  readonly cause: 'kickoff' | 'barge_in' | 'turn';
  readonly index: number;
};

/** What the agent did between the peer's last word and its own first: its stages share the gap. */
function decide(log: LogBuilder, { agent, gapMs, kind }: Turn, { fromMs, freeMs, replyId, turnId, cause, index }: Moment): void {
  const peer = seatOf(agent === 'Sarah' ? 'Mike' : 'Sarah');
  const request = { agent, replyId, requestId: `${replyId}/1` };
  const decidedMs = index === 0 ? fromMs - 700 : freeMs + Math.max(260, Math.round(gapMs * 0.42));
  const tokenMs = Math.round((fromMs - decidedMs) * 0.7);
  if (index > 0) {
    log.at(freeMs - 1490, { type: 'vad.speech_started', agent, participant: peer, audioMs: freeMs - 1490 });
    log.at(freeMs - 1500, { type: 'turn.started', agent, turnId, by: 'vad', whileSpeaking: false });
    if (kind !== 'barge_in') {
      log.at(freeMs + 200, { type: 'vad.speech_stopped', agent, participant: peer, audioMs: freeMs + 200, silenceMs: 200, rescued: false });
      log.at(freeMs + 240, { type: 'turn.judged', agent, turnId, strategy: 'lexical', complete: true });
      log.at(decidedMs, { type: 'turn.stopped', agent, turnId, text: '', by: 'strategy', speechEndMs: freeMs });
    }
  }
  if (kind === 'barge_in') return;
  log.at(decidedMs, { type: 'reply.started', agent, replyId, turnId: index === 0 ? null : turnId, cause, kind: 'reply' });
  log.at(decidedMs, { type: 'llm.requested', ...request, messageCount: index + 2 });
  log.at(decidedMs + tokenMs, { type: 'llm.first_token', ...request, ttftMs: tokenMs });
  log.at(fromMs - VOICE_MS, { type: 'llm.completed', ...request, text: '', durationMs: fromMs - VOICE_MS - decidedMs, promptTokens: 120, completionTokens: 24 });
  log.at(fromMs - 10, { type: 'tts.first_audio', agent, utteranceId: `utterance-${index}`, ttfbMs: 150 });
  if (index === 8) {
    log.at(decidedMs + tokenMs + 20, { type: 'tool.called', agent, replyId, callId: 'call-1', name: 'free_slots', arguments: { day: 'Thursday' } });
    log.at(fromMs - 220, { type: 'tool.answered', agent, replyId, callId: 'call-1', name: 'free_slots', result: ['18:30'], failed: false });
  }
}

/** Speech that takes no floor, over the third turn and in a pause. */
function asides(log: LogBuilder, endMs: number): void {
  const spoken: readonly (Saying & { readonly agent: Speaker })[] = [
    { agent: 'Mike', kind: 'backchannel', fromMs: 14_600, toMs: 15_050, text: 'Mm-hm.' },
    { agent: 'Mike', kind: 'aside', fromMs: 24_900, toMs: 25_700, text: 'Be right with you.' },
  ];
  for (const { agent, ...saying } of spoken) if (saying.toMs < endMs) log.says(agent, saying);
}

function end(log: LogBuilder, atMs: number): void {
  log.at(300, { type: 'warning.raised', message: 'turn.strategy smart_turn: no weights here, using lexical' });
  log.at(atMs, { type: 'participant.left', participant: 'sarah-1', name: 'Sarah', reason: 'end_conversation' });
  log.at(atMs, { type: 'participant.left', participant: 'mike-1', name: 'Mike', reason: 'room closed' });
  log.at(atMs, { type: 'run.ended', endedBy: 'goodbye', agent: 'Sarah' });
}
