/** Asks the server that the page came from. Failures come as errors with what the server said of them. */

/** GET without a body, POST with one. */
export async function ask<Answer>(path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(path, body === undefined ? {} : { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  const answer = (await response.json().catch(() => null)) as (Answer & { readonly detail?: unknown }) | null;
  if (response.ok && answer !== null) return answer;
  throw new Error(typeof answer?.detail === 'string' ? answer.detail : `the server answered ${response.status}`);
}
