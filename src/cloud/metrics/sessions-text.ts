/** The figures of running sessions as a table, and of one that was asked for by itself turn by turn. */
import { textTable } from '../../report/text-columns.ts';
import type { SessionFigures, SessionLook } from './session-look.ts';

export type SessionsTextOptions = {
  readonly agent: string;
  /** Also what came of each turn. */
  readonly turns: boolean;
};

const HEAD = ['SESSION', 'AGENT', 'TURNS', 'RESPONSE', 'E2E', 'TTFB', 'LLM', 'TTS'];
const NO_FIGURES: NonNullable<SessionFigures['aggregates']> = { ttfb: undefined, llm: undefined, tts: undefined, e2e: undefined, user_bot_latency: undefined };
const NOTE = 'mean / 95th percentile in ms; RESPONSE: from the end of the peer\'s speech as its agent noticed it to its own first sound\n';
const MOST_TURNS = 10;
const LONGEST_WORDS = 48;

export function sessionsText(looks: readonly SessionLook[], { agent, turns }: SessionsTextOptions): string {
  if (looks.length === 0) return `no session of ${agent} runs\n`;
  const table = textTable([HEAD, ...looks.map(row)]);
  const running = looks.filter((look) => look.state === 'runs');
  const silent = looks.map((look) => (look.state === 'unknown' ? `${look.session}: ${look.why}\n` : '')).join('');
  const each = turns ? running.map(({ figures }) => turnsText(figures)).join('') : '';
  return `${table}${running.length === 0 ? '' : NOTE}${silent}${each}`;
}

function row(look: SessionLook): readonly string[] {
  if (look.state === 'over') return [look.session, 'over'];
  if (look.state === 'unknown') return [look.session, '?'];
  const { session, count, aggregates } = look.figures;
  const { user_bot_latency: response, e2e, ttfb, llm, tts } = aggregates ?? NO_FIGURES;
  return [look.session, session.agent_name ?? '-', String(count ?? 0), ...[response, e2e, ttfb, llm, tts].map(spreadText)];
}

function spreadText(spread: { readonly avg?: number | undefined; readonly p95?: number | undefined } | undefined): string {
  return spread?.avg === undefined ? '-' : `${milliseconds(spread.avg)} / ${milliseconds(spread.p95)}`;
}

function turnsText({ timeseries = [] }: SessionFigures): string {
  const rows = timeseries.slice(-MOST_TURNS).map((record) => {
    const { turn_index: index, input, output, spoken_output: spoken, ttfb, e2e_latency: e2e } = record;
    return [String((index ?? 0) + 1), milliseconds(e2e), milliseconds(ttfb), short(input), short(spoken ?? output)];
  });
  return rows.length === 0 ? '' : `\n${textTable([['TURN', 'E2E', 'TTFB', 'HEARD', 'SAID'], ...rows])}`;
}

function milliseconds(ms: number | undefined): string {
  return ms === undefined ? '-' : String(Math.round(ms));
}

function short(words = ''): string {
  return words.length > LONGEST_WORDS ? `${words.slice(0, LONGEST_WORDS - 3)}...` : words;
}
