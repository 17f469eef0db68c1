/** `bottalk metrics`: how the sessions do that run on Pipecat Cloud right now, in their own figures. */
import { type Command, InvalidArgumentError } from 'commander';
import { withCloud } from './cloud-command.ts';
import { examples } from './examples.ts';

type Options = { readonly agentName?: string; readonly watch?: boolean; readonly json?: boolean };

const WATCH_MS = 2_000;
/** Before the next look on a terminal. */
const CLEAR = '\u001b[2J\u001b[3J\u001b[H';

export function registerMetrics(program: Command): void {
  program
    .command('metrics')
    .summary('show live figures of sessions on Pipecat Cloud')
    .description(
      'Asks each running session of an agent on Pipecat Cloud for its turns and latencies. A session that does not answer within 5 s, or is over, is told as such. Needs PCC_PUBLIC_KEY, and PCC_PRIVATE_KEY to find the sessions where none is named; see docs/pipecat-cloud.md.',
    )
    .argument('[session]', 'only this session, turn by turn (default: all that run)', sessionId)
    .option('--agent-name <name>', 'the deployed agent (default: PCC_AGENT_NAME, or that of pcc-deploy.toml)')
    .option('--watch', 'look again every two seconds, until Ctrl-C or until the named session is over')
    .option('--json', 'as JSON; with --watch a line for each look')
    .addHelpText('after', examples('bottalk metrics', 'bottalk metrics --watch', 'bottalk metrics 0b2ff1a6-2c53-4a3f-8d1c-0f6f3bd8d001 --json', 'bottalk metrics --agent-name my-agent --watch --json'))
    .action(metrics);
}

/** Of one that never was, Pipecat Cloud says what it says of one that is over. */
function sessionId(text: string): string {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) throw new InvalidArgumentError('Expected the id of a session; without one all that run are shown.');
  return text;
}

async function metrics(session: string | undefined, { agentName, watch = false, json = false }: Options, command: Command): Promise<void> {
  const [{ cloudAgentName }, { lookAtSessions }, { sessionsText }] = await Promise.all([
    import('./cloud-agents.ts'),
    import('../cloud/metrics/session-look.ts'),
    import('../cloud/metrics/sessions-text.ts'),
  ]);
  const agent = await cloudAgentName(agentName);
  await withCloud(command, async ({ cloud, wall, signal, say, sayJson }) => {
    const look = (): ReturnType<typeof lookAtSessions> => lookAtSessions({ cloud, agent, session, signal });
    if (!watch) {
      const looks = await look();
      return json ? sayJson(looks) : say(sessionsText(looks, { agent, turns: session !== undefined }));
    }
    // To watch until Ctrl-C is what was asked for.
    await untilAborted(signal, async () => {
      const looks = await look();
      const text = json ? `${JSON.stringify(looks)}\n` : `${process.stdout.isTTY ? CLEAR : ''}${sessionsText(looks, { agent, turns: session !== undefined })}`;
      say(text);
      if (session !== undefined && looks.every(({ state }) => state === 'over')) return true;
      await wall.sleep(WATCH_MS, signal);
      return false;
    });
  });
}

/** Does it again and again, until it says that it is done or the signal aborts. */
async function untilAborted(signal: AbortSignal, once: () => Promise<boolean>): Promise<void> {
  try {
    while (!(await once())) signal.throwIfAborted();
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
