/**
 * Providers that are chosen when a scenario is loaded, put into its tree as if the file had said so: everything that
 * is checked or decided after that follows them. Knows no keys and no machine; who wishes has looked at those.
 */
import { child, itemsOf, scalarOf, type YamlEntry, type YamlMapping, type YamlNode } from './yaml-tree.ts';

/** Names as the keys of a scenario take them: `llm.provider`, `tts.provider`, `room.kind` and `transcription.provider`. */
export type ProviderNames = {
  readonly llm?: string | undefined;
  readonly tts?: string | undefined;
  readonly room?: string | undefined;
  readonly transcription?: string | undefined;
};

export type ProviderWishes = {
  /** These, whatever the file says. */
  readonly always?: ProviderNames | undefined;
  /** By name: what this agent has, whatever the file says, unless `always` says something else. */
  readonly agents?: Readonly<Record<string, ProviderNames>> | undefined;
  /** These where the file does not say. */
  readonly unsaid?: ProviderNames | undefined;
};

/** The same tree with the providers that will be used. `voices` are the names of the offline voice, if they are known. */
export function withProviders(root: YamlMapping, wishes: ProviderWishes, voices: readonly string[] | undefined): YamlMapping {
  const { always = {}, agents: own = {}, unsaid = {} } = wishes;
  const chosen = (holder: YamlNode | undefined, what: keyof ProviderNames, wished: ProviderNames = {}): string | undefined => {
    const [part, key] = KEYS[what];
    return always[what] ?? wished[what] ?? (scalarOf(child(child(holder, part), key)) === undefined ? unsaid[what] : undefined);
  };
  const agentWithProviders = (agent: YamlNode): YamlNode => {
    if (agent.kind !== 'mapping') return agent;
    const wished = own[String(scalarOf(child(agent, 'name'))).trim()];
    const [llm, tts] = [chosen(agent, 'llm', wished), chosen(agent, 'tts', wished)];
    const speaking = tts === undefined ? agent : put(withVoiceFor(agent, tts, voices), KEYS.tts, tts);
    return llm === undefined ? speaking : put(speaking, KEYS.llm, llm);
  };
  let tree = root;
  for (const what of ['room', 'transcription'] as const) {
    const name = chosen(tree, what);
    if (name !== undefined) tree = put(tree, KEYS[what], name);
  }
  const agents = child(tree, 'agents');
  return agents?.kind === 'list' ? withEntry(tree, 'agents', { ...agents, items: itemsOf(agents).map(agentWithProviders) }) : tree;
}

/** What is other than the file has it, as flags would say it. Of agents that differ no flag can tell. */
export function changedProviders(written: YamlMapping, used: YamlMapping): ProviderNames {
  const named = (root: YamlMapping, what: keyof ProviderNames): readonly string[] => {
    const [part, key] = KEYS[what];
    const holders = what === 'llm' || what === 'tts' ? itemsOf(child(root, 'agents')) : [root];
    return holders.map((holder) => String(scalarOf(child(child(holder, part), key)) ?? DEFAULTS[what]));
  };
  const changes = (Object.keys(KEYS) as (keyof ProviderNames)[]).flatMap((what) => {
    const [before, after] = [named(written, what), named(used, what)];
    const alike = after.every((name) => name === after[0]);
    return alike && after.join() !== before.join() ? [[what, after[0]] as const] : [];
  });
  return Object.fromEntries(changes);
}

const DEFAULTS = { llm: 'script', tts: 'offline', room: 'embedded', transcription: 'room' } as const satisfies ProviderNames;

type Place = readonly [part: string, key: string];

const KEYS = { llm: ['llm', 'provider'], tts: ['tts', 'provider'], room: ['room', 'kind'], transcription: ['transcription', 'provider'] } as const satisfies Record<
  keyof ProviderNames,
  Place
>;

/**
 * A voice that is written as a plain name belongs to whoever the file lets speak. Another provider does not know it,
 * so it is kept under the name of its own; a name that the offline voice does not have can only be the other's.
 */
function withVoiceFor(agent: YamlMapping, provider: string, voices: readonly string[] | undefined): YamlMapping {
  const voice = child(agent, 'voice');
  const name = scalarOf(voice);
  if (!voice || typeof name !== 'string') return agent;
  const written = scalarOf(child(child(agent, 'tts'), 'provider')) ?? 'offline';
  const owner = written === 'offline' && voices && !voices.includes(name.trim()) ? provider : String(written);
  if (owner === provider) return agent;
  const { start } = voice;
  return withEntry(agent, 'voice', { kind: 'mapping', start, entries: new Map([[owner, { keyStart: start, value: voice }]]) });
}

/** Sets `part.key`; what is no mapping stays, so that the schema can say so. */
function put(holder: YamlMapping, [part, key]: Place, name: string): YamlMapping {
  const { start } = holder;
  const there = child(holder, part) ?? { kind: 'mapping', start, entries: new Map<string, YamlEntry>() };
  if (there.kind !== 'mapping') return holder;
  return withEntry(holder, part, withEntry(there, key, { kind: 'scalar', start: there.start, value: name, source: name }));
}

function withEntry(mapping: YamlMapping, key: string, value: YamlNode): YamlMapping {
  const keyStart = mapping.entries.get(key)?.keyStart ?? value.start;
  return { ...mapping, entries: new Map([...mapping.entries, [key, { keyStart, value }]]) };
}
