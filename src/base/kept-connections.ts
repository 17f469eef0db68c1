/**
 * Connections for fetch that outlast the pauses of a call. It brings the package undici with it, so it is imported with the
 * client that needs it.
 */
import { Agent, EnvHttpProxyAgent } from 'undici';

/**
 * How long a connection that nothing is asked over stays open. Node's own fetch gives it up after 4 s, and in a call in
 * real time it is longer from one answer to the next: then each would wait for a new one, with all its handshakes. A server
 * that says how long it keeps them is believed.
 */
const IDLE_MS = 60_000;

/** For fetch's `dispatcher`. What is idle keeps no process alive. Who tells Node to go by the proxies of the environment is obeyed here too. */
export function keptConnections(idleMs: number = IDLE_MS): NonNullable<RequestInit['dispatcher']> {
  const Connections = process.env['NODE_USE_ENV_PROXY'] === '1' ? EnvHttpProxyAgent : Agent;
  // The types of Node's own undici are of another version.
  return new Connections({ keepAliveTimeout: idleMs }) as unknown as NonNullable<RequestInit['dispatcher']>;
}
