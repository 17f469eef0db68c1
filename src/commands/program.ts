/**
 * The commands and their help. Only commander is loaded here: a command brings its own weight when it is run, so that
 * help answers at once.
 */
import { Command, type Option } from 'commander';
import { registerCache } from './cache.ts';
import { registerCassette } from './cassette.ts';
import { registerDeploy } from './deploy.ts';
import { registerDev } from './dev.ts';
import { registerDoctor } from './doctor.ts';
import { registerGenerate } from './generate.ts';
import { registerInit } from './init.ts';
import { registerList } from './list.ts';
import { registerLogs } from './logs.ts';
import { registerMerge } from './merge.ts';
import { registerMetrics } from './metrics.ts';
import { registerModels } from './models.ts';
import { registerPlay } from './play.ts';
import { registerReport } from './report.ts';
import { registerRun } from './run.ts';
import { registerSchema } from './schema.ts';
import { registerSecrets } from './secrets.ts';
import { registerServe } from './serve.ts';
import { registerStatus } from './status.ts';
import { registerTest } from './test.ts';
import { registerValidate } from './validate.ts';
import { packageVersion } from '../base/version.ts';
import { registerVoices } from './voices.ts';

/** In the order in which the help lists them. */
const COMMANDS = [
  registerRun,
  registerTest,
  registerMerge,
  registerPlay,
  registerDev,
  registerReport,
  registerCassette,
  registerDeploy,
  registerSecrets,
  registerStatus,
  registerLogs,
  registerMetrics,
  registerValidate,
  registerList,
  registerInit,
  registerGenerate,
  registerSchema,
  registerDoctor,
  registerVoices,
  registerModels,
  registerCache,
  registerServe,
];

export function program(): Command {
  const bottalk = new Command('bottalk')
    .description('Two AI voice agents in one room: run the conversation, hear it, measure it.')
    .version(packageVersion(), '-V, --version', 'print the version')
    .helpOption('-h, --help', 'print help')
    .helpCommand('help [command]', 'print help for a command')
    .showHelpAfterError('(bottalk --help lists the commands)')
    .configureOutput({ outputError: (text, writeError) => writeError(text.replace(/^error: /, '')) })
    .configureHelp({ optionDescription: described })
    .exitOverride()
    .addHelpText(
      'after',
      `
Examples:
  $ bottalk run scenarios/sales.yaml              a conversation in seconds, with a live screen
  $ bottalk run scenarios/sales.yaml --seed 7     another one; the same seed gives the same bytes
  $ bottalk test                                  every scenario as a regression test
  $ bottalk run scenarios/sales.yaml --live       with every provider that has a key; bottalk doctor shows them
  $ bottalk init checkout                         a scenario of your own to start from
  $ bottalk validate                              every mistake in every scenario, with line and column
  $ bottalk play runs/<run>                       look at and listen to a saved run
  $ bottalk dev --open                            a page to start, watch and hear calls

Exit codes: 0 fine, 1 a check did not hold, 2 you can fix it, 3 the world failed or the run was invalid,
70 a bug of ours, 130 cancelled.`,
    );
  for (const register of COMMANDS) register(bottalk);
  for (const command of bottalk.commands) pointToHelp(command, `bottalk ${command.name()}`);
  return bottalk;
}

/** A mistake in a flag is mended with the help of the command, not with the list of commands. */
function pointToHelp(command: Command, words: string): void {
  command.showHelpAfterError(`(${words} --help shows what it takes)`);
  for (const part of command.commands) pointToHelp(part, `${words} ${part.name()}`);
}

/** What an option is for and what it takes, unless the description explains each of these already. */
function described({ description, argChoices }: Option): string {
  if (!argChoices || argChoices.every((choice) => description.includes(choice))) return description;
  return `${description}: ${argChoices.join(', ')}`;
}
