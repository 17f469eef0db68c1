/**
 * What an agent in the cloud and the run that listens to it say to each other, as app messages of their Daily room. An
 * agent tells the events of its own log and what becomes of it; the run answers with orders. Messages are numbered, so
 * that whoever reads them knows what is missing. They hold no key and no token, for everybody in the room can read them.
 */
import { Buffer } from 'node:buffer';
import type { CarriedError } from '../compose/processes/carried-error.ts';
import type { StartedAgent } from '../compose/run-started.ts';
import type { EndedBy, NewEvent } from '../events/event.ts';

/** Daily takes 4096 bytes of JSON; the rest is for whatever it puts around them. */
export const MOST_MESSAGE_BYTES = 4_000;

const LABEL = 'bottalk';

/** One thing that an agent has to tell. */
export type News =
  /** It is in the room and ready to talk; comes first. */
  | { readonly is: 'hello'; readonly started: StartedAgent; readonly warning?: string }
  | { readonly is: 'event'; readonly event: NewEvent }
  /** It says nothing more and leaves its seat, on its own account or because it was told to. */
  | { readonly is: 'leaving'; readonly reason: string }
  /** It has left on its own account. */
  | { readonly is: 'ended'; readonly endedBy: EndedBy }
  /** It cannot go on. */
  | { readonly is: 'failed'; readonly error: CarriedError }
  /** All has been told; comes last. */
  | { readonly is: 'closed' };

/** With the time at which it happened, by the sender's monotonic clock. */
export type ToldNews = News & { readonly atMs: number };

type Envelope = {
  readonly label: typeof LABEL;
  readonly kind: 'told';
  /** The agent's name and place in the scenario. */
  readonly agent: string;
  readonly order: number;
  /** Counts up from 0, without a gap. */
  readonly number: number;
  /** By the same clock as the times of the news. */
  readonly sentMs: number;
  /** The agent's call time at that moment; its events tell of other times in that. */
  readonly callMs: number;
};

export type Stamp = Pick<Envelope, 'number' | 'sentMs' | 'callMs'>;

/** Several news, or a part of one that fits into no message: their texts joined are its JSON. */
export type ToldContent = { readonly news: readonly ToldNews[] } | { readonly part: string; readonly isLastPart: boolean };

export type ToldMessage = Envelope & ToldContent;

/** What a run has an agent do. Comes from nobody who is in the room: whoever bears a name is a guest, and no run. */
export type AgentOrder =
  /** Say what is being said, then leave. */
  | { readonly do: 'end'; readonly endedBy: EndedBy }
  /** Leave at once. */
  | { readonly do: 'stop'; readonly reason: string }
  /** Tell these messages once more, by their numbers. */
  | { readonly do: 'repeat'; readonly numbers: readonly number[] };

export type OrderMessage = { readonly label: typeof LABEL; readonly kind: 'order'; readonly agent: string; readonly order: AgentOrder };

export type ToldBy = Pick<Envelope, 'agent' | 'order'>;

export function toldMessage({ agent, order }: ToldBy, { number, sentMs, callMs }: Stamp, content: ToldContent): ToldMessage {
  return { label: LABEL, kind: 'told', agent, order, number, sentMs, callMs, ...content };
}

export function orderMessage(agent: string, order: AgentOrder): OrderMessage {
  return { label: LABEL, kind: 'order', agent, order };
}

/** The message, if it is one that an agent tells. */
export function readTold(data: unknown): ToldMessage | undefined {
  if (!isOurs(data, 'told')) return undefined;
  const { agent, order, number, sentMs, callMs, news, part } = data;
  const isStamped = isCount(number) && typeof sentMs === 'number' && typeof callMs === 'number';
  const isWhole = typeof agent === 'string' && isCount(order) && isStamped && (Array.isArray(news) || typeof part === 'string');
  return isWhole ? (data as ToldMessage) : undefined;
}

/** What an agent of this name is ordered to do, if that is what the message says. `from`: the sender's name in the room. */
export function readOrder(data: unknown, { agent, from }: { readonly agent: string; readonly from: string }): AgentOrder | undefined {
  if (from !== '' || !isOurs(data, 'order') || data['agent'] !== agent) return undefined;
  const { order } = data as { readonly order?: Partial<AgentOrder> };
  if (order?.do === 'repeat') return Array.isArray(order.numbers) && order.numbers.every(isCount) ? (order as AgentOrder) : undefined;
  return order?.do === 'end' || order?.do === 'stop' ? (order as AgentOrder) : undefined;
}

/** How much of an app message this is, as Daily counts. */
export function bytesOf(data: unknown): number {
  return Buffer.byteLength(JSON.stringify(data));
}

function isOurs(data: unknown, kind: string): data is Record<string, unknown> {
  return typeof data === 'object' && data !== null && 'label' in data && data.label === LABEL && 'kind' in data && data.kind === kind;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
