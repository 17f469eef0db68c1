/** `bottalk run`: one conversation, watched as it happens, with everything about it in a folder afterwards. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { examples } from './examples.ts';
import { CASSETTE_MODES, dollars, fileName, folderName, wholeNumber } from './option-values.ts';
import type { RunFlags } from './run-flags.ts';
import { collectVariable } from './variable-option.ts';

export function registerRun(program: Command): void {
  program
    .command('run')
    .summary('run one conversation')
    .description('Puts the two agents of a scenario into a room and lets them talk. Leaves events, recording, transcript, metrics and a page to look at and listen to in a folder.')
    .argument('<scenario>', 'a scenario file')
    .optionsGroup('The call:')
    .option('--seed <number>', 'the seed; the same seed gives the same bytes (default: the one of the file)', wholeNumber)
    .option('--var <name=value>', 'sets a variable of the scenario; may be given several times', collectVariable)
    .option('--max-turns <number>', 'spoken turns per agent', wholeNumber)
    .option('--pace <factor>', 'call seconds per wall second: realtime, or a factor such as 20 (default: as fast as possible)', paceFactor)
    .option('--processes', 'each agent in a process and a browser of its own; in a Daily room')
    .addOption(new Option('--cloud', 'each agent as a session in Pipecat Cloud, in a Daily room that is listened to from here').conflicts(['processes', 'cassette', 'budget', 'record', 'pace']))
    .option('--agent-name <name>', 'with --cloud: the deployed agent (default: PCC_AGENT_NAME, or that of pcc-deploy.toml)')
    .option('--strict', 'missing model weights are an error')
    .optionsGroup('Providers (a flag wins over the scenario, the scenario over --live):')
    .option('--live', 'every provider that has a key, where nothing else is said; says which')
    .addOption(new Option('--llm <provider>', 'the brains of both agents').choices(['script', 'openai']))
    .addOption(new Option('--tts <provider>', 'the voices of both agents').choices(['offline', 'elevenlabs']))
    .addOption(new Option('--room <kind>', 'where they meet').choices(['embedded', 'daily']))
    .addOption(new Option('--transcription <provider>', 'who turns speech into text').choices(['embedded', 'elevenlabs', 'openai', 'room']))
    .optionsGroup('Record and replay:')
    .option('--record', 'leave a cassette of all that providers said (default where any is used)')
    .option('--no-record', 'leave none')
    .addOption(new Option('--cassette <run>', 'play a recorded call, a run folder or a file, instead of asking the world: no network, no keys').argParser(cassetteName).conflicts(['live', 'processes']))
    .addOption(
      new Option('--cassette-mode <mode>', 'strict: what was not recorded is an error; refresh: live from there on, and kept if the call goes well; timing: answers in their order, whatever is asked (default: strict)').choices(CASSETTE_MODES),
    )
    .optionsGroup('Money:')
    .option('--budget <usd>', 'ends the run before it has cost more; needs a price for everything that costs money', dollars)
    .option('--prices <file>', 'what providers charge (default: bottalk.prices.yaml where there is one); its rows win over those of bottalk', fileName)
    .optionsGroup('What is shown and kept:')
    .option('--out <folder>', 'where the run is written (default: a new folder under runs/)', folderName)
    .option('--open', 'open report.html in the browser when the call is over')
    .option('--no-report', 'leave no report.html')
    .option('--listen', 'play the call on the speakers of this machine while it runs, at real speed (aplay or ffplay)')
    .option('--exit', 'plain lines, and leave when the call is over')
    .addOption(new Option('--json', 'every event as a line of JSON').conflicts('quiet'))
    .option('--quiet', 'only the summary')
    .optionsGroup('Help:')
    .helpOption('-h, --help', 'print help')
    .addHelpText(
      'after',
      examples(
        'bottalk run scenarios/sales.yaml',
        'bottalk run scenarios/sales.yaml --seed 7 --var company="Blue Finch"',
        'bottalk run scenarios/support.yaml --pace realtime',
        'bottalk run scenarios/support.yaml --listen',
        'bottalk run scenarios/support.yaml --open',
        'bottalk run scenarios/sales.yaml --live',
        'bottalk run scenarios/sales.yaml --llm openai --tts offline',
        'bottalk run scenarios/sales.yaml --llm openai --budget 0.50',
        'bottalk run scenarios/sales.yaml --room daily --processes',
        'bottalk run scenarios/sales.yaml --cloud --agent-name my-agent',
        'bottalk run scenarios/sales.yaml --cassette runs/<run>',
        'bottalk run scenarios/sales.yaml --cassette sales.cassette.jsonl --cassette-mode refresh',
        'bottalk run scenarios/sales.yaml --json | grep \'"turn.stopped"\'',
      ),
    )
    .action(async (file: string, flags: RunFlags) => {
      const { runScenarioFile } = await import('./run-scenario-file.ts');
      process.exitCode = await runScenarioFile(file, flags);
    });
}

function cassetteName(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('Expected a run folder or a cassette.');
  return text;
}

function paceFactor(text: string): number {
  const factor = text === 'realtime' ? 1 : Number(text.replace(/x$/, ''));
  if (!(factor > 0 && Number.isFinite(factor))) throw new InvalidArgumentError('Expected realtime, or a factor above 0.');
  return factor;
}
