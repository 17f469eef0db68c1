/** The calls about where agents can run. */
import { z } from 'zod';
import { maybe } from './lenient.ts';
import type { CloudRequests } from './requests.ts';

const region = z.object({ code: z.string(), display_name: maybe(z.string()) });

export type Region = z.infer<typeof region>;

export interface RegionCalls {
  list(signal?: AbortSignal): Promise<readonly Region[]>;
  /** The account's own; undefined if it has none. */
  defaultRegion(signal?: AbortSignal): Promise<string | undefined>;
}

export function regionCalls({ ask }: CloudRequests): RegionCalls {
  return {
    async list(signal) {
      const answer = z.object({ regions: z.array(region) });
      return (await ask({ method: 'GET', path: '/regions', key: 'private', what: 'listing regions', repeat: 'safely' }, answer, signal)).regions;
    },
    async defaultRegion(signal) {
      const answer = z.object({ properties: maybe(z.object({ defaultRegion: maybe(z.string()) })) });
      const call = { method: 'GET', path: '/properties', key: 'private', what: "looking at the account's properties", repeat: 'safely' } as const;
      return (await ask(call, answer, signal)).properties?.defaultRegion;
    },
  };
}
