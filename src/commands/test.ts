/** `bottalk test`: scenarios as regression tests, many at once, with a verdict for each and one exit code for all. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { examples } from './examples.ts';
import { CASSETTE_MODES, dollars, fileName, folderName, wholeNumber } from './option-values.ts';
import { reporter } from './reporter-option.ts';
import { REPORTERS, type TestFlags } from './test-flags.ts';
import { collectVariable } from './variable-option.ts';

export function registerTest(program: Command): void {
  program
    .command('test')
    .summary('run scenarios as regression tests')
    .description('Runs every case of the given scenarios, holds each against what its file expects, and exits with 1 if an expectation was not met and with 3 if something broke.')
    .argument('[paths...]', 'scenario files, folders or globs (default: scenarios)')
    .optionsGroup('Which cases:')
    .option('--grep <pattern>', 'only cases whose id or title matches this regular expression', pattern)
    .option('--tag <tag>', 'only scenarios with this tag; may be given several times', collect)
    .option('--seeds <list>', 'these seeds instead of each file\'s own, such as 1,5,10-19', seedList)
    .option('--jitter-seeds <list>', 'draws latencies anew from each of these seeds, with all else equal', seedList)
    .option('--repeat <count>', 'each case so often, with seeds that count up', count)
    .option('--shard <i/n>', 'the i-th of n parts of the cases', shard)
    .option('--var <name=value>', 'sets a variable of the scenarios; may be given several times', collectVariable)
    .optionsGroup('How they run:')
    .option('--workers <count>', 'cases that run at once (default: one per core; with --cloud, as many as the agent has instances for)', count)
    .option('--timeout <seconds>', 'wall time after which a case is given up (default: 120; with --cloud 900)', seconds)
    .addOption(new Option('--cloud', 'the agents of every case are sessions in Pipecat Cloud, as for bottalk run').conflicts(['cassette', 'budget', 'record']))
    .option('--agent-name <name>', 'with --cloud: the deployed agent, as for bottalk run')
    .addOption(new Option('--watch', 'run again whenever a scenario changes, until Ctrl-C').conflicts(['out', 'record', 'shard']))
    .option('--bail', 'stop after the first case that does not pass')
    .option('--rerun-failed <results>', 'only cases that did not pass in this results.json, or in the folder of that test run; by itself of the files and seeds of then', fileName)
    .optionsGroup('Providers and recorded calls (without any of these, nothing of the world is asked but judges):')
    .option('--live', 'every provider that has a key, where the scenario says nothing else; says which')
    .addOption(new Option('--llm <provider>', 'all brains').choices(['script', 'openai']))
    .addOption(new Option('--tts <provider>', 'all voices').choices(['offline', 'elevenlabs']))
    .addOption(new Option('--transcription <provider>', 'who turns speech into text').choices(['embedded', 'elevenlabs', 'openai', 'room']))
    .option('--record <folder>', 'record each case to a cassette there, to be played by --cassette', folderName)
    .addOption(
      new Option('--cassette <folder>', 'play recorded calls instead of asking the world: a folder that --record or a test run wrote, or one call for one case')
        .argParser(folderName)
        .conflicts(['live', 'record']),
    )
    .addOption(new Option('--cassette-mode <mode>', 'strict, refresh or timing, as for bottalk run (default: strict)').choices(CASSETTE_MODES))
    .option('--retries-invalid <count>', 'how often an invalid case is run again that asked the world', wholeNumber, 1)
    .option('--budget <usd>', 'what all cases together may cost; needs a price for everything that costs money', dollars)
    .option('--prices <file>', 'what providers charge, as for bottalk run', fileName)
    .optionsGroup('What is written:')
    .option('--reporter <name>', `${REPORTERS.join(', ')}; name=file writes to a file; may be given several times`, reporter)
    .option('--keep <which>', 'folders of cases that stay: failed, all or none', keep, 'failed')
    .option('--no-report', 'no report.html in the folders of cases that stay')
    .option('--out <folder>', 'where results.json and the cases are written (default: a new folder under runs/)', folderName)
    .optionsGroup('Compared with before:')
    .option('--baseline <name>', 'compares with baselines/<name>.json; what got worse fails the run')
    .option('--save-baseline <name>', 'keeps this run as baselines/<name>.json')
    .option('--update-baseline', 'keeps this run as the one that --baseline names')
    .addHelpText(
      'after',
      examples(
        'bottalk test',
        'bottalk test scenarios --repeat 20 --workers 4',
        'bottalk test calls/refund.yaml --seeds 1-50 --grep angry',
        'bottalk test calls --watch',
        'bottalk test --reporter github --reporter junit=results.xml',
        'bottalk test --repeat 20 --save-baseline main',
        'bottalk test --repeat 20 --baseline main',
        'bottalk test --shard 2/3 --out results/2',
        'bottalk test --live --record cassettes --budget 2.00',
        'bottalk test --cassette cassettes',
        'bottalk test --cloud --workers 8 --agent-name my-agent',
      ),
    )
    .action(async (paths: readonly string[], flags: TestFlags) => {
      const run = flags.watch ? (await import('./watch-tests.ts')).watchTests : (await import('./run-tests.ts')).runTests;
      process.exitCode = await run(paths, flags);
    });
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

function pattern(text: string): RegExp {
  try {
    return new RegExp(text, 'i');
  } catch {
    throw new InvalidArgumentError('Expected a regular expression.');
  }
}

function count(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 1.');
  return Number(text);
}

function seconds(text: string): number {
  const value = Number(text);
  if (!(value > 0 && Number.isFinite(value))) throw new InvalidArgumentError('Expected seconds above 0.');
  return value;
}

/** `1,5,10-19` */
function seedList(text: string): readonly number[] {
  const seeds = text.split(',').flatMap((part) => {
    const [, first, last] = /^\s*(\d+)(?:-(\d+))?\s*$/.exec(part) ?? [];
    const from = Number(first);
    const to = Number(last ?? first);
    if (first === undefined || to < from || to - from >= 100_000) throw new InvalidArgumentError('Expected seeds such as 1,5,10-19.');
    return Array.from({ length: to - from + 1 }, (_, i) => from + i);
  });
  if (seeds.some((seed) => seed >= 2 ** 32)) throw new InvalidArgumentError('A seed is below 4294967296.');
  return [...new Set(seeds)];
}

function shard(text: string): { readonly index: number; readonly of: number } {
  const [, index, of] = /^(\d+)\/(\d+)$/.exec(text)?.map(Number) ?? [];
  if (index === undefined || of === undefined || index < 1 || index > of) throw new InvalidArgumentError('Expected a part such as 2/3.');
  return { index, of };
}

function keep(text: string): string {
  if (!['failed', 'all', 'none'].includes(text)) throw new InvalidArgumentError('Expected failed, all or none.');
  return text;
}
