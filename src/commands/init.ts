/** `bottalk init`: a scenario of one's own to start from. It writes one new file and never over another. */
import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../base/errors.ts';
import { examples } from './examples.ts';
import { print } from './print.ts';
import { starterScenario } from './starter-scenario.ts';

const FOLDER = 'scenarios';

export function registerInit(program: Command): void {
  const init = program
    .command('init')
    .summary('write a scenario to start from')
    .description(`Writes ${FOLDER}/<name>.yaml, a commented scenario that runs as it is.`)
    .argument('[name]', 'what to call it', fileName, 'first-call');
  init.addHelpText('after', examples('bottalk init', 'bottalk init checkout'));
  init.action(async (name: string, _options: object, command: Command) => {
    const file = await writeStarter(join(FOLDER, `${name}.yaml`), await findSchema('.'));
    const next = [
      [`bottalk run ${file}`, 'hear the two talk'],
      [`bottalk test ${file}`, 'hold it against what it expects'],
      [`bottalk validate ${file}`, 'check it after you have changed it'],
      ['bottalk doctor', 'see which keys there are, for brains and voices of the world'],
    ] as const;
    const width = Math.max(...next.map(([words]) => words.length));
    print(command, `wrote ${file}\n\nNext:\n${next.map(([words, what]) => `  ${words.padEnd(width)}   ${what}\n`).join('')}`);
  });
}

/** Writes the starter, with its first line pointing at the schema if there is one. Gives the file back. */
export async function writeStarter(file: string, schema: string | undefined): Promise<string> {
  const title = file.replace(/^.*[\\/]|\.yaml$/g, '').replace(/[-_]+/g, ' ');
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, starterScenario(title, schema === undefined ? undefined : relative(dirname(file), schema)), { flag: 'wx' });
  } catch (error) {
    throw new UsageError(...unwritable(file, error));
  }
  return file;
}

/** The schema that an editor can read from this folder: of a checkout, or of the installed package. */
async function findSchema(folder: string): Promise<string | undefined> {
  const name = join('schema', 'scenario.schema.json');
  for (const candidate of [join(folder, name), join(folder, 'node_modules', 'bottalk', name)]) {
    const exists = await access(candidate).then(() => true, () => false);
    if (exists) return candidate;
  }
  return undefined;
}

function unwritable(file: string, error: unknown): [message: string, hint?: string] {
  const { code, syscall } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'EEXIST':
      if (syscall === 'mkdir') return [`${file} could not be written: ${dirname(file)} is not a folder`];
      return [`${file} is there already`, 'give another name: bottalk init <name>'];
    case 'EACCES':
    case 'EPERM':
      return [`${file} may not be written: permission denied`];
    case 'EROFS':
      return [`${file} may not be written: the file system is read-only`];
    case 'ENOSPC':
      return [`${file} could not be written: the disk is full`];
    case 'ENOTDIR':
      return [`${file} could not be written: ${dirname(file)} is not a folder`];
    default:
      return [`${file} could not be written: ${(error as Error).message}`];
  }
}

function fileName(text: string): string {
  const name = text.replace(/\.ya?ml$/, '');
  if (!/^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u.test(name)) throw new InvalidArgumentError('Expected a name of letters, digits, - and _.');
  return name;
}
