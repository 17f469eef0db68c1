/** `bottalk models`: brings in model weights that are not part of bottalk, and shows which are there. */
import type { Command } from 'commander';
import type { PulledModel, PullProgress } from '../providers/model-store/pull-model.ts';
import { EXIT } from './exit-codes.ts';
import { examples } from './examples.ts';
import { print, printJson } from './print.ts';

export function registerModels(program: Command): void {
  const models = program
    .command('models')
    .summary('pull or list model weights that bottalk can use')
    .description('Model weights that bottalk can use and does not ship. Runs work without them; see docs/turn-taking.md.');
  models.addHelpText('after', examples('bottalk models list', 'bottalk models pull smart-turn', 'bottalk models pull smart-turn --from smart-turn-v3.2-cpu.onnx'));
  models
    .command('pull')
    .description('Downloads weights, or copies them from a file, and checks them.')
    .argument('<name>', 'the model, such as smart-turn')
    .option('--from <file>', 'take the weights from this file')
    .option('--url <address>', 'take them from this address: a mirror of where they are published')
    .action(pull);
  models
    .command('list')
    .description('Prints the models, and which of them are there.')
    .option('--json', 'as JSON')
    .action(list);
}

async function pull(name: string, options: { from?: string; url?: string }, command: Command): Promise<void> {
  const [{ pullNamedModel }, { systemWallClock }, { interruptSignal }] = await Promise.all([
    import('../compose/models.ts'),
    import('../clock/wall-clock.ts'),
    import('./interrupt.ts'),
  ]);
  const interrupt = interruptSignal();
  const progress = await openProgress(name, command);
  try {
    const pulled = await pullNamedModel(name, {
      folder: await folder(),
      wall: systemWallClock,
      fromFile: options.from,
      url: options.url,
      onProgress: (received) => progress.show(received),
      onRetry: (failure, waitMs) => progress.note(`${failure.message}; trying again in ${waitMs / 1000} s`),
      signal: interrupt.signal,
    });
    progress.close();
    print(command, describe(name, pulled));
  } catch (error) {
    progress.close();
    if (!interrupt.signal.aborted) throw error;
    process.stderr.write('cancelled; nothing was changed\n');
    process.exitCode = EXIT.cancelled;
  } finally {
    interrupt.release();
  }
}

function describe(name: string, { path, record, changed }: PulledModel): string {
  const checksum = record.announced ? 'as its host announced' : 'computed here, because nobody announced one';
  const what = changed ? `${name}: ${megabytes(record.bytes)} from ${record.origin}` : `${name} is up to date`;
  return `${what}\n  ${path}\n  sha256 ${record.sha256}, ${checksum}\n`;
}

type Progress = { show(progress: PullProgress): void; note(line: string): void; close(): void };

/** A line that changes on a terminal; elsewhere one line each quarter. Both on stderr: stdout holds the result alone. */
async function openProgress(name: string, command: Command): Promise<Progress> {
  const writeLine = (line: string): void => command.configureOutput().writeErr?.(`${line}\n`);
  // A terminal that says it has no columns would keep ora clearing lines for ever.
  if (process.stderr.isTTY && process.stderr.columns > 0) {
    const { default: ora } = await import('ora');
    // Its keyboard handling is off, because Ctrl-C is ours.
    const spinner = ora({ text: `${name}: connecting`, discardStdin: false }).start();
    return {
      show: (progress) => (spinner.text = `${name}: ${received(progress)}`),
      note: (line) => spinner.warn(line).start(`${name}: connecting`),
      close: () => spinner.stop(),
    };
  }
  let shownQuarter = 0;
  return {
    show(progress) {
      const quarter = Math.floor((4 * progress.receivedBytes) / (progress.totalBytes ?? Infinity));
      if (quarter > shownQuarter) writeLine(`${name}: ${received(progress)}`);
      shownQuarter = quarter;
    },
    note: writeLine,
    close: () => {},
  };
}

async function list(options: { json?: boolean }, command: Command): Promise<void> {
  const { listModels } = await import('../compose/models.ts');
  const rows = listModels(await folder()).map(({ model, path, state }) => ({
    name: model.name,
    summary: model.summary,
    state: state.kind,
    ...(state.kind !== 'absent' && { path }),
    ...(state.kind === 'sound' && state.record),
  }));
  if (options.json) return printJson(command, rows);
  for (const { name, summary, state, path } of rows) {
    print(command, `${name.padEnd(12)} ${STATES[state].padEnd(34)} ${summary}\n${path === undefined ? '' : `             ${path}\n`}`);
  }
}

const STATES = {
  absent: 'not pulled',
  sound: 'pulled, checksum holds',
  unrecorded: 'there, put by hand, not checked',
  damaged: 'damaged: pull it again',
} as const;

async function folder(): Promise<string> {
  const [{ cacheFolder }, { modelFolder }] = await Promise.all([import('../base/cache-folder.ts'), import('../compose/cache-folders.ts')]);
  return modelFolder(cacheFolder(process.env));
}

function received({ receivedBytes, totalBytes }: PullProgress): string {
  if (totalBytes === undefined) return megabytes(receivedBytes);
  return `${megabytes(receivedBytes)} of ${megabytes(totalBytes)} (${Math.round((100 * receivedBytes) / totalBytes)} %)`;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
