/**
 * `node bench/heard.ts`: how far what is heard is from what is known to be there, per line and voice. The same figures
 * on every machine; docs/metrics.md shows them. `--voices` tells the offline voices apart; `--unsure 0` takes it for known
 * exactly from how loud on a sound is heard; `--audible -49` lets hearing begin elsewhere; `--ears` sets the detector
 * against an ear that is told how loud the noise is, at several of such uncertainties.
 */
import { type Ear, type HeardErrors, heardErrors } from '../src/testing/heard/heard-errors.ts';
import { SENTENCES, UNSEEN_SENTENCES } from '../src/testing/heard/known-speech.ts';
import { conversationOn, type KnownVoice, offlineVoice, sungVoice, together } from '../src/testing/heard/known-voices.ts';
import { type Line, NOISY_LINES, QUIET_LINES } from '../src/testing/heard/line.ts';
import { median, p95 } from './figures.ts';

const KINDS = ['onset', 'end', 'speech', 'response', 'yield', 'talkOver', 'deadAir'] as const;
const NATURAL = ['clara', 'ross', 'angus'];
const LIMIT_MS = 32;

if (process.argv.includes('--ears')) compareEars();
else measure();

function measure(): void {
  const [audibleDb, unsureDb] = [option('--audible'), option('--unsure')];
  const natural = NATURAL.map((voice) => offlineVoice(voice));
  const groups: readonly { readonly name: string; readonly voices: readonly KnownVoice[] }[] = [
    { name: 'sung', voices: [sungVoice(120)] },
    ...(process.argv.includes('--voices') ? natural.map((voice) => ({ name: voice.name, voices: [voice] })) : [{ name: NATURAL.join(', '), voices: natural }]),
    { name: `${NATURAL.join(', ')}: unseen sentences`, voices: NATURAL.map((voice) => offlineVoice(voice, UNSEEN_SENTENCES)) },
    { name: 'otto', voices: [offlineVoice('otto')] },
    { name: 'otto: unseen sentences', voices: [offlineVoice('otto', UNSEEN_SENTENCES)] },
  ];
  for (const { name, voices } of groups) {
    console.log(`\n${name}\n`);
    printHead(['line', 'onset', 'end', '`speech_secs`', '`response_latency`', '`yield_latency`', '`talk_over`', '`dead_air`', 'score', 'over 32', 'lost']);
    for (const line of [...QUIET_LINES, ...NOISY_LINES]) {
      printRow(line, cellsOf(together(voices.map((voice) => heardErrors(conversationOn(line, voice, audibleDb), { unsureDb })))));
    }
  }
}

/** So many decibels, as given; otherwise as is usual. */
function option(name: string): number | undefined {
  const given = process.argv.indexOf(name);
  return given < 0 ? undefined : Number(process.argv[given + 1]);
}

/** Median, 95th percentile and maximum of the errors' size; how many `response_latency` are off by more than the limit. */
function cellsOf(errors: HeardErrors): string[] {
  const sizes = KINDS.map((kind) => errors[kind].map(Math.abs));
  const spreads = sizes.map((ms) => (ms.length === 0 ? '-' : [median(ms), p95(ms), Math.max(...ms)].map((one) => one.toFixed(0)).join(' / ')));
  const score = Math.max(...errors.score.map(Math.abs)).toFixed(2);
  return [...spreads, score, `${overLimit(errors)} of ${errors.response.length}`, String(errors.lost)];
}

/** In all sentences: of how many `response_latency` over the limit, and by how much the worst is off. */
function compareEars(): void {
  for (const names of [NATURAL, ['otto']]) {
    const voices = names.map((voice) => offlineVoice(voice, [...SENTENCES, ...UNSEEN_SENTENCES]));
    console.log(`\n${names.join(', ')}\n`);
    printHead(['line', ...['informed ear', 'detector'].flatMap((ear) => [0, 1, 2].map((db) => `${ear}, ${db} dB`))]);
    for (const line of NOISY_LINES.filter(({ noise }) => noise?.kind !== 'babble')) {
      const conversations = voices.map((voice) => conversationOn(line, voice));
      const cell = (ear: Ear, unsureDb: number): string => {
        const errors = together(conversations.map((conversation) => heardErrors(conversation, { ear, unsureDb })));
        return `${overLimit(errors)} of ${errors.response.length}, ${Math.max(...errors.response.map(Math.abs)).toFixed(0)} ms`;
      };
      printRow(line, (['informed', 'detector'] as const).flatMap((ear) => [0, 1, 2].map((unsureDb) => cell(ear, unsureDb))));
    }
  }
}

function overLimit({ response }: HeardErrors): number {
  return response.filter((ms) => Math.abs(ms) > LIMIT_MS).length;
}

function printHead(columns: readonly string[]): void {
  console.log(`| ${columns.join(' | ')} |\n|${'---|'.repeat(columns.length)}`);
}

function printRow({ name }: Line, cells: readonly string[]): void {
  console.log(`| ${[name, ...cells].join(' | ')} |`);
}
