/** What becomes of a command whose output nobody reads any more (`bottalk test | head`): it ends as by Ctrl-C, and what it leaves is whole. */
import { UsageError } from '../base/errors.ts';
import type { Interrupt } from './interrupt.ts';
import { outputRefused } from './print.ts';

export type UnreadOutput = {
  /** Throws the UsageError of an output that was refused for another reason, such as a disk that is full. */
  readonly throwRefused: () => void;
  /** Looks no more. */
  readonly release: () => void;
};

export function untilUnread({ signal, press }: Pick<Interrupt, 'signal' | 'press'>): UnreadOutput {
  let refused: Error | undefined;
  const onError = (error: NodeJS.ErrnoException): void => {
    if (error.code !== 'EPIPE') refused ??= error;
    if (!signal.aborted) press();
  };
  process.stdout.on('error', onError);
  return {
    release: () => process.stdout.off('error', onError),
    throwRefused() {
      if (refused) throw new UsageError(outputRefused(refused));
    },
  };
}
