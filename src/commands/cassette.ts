/** `bottalk cassette`: what recorded calls hold, whether they are sound, and how they are made smaller. */
import { type Command, InvalidArgumentError } from 'commander';
import { examples } from './examples.ts';
import { print, printJson } from './print.ts';

export function registerCassette(program: Command): void {
  const cassette = program
    .command('cassette')
    .summary('look at recorded calls, check and trim them')
    .description('A cassette holds what the providers of a call were asked and what they answered. `bottalk run --cassette` plays it; see docs/cassettes.md.');
  cassette.addHelpText(
    'after',
    examples('bottalk cassette show runs/<run>', 'bottalk cassette show sales.cassette.jsonl --call 3', 'bottalk cassette verify *.cassette.jsonl', 'bottalk cassette trim sales.cassette.jsonl'),
  );
  cassette
    .command('show')
    .description('Prints what is in a cassette: who asked for what, when, and what came of it.')
    .argument('<cassette>', 'a file, or the folder of a run')
    .option('--call <number>', 'one call in full: the request and each piece of the answer', callNumber)
    .option('--json', 'as JSON')
    .addHelpText('after', examples('bottalk cassette show runs/<run>', 'bottalk cassette show runs/<run> --call 3', 'bottalk cassette show runs/<run> --json'))
    .action(show);
  cassette
    .command('trim')
    .description(
      'Drops calls from a cassette and replaces the file, which keeps its mode. Without options, those go that the last refresh did not ask for any more. Sound that no call has goes with its calls.',
    )
    .argument('<cassette>', 'a file, or the folder of a run')
    .option('--run <run>', 'keep only what this run asked for: a run folder with a cassette (bottalk run --cassette <file> --record leaves one)')
    .option('--until <duration>', 'keep only what was asked before this moment of the call: 30s, 1.5m')
    .option('--out <file>', 'write to this new file and leave the other as it is')
    .addHelpText('after', examples('bottalk cassette trim sales.cassette.jsonl', 'bottalk cassette trim runs/<run> --until 30s --out start.cassette.jsonl'))
    .action(trim);
  cassette
    .command('verify')
    .description('Reads cassettes to the end, unpacks every sound, and says which line is broken. Exits with 2 if one is.')
    .argument('<cassettes...>', 'files, or folders of runs')
    .addHelpText('after', examples('bottalk cassette verify runs/<run>', 'bottalk cassette verify tests/cassettes/*.jsonl'))
    .action(verify);
}

async function show(path: string, { call, json }: { readonly call?: number; readonly json?: boolean }, command: Command): Promise<void> {
  const [{ openCassette }, { callInFull, cassetteFacts, cassetteOverview }] = await Promise.all([import('../compose/open-cassette.ts'), import('./show-cassette.ts')]);
  const opened = await openCassette(path);
  if (call !== undefined) printJson(command, callInFull(opened, call));
  else if (json) printJson(command, cassetteFacts(opened));
  else print(command, cassetteOverview(opened));
}

async function trim(path: string, options: { readonly run?: string; readonly until?: string; readonly out?: string }, command: Command): Promise<void> {
  const { trimCassette } = await import('./trim-cassette.ts');
  print(command, await trimCassette(path, options));
}

async function verify(paths: readonly string[], _options: unknown, command: Command): Promise<void> {
  const [{ openCassette }, { UsageError }] = await Promise.all([import('../compose/open-cassette.ts'), import('../base/errors.ts')]);
  const mistakes: InstanceType<typeof UsageError>['mistakes'][number][] = [];
  for (const path of paths) {
    try {
      const { cassette, file } = await openCassette(path);
      print(command, `${file}: sound, ${cassette.calls.length} calls\n`);
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      mistakes.push(...error.mistakes);
    }
  }
  if (mistakes.length > 0) throw new UsageError(mistakes);
}

function callNumber(text: string): number {
  if (!/^[1-9]\d*$/.test(text)) throw new InvalidArgumentError('Expected the number of a call, from 1.');
  return Number(text);
}
