/**
 * Which rows of the terminal belong to what. Every frame has exactly as many rows as the terminal; where rows are
 * scarce, what a reader misses least goes first.
 */

export type Size = { readonly columns: number; readonly rows: number };

/** Heights in rows, from top to bottom; 0 leaves a block out. */
export type Layout = Size & {
  readonly header: 0 | 1;
  readonly agents: 0 | 2;
  /** All of them or none. */
  readonly choices: number;
  readonly gapAbove: 0 | 1;
  readonly conversation: number;
  /** The table of latencies: below the conversation, or, when `wide`, its last rows. */
  readonly latency: number;
  readonly gapBelow: 0 | 1;
  readonly lanes: 0 | 2;
  readonly scale: 0 | 1;
  readonly footer: 0 | 1;
  /** Latency stands beside each turn. */
  readonly wide: boolean;
};

/** From so many columns on, latencies by stage fit beside the words. */
const WIDE_COLUMNS = 120;

/** Fewer rows of conversation than this show too little to follow it. */
const LEAST_CONVERSATION = 5;

/** The heading, the chosen turn, and the medians of both agents. */
const TABLE_ROWS = 4;

/** A blank row and the medians: the heading stands above the conversation, each turn has its own figures. */
const WIDE_TABLE_ROWS = 3;

/** They come after the table and before the card. */
const SCALE_AND_AGENTS_ROWS = 3;

/** Rows that are wanted besides. */
export type Wanted = {
  /** To say why the providers are those that they are. */
  readonly choiceRows?: number;
  /** To say how the call ended; it goes before all but the header, the agents and what they said when. */
  readonly cardRows?: number;
};

export function layoutFor({ columns, rows }: Size, { choiceRows = 0, cardRows = 0 }: Wanted = {}): Layout {
  const wide = columns >= WIDE_COLUMNS;
  let free = rows;
  const take = <T extends number>(wanted: T, keep: number): T | 0 => {
    if (free - wanted < keep) return 0;
    free -= wanted;
    return wanted;
  };
  const footer = take(1, 1);
  const header = take(1, 2);
  const lanes = take(2, LEAST_CONVERSATION);
  const gapForHeading = wide ? take(1, LEAST_CONVERSATION) : 0;
  const latency = take(wide ? WIDE_TABLE_ROWS : TABLE_ROWS, Math.max(LEAST_CONVERSATION, cardRows && cardRows + SCALE_AND_AGENTS_ROWS));
  const scale = lanes && take(1, LEAST_CONVERSATION);
  const agents = take(2, LEAST_CONVERSATION + 1);
  const choices = take(choiceRows, Math.max(LEAST_CONVERSATION + 3, cardRows));
  const gapBelow = take(1, Math.max(LEAST_CONVERSATION + 3, cardRows));
  const gapAbove = gapForHeading || take(1, Math.max(LEAST_CONVERSATION + 3, cardRows));
  return { columns, rows, header, agents, choices, gapAbove, conversation: free, latency, gapBelow, lanes, scale, footer, wide };
}
