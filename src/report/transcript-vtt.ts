/** transcript.vtt: WebVTT captions of the recording, one cue a sentence, with the speaker's voice and word times. */
import type { HeardWord } from '../events/event.ts';
import { takesFloor, type Utterance } from '../metrics/conversation.ts';
import type { RunFold } from '../metrics/run-fold.ts';
import { spokenLine } from './spoken.ts';
import { oneLine } from './text-columns.ts';

type Cue = { readonly startMs: number; readonly endMs: number; readonly payload: string };

export function transcriptVtt({ utterances, nowMs }: RunFold): string {
  const cues = utterances.flatMap((utterance) => cuesOf(utterance, nowMs)).toSorted((a, b) => a.startMs - b.startMs);
  return ['WEBVTT', ...cues.map(({ startMs, endMs, payload }) => `${timestamp(startMs)} --> ${timestamp(endMs)}\n${payload}`)].join('\n\n') + '\n';
}

/** Without words there is one cue for all of it. */
function cuesOf(utterance: Utterance, nowMs: number): Cue[] {
  const { agent, startMs, endMs, words, text, kind } = utterance;
  const voice = `<v ${escaped(agent)}>`;
  const heard = words.filter((word) => oneLine(word.text) !== '');
  if (heard.length === 0) {
    return text === '' && !utterance.cut ? [] : [cue(startMs, endMs ?? nowMs, `${voice}${escaped(spokenLine(utterance))}`)];
  }
  const sentences = sentencesOf(heard);
  return sentences.map((sentence, i) => {
    const [open, close] = takesFloor(kind) ? ['', ''] : ['[', ']'];
    const cutOff = utterance.cut && i === sentences.length - 1 ? '—' : '';
    const first = sentence[0] as HeardWord;
    const last = sentence.at(-1) as HeardWord;
    return cue(first.startMs, last.endMs, `${voice}${open}${timedWords(sentence)}${cutOff}${close}`);
  });
}

/** Word times must lie within their cue and grow; where two words begin in the same millisecond one time serves both. */
function timedWords(words: readonly HeardWord[]): string {
  let beforeMs = Math.round((words[0] as HeardWord).startMs);
  const endMs = Math.round((words.at(-1) as HeardWord).endMs);
  return words
    .map((word) => {
      const atMs = Math.round(word.startMs);
      if (atMs <= beforeMs || atMs >= endMs) return escaped(word.text);
      beforeMs = atMs;
      return `<${timestamp(atMs)}>${escaped(word.text)}`;
    })
    .join(' ');
}

function sentencesOf(words: readonly HeardWord[]): HeardWord[][] {
  const sentences: HeardWord[][] = [[]];
  for (const word of words) {
    sentences.at(-1)?.push(word);
    if (/[.?!…]["')\]]*$/.test(word.text)) sentences.push([]);
  }
  return sentences.filter((sentence) => sentence.length > 0);
}

/** A cue must last. */
function cue(startMs: number, endMs: number, payload: string): Cue {
  const fromMs = Math.round(startMs);
  return { startMs: fromMs, endMs: Math.max(fromMs + 1, Math.round(endMs)), payload };
}

function escaped(text: string): string {
  return oneLine(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function timestamp(ms: number): string {
  const part = (value: number, digits: number): string => String(value).padStart(digits, '0');
  const whole = Math.round(ms);
  return `${part(Math.floor(whole / 3_600_000), 2)}:${part(Math.floor(whole / 60_000) % 60, 2)}:${part(Math.floor(whole / 1000) % 60, 2)}.${part(whole % 1000, 3)}`;
}
