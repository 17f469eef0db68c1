/**
 * Waits until a version serves: asks every five seconds, lives with a few failed questions in a row, and stops as soon as
 * it is clear that the version will not come up. It changes nothing.
 */
import { ProviderError } from '../../base/errors.ts';
import type { WallClock } from '../../clock/wall-clock.ts';
import type { AgentDetails } from '../api/agent-answers.ts';
import type { PipecatCloud } from '../api/pipecat-cloud.ts';
import { readinessOf } from './ready.ts';

export type AwaitOptions = {
  readonly cloud: PipecatCloud;
  readonly wall: WallClock;
  readonly signal: AbortSignal;
  readonly agentName: string;
  /** The version that was asked for; undefined if Pipecat Cloud did not name it. */
  readonly wanted: string | undefined;
  readonly timeoutMs: number;
  readonly pollMs: number;
  /** Called whenever it is known what is waited for. */
  readonly onWait: (what: string) => void;
};

export type Awaited =
  | { readonly kind: 'ready'; readonly agent: AgentDetails }
  | { readonly kind: 'failed'; readonly why: readonly string[]; readonly agent: AgentDetails }
  /** `agent` is undefined if nobody ever saw it. */
  | { readonly kind: 'late'; readonly what: string; readonly agent: AgentDetails | undefined };

/** What Pipecat Cloud's own tools live with. */
const MOST_FAILED_IN_A_ROW = 5;

/** Rejects with a ProviderError when too many questions in a row fail or one is refused, and with the signal's reason. */
export async function awaitReady(options: AwaitOptions): Promise<Awaited> {
  const { cloud, wall, signal, agentName, wanted, timeoutMs, pollMs, onWait } = options;
  const endMs = wall.nowMs() + timeoutMs;
  let agent: AgentDetails | undefined;
  let what = 'waiting for Pipecat Cloud to take the version up';
  for (let failed = 0; ; ) {
    try {
      agent = await cloud.agents.get(agentName, signal);
      failed = 0;
      const readiness = readinessOf(agent, wanted);
      if (readiness.kind !== 'waiting') return { ...readiness, agent };
      what = readiness.what;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ProviderError) || !isPassing(error) || ++failed > MOST_FAILED_IN_A_ROW) throw error;
      what = `Pipecat Cloud cannot be asked: ${error.message}`;
    }
    onWait(what);
    if (wall.nowMs() + pollMs > endMs) return { kind: 'late', what, agent };
    await wall.sleep(pollMs, signal);
  }
}

/** An agent that was just made may not be visible yet. */
function isPassing({ retryable, kind }: ProviderError): boolean {
  return retryable || kind === 'not_found';
}
