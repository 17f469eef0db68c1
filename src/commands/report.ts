/**
 * `bottalk report`: every figure of a saved run, derived again from its event log, as text, as JSON or as a page with its
 * sound. Or a test run told again by any of its reporters, or as a page of all its cases.
 */
import { type Command, Option } from 'commander';
import { UsageError } from '../base/errors.ts';
import { examples } from './examples.ts';
import { print } from './print.ts';
import { isTestRun } from './is-test-run.ts';
import { reporter } from './reporter-option.ts';
import { REPORTERS, type TestFlags } from './test-flags.ts';

type Options = {
  readonly json?: boolean;
  readonly text?: boolean;
  readonly html?: string | true;
  readonly open?: boolean;
  readonly baseline?: string;
  readonly reporter?: TestFlags['reporter'];
};

export function registerReport(program: Command): void {
  program
    .command('report')
    .summary('print the figures of a saved run, or the results of a test run')
    .description('Derives everything again from the event log of a run: the same bytes as its metrics.json, the same page as its report.html, or a text to read. Of a test run, tells its results again by any reporter, or makes a page of all its cases.')
    .argument('<run>', 'a run folder or an events.jsonl; or the folder of a test run or its results.json')
    .option('--json', 'print metrics.json')
    .addOption(new Option('--html [file]', 'write the page (default: report.html in that folder; - prints it); of a test run, a name that ends in / makes a folder with the page of each case that was kept').conflicts(['json']))
    .option('--open', 'with --html: open the page in the browser')
    .addOption(new Option('--text', 'print a text to read (default)').conflicts(['json', 'html']))
    .addOption(new Option('--reporter <name>', `of a test run: ${REPORTERS.join(', ')}; name=file writes to a file; may be given several times`).argParser(reporter).conflicts(['json', 'text', 'html']))
    .option('--baseline <name>', 'of a test run: also compares it with baselines/<name>.json; what got worse ends it with exit code 1')
    .addHelpText('after', examples('bottalk report runs/<run>', 'bottalk report runs/<run> --json | diff - runs/<run>/metrics.json', 'bottalk report runs/<run> --html --open', 'bottalk report runs/<test run> --html pages/', 'bottalk report runs/<test run> --reporter junit=junit.xml --reporter markdown'))
    .action(async (run: string, options: Options, command: Command) => {
      if (options.html !== undefined) return htmlOf(run, options, command);
      if (options.open) throw new UsageError('--open opens a page, and none is asked for', 'add --html');
      if (isTestRun(run)) {
        process.exitCode = await (await import('./report-results.ts')).reportResults(run, options);
        return;
      }
      // Imported here, so that --help does not wait for the folds.
      const [{ parseEventLog }, { foldAll }, { readSavedRun }] = await Promise.all([
        import('../events/jsonl.ts'),
        import('../metrics/run-fold.ts'),
        import('./saved-run.ts'),
      ]);
      const saved = await readSavedRun(run);
      const fold = foldAll(parseEventLog(saved.text, saved.file));
      if (options.json) return print(command, (await import('../report/json-report.ts')).metricsJson(fold));
      const [{ textReport }, { recordingFaults }, { readRecording }] = await Promise.all([
        import('../report/text-report.ts'),
        import('../metrics/recording-check.ts'),
        import('./saved-recording.ts'),
      ]);
      // Who names a log alone asks for no recording.
      print(command, textReport(fold, saved.file === run ? [] : recordingFaults(fold, await readRecording(saved.folder))));
    });
}

async function htmlOf(run: string, { html, open = false, baseline }: Options, command: Command): Promise<void> {
  const target = html === true ? undefined : html;
  const options = { target, open, say: (text: string) => print(command, text) };
  if (!isTestRun(run)) return (await import('./report-html.ts')).reportRunHtml(run, options);
  process.exitCode = await (await import('./results-html.ts')).reportResultsHtml(run, { ...options, baseline });
}
