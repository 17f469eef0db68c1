/**
 * What makes an agent's metrics a message of the world: an id, the time of day, a place in the agent's own order, and
 * a size that every room takes. Random ids and times are brought by the caller.
 */
import type { Random } from '../base/random.ts';
import type { MetricsBody, MetricsMessage } from '../metrics/metrics-message.ts';

/** As it is kept for those who come later. */
export type NumberedMessage = {
  readonly agent: string;
  /** Seconds since 1970. */
  readonly ts: number;
  /** Counts this agent's messages from 0, in the order in which they were made; a replayed one keeps its number. */
  readonly seq: number;
  readonly body: MetricsBody;
};

/** An app message. `replay` stands only in what is sent again to a newcomer. */
export type RoomMessage = { readonly label: 'metrics'; readonly id: string; readonly replay?: true } & Omit<NumberedMessage, 'body'> & MetricsBody;

/** Daily refuses larger app messages. */
export const MOST_BYTES = 4096;

type WhereItStands = { readonly seq: number; readonly startEpochMs: number };

export function numbered({ agent, atMs, body }: MetricsMessage, { seq, startEpochMs }: WhereItStands): NumberedMessage {
  return { agent, ts: Math.round(startEpochMs + atMs) / 1000, seq, body };
}

export function roomMessage({ agent, ts, seq, body }: NumberedMessage, ids: Random, options: { readonly replay?: boolean } = {}): RoomMessage {
  const { type, ...fields } = body;
  const replay = options.replay ? { replay: true } : {};
  return fitted({ label: 'metrics', id: uuid4(ids), agent, type, ts, seq, ...replay, ...fields }) as RoomMessage;
}

/** A random id in the form that RFC 9562 calls version 4. */
function uuid4(ids: Random): string {
  const digits = ids.hex(30);
  const variant = '89ab'.charAt(ids.int(4));
  return [digits.slice(0, 8), digits.slice(8, 12), `4${digits.slice(12, 15)}`, variant + digits.slice(15, 18), digits.slice(18)].join('-');
}

type Fields = Readonly<Record<string, unknown>>;

/** Cuts the longest texts, a tenth at a time, until the whole can be sent. Where no text is left to cut, nothing is. */
function fitted(message: Fields): Fields {
  let fitting = message;
  while (Buffer.byteLength(JSON.stringify(fitting)) > MOST_BYTES) {
    const [longest] = Object.entries(fitting).toSorted(([, a], [, b]) => lengthOf(b) - lengthOf(a));
    if (longest === undefined || lengthOf(longest[1]) <= SHORTEST_CUT) return fitting;
    fitting = { ...fitting, [longest[0]]: cut(longest[1] as string) };
  }
  return fitting;
}

/** What is shorter is a name or an id, and no use when it is cut. */
const SHORTEST_CUT = 100;

function lengthOf(value: unknown): number {
  return typeof value === 'string' ? value.length : 0;
}

/** Never between the two halves of a character. */
function cut(text: string): string {
  return `${text.slice(0, Math.floor(text.length * 0.9) - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
