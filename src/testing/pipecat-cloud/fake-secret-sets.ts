/** The fake's secret sets. What is stored is accepted at once and usable only later: each look at a set brings it closer. */
import { type Answer, type Asked, ok, refusal } from './answer.ts';

export type FakeSet = {
  readonly name: string;
  readonly type: 'secret' | 'imagePullSecret';
  readonly region: string;
  readonly values: Map<string, string>;
  /** How many more looks find it pending. */
  pendingLooks: number;
  /** Why it never becomes ready, if it does not. */
  failure: string | undefined;
};

export class FakeSecretSets {
  readonly sets = new Map<string, FakeSet>();
  /** For how many looks what is stored from now on stays pending. */
  pendingLooks = 1;
  /** What is stored from now on fails for this. */
  failure: string | undefined;
  readonly #regions: readonly string[];

  constructor(regions: readonly string[]) {
    this.#regions = regions;
  }

  /** A set that has been there for long. */
  add(name: string, values: Readonly<Record<string, string>>, { region = this.#regions[0] ?? '', type = 'secret' }: Partial<Pick<FakeSet, 'region' | 'type'>> = {}): FakeSet {
    const set: FakeSet = { name, type, region, values: new Map(Object.entries(values)), pendingLooks: 0, failure: undefined };
    this.sets.set(name, set);
    return set;
  }

  answer({ method, path, body }: Asked): Answer | undefined {
    const [, collection, name, key] = path.split('/').map(decodeURIComponent);
    if (collection !== 'secrets') return undefined;
    if (name === undefined) return ok({ sets: [...this.sets.values()].map((set) => ({ name: set.name, type: set.type, ...look(set) })) });
    if (method === 'PUT') return this.#put(name, body);
    const set = this.sets.get(name);
    if (!set) return refusal(404, 'NOT_FOUND', 'Set not found');
    if (method === 'GET') {
      if (set.type === 'imagePullSecret') return refusal(400, 'GENERIC_BAD_REQUEST', 'Cannot retrieve image pull secrets by name');
      return ok({ ...look(set), secrets: [...set.values.keys()].map((fieldName) => ({ fieldName })) });
    }
    if (key === undefined) this.sets.delete(name);
    else if (!set.values.delete(key)) return refusal(404, 'NOT_FOUND', 'Secret not found');
    return ok({ status: 'OK' });
  }

  /** Why an agent of this region cannot be bound to the set, if it cannot. */
  refusalFor(name: string | undefined, type: FakeSet['type'], region: string): Answer | undefined {
    if (name === undefined) return undefined;
    const set = this.sets.get(name);
    if (!set || set.type !== type) return refusal(404, 'NOT_FOUND', `${type === 'secret' ? 'Secret' : 'Image pull secret'} set not found`);
    if (set.region !== region) {
      return refusal(400, 'GENERIC_BAD_REQUEST', `Secret set '${name}' is in region '${set.region}' but service will be created in region '${region}'.`);
    }
    return look(set).status === 'ready' ? undefined : refusal(409, 'CONFLICT', `Secret set '${name}' is not ready`);
  }

  #put(name: string, body: Asked['body']): Answer {
    const type = body['isImagePullSecret'] === true ? 'imagePullSecret' : 'secret';
    const known = this.sets.get(name);
    const region = (body['region'] as string | undefined) ?? known?.region ?? this.#regions[0] ?? '';
    if (!this.#regions.includes(region)) return refusal(400, 'GENERIC_BAD_REQUEST', `Invalid region '${region}'`);
    if (known && known.type !== type) return refusal(400, 'GENERIC_BAD_REQUEST', 'Cannot update existing regular secrets to image pull secrets');
    if (known && known.region !== region) return refusal(400, 'GENERIC_BAD_REQUEST', `Secret already exists in region '${known.region}'. Cannot change region to '${region}'.`);
    const set = known ?? this.add(name, {}, { region, type });
    set.pendingLooks = this.pendingLooks;
    set.failure = this.failure;
    const listed = (body['secrets'] ?? []) as readonly { readonly secretKey: string; readonly secretValue: string }[];
    for (const { secretKey, secretValue } of listed) set.values.set(secretKey, secretValue);
    if (type === 'imagePullSecret') set.values.set(String(body['host']), String(body['secretValue']));
    return { status: 202, body: { status: 'OK', region } };
  }
}

function look(set: FakeSet): { readonly region: string; readonly status: 'pending' | 'ready' | 'failed'; readonly errorMessage?: string } {
  if (set.pendingLooks > 0) {
    set.pendingLooks -= 1;
    return { region: set.region, status: 'pending' };
  }
  return set.failure === undefined ? { region: set.region, status: 'ready' } : { region: set.region, status: 'failed', errorMessage: set.failure };
}
