/** `bottalk deploy` in this process, before a Pipecat Cloud and an image registry of the loopback interface, without waiting. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { formatMistake, ProviderError, reasonOf, UsageError } from '../base/errors.ts';
import { EXIT } from '../commands/exit-codes.ts';
import { type DeployCommandFlags, type DeployCommandWorld, runDeploy } from '../commands/run-deploy.ts';
import { ImageRegistry } from './image-registry.ts';
import { FakePipecatCloud } from './pipecat-cloud/fake-pipecat-cloud.ts';
import { SkippingWall } from './skipping-wall.ts';

export type Deployed = {
  readonly exitCode: number;
  /** Lines of stdout. */
  readonly output: readonly string[];
  /** Lines of stderr. */
  readonly errors: readonly string[];
};

export type DeployRun = Partial<DeployCommandFlags> & {
  readonly env?: Readonly<Record<string, string>>;
  /** What the user types when asked; without it nobody is there to ask. */
  readonly answers?: string;
  readonly world?: Partial<DeployCommandWorld>;
};

export class DeployBench {
  readonly wall: SkippingWall;
  readonly cloud: FakePipecatCloud;
  readonly registry: ImageRegistry;
  /** Where bottalk runs: a deploy file is looked for here. */
  readonly folder: string;
  /** An image that fits. */
  readonly image: string;
  /** All that was printed, by every run. */
  #printed = '';

  static async open(): Promise<DeployBench> {
    const wall = new SkippingWall();
    return new DeployBench(wall, await FakePipecatCloud.start({ wall }), await ImageRegistry.start(), await mkdtemp(join(tmpdir(), 'bottalk-deploy-')));
  }

  private constructor(wall: SkippingWall, cloud: FakePipecatCloud, registry: ImageRegistry, folder: string) {
    this.wall = wall;
    this.cloud = cloud;
    this.registry = registry;
    this.folder = folder;
    this.image = registry.push('acme/bottalk:4f2a91c', 'linux/amd64', 'linux/arm64');
    cloud.secrets.add('bottalk-secrets', { OPENAI_API_KEY: 'planted-openai', ELEVENLABS_API_KEY: 'planted-elevenlabs', DAILY_API_KEY: 'planted-daily' });
  }

  /** What pcc-deploy.toml says. */
  async write(text: string): Promise<void> {
    await writeFile(join(this.folder, 'pcc-deploy.toml'), text);
  }

  async run({ env = {}, answers, world, ...flags }: DeployRun = {}): Promise<Deployed> {
    let output = '';
    let errors = '';
    const stdin = Object.assign(new PassThrough(), { isTTY: answers !== undefined });
    if (answers !== undefined) stdin.end(answers);
    const stderr = Object.assign(new PassThrough(), { isTTY: false });
    const exitCode = await this.#exitCode(
      { timeout: 600, yes: answers === undefined, ...flags },
      {
        wall: this.wall,
        env: { HOME: this.folder, ...this.cloud.env, ...env },
        folder: this.folder,
        signal: new AbortController().signal,
        writeOut: (text) => (output += text),
        writeErr: (text) => (errors += text),
        stdin: stdin as unknown as NodeJS.ReadStream,
        stderr: stderr as unknown as NodeJS.WriteStream,
        ...world,
      },
      (text) => (errors += text),
    );
    this.#printed += output + errors;
    return { exitCode, output: lines(output), errors: lines(errors) };
  }

  /** What was posted about agents, in order. */
  get posted(): readonly { readonly line: string; readonly body: unknown }[] {
    return this.cloud.requests.filter(({ line }) => line.startsWith('POST /agents'));
  }

  expectNothingPosted(): void {
    if (this.posted.length > 0) throw new Error(`something was posted: ${JSON.stringify(this.posted)}`);
  }

  /** Throws if a request was not as Pipecat Cloud describes it, or if a key was printed. */
  async close(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
    await this.registry.close();
    await this.cloud.close();
    if (this.#printed.includes('planted')) throw new Error(`a key was printed:\n${this.#printed}`);
  }

  async #exitCode(flags: DeployCommandFlags, world: DeployCommandWorld, writeErr: (text: string) => void): Promise<number> {
    try {
      return await runDeploy(flags, world);
    } catch (error) {
      if (error instanceof UsageError) {
        for (const mistake of error.mistakes) writeErr(`${formatMistake(mistake)}\n`);
        return EXIT.usage;
      }
      if (!(error instanceof ProviderError)) throw error;
      writeErr(`${reasonOf(error)}\n`);
      return EXIT.world;
    }
  }
}

function lines(text: string): readonly string[] {
  return text === '' ? [] : text.trimEnd().split('\n');
}
