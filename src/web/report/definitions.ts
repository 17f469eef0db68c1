/** Every figure that the page shows in a table: how it is read from the metrics, and what it means, in the words of docs/metrics.md. */
import type { Rate, Summary } from '../../metrics/aggregate.ts';
import type { AgentMetrics } from '../../metrics/run-figures.ts';
import { milliseconds, NONE, percent } from '../parts/figures.ts';

export type Definition = { readonly name: string; readonly unit: string; readonly meaning: string; readonly of: (agent: AgentMetrics) => string };

const summary = ({ n, p50, p95 }: Summary): string => (n === 0 ? NONE : `${milliseconds(p50)} / ${milliseconds(p95)} (${n})`);
const rate = ({ rate: share, count, of }: Rate): string => (of === 0 ? NONE : `${percent(share)} (${count}/${of})`);
const number = (value: number | null, digits = 0): string => (value === null ? NONE : value.toFixed(digits));

const MEDIAN = 'ms, P50 / P95 (n)';
const SHARE = 'share (counts)';

export const HEARD: readonly Definition[] = [
  { name: 'response_latency', unit: MEDIAN, meaning: "End of the peer's turn to the first own speech; negative is talking over.", of: ({ heard }) => summary(heard.response_latency) },
  { name: 'response_rate', unit: SHARE, meaning: 'Utterances of the peer that were answered before it had to speak again (tau-voice R_R).', of: ({ heard }) => rate(heard.response_rate) },
  { name: 'on_time_rate', unit: SHARE, meaning: 'Answers between 200 and 2750 ms, or 4000 ms with a tool call (EVA).', of: ({ heard }) => rate(heard.on_time_rate) },
  { name: 'early_rate', unit: SHARE, meaning: 'Answers before 200 ms.', of: ({ heard }) => rate(heard.early_rate) },
  { name: 'late_rate', unit: SHARE, meaning: 'Answers from 2750 ms on, or 4000 ms with a tool call.', of: ({ heard }) => rate(heard.late_rate) },
  { name: 'turn_taking_score', unit: '0 to 1', meaning: 'Mean over the turns after the greeting, by how soon each came and what was talked over (EVA).', of: ({ heard }) => number(heard.turn_taking_score, 2) },
  { name: 'yield_rate', unit: SHARE, meaning: 'Interruptions after which it stopped within 2 s (tau-voice R_Y).', of: ({ heard }) => rate(heard.yield_rate) },
  { name: 'yield_latency', unit: MEDIAN, meaning: 'Start of an interruption to the end of own speech, where that took at most 2 s (tau-voice L_Y).', of: ({ heard }) => summary(heard.yield_latency) },
  { name: 'agent_interruption_rate', unit: SHARE, meaning: 'Own speech begun while the peer spoke, per turn of the peer; can exceed 1 (tau-voice I_A).', of: ({ heard }) => rate(heard.agent_interruption_rate) },
  { name: 'backchannel_selectivity', unit: SHARE, meaning: 'Backchannels that it rightly ignored: not cut off by them, and no reply to them.', of: ({ heard }) => rate(heard.selectivity.backchannel) },
  { name: 'vocal_tic_selectivity', unit: SHARE, meaning: 'The same of vocal tics.', of: ({ heard }) => rate(heard.selectivity.vocal_tic) },
  { name: 'non_directed_selectivity', unit: SHARE, meaning: 'The same of speech to somebody else.', of: ({ heard }) => rate(heard.selectivity.non_directed) },
  { name: 'talk_ratio', unit: 'share', meaning: "Own speech of both sides' speech.", of: ({ heard }) => percent(heard.talk_ratio) },
  { name: 'speech_secs', unit: 's', meaning: 'How long it could be heard.', of: ({ heard }) => number(heard.speech_secs, 1) },
  { name: 'words_per_minute', unit: '', meaning: 'Words heard to their end, per minute of own speech.', of: ({ heard }) => number(heard.words_per_minute) },
  { name: 'word_error', unit: 'share (words)', meaning: "What the room transcribed against what was said: substitutions, deletions and insertions per word.", of: ({ word_error: { rate: share, words } }) => (share === null ? NONE : `${percent(share)} (${words})`) },
];

export const REPORTED: readonly Definition[] = [
  { name: 'end_of_turn_delay', unit: MEDIAN, meaning: "True end of the peer's speech to the decision that its turn is over.", of: ({ reported }) => summary(reported.end_of_turn_delay) },
  { name: 'transcription_delay', unit: MEDIAN, meaning: "True end of the peer's speech to the final transcript of it.", of: ({ reported }) => summary(reported.transcription_delay) },
  { name: 'vad_stop', unit: MEDIAN, meaning: 'The silence that the voice activity detection waited for before it decided.', of: ({ reported }) => summary(reported.vad_stop) },
  { name: 'ttft', unit: MEDIAN, meaning: 'LLM request sent to its first content token.', of: ({ reported }) => summary(reported.ttft) },
  { name: 'llm_duration', unit: MEDIAN, meaning: 'LLM request sent to the end of its stream.', of: ({ reported }) => summary(reported.llm_duration) },
  { name: 'tts_ttfb', unit: MEDIAN, meaning: 'First sentence sent to the voice to its first audio.', of: ({ reported }) => summary(reported.tts_ttfb) },
  { name: 'tts_duration', unit: MEDIAN, meaning: 'First sentence sent to the voice to its last audio.', of: ({ reported }) => summary(reported.tts_duration) },
  { name: 'e2e_latency', unit: MEDIAN, meaning: 'Stop decision of the voice activity detection to the first own audio sent, as Pipecat measures it.', of: ({ reported }) => summary(reported.e2e_latency) },
];

export const COUNTS: readonly Definition[] = [
  { name: 'turns', unit: '', meaning: 'How often it held the floor.', of: ({ turns }) => String(turns) },
  { name: 'replies', unit: '', meaning: 'Replies that were heard.', of: ({ replies }) => String(replies) },
  { name: 'cut_off', unit: '', meaning: 'Interruptions by the peer that cut its speech off.', of: (agent) => String(agent.cut_off) },
  { name: 'self_echo', unit: '', meaning: 'Replies to its own voice; more than none is a fault.', of: (agent) => String(agent.self_echo) },
  { name: 'tool_calls', unit: '', meaning: 'Tools that it called.', of: ({ usage }) => String(usage.tool_calls) },
];
