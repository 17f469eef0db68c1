/** `bottalk status`: how an agent on Pipecat Cloud is, which of its versions serve, and what became of its sessions. */
import type { Command } from 'commander';
import { meantAgent, withCloud } from './cloud-command.ts';
import { examples } from './examples.ts';
import { wholeNumber } from './option-values.ts';
import { wantsColour } from './print.ts';

type Options = { readonly sessions: number; readonly json?: boolean };

const SESSIONS = 10;

export function registerStatus(program: Command): void {
  program
    .command('status')
    .summary('tell how an agent on Pipecat Cloud is')
    .description(
      'Tells whether the newest version of an agent serves, why it does not, and what became of its sessions. The agent is the one that is named, else that of PCC_AGENT_NAME, else that of pcc-deploy.toml; where nobody names one, all are listed. Needs PCC_PRIVATE_KEY; see docs/pipecat-cloud.md.',
    )
    .argument('[agent]', 'the agent')
    .option('--sessions <number>', 'how many of its sessions to list', wholeNumber, SESSIONS)
    .option('--json', 'as JSON')
    .addHelpText('after', examples('bottalk status', 'bottalk status bottalk-agent --sessions 50', 'bottalk status bottalk-agent --json'))
    .action(status);
}

async function status(named: string | undefined, options: Options, command: Command): Promise<void> {
  const [{ agentStatus, sessionEnd }, { agentsText, statusText }, { painter }] = await Promise.all([
    import('../cloud/status/agent-status.ts'),
    import('../cloud/status/status-text.ts'),
    import('../report/paint.ts'),
  ]);
  const agent = await meantAgent(named);
  await withCloud(command, async ({ cloud, wall, signal, say, sayJson }) => {
    const look = { paint: painter(wantsColour()), epochMs: wall.epochMs() };
    if (agent === undefined) {
      const agents = await cloud.agents.list({}, signal);
      return options.json ? sayJson(agents) : say(agentsText(agents, look.epochMs));
    }
    const [details, { sessions: newest, total_count: total }] = await Promise.all([
      cloud.agents.get(agent, signal),
      cloud.sessions.list(agent, { limit: Math.max(1, options.sessions) }, signal),
    ]);
    const sessions = newest.slice(0, options.sessions);
    const told = agentStatus(details, look.epochMs);
    if (!options.json) return say(statusText(told, sessions, look));
    const listed = sessions.map((session) => ({ ...session, state: sessionEnd(session) ?? 'runs' }));
    sayJson({ ...told, sessions: listed, totalSessions: total });
  });
}
