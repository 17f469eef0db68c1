/**
 * `node bench/heard.ts`: how far what is heard is from what is known to be there, per line and voice. The same figures
 * on every machine; docs/metrics.md shows them. `--voices` tells the offline voices apart; `--unsure 0` takes the loudness
 * of a sound beside noise for known exactly; `--audible -49` lets hearing begin elsewhere.
 */
import type { HeardErrors } from '../src/testing/heard/heard-errors.ts';
import { errorsOn, type KnownVoice, offlineVoice, sungVoice, together } from '../src/testing/heard/known-voices.ts';
import { UNSEEN_SENTENCES } from '../src/testing/heard/known-speech.ts';
import { type Line, NOISY_LINES, QUIET_LINES } from '../src/testing/heard/line.ts';
import { median, p95 } from './figures.ts';

const apart = process.argv.includes('--voices');
const hearing = { audibleDb: option('--audible'), unsureDb: option('--unsure') };
const NATURAL = ['clara', 'ross', 'angus'];
const natural = NATURAL.map((voice) => offlineVoice(voice));
const unseen = NATURAL.map((voice) => offlineVoice(voice, UNSEEN_SENTENCES));
const groups: readonly { readonly name: string; readonly voices: readonly KnownVoice[] }[] = [
  { name: 'sung', voices: [sungVoice(120)] },
  ...(apart ? natural.map((voice) => ({ name: voice.name, voices: [voice] })) : [{ name: 'clara, ross, angus', voices: natural }]),
  { name: 'clara, ross, angus: unseen sentences', voices: unseen },
  { name: 'otto', voices: [offlineVoice('otto')] },
  { name: 'otto: unseen sentences', voices: [offlineVoice('otto', UNSEEN_SENTENCES)] },
];

const KINDS = ['onset', 'end', 'speech', 'response', 'yield', 'talkOver', 'deadAir'] as const;

for (const { name, voices } of groups) {
  console.log(`\n${name}\n`);
  console.log('| line | onset | end | `speech_secs` | `response_latency` | `yield_latency` | `talk_over` | `dead_air` | score | over 32 | lost |\n|---|---|---|---|---|---|---|---|---|---|---|');
  for (const line of [...QUIET_LINES, ...NOISY_LINES]) console.log(rowOf(line, together(voices.map((voice) => errorsOn(line, voice, hearing)))));
}

/** So many decibels, as given; otherwise as is usual. */
function option(name: string): number | undefined {
  const given = process.argv.indexOf(name);
  return given < 0 ? undefined : Number(process.argv[given + 1]);
}

/** Median, 95th percentile and maximum of the errors' size; how many `response_latency` are off by more than 32 ms. */
function rowOf({ name }: Line, errors: HeardErrors): string {
  const cells = KINDS.map((kind) => {
    const sizes = errors[kind].map(Math.abs);
    return sizes.length === 0 ? '-' : [median(sizes), p95(sizes), Math.max(...sizes)].map((ms) => ms.toFixed(0)).join(' / ');
  });
  const score = Math.max(...errors.score.map(Math.abs)).toFixed(2);
  const over = `${errors.response.filter((ms) => Math.abs(ms) > 32).length} of ${errors.response.length}`;
  return `| ${[name, ...cells, score, over, errors.lost].join(' | ')} |`;
}
