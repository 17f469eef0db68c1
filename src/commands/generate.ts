/** `bottalk generate`: a scenario for a topic, written by a language model into a file of one's own to go on with. */
import { access, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Command, InvalidArgumentError } from 'commander';
import { UsageError } from '../base/errors.ts';
import { isTopic, TOPIC_CHARACTERS } from '../base/topic.ts';
import { examples } from './examples.ts';
import { EXIT } from './exit-codes.ts';
import { fileName } from './option-values.ts';
import { print } from './print.ts';

type GenerateFlags = { readonly out?: string; readonly force?: boolean };

export function registerGenerate(program: Command): void {
  const generate = program
    .command('generate')
    .summary('write a scenario for a topic')
    .description(
      'Lets a language model write two prompts for a topic, with variables to change, and puts them into a scenario file. Needs OPENAI_API_KEY, or OPENAI_BASE_URL; one request, whose answer is at most 2000 tokens long and is asked for a second time if it cannot be used.',
    )
    .argument('<topic>', `what the call is about, ${TOPIC_CHARACTERS.least} to ${TOPIC_CHARACTERS.most} characters`, topicText)
    .option('--out <file>', 'where it is written (default: scenarios/<title>.yaml)', fileName)
    .option('--force', 'write over a file that is there');
  generate.addHelpText('after', examples('bottalk generate "A guest complains about a noisy hotel room"', 'bottalk generate "Rebooking a flight" --out scenarios/rebooking.yaml --force'));
  generate.action(async (topic: string, { out, force = false }: GenerateFlags, command: Command) => {
    // What is there is not paid for first and refused afterwards.
    if (out !== undefined && !force && (await exists(out))) throw taken(out);
    const [{ generatePrompts }, { scenarioText }, { readSecrets }, { systemWallClock: wall }, { interruptSignal }, { openSpinner }] = await Promise.all([
      import('../compose/generate/generate-prompts.ts'),
      import('../compose/generate/generated-scenario.ts'),
      import('../compose/secrets.ts'),
      import('../clock/wall-clock.ts'),
      import('./interrupt.ts'),
      import('./spinner.ts'),
    ]);
    const secrets = readSecrets('.', process.env);
    const interrupt = interruptSignal();
    const spinner = await openSpinner('asking for two prompts');
    const { signal } = interrupt;
    const generated = await generatePrompts(topic, { secrets, wall, signal })
      .catch((error: unknown) => {
        if (signal.aborted) return undefined;
        throw error;
      })
      .finally(() => {
        spinner.close();
        interrupt.release();
      });
    if (!generated) {
      command.configureOutput().writeErr?.('cancelled; nothing was written\n');
      process.exitCode = EXIT.cancelled;
      return;
    }
    const { scenario, model, usage } = generated;
    const file = await write(scenarioText(scenario), { named: out, title: scenario.title, force });
    const tokens = usage ? ` (${usage.promptTokens} + ${usage.completionTokens} tokens)` : '';
    print(command, `wrote ${file}, as ${model} would have it${tokens}\n\nNext:\n  bottalk run ${file}   hear the two talk; brains of OpenAI's, voices that need no key\n`);
  });
}

/** Under its title, or the title and a number: what was written by a model is asked for anew, and never in place of another. */
async function write(text: string, { named, title, force }: { named: string | undefined; title: string; force: boolean }): Promise<string> {
  const slug = title.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '-').replace(/^-+|-+$/g, '').slice(0, 60) || 'generated';
  for (let n = 1; ; n += 1) {
    const file = named ?? join('scenarios', `${slug}${n === 1 ? '' : `-${n}`}.yaml`);
    try {
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, text, { flag: force ? 'w' : 'wx' });
      return file;
    } catch (error) {
      const { code, syscall, message } = error as NodeJS.ErrnoException;
      if (code !== 'EEXIST' || syscall === 'mkdir') throw new UsageError(`${file} could not be written: ${message}`, 'name another file with --out');
      if (named !== undefined) throw taken(named);
    }
  }
}

function taken(file: string): UsageError {
  return new UsageError(`${file} is there already`, 'name another file with --out, or write over it with --force');
}

function exists(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}

function topicText(text: string): string {
  if (!isTopic(text)) throw new InvalidArgumentError(`Expected ${TOPIC_CHARACTERS.least} to ${TOPIC_CHARACTERS.most} characters.`);
  return text.trim();
}
