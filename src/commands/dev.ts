/** `bottalk dev`: a server on this machine with a page to start, watch and hear calls, and the interface of Pipecat's frontends. */
import { type Command, InvalidArgumentError } from 'commander';
import { cacheFolder } from '../base/cache-folder.ts';
import { packageVersion } from '../base/version.ts';
import { systemWallClock as wall } from '../clock/wall-clock.ts';
import { modelFolder } from '../compose/cache-folders.ts';
import { readSecrets } from '../compose/secrets.ts';
import { EXIT } from './exit-codes.ts';
import { examples } from './examples.ts';
import { interruptSignal } from './interrupt.ts';
import { dollars, folderName, portNumber } from './option-values.ts';
import { print } from './print.ts';

type DevFlags = {
  readonly port: number;
  readonly host?: string;
  readonly allowOrigin: readonly string[];
  readonly runs: string;
  readonly budget?: number;
  readonly open?: boolean;
};

export function registerDev(program: Command): void {
  const dev = program
    .command('dev')
    .summary('a page to start, watch and hear calls')
    .description(
      'Starts a server on this machine: a page on which calls are started, watched and heard, and the interface that Pipecat\'s frontends know. Ends with Ctrl-C, and so does the call that runs. See docs/dev-server.md.',
    )
    .argument('[paths...]', 'scenario files, folders or globs to choose from, besides those that come with bottalk (default: scenarios)')
    .option('--port <number>', 'the port; 0 takes any free one', portNumber, 8000)
    .option('--host <address>', 'listen there as well as on this machine, such as 0.0.0.0; whoever comes needs the token in the address that is printed', hostName)
    .option('--allow-origin <origin>', 'a web page of elsewhere may use the server, such as https://app.example.com; may be given several times', collectOrigin, [])
    .option('--runs <folder>', 'where runs are written, and where the page finds earlier ones', folderName, 'runs')
    .option('--budget <usd>', 'ends each call before it has cost more; needs a price for everything that costs money', dollars)
    .option('--open', 'open the page in the browser');
  dev.addHelpText('after', examples('bottalk dev', 'bottalk dev calls --open', 'bottalk dev --port 0 --open', 'bottalk dev --budget 0.50', 'bottalk dev --allow-origin https://app.example.com', 'bottalk dev --host 0.0.0.0'));
  dev.action(async (paths: readonly string[], { port, host, allowOrigin, open, runs, budget }: DevFlags, command: Command) => {
    const [{ openDevServer }, { discoverScenarios }] = await Promise.all([import('../server/dev-server.ts'), import('../scenarios/discover.ts')]);
    // Whoever names scenarios wants to hear at once that there are none.
    if (paths.length > 0) await discoverScenarios(paths);
    const cache = cacheFolder(process.env);
    const interrupt = interruptSignal();
    const ended = new Promise((resolve) => interrupt.signal.addEventListener('abort', resolve, { once: true }));
    const server = await openDevServer({
      wall,
      version: packageVersion(),
      secrets: readSecrets('.', process.env),
      scenarios: paths,
      port,
      host,
      allowedOrigins: allowOrigin,
      runsFolder: runs,
      cacheFolder: cache,
      modelFolder: modelFolder(cache),
      budgetUsd: budget,
      onWarning: warn,
    });
    try {
      print(command, `bottalk dev listens on ${server.url}\n`);
      if (open) {
        const fault = await (await import('./open-file.ts')).openFile(server.url, { wall, platform: process.platform });
        if (fault !== undefined) warn(`${fault}: open ${server.url} yourself`);
      }
      await ended;
    } finally {
      await server.close();
      interrupt.release();
    }
    process.exitCode = EXIT.ok;
  });
}

function warn(text: string): void {
  process.stderr.write(`warning: ${text}\n`);
}

function hostName(text: string): string {
  if (!/^[\w.:-]+$/.test(text)) throw new InvalidArgumentError('Expected a name or an address, such as 0.0.0.0.');
  return text;
}

function collectOrigin(text: string, others: readonly string[]): readonly string[] {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || !['', '/'].includes(url.pathname + url.search)) {
    throw new InvalidArgumentError('Expected an origin, such as https://app.example.com.');
  }
  return [...others, url.origin];
}
