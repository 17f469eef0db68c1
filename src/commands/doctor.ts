/** `bottalk doctor`: what works on this machine, what is missing, and what to do about it. Changes nothing. */
import type { Command } from 'commander';
import type { Check } from '../compose/doctor/check.ts';
import { EXIT } from './exit-codes.ts';
import { examples } from './examples.ts';
import { print, printJson, wantsColour } from './print.ts';

type Options = { readonly online?: boolean; readonly json?: boolean };

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .summary('check this machine and its keys')
    .description('Checks what bottalk needs and what it could use: Node, voice activity, voice, models, folders, Chromium, sound, and which keys are set and where (never what they are). Leaves with 3 if offline runs cannot work, or if a call made by --online failed; what is only missing is no failure.')
    .option('--online', 'make one cheap call for each key; for Daily, a room that is joined and deleted')
    .option('--json', 'the result as JSON')
    .addHelpText('after', examples('bottalk doctor', 'bottalk doctor --online', 'bottalk doctor --json'))
    .action(async (options: Options, command: Command) => {
      const checks = await examine(options.online ?? false);
      if (!checks) {
        process.exitCode = EXIT.cancelled;
        command.configureOutput().writeErr?.('cancelled\n');
        return;
      }
      const { isFine } = await import('../compose/doctor/check.ts');
      if (options.json) printJson(command, { ok: isFine(checks), checks });
      else print(command, `${await table(checks)}\n${verdict(checks, options.online ?? false)}\n`);
      if (!isFine(checks)) process.exitCode = EXIT.world;
    });
}

/** Undefined if the user would not wait for it. */
async function examine(online: boolean): Promise<readonly Check[] | undefined> {
  const [{ checkMachine }, { checkKeys }, { readSecrets, secretSources }, { systemWallClock: wall }, { cacheFolder }, { interruptSignal }] = await Promise.all([
    import('../compose/doctor/machine-checks.ts'),
    import('../compose/doctor/key-checks.ts'),
    import('../compose/secrets.ts'),
    import('../clock/wall-clock.ts'),
    import('../base/cache-folder.ts'),
    import('./interrupt.ts'),
  ]);
  const { env } = process;
  const secrets = readSecrets('.', env);
  const machine = await checkMachine({ wall, env, secrets, cacheFolder: cacheFolder(env), folder: '.', nodeVersion: process.versions.node });
  const offline = [...machine, ...checkKeys(secrets, secretSources('.', env))];
  if (!online) return offline;
  const interrupt = interruptSignal();
  const [{ checkOnline }, { openSpinner }] = await Promise.all([import('../compose/doctor/online-checks.ts'), import('./spinner.ts')]);
  const spinner = await openSpinner('asking');
  const asked = new Set<string>();
  try {
    const onProgress = (name: string, state: 'asking' | 'done'): void => {
      if (state === 'asking') asked.add(name);
      else asked.delete(name);
      spinner.show(`asking ${[...asked].join(', ')}`);
    };
    return [...offline, ...(await checkOnline({ wall, env, secrets, signal: interrupt.signal, onProgress }))];
  } catch (error) {
    if (!interrupt.signal.aborted) throw error;
    return undefined;
  } finally {
    spinner.close();
    interrupt.release();
  }
}

const HEADINGS = { machine: 'This machine', keys: 'Keys and addresses', online: 'Tried online' } as const;
const STYLES = { works: undefined, set: undefined, missing: 'dim', broken: 'red' } as const;

/** A line each, under its heading; what to do stands under what is wrong. */
async function table(checks: readonly Check[]): Promise<string> {
  const { painter } = await import('../report/paint.ts');
  const paint = painter(wantsColour());
  const names = Math.max(...checks.map(({ name }) => name.length));
  const rows = checks.map((check, i): string => {
    const { group, state, name, detail, advice } = check;
    const style = STYLES[state];
    const heading = checks[i - 1]?.group === group ? '' : `${i === 0 ? '' : '\n'}${paint('bold', HEADINGS[group])}\n`;
    const line = `  ${state.padEnd(7)}  ${name.padEnd(names)}  ${detail}`;
    // What is to be done about several is said once, under the last of them.
    const remedy = advice === undefined || advice === checks[i + 1]?.advice ? '' : `${' '.repeat(names + 13)}${advice}\n`;
    return `${heading}${style === undefined ? line : paint(style, line)}\n${remedy}`;
  });
  return rows.join('');
}

function verdict(checks: readonly Check[], online: boolean): string {
  const failed = (wanted: (check: Check) => boolean): string => checks.filter((check) => wanted(check) && check.state === 'broken').map(({ name }) => name).join(', ');
  const needed = failed((check) => check.needed);
  const tried = failed(({ group }) => group === 'online');
  const offline = needed === '' ? 'Offline runs work.' : `Offline runs do not work: mend ${needed}.`;
  if (!online) return offline;
  if (!checks.some(({ group }) => group === 'online')) return `${offline} There is no key to try online.`;
  return `${offline} ${tried === '' ? 'Every key works.' : `Online: ${tried} failed.`}`;
}
