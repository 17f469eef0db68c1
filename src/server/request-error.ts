/** What a client is told when its request cannot be fulfilled: a status and a text, which is the whole body of the answer. */
import { ProviderError, UsageError } from '../base/errors.ts';

export class RequestError extends Error {
  override readonly name = 'RequestError';
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Of whatever was thrown while a request was answered. What is a bug of ours is told of without its text. */
export function refusalOf(error: unknown): { readonly status: number; readonly detail: string } {
  if (error instanceof RequestError) return { status: error.status, detail: error.message };
  if (error instanceof UsageError) return { status: 400, detail: error.message };
  if (error instanceof ProviderError) return { status: 502, detail: error.message };
  const { statusCode, message } = error as { readonly statusCode?: number; readonly message?: string };
  // What the server library refuses by itself: bodies that are too large, addresses that cannot be read.
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500) return { status: statusCode, detail: message ?? 'refused' };
  return { status: 500, detail: 'Internal Server Error' };
}
