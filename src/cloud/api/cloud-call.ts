/** What a call to Pipecat Cloud is: a request, whose key it takes, how patient it is, and what its refusals mean. */

export type CloudCall = {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Below the base address; its parts are encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly body?: unknown;
  readonly key: 'private' | 'public';
  /** What is done, as the beginning of a sentence: "starting a session of sales". */
  readonly what: string;
  /**
   * `never`: whoever repeats it may do it twice. `safely`: after a broken connection, 429 and 5xx. `also-conflicts`: after
   * 409 too.
   */
  readonly repeat: 'never' | 'safely' | 'also-conflicts';
  readonly timeout?: keyof CloudTimeouts;
  /** It carries secrets, so that nothing of an answer to it is quoted. */
  readonly secret?: boolean;
  /** What 404, 409 and 429 mean here. */
  readonly missing?: string;
  /** A 404 may be about several things, and its own words say which. */
  readonly quoteMissing?: boolean;
  readonly conflict?: string;
  readonly crowded?: string;
};

/** How long one try of a call may take, in wall milliseconds. */
export type CloudTimeouts = {
  readonly callMs: number;
  /** Creating or updating an agent looks at its image first. */
  readonly deployMs: number;
  /** A start may last as long as an instance needs to come up. */
  readonly startMs: number;
  /** A question that is passed on to a running session. */
  readonly proxyMs: number;
  readonly uploadMs: number;
};
