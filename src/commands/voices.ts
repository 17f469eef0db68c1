/** `bottalk voices`: the voices that a scenario can name, the built-in ones and those of the ElevenLabs account. */
import { type Command, Option } from 'commander';
import { examples } from './examples.ts';
import { print, printJson } from './print.ts';

type Options = { readonly provider?: 'offline' | 'elevenlabs'; readonly json?: boolean };

/** `id` is what a scenario names. */
type NamedVoice = {
  readonly provider: 'offline' | 'elevenlabs';
  readonly id: string;
  readonly name: string;
  readonly category: string | null;
  readonly description: string | null;
  readonly labels: Readonly<Record<string, string>>;
};

export function registerVoices(program: Command): void {
  program
    .command('voices')
    .summary('list voices')
    .description('Lists the voices that a scenario can name: those built in, and with ELEVENLABS_API_KEY those of the ElevenLabs account.')
    .addOption(new Option('--provider <name>', 'only the voices of this provider').choices(['offline', 'elevenlabs']))
    .option('--json', 'the list as JSON')
    .addHelpText('after', examples('bottalk voices', 'bottalk voices --provider elevenlabs --json'))
    .action(async ({ provider, json }: Options, command: Command) => {
      const offline = provider === 'elevenlabs' ? [] : await offlineVoices();
      const account = provider === 'offline' ? [] : await accountVoices({ required: provider === 'elevenlabs' });
      const voices = [...offline, ...(account ?? [])];
      if (json) printJson(command, voices);
      else print(command, await toTable(voices));
      if (account === undefined) command.configureOutput().writeErr?.('for the voices of ElevenLabs put ELEVENLABS_API_KEY into .env.local or the environment\n');
    });
}

async function offlineVoices(): Promise<readonly NamedVoice[]> {
  const { VOICES } = await import('../providers/voice/voices.ts');
  return VOICES.map(({ name, gender, description }) => ({ provider: 'offline', id: name, name, category: 'built in', description, labels: { gender } }));
}

/** Undefined if there is no key for them, which is a mistake only of who asked for nothing else. */
async function accountVoices({ required }: { readonly required: boolean }): Promise<readonly NamedVoice[] | undefined> {
  const { needed, readSecrets } = await import('../compose/secrets.ts');
  const secrets = readSecrets('.', process.env);
  if (secrets.ELEVENLABS_API_KEY === undefined && !required) return undefined;
  const apiKey = needed(secrets, 'ELEVENLABS_API_KEY', 'the list of ElevenLabs voices');
  const [{ listVoices }, { systemWallClock: wall }, { openSpinner }] = await Promise.all([
    import('../providers/elevenlabs/list-voices.ts'),
    import('../clock/wall-clock.ts'),
    import('./spinner.ts'),
  ]);
  const spinner = await openSpinner('asking ElevenLabs');
  try {
    const listed = await listVoices({ wall, apiKey, baseUrl: secrets.ELEVENLABS_BASE_URL });
    return listed.map(({ id, name, category = null, description = null, labels }) => ({ provider: 'elevenlabs', id, name, category, description, labels }));
  } finally {
    spinner.close();
  }
}

async function toTable(voices: readonly NamedVoice[]): Promise<string> {
  const { oneLine, textTable } = await import('../report/text-columns.ts');
  // Names of an account are whatever somebody typed.
  const rows = voices.map((voice) => [voice.provider, voice.id, voice.name, voice.category ?? '-', about(voice)].map(oneLine));
  return textTable([['PROVIDER', 'VOICE', 'NAME', 'CATEGORY', 'ABOUT'], ...rows]);
}

/** An account describes its voices at length; labels say it in a word each. */
function about({ provider, description, labels }: NamedVoice): string {
  return provider === 'offline' ? (description ?? '') : Object.values(labels).join(', ');
}
