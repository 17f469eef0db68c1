/** `bottalk secrets`: what agents on Pipecat Cloud find in their environment. Values come from anywhere but the command line. */
import { type Command, Option } from 'commander';
import type { ValueSource } from '../cloud/secrets/read-values.ts';
import { withCloud } from './cloud-command.ts';
import { examples } from './examples.ts';
import { fileName } from './option-values.ts';

type SetOptions = { readonly fromFile?: string; readonly stdin?: boolean; readonly region?: string };
type PullOptions = { readonly host: string; readonly username?: string; readonly stdin?: boolean; readonly region?: string };

/** Where the credentials of a registry are looked for. */
const USERNAME = 'REGISTRY_USERNAME';
const TOKEN = 'REGISTRY_TOKEN';

export function registerSecrets(program: Command): void {
  const secrets = program
    .command('secrets')
    .summary('store what agents on Pipecat Cloud need to know: keys, and how to pull their image')
    .description(
      'Secret sets of Pipecat Cloud: what an agent finds in its environment, and what its image is pulled with. Values come from the environment, a file or stdin, never from the command line, and are never shown. Needs PCC_PRIVATE_KEY; see docs/pipecat-cloud.md.',
    );
  secrets.addHelpText(
    'after',
    examples(
      'bottalk secrets set bottalk-keys OPENAI_API_KEY ELEVENLABS_API_KEY',
      'bottalk secrets set bottalk-keys --from-file .env.local',
      'pass show openai | bottalk secrets set bottalk-keys OPENAI_API_KEY --stdin',
      'bottalk secrets list bottalk-keys',
      'bottalk secrets delete bottalk-keys OPENAI_API_KEY',
      'REGISTRY_USERNAME=me REGISTRY_TOKEN=... bottalk secrets image-pull registry --host registry.example',
    ),
  );
  const region = (): Option => new Option('--region <region>', "where a new set lives, which has to be where its agents live (default: the account's own)");
  secrets
    .command('set')
    .description('Adds secrets to a set, or replaces them; others stay as they are. Makes the set if there is none, and waits until agents can use it.')
    .argument('<set>', 'the set')
    .argument('[names...]', 'the secrets; with --from-file, all that the file holds where none is named')
    .addOption(new Option('--from-file <file>', 'take them from lines of NAME=value; - for stdin').argParser(fileName))
    .addOption(new Option('--stdin', 'take the value of the one secret that is named from stdin').conflicts('fromFile'))
    .addOption(region())
    .action(set);
  secrets
    .command('list')
    .description('Lists the sets, or the names in one set. Nobody can see the values again.')
    .argument('[set]', 'the set')
    .option('--json', 'as JSON')
    .action(list);
  secrets
    .command('delete')
    .description('Deletes secrets of a set, or with --yes the whole set.')
    .argument('<set>', 'the set')
    .argument('[names...]', 'the secrets')
    .option('--yes', 'the whole set')
    .action(remove);
  secrets
    .command('image-pull')
    .description(`Stores what an agent's image is pulled with. The user name comes from --username or ${USERNAME}, the token from ${TOKEN} or stdin.`)
    .argument('<set>', 'the name that image_credentials in pcc-deploy.toml has')
    .requiredOption('--host <address>', 'the registry, such as registry.example or docker.io')
    .option('--username <name>', `who pulls (default: ${USERNAME})`)
    .option('--stdin', `take the token from stdin, not from ${TOKEN}`)
    .addOption(region())
    .action(imagePull);
}

async function set(name: string, names: readonly string[], { fromFile, stdin, region }: SetOptions, command: Command): Promise<void> {
  const [{ readValues }, { checkSetName }] = await Promise.all([import('../cloud/secrets/read-values.ts'), import('../cloud/secrets/store-secrets.ts')]);
  checkSetName(name);
  const { values, warnings } = readValues(names, await sourceOf(fromFile, stdin ?? false));
  await withCloud(command, async ({ note, say, ...work }) => {
    for (const warning of warnings) note(warning);
    const { storeSecrets } = await import('../cloud/secrets/store-secrets.ts');
    const stored = await storeSecrets({ kind: 'secret', set: name, values, region }, work);
    const what = [...values.keys()].join(', ');
    say(`${name}${inRegion(stored.region)} is ready and holds ${what}${stored.isNew ? '' : ' anew'}.\n${stored.isNew ? '' : OLD_VALUES}`);
  });
}

/** Storing a value makes no new version, so that nothing replaces what runs. */
const OLD_VALUES = 'Instances that run already keep what they were started with: bottalk deploy --force replaces them.\n';

async function list(name: string | undefined, { json }: { readonly json?: boolean }, command: Command): Promise<void> {
  const { checkSetName } = await import('../cloud/secrets/store-secrets.ts');
  if (name !== undefined) checkSetName(name);
  const { textTable } = await import('../report/text-columns.ts');
  await withCloud(command, async ({ cloud, signal, say, sayJson }) => {
    if (name === undefined) {
      const sets = await cloud.secrets.list(signal);
      const rows = sets.map((each) => [each.name, each.type === 'imagePullSecret' ? 'image pull secret' : 'secrets', each.region ?? '-', each.status ?? '-']);
      if (json) sayJson(sets.map(({ errorMessage: _kept, ...each }) => each));
      else say(rows.length === 0 ? 'There are no secret sets; bottalk secrets set makes one.\n' : textTable([['NAME', 'HOLDS', 'REGION', 'STATE'], ...rows]));
      return;
    }
    // Pipecat Cloud tells of an image pull secret in its list alone.
    const listed = (await cloud.secrets.list(signal)).find((each) => each.name === name);
    const type = listed?.type ?? 'secret';
    const { region, status, secrets } = listed && type === 'imagePullSecret' ? { ...listed, secrets: [] } : await cloud.secrets.get(name, signal);
    const names = secrets.map(({ fieldName }) => fieldName).toSorted((a, b) => a.localeCompare(b));
    if (json) return sayJson({ name, type, region, status, names });
    const what = type === 'imagePullSecret' ? ', an image pull secret' : '';
    say(`${name}${inRegion(region)}, ${status ?? 'in no known state'}${what}\n${names.map((each) => `  ${each}\n`).join('')}`);
  });
}

async function remove(name: string, names: readonly string[], { yes }: { readonly yes?: boolean }, command: Command): Promise<void> {
  const [{ checkSetName }, { UsageError }] = await Promise.all([import('../cloud/secrets/store-secrets.ts'), import('../base/errors.ts')]);
  checkSetName(name);
  if (names.length === 0 && yes !== true) throw new UsageError(`nothing is named to be deleted from ${name}`, `--yes deletes ${name} as a whole; nobody can bring its values back`);
  if (names.length > 0 && yes === true) throw new UsageError('--yes deletes a whole set, but secrets are named', 'leave one of them out');
  await withCloud(command, async ({ cloud, signal, say }) => {
    if (names.length === 0) await cloud.secrets.delete(name, undefined, signal);
    for (const key of names) await cloud.secrets.delete(name, key, signal);
    say(`${names.length === 0 ? name : `${names.join(', ')} of ${name}`} is deleted.\n${OLD_VALUES}`);
  });
}

async function imagePull(name: string, options: PullOptions, command: Command): Promise<void> {
  const [{ checkSetName, storeSecrets }, { registryAddress, registryCredentials }] = await Promise.all([
    import('../cloud/secrets/store-secrets.ts'),
    import('../cloud/secrets/registry-credentials.ts'),
  ]);
  checkSetName(name);
  const host = registryAddress(options.host);
  const token = options.stdin === true ? await stdinText() : process.env[TOKEN];
  const credentials = registryCredentials({ username: options.username ?? process.env[USERNAME], token });
  await withCloud(command, async ({ say, ...work }) => {
    const stored = await storeSecrets({ kind: 'imagePullSecret', set: name, host, ...credentials, region: options.region }, work);
    say(`${name}${inRegion(stored.region)} is ready; agents pull from ${new URL(host).host} with it once image_credentials names it.\n`);
  });
}

async function sourceOf(file: string | undefined, stdin: boolean): Promise<ValueSource> {
  if (stdin) return { kind: 'value', text: await stdinText() };
  if (file === undefined) return { kind: 'environment', env: process.env };
  if (file === '-') return { kind: 'file', from: 'stdin', text: await stdinText() };
  const [{ readFile }, { UsageError }] = await Promise.all([import('node:fs/promises'), import('../base/errors.ts')]);
  try {
    return { kind: 'file', from: file, text: await readFile(file, 'utf8') };
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'})`);
  }
}

async function stdinText(): Promise<string> {
  const [{ text }, { UsageError }] = await Promise.all([import('node:stream/consumers'), import('../base/errors.ts')]);
  if (process.stdin.isTTY) throw new UsageError('stdin is a terminal, which would show what is typed', 'pipe the secret in');
  return text(process.stdin);
}

function inRegion(region: string | undefined): string {
  return region === undefined ? '' : ` in ${region}`;
}
