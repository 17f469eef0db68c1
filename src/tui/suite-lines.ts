/** The screen of a test run as lines: progress, a row for each scenario, and the first thing that went wrong, open. */
import { displayable } from '../base/display-text.ts';
import { clockTime } from '../base/figure-text.ts';
import { findingText } from '../metrics/checks/finding-text.ts';
import type { CaseResult } from '../metrics/case-result.ts';
import type { Verdict } from '../metrics/verdict.ts';
import { type Hue, justified, type Line, lineColumns, type Piece, wrapped } from './line.ts';
import type { Look } from './look.ts';
import type { ScenarioRow, SuiteView } from './suite-view.ts';

export type SuiteLayout = { readonly columns: number; readonly rows: number; readonly look: Look };

/** At most `rows` lines; of many scenarios those that need attention are shown. */
export function suiteLines(view: SuiteView, { columns, rows, look }: SuiteLayout): readonly Line[] {
  const { glyphs } = look;
  const time = timing(view);
  const head = [justified(progress(view, columns - lineColumns(time) - 1), time, columns, glyphs.ellipsis), view.stopping ? STOPPING : slowest(view, look), []];
  const bad = view.firstBad ? [[], ...firstBad(view.firstBad, columns)].slice(0, Math.max(0, rows - head.length - 1)) : [];
  const room = Math.max(0, rows - head.length - bad.length);
  const sorted = view.scenarios.length <= room ? view.scenarios : view.scenarios.toSorted((a, b) => attention(b) - attention(a));
  const shown = view.scenarios.length <= room ? sorted : sorted.slice(0, Math.max(0, room - 1));
  const hidden = view.scenarios.length - shown.length;
  const more: Line[] = hidden > 0 && room > 0 ? [[{ text: `  and ${hidden} more`, dim: true }]] : [];
  return [...head, ...shown.map((row) => scenarioLine(row, columns, look)), ...more, ...bad].slice(0, rows);
}

const HUES: Readonly<Record<Verdict, Hue | undefined>> = { passed: 'good', failed: 'bad', invalid: 'warning', errored: 'warning', cancelled: undefined, ran: undefined };
const ORDER: readonly Verdict[] = ['passed', 'ran', 'failed', 'invalid', 'errored', 'cancelled'];

const STOPPING: Line = [{ text: ' ending what runs; Ctrl-C again leaves at once', hue: 'warning' }];

/** The bar gives way to the counts. */
function progress({ planned, done, totals }: SuiteView, columns: number): Line {
  const count: Piece = { text: ` ${done}/${planned} `, bold: true };
  const verdicts: Line = [{ text: '  ' }, ...counts(totals)];
  const bar = Math.max(4, Math.min(24, columns - lineColumns([count, ...verdicts])));
  const full = planned === 0 ? bar : Math.round((bar * done) / planned);
  return [count, { text: '#'.repeat(full) }, { text: '.'.repeat(bar - full), dim: true }, ...verdicts];
}

function counts(totals: Readonly<Record<Verdict, number>>): Piece[] {
  return ORDER.filter((verdict) => totals[verdict] > 0).flatMap((verdict, i): Piece[] => {
    const hue = HUES[verdict];
    return [{ text: i === 0 ? '' : ', ' }, { text: `${totals[verdict]} ${verdict}`, ...(hue && { hue }) }];
  });
}

function timing({ elapsedMs, leftMs, planned, done }: SuiteView): Line {
  const left = leftMs === null || done === planned ? '' : `, about ${clockTime(leftMs)} left`;
  return [{ text: `${clockTime(elapsedMs)}${left} `, dim: true }];
}

function slowest({ slowest: one, running }: SuiteView, { glyphs }: Look): Line {
  const now = running.length === 0 ? '' : `running ${running.map(displayable).join(', ')}`;
  const slow = one === null ? '' : `slowest ${displayable(one.id)} ${one.wall_secs.toFixed(1)} s`;
  return [{ text: ` ${[slow, now].filter(Boolean).join(`  ${glyphs.dot}  `)}`, dim: true }];
}

function scenarioLine({ file, planned, done, running, totals }: ScenarioRow, columns: number, look: Look): Line {
  const mark = running > 0 ? look.glyphs.speaking : done === planned ? ' ' : look.glyphs.thinking;
  return justified([{ text: ` ${mark} ${displayable(file)}` }], [{ text: `${done}/${planned}  `, dim: true }, ...counts(totals), { text: ' ' }], columns, look.glyphs.ellipsis);
}

function attention({ totals, running }: ScenarioRow): number {
  return (totals.failed + totals.errored + totals.invalid) * 1000 + running;
}

function firstBad(result: CaseResult, columns: number): Line[] {
  const { id, file, verdict, checks, invalid, error } = result;
  const missed = checks.filter(({ severity, outcome }) => severity === 'must' && outcome !== 'held');
  const texts = [
    ...missed.map((check) => `${displayable(file)}${check.line === null ? '' : `:${check.line}`}: ${findingText(check)}`),
    ...(verdict === 'invalid' ? invalid.map(({ text }) => displayable(text)) : []),
    ...(error === null ? [] : [displayable(error)]),
  ];
  const heading: Line = [{ text: ` ${verdict} `, bold: true, hue: HUES[verdict] ?? 'warning' }, { text: displayable(id) }];
  return [heading, ...texts.flatMap((text) => wrapped([{ text }], columns - 4).map((line): Line => [{ text: '   ' }, ...line]))];
}
