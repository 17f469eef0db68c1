/** `bottalk deploy`: brings a version of the agents to Pipecat Cloud, and waits until it is the one that serves. */
import { type Command, InvalidArgumentError, Option } from 'commander';
import { examples } from './examples.ts';
import { fileName, wholeNumber } from './option-values.ts';
import type { DeployCommandFlags } from './run-deploy.ts';

export function registerDeploy(program: Command): void {
  const deploy = program
    .command('deploy')
    .summary('bring the agents to Pipecat Cloud and wait until they serve')
    .description(
      'Brings a version of the agents to Pipecat Cloud: checks everything before anything is changed, then waits until the ' +
        'new version is the one that serves. What no flag says comes from the environment and from pcc-deploy.toml.',
    )
    .option('--image <name>', 'the image, with a tag that does not move or a digest (or PCC_DEPLOY_IMAGE)')
    .option('--build', 'build that image here for linux/arm64 with docker buildx, and push it')
    .option('--cloud-build', 'let Pipecat Cloud build the image from this folder')
    .option('--build-id <id>', 'deploy what Pipecat Cloud built before')
    .option('--agent-name <name>', 'the agent (or PCC_AGENT_NAME)')
    .option('--local', 'the agent bottalk-agent-local, which is yours to try things with')
    .option('--region <code>', 'where a new agent shall live')
    .option('--profile <name>', 'the size of an instance: agent-1x, agent-2x or agent-3x')
    .option('--min-agents <n>', 'how many instances are kept warm; 0 keeps none', wholeNumber)
    .option('--max-agents <n>', 'how many instances there may be', wholeNumber)
    .option('--force', 'replace warm instances even if nothing changed, as after new secrets')
    .option('--config-file <file>', 'the deploy file (or PIPECAT_DEPLOY_CONFIG_PATH)', fileName)
    .addOption(new Option('--timeout <seconds>', 'how long the new version may take to serve (600)').argParser(seconds).default(600))
    .option('--dry-run', 'check everything, print the request and what it would change, and change nothing')
    .option('-y, --yes', 'do not ask')
    .option('--json', 'the outcome as JSON; the rest goes to stderr')
    .action(act);
  deploy.addHelpText('after', examples(...EXAMPLES) + EXIT_CODES);
}

const EXAMPLES = [
  'bottalk deploy --image registry.example/acme/bottalk:4f2a91c            what pcc-deploy.toml says, with this image',
  'bottalk deploy --image registry.example/acme/bottalk:4f2a91c --dry-run  what that would change',
  'bottalk deploy --build --image registry.example/acme/bottalk:4f2a91c    build and push it first',
  'bottalk deploy --cloud-build --local --yes                              without docker, beside the agent of others',
  'bottalk deploy --min-agents 0 --yes                                     no warm instances over night',
];

const EXIT_CODES = `

Exit codes: 0 the version serves, 1 the deployment failed, 2 you can fix it, 3 the world failed, 4 not ready in time
while the version before serves, 130 cancelled.`;

function seconds(text: string): number {
  const value = wholeNumber(text);
  if (value < 1) throw new InvalidArgumentError('Expected a number of seconds.');
  return value;
}

async function act(flags: DeployCommandFlags, command: Command): Promise<void> {
  const [{ runDeploy }, { systemWallClock }, { interruptSignal }] = await Promise.all([
    import('./run-deploy.ts'),
    import('../clock/wall-clock.ts'),
    import('./interrupt.ts'),
  ]);
  const output = command.configureOutput();
  const interrupt = interruptSignal();
  try {
    process.exitCode = await runDeploy(flags, {
      wall: systemWallClock,
      env: process.env,
      folder: process.cwd(),
      signal: interrupt.signal,
      writeOut: (text) => output.writeOut?.(text),
      writeErr: (text) => output.writeErr?.(text),
      stdin: process.stdin,
      stderr: process.stderr,
    });
  } finally {
    interrupt.release();
  }
}
