/** `bottalk report`: every figure of a saved run, derived again from its event log. Reads nothing else of the run. */
import { type Command, Option } from 'commander';
import { examples } from './examples.ts';
import { print } from './print.ts';

type Options = { readonly json?: boolean; readonly text?: boolean };

export function registerReport(program: Command): void {
  program
    .command('report')
    .summary('print the figures of a saved run')
    .description('Derives everything again from the event log of a run: the same bytes as its metrics.json, or a text to read.')
    .argument('<run>', 'a run folder, or an events.jsonl')
    .option('--json', 'print metrics.json')
    .addOption(new Option('--text', 'print a text to read (default)').conflicts('json'))
    .addHelpText('after', examples('bottalk report runs/<run>', 'bottalk report runs/<run> --json | diff - runs/<run>/metrics.json'))
    .action(async (run: string, options: Options, command: Command) => {
      // Imported here, so that --help does not wait for the folds.
      const [{ parseEventLog }, { foldAll }, { readSavedRun }] = await Promise.all([
        import('../events/jsonl.ts'),
        import('../metrics/run-fold.ts'),
        import('./saved-run.ts'),
      ]);
      const { file, text } = await readSavedRun(run);
      const fold = foldAll(parseEventLog(text, file));
      if (options.json) print(command, (await import('../report/json-report.ts')).metricsJson(fold));
      else print(command, (await import('../report/text-report.ts')).textReport(fold));
    });
}
