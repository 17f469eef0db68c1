/** `bottalk list`: which scenarios there are. A file with mistakes is listed as such and keeps nobody from the others. */
import type { Command } from 'commander';
import { UsageError } from '../base/errors.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { examples } from './examples.ts';
import { print, printJson } from './print.ts';

export function registerList(program: Command): void {
  const list = program
    .command('list')
    .summary('list scenarios')
    .description('Lists scenario files with their agents, tags and turns.')
    .argument('[paths...]', 'scenario files or folders (default: scenarios)')
    .option('--json', 'the list as JSON');
  list.addHelpText('after', examples('bottalk list', 'bottalk list calls scenarios --json'));
  list.action(async (paths: readonly string[], options: { readonly json?: boolean }, command: Command) => {
    const listed = await listFiles(paths);
    if (options.json) return printJson(command, listed.map(toJson));
    print(command, toTable([['FILE', 'TITLE', 'AGENTS', 'TAGS', 'MAX TURNS'], ...listed.map(toRow)]));
  });
}

type Listed = { readonly file: string } & ({ readonly scenario: Scenario } | { readonly mistakeCount: number });

async function listFiles(paths: readonly string[]): Promise<readonly Listed[]> {
  // Imported here, so that --help does not wait for the schema.
  const [{ discoverScenarios }, { loadCase }] = await Promise.all([import('../scenarios/discover.ts'), import('../compose/load-case.ts')]);
  const listed: Listed[] = [];
  for (const file of await discoverScenarios(paths)) {
    try {
      listed.push({ file, scenario: (await loadCase(file)).scenario });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      listed.push({ file, mistakeCount: error.mistakes.length });
    }
  }
  return listed;
}

function toRow(listed: Listed): readonly string[] {
  if ('mistakeCount' in listed) {
    return [listed.file, `(${listed.mistakeCount === 1 ? '1 mistake' : `${listed.mistakeCount} mistakes`}: bottalk validate ${listed.file})`];
  }
  const { file, scenario } = listed;
  return [file, scenario.title, scenario.agents.map(({ name }) => name).join(', '), scenario.tags.join(', ') || '-', String(scenario.max_turns)];
}

function toJson(listed: Listed): object {
  if ('mistakeCount' in listed) return { file: listed.file, valid: false, mistakes: listed.mistakeCount };
  const { title, description, topic, tags, max_turns, agents } = listed.scenario;
  const seats = agents.map(({ name, role, goes_first }) => ({ name, role, goes_first }));
  return { file: listed.file, valid: true, title, description, topic, tags, max_turns, agents: seats };
}

/** Columns as wide as their longest cell; a row that is shorter than the others stretches its last cell. */
function toTable(rows: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const row of rows) if (row.length === rows[0]?.length) row.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return rows.map((row) => `${row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd(widths[i] ?? 0))).join('  ')}\n`).join('');
}
