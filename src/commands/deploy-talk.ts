/**
 * How a deployment talks to its user: a line that moves on a terminal and single lines elsewhere, the plan, and the
 * question whether to go on. A key that turns up in a text of others is blotted out.
 */
import type { FailedTry } from '../base/retry.ts';
import type { DeployTeller } from '../cloud/deploy/deploy.ts';
import { eachOnce } from './cloud-command.ts';
import { openSpinner } from './spinner.ts';
import { planLines } from './tell-deployment.ts';

export type TalkOptions = {
  readonly writeOut: (text: string) => void;
  readonly writeErr: (text: string) => void;
  /** What usually goes to stdout goes to stderr. */
  readonly toStderr: boolean;
  readonly yes: boolean;
  readonly signal: AbortSignal;
  readonly stdin: NodeJS.ReadStream;
  readonly stderr: NodeJS.WriteStream;
  /** Keys, which must not be shown. */
  readonly secrets: readonly string[];
};

export type DeployTalk = DeployTeller & {
  readonly failedTry: (failure: FailedTry) => void;
  readonly masked: (text: string) => string;
  readonly close: () => void;
};

export async function deployTalk({ writeOut, writeErr, toStderr, yes, signal, stdin, stderr, secrets }: TalkOptions): Promise<DeployTalk> {
  const spinner = await openSpinner('reading what shall be deployed', stderr);
  const isMoving = stderr.isTTY && stderr.columns > 0;
  const masked = (text: string): string => secrets.reduce((shown, value) => shown.replaceAll(value, '***'), text);
  const say = (text: string): void => spinner.above(() => (toStderr ? writeErr : writeOut)(`${masked(text)}\n`));
  const complain = (text: string): void => spinner.above(() => writeErr(`${masked(text)}\n`));
  let lastDone = '';
  return {
    masked,
    said: say,
    warn: (text) => complain(`warning: ${text}`),
    doing(text) {
      if (isMoving) spinner.show(masked(text));
      // A log has no use for the same line every five seconds.
      else if (text !== lastDone) complain(text);
      lastDone = text;
    },
    plan: (plan) => say(planLines(plan).join('\n')),
    async wantsIt({ agentName }) {
      if (yes) return true;
      spinner.close();
      const { createInterface } = await import('node:readline/promises');
      // Not as a terminal, or it would take Ctrl-C for itself and tell nobody.
      const asking = createInterface({ input: stdin, output: stderr, terminal: false });
      const silence = new Promise<string>((resolve) => asking.once('close', () => resolve('')));
      try {
        const answer = await Promise.race([asking.question(`Deploy ${agentName}? [y/N] `, { signal }), silence]);
        return /^y(es)?$/i.test(answer.trim());
      } finally {
        asking.close();
      }
    },
    failedTry: eachOnce(complain),
    close: () => spinner.close(),
  };
}
