/** `bottalk logs`: what an agent on Pipecat Cloud wrote, and with -f what it writes. */
import { stripVTControlCharacters } from 'node:util';
import type { Command } from 'commander';
import type { LogLine } from '../cloud/api/agent-answers.ts';
import { meantAgent, withCloud } from './cloud-command.ts';
import { examples } from './examples.ts';
import { wholeNumber } from './option-values.ts';

type Options = { readonly follow?: boolean; readonly session?: string; readonly limit: number; readonly since?: string; readonly json?: boolean };

const LIMIT = 100;

export function registerLogs(program: Command): void {
  program
    .command('logs')
    .summary('read or follow the log of an agent on Pipecat Cloud')
    .description(
      'Prints the newest lines of an agent on Pipecat Cloud, the oldest of them first. The agent is the one that is named, else that of PCC_AGENT_NAME, else that of pcc-deploy.toml. Needs PCC_PRIVATE_KEY; see docs/pipecat-cloud.md.',
    )
    .argument('[agent]', 'the agent')
    .option('-f, --follow', 'go on with what comes, until Ctrl-C')
    .option('--session <id>', 'only what belongs to this session')
    .option('--limit <lines>', 'how many lines to begin with', wholeNumber, LIMIT)
    .option('--since <time>', 'nothing older: 30s, 10m, 2h, 1d, or a moment such as 2026-01-31T09:00:00Z')
    .option('--json', 'a JSON object for each line')
    .addHelpText('after', examples('bottalk logs', 'bottalk logs bottalk-agent -f', 'bottalk logs --since 10m --limit 500', 'bottalk logs --session 0b2ff1a6-2c53-4a3f-8d1c-0f6f3bd8d001 --json'))
    .action(logs);
}

async function logs(named: string | undefined, { follow, session, limit, since, json }: Options, command: Command): Promise<void> {
  const [{ followLog, newestLines }, { sinceMs }, { displayable }, { UsageError }] = await Promise.all([
    import('../cloud/logs/read-log.ts'),
    import('../cloud/logs/since.ts'),
    import('../base/display-text.ts'),
    import('../base/errors.ts'),
  ]);
  const agent = await meantAgent(named);
  if (agent === undefined) throw new UsageError('no agent is named', 'name one, or set PCC_AGENT_NAME; bottalk status lists them');
  // What a log holds may steer a terminal, and its colours are not ours.
  const text = (line: LogLine): string => (json ? JSON.stringify(line) : `${line.timestamp}  ${displayable(stripVTControlCharacters(line.log)).trimEnd()}`);
  await withCloud(command, async ({ cloud, wall, signal, note, say }) => {
    const onLines = (lines: readonly LogLine[]): void => say(lines.map((line) => `${text(line)}\n`).join(''));
    const wish = { agent, sessionId: session, sinceMs: since === undefined ? undefined : sinceMs(since, wall.epochMs()) };
    // Whoever wants to see none of what there is follows from its newest line on all the same.
    const known = await newestLines(cloud, wish, Math.max(limit, 1), signal);
    onLines(limit === 0 ? [] : known);
    if (follow) await followLog(wish, known, { cloud, wall, signal, onLines, onTrouble: note });
  });
}
