/** `bottalk validate`: whether scenario files could run, with every mistake in each of them. It runs nothing. */
import type { Command } from 'commander';
import { type Mistake, UsageError } from '../base/errors.ts';
import { examples } from './examples.ts';
import { print, printJson } from './print.ts';
import { collectVariable } from './variable-option.ts';

type Options = { readonly var?: Readonly<Record<string, string>>; readonly json?: boolean };

export function registerValidate(program: Command): void {
  const validate = program
    .command('validate')
    .summary('check scenario files')
    .description('Checks scenario files without running them and shows every mistake, with line and column.')
    .argument('[paths...]', 'scenario files or folders (default: scenarios)')
    .option('--var <name=value>', 'sets a variable of the scenario; may be given several times', collectVariable)
    .option('--json', 'the result as JSON');
  validate.addHelpText(
    'after',
    examples('bottalk validate', 'bottalk validate scenarios/sales.yaml --var company="Blue Finch"', 'bottalk validate calls --json'),
  );
  validate.action(async (paths: readonly string[], options: Options, command: Command) => {
    const checked = await checkFiles(paths, options.var ?? {});
    const bad = checked.filter(({ mistakes }) => mistakes.length > 0);
    if (options.json) printJson(command, { valid: bad.length === 0, files: checked.map(toJson) });
    else print(command, checked.map((each) => `${toLine(each)}\n`).join(''));
    if (bad.length > 0) throw new UsageError(bad.flatMap(({ mistakes }) => mistakes));
  });
}

type Checked = { readonly file: string; readonly title?: string; readonly mistakes: readonly Mistake[] };

async function checkFiles(paths: readonly string[], variables: Readonly<Record<string, string>>): Promise<readonly Checked[]> {
  // Imported here, so that --help does not wait for the schema.
  const [{ discoverScenarios }, { loadCases }, { unusedVariables }] = await Promise.all([
    import('../scenarios/discover.ts'),
    import('../compose/load-case.ts'),
    import('../scenarios/variables.ts'),
  ]);
  const checked: Checked[] = [];
  const files = await discoverScenarios(paths);
  const used = new Set<string>();
  for (const file of files) {
    try {
      const [first] = await loadCases(file, { variables, onVariables: (names) => names.forEach((name) => used.add(name)) });
      checked.push({ file, title: first?.scenario.title ?? '', mistakes: [] });
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      checked.push({ file, mistakes: error.mistakes });
    }
  }
  // What a file with mistakes asks for is not known.
  const unused = checked.every(({ mistakes }) => mistakes.length === 0) ? unusedVariables(variables, { files, used }) : [];
  if (unused.length > 0) throw new UsageError(unused);
  return checked;
}

function toLine({ file, title, mistakes }: Checked): string {
  if (mistakes.length === 0) return `ok   ${file}  ${title}`;
  return `bad  ${file}  ${mistakes.length} ${mistakes.length === 1 ? 'mistake' : 'mistakes'}`;
}

function toJson({ file, title, mistakes }: Checked): object {
  return {
    file,
    valid: mistakes.length === 0,
    ...(title !== undefined && { title }),
    mistakes: mistakes.map(({ message, hint, place }) => ({
      message,
      ...(hint !== undefined && { hint }),
      ...(place && { line: place.line, column: place.column }),
    })),
  };
}
