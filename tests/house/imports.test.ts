import { expect, test } from 'vitest';
import { importFaults } from './imports.ts';
import { openProgram } from './program.ts';

test.each(['.', 'src/web'])('every import of the project in %s follows the allow-list and none closes a cycle', (project) => {
  expect(faultsIn(undefined, project)).toEqual([]);
});

test('the pages that run in a browser are among what is looked at', () => {
  const program = openProgram(undefined, 'src/web');
  const paths = program.files.map(({ path }) => path);
  program.close();
  expect(paths).toEqual(expect.arrayContaining(['src/web/live/main.tsx', 'src/web/report/main.tsx', 'src/web/parts/live-messages.ts']));
});

test('a page that imports what is not below it is caught', () => {
  expect(
    faultsIn({
      'src/room/room.ts': 'export const room = 1;',
      'src/run/run.ts': 'export const run = 1;',
      'src/web/live/page.ts': "import '../../room/room.ts';\nimport '../../run/run.ts';",
    }),
  ).toEqual([
    'src/web/live/page.ts:1: web may not import room (src/room/room.ts), only base, clock, audio, events, metrics',
    'src/web/live/page.ts:2: web may not import run (src/run/run.ts), only base, clock, audio, events, metrics',
  ]);
});

test('an import of a later folder is caught, be it type-only, dynamic, a re-export, a type query or a worker', () => {
  expect(
    faultsIn({
      'src/pipeline/agent.ts': 'export type Agent = 1;',
      'src/tui/a.ts': "// A line.\nimport type { Agent } from '../pipeline/agent.ts';\nexport type A = Agent;",
      'src/tui/b.ts': "export const b = () => import('../pipeline/agent.ts');",
      'src/tui/c.ts': "export type { Agent } from '../pipeline/agent.ts';",
      'src/tui/d.ts': "export type D = import('../pipeline/agent.ts').Agent;",
      'src/tui/e.ts': "export const e = new URL('../pipeline/agent.ts', import.meta.url);",
    }),
  ).toEqual([
    'src/tui/a.ts:2: tui may not import pipeline (src/pipeline/agent.ts), only base, clock, audio, events, metrics',
    ...['b', 'c', 'd', 'e'].map(
      (name) => `src/tui/${name}.ts:1: tui may not import pipeline (src/pipeline/agent.ts), only base, clock, audio, events, metrics`,
    ),
  ]);
});

test('a neighbour, another provider, a test file and a folder without a row are caught', () => {
  expect(
    faultsIn({
      'src/room/room.ts': 'export const room = 1;',
      'src/metrics/fold.ts': "import '../room/room.ts';",
      'src/providers/openai/llm.ts': "import '../daily/room.ts';",
      'src/providers/daily/room.ts': "import '../../testing/room.ts';",
      'src/testing/room.ts': "import '../providers/openai/llm.ts';",
      'src/magic/wand.ts': "import '../room/room.ts';",
    }),
  ).toEqual([
    'src/magic/wand.ts:1: magic stands in no row of tests/house/imports.ts; give it one',
    'src/metrics/fold.ts:1: metrics may not import room (src/room/room.ts), only base, clock, audio, events',
    'src/providers/daily/room.ts:1: only tests may import src/testing/room.ts',
    'src/providers/openai/llm.ts:1: provider openai may not import provider daily (src/providers/daily/room.ts)',
  ]);
});

test('a cycle is named by the import that closes it', () => {
  expect(
    faultsIn({
      'src/base/a.ts': "import './b.ts';",
      'src/base/b.ts': "import './c.ts';",
      'src/base/c.ts': "import type {} from './a.ts';",
    }),
  ).toEqual(['src/base/c.ts:1: a cycle of imports: src/base/a.ts -> src/base/b.ts -> src/base/c.ts -> src/base/a.ts']);
});

test('a module that takes both kinds of time is caught outside of clock and compose', () => {
  const both = "import '../clock/clock.ts';\nimport '../clock/wall-clock.ts';";
  expect(
    faultsIn({
      'src/clock/clock.ts': '',
      'src/clock/wall-clock.ts': '',
      'src/compose/case.ts': both,
      'src/run/suite.ts': both,
    }),
  ).toEqual(['src/run/suite.ts:1: no module takes both a Clock and a WallClock, except in clock and compose']);
});

function faultsIn(madeUp?: Record<string, string>, project?: string): string[] {
  const program = openProgram(madeUp, project);
  try {
    return importFaults(program).toSorted();
  } finally {
    program.close();
  }
}
