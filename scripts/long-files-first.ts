/**
 * Starts the test files that take longest first, so that at the end no core waits for the other. A machine that has run
 * them before would know, but a fresh clone goes by the size of a file, which tells little of how long it takes.
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** From ten seconds on, the longest first. */
const LONG = [
  'cloud/run-cloud',
  'web/live-page',
  'suite/test-command',
  'daily/daily-run',
  'suite/live',
  'packaging/tarball',
  'daily/daily-room',
  'runs/shipped',
  'daily/processes',
  'web/report',
  'suite/stopped',
  'daily/daily-faults',
  'cloud/entry-process',
  'live/cassette',
  'runs/heard',
  'runs/determinism',
].map((name) => `/tests/${name}.test.ts`);

export class LongFilesFirst extends BaseSequencer {
  /** Within their project: projects run one after the other. */
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projects = [...new Set(sorted.map(({ project }) => project))];
    return projects.flatMap((project) => sorted.filter((file) => file.project === project).toSorted((a, b) => placeOf(a) - placeOf(b)));
  }
}

function placeOf({ moduleId }: TestSpecification): number {
  const place = LONG.findIndex((name) => moduleId.endsWith(name));
  return place < 0 ? LONG.length : place;
}
