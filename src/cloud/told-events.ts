/**
 * What an agent in the cloud and the run that listens to it say to each other, as app messages of their Daily room. An
 * agent tells the events of its own log and what becomes of it; the run answers with orders. Messages are numbered, so
 * that whoever reads them knows what is missing. They hold no key and no token, for everybody in the room can read them.
 */
import { Buffer } from 'node:buffer';
import { createHmac } from 'node:crypto';
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

/** What a run has an agent do. */
export type AgentOrder =
  /** Say what is being said, then leave. */
  | { readonly do: 'end'; readonly endedBy: EndedBy }
  /** Leave at once. */
  | { readonly do: 'stop'; readonly reason: string }
  /** Tell these messages once more, by their numbers. */
  | { readonly do: 'repeat'; readonly numbers: readonly number[] };

/** `proof`: that whoever orders has the agent's token for the room, which nobody but the run and the session knows. */
type OrderMessage = { readonly label: typeof LABEL; readonly kind: 'order'; readonly agent: string; readonly order: AgentOrder; readonly proof: string };

/** Whom an order is for. */
export type Ordered = { readonly agent: string; readonly token: string };

export type ToldBy = Pick<Envelope, 'agent' | 'order'>;

export function toldMessage({ agent, order }: ToldBy, { number, sentMs, callMs }: Stamp, content: ToldContent): ToldMessage {
  return { label: LABEL, kind: 'told', agent, order, number, sentMs, callMs, ...content };
}

export function orderMessage(order: AgentOrder, to: Ordered): OrderMessage {
  return { label: LABEL, kind: 'order', agent: to.agent, order, proof: proofOf(order, to) };
}

/** The message, if it is one that an agent tells. */
export function readTold(data: unknown): ToldMessage | undefined {
  if (!isOurs(data, 'told')) return undefined;
  const { agent, order, number, sentMs, callMs, news, part } = data;
  const isStamped = isCount(number) && typeof sentMs === 'number' && typeof callMs === 'number';
  const isWhole = typeof agent === 'string' && isCount(order) && isStamped && (Array.isArray(news) ? news.every(isNews) : typeof part === 'string');
  return isWhole ? (data as ToldMessage) : undefined;
}

/** What this agent is ordered to do, if the message says so and comes from its run; guests can write what they like. */
export function readOrder(data: unknown, to: Ordered): AgentOrder | undefined {
  if (!isOurs(data, 'order') || data['agent'] !== to.agent) return undefined;
  const order = orderIn(data['order']);
  return order && data['proof'] === proofOf(order, to) ? order : undefined;
}

function orderIn(value: unknown): AgentOrder | undefined {
  const order = (value ?? {}) as Partial<AgentOrder>;
  if (order.do === 'repeat') return Array.isArray(order.numbers) && order.numbers.every(isCount) ? (order as AgentOrder) : undefined;
  return order.do === 'end' || order.do === 'stop' ? (order as AgentOrder) : undefined;
}

/** Of the words alone: on its way through Daily the message may be written anew. */
function proofOf(order: AgentOrder, { agent, token }: Ordered): string {
  const how = order.do === 'end' ? order.endedBy : order.do === 'stop' ? order.reason : order.numbers;
  return createHmac('sha256', token).update(JSON.stringify([agent, order.do, how])).digest('base64url');
}

/** Whether it is something that an agent may tell, as far as whoever reads it relies on that. */
export function isNews(value: unknown): value is ToldNews {
  const { is, atMs, event, started } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (typeof is !== 'string' || typeof atMs !== 'number') return false;
  if (is === 'hello') return typeof started === 'object' && started !== null;
  return is !== 'event' || (typeof event === 'object' && event !== null && 'type' in event);
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
