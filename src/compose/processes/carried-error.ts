/** Errors on their way from one process to another: what kind of trouble it was, and its own words, survive. */
import { type Mistake, ProviderError, UsageError } from '../../base/errors.ts';

export type CarriedError =
  | ({ readonly of: 'world' } & Pick<ProviderError, 'message' | 'provider' | 'kind' | 'retryable' | 'status'>)
  | { readonly of: 'user'; readonly mistakes: readonly Mistake[] }
  | { readonly of: 'us'; readonly message: string; readonly stack: string | undefined };

export function carry(error: unknown): CarriedError {
  if (error instanceof ProviderError) {
    const { message, provider, kind, retryable, status } = error;
    return { of: 'world', message, provider, kind, retryable, status };
  }
  if (error instanceof UsageError) return { of: 'user', mistakes: error.mistakes };
  return error instanceof Error ? { of: 'us', message: error.message, stack: error.stack } : { of: 'us', message: String(error), stack: undefined };
}

export function carried(error: CarriedError): Error {
  switch (error.of) {
    case 'world':
      return new ProviderError(error.message, error);
    case 'user':
      return new UsageError(error.mistakes);
    case 'us':
      return Object.assign(new Error(error.message), error.stack === undefined ? {} : { stack: error.stack });
  }
}
