/** Makes the document of a test run's page from its results. Reads no file: where a case's own page is, its caller says. */
import type { CaseResult } from '../../metrics/case-result.ts';
import type { CaseLink, CaseStory, SuiteDocument, WorstTurn } from '../../metrics/pages/suite-document.ts';
import { repeatedScenarios } from '../../metrics/repeats.ts';
import type { SuiteResult } from '../../metrics/suite-result.ts';
import { costOf, type Reason, reasonsOf, remarksOf, whereOf } from '../suite/case-lines.ts';
import { comparedStory } from '../suite/comparison-lines.ts';
import type { ComparedWith } from '../suite/suite-sink.ts';

/** What is there of a case, by the address that the page finds it at. */
export type LinksOf = (result: CaseResult) => readonly CaseLink[];

export type SuiteSurroundings = { readonly linksOf: LinksOf; readonly compared?: ComparedWith | undefined };

export function documentOfSuite(result: SuiteResult, { linksOf, compared }: SuiteSurroundings): SuiteDocument {
  const { cases, bottalk, started_at, wall_secs, stopped, totals } = result;
  return {
    page: 'suite',
    about: { bottalk, started_at, wall_secs, stopped, totals },
    cost: costOf(cases),
    cases: cases.map((each) => storyOf(each, linksOf)),
    worst: worstTurns(cases),
    repeats: repeatedScenarios(cases),
    compared: compared === undefined ? null : comparedStory(compared.comparison, compared.name),
  };
}

function storyOf(result: CaseResult, linksOf: LinksOf): CaseStory {
  const told = (reason: Reason): { where: string; text: string } => ({ where: whereOf(result, reason), text: reason.text });
  return { ...result, reasons: reasonsOf(result).map(told), remarks: remarksOf(result).map(told), links: linksOf(result) };
}

/** So many of each are worth looking at. */
const WORST = 6;
/** An answer this late is late; talking over so long is more than a slip. */
const LATE_MS = 2000;
const OVER_MS = -300;

function worstTurns(cases: readonly CaseResult[]): SuiteDocument['worst'] {
  const turns = cases.flatMap(({ gaps }, index) =>
    gaps.ms.flatMap((gapMs, i): WorstTurn[] => {
      if (gaps.first === null || gapMs === null) return [];
      const other = gaps.first === 'system' ? 'user' : 'system';
      return [{ case: index, turn: i + 1, role: i % 2 === 0 ? gaps.first : other, gapMs }];
    }),
  );
  return {
    waits: turns.filter(({ gapMs }) => gapMs >= LATE_MS).toSorted((a, b) => b.gapMs - a.gapMs).slice(0, WORST),
    overs: turns.filter(({ gapMs }) => gapMs <= OVER_MS).toSorted((a, b) => a.gapMs - b.gapMs).slice(0, WORST),
  };
}
