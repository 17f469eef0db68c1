/** `bottalk serve`: the process that Pipecat Cloud starts in a container and drives over HTTP, one session after the other. */
import type { Command } from 'commander';
import { examples } from './examples.ts';
import { portNumber } from './option-values.ts';

type Options = { readonly port?: number; readonly host: string; readonly sidecar: string };

export function registerServe(program: Command): void {
  program
    .command('serve')
    .summary('be the agent of a Pipecat Cloud container')
    .description(
      'Serves what Pipecat Cloud asks of a container: POST /bot holds one session and is answered when that is over, /livez and /readyz are for probes, /metrics, /metrics/summary and /kpis say how the session goes. Keys come from the environment. On SIGTERM the session goes on for up to SHUTDOWN_TIMEOUT seconds. docs/pipecat-cloud.md has the whole contract.',
    )
    .option('--port <number>', 'where it listens (default: PORT, else 8080)', portNumber)
    .option('--host <address>', 'on which address', '0.0.0.0')
    .option('--sidecar <folder>', 'where a sidecar waits to be told of the end, if the folder is there', '/var/run/token-refresher')
    .addHelpText(
      'after',
      examples(
        'bottalk serve',
        'bottalk serve --port 7860',
        `curl -N localhost:8080/bot -H 'content-type: application/json' -d '{"room_url":"https://<you>.daily.co/<room>","token":"<token>"}'`,
        'curl localhost:8080/metrics/summary',
      ),
    )
    .action(async (options: Options) => {
      const { serve } = await import('./serve-sessions.ts');
      process.exitCode = await serve(options);
    });
}
