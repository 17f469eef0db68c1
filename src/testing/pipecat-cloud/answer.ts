/** What the fake of Pipecat Cloud answers with. */

export type Answer = { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> };

/** `code`: such as NOT_FOUND; several of Pipecat Cloud's routes send the status instead. */
export function refusal(status: number, code: string, error: string): Answer {
  return { status, body: { error, code } };
}

export function ok(body: unknown): Answer {
  return { status: 200, body };
}

/** What a request came with. */
export type Asked = { readonly method: string; readonly path: string; readonly query: URLSearchParams; readonly body: Readonly<Record<string, unknown>> };

/** A number of the query, or what stands for it where it is missing. */
export function numberIn(query: URLSearchParams, name: string, missing: number): number {
  const text = query.get(name);
  return text === null ? missing : Number(text);
}
