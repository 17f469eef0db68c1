/**
 * What the schema cannot see about the two agents: whether they can be told apart, who greets, and whether they have
 * the voices and brains they ask for. It reads the tree, so that it works on files with other mistakes in them.
 */
import { didYouMean } from '../base/nearest.ts';
import { oneOf } from './expectation.ts';
import type { Report } from './mistake-list.ts';
import { child, itemsOf, quote, scalarOf, type YamlNode } from './yaml-tree.ts';

/** Checks both agents; `voices` are the names that the offline voice knows, undefined if they are not known here. */
export function checkAgents(root: YamlNode, voices: readonly string[] | undefined, report: Report): void {
  const agents = itemsOf(child(root, 'agents'));
  const [first, second] = agents;
  if (first && second) {
    checkNames(first, second, report);
    checkOpposite({ first, second, key: 'goes_first', mistakes: { true: 'both agents go first', false: 'neither agent goes first' }, hint: 'say goes_first: true for one of them' }, report);
    checkOpposite({ first, second, key: 'role', mistakes: { system: 'both agents are system', user: 'both agents are user' }, hint: 'system is the agent under test, user the one that simulates a caller' }, report);
  }
  for (const agent of agents) {
    if (voices) checkVoice(agent, voices, report);
    if ((scalarOf(child(child(agent, 'llm'), 'provider')) ?? 'script') === 'script' && agent.kind === 'mapping' && !child(agent, 'script')) {
      report(agent.start, `${nameOf(agent)} has no script`, 'the offline brain says what script.lines hold');
    }
  }
}

/** The agent's name as messages say it. */
export function nameOf(agent: YamlNode): string {
  const name = scalarOf(child(agent, 'name'));
  return typeof name === 'string' ? name : 'the agent';
}

function checkNames(first: YamlNode, second: YamlNode, report: Report): void {
  const [one, other] = [first, second].map((agent) => child(agent, 'name'));
  const [name, otherName] = [scalarOf(one), scalarOf(other)];
  if (typeof name !== 'string' || typeof otherName !== 'string') return;
  if (name.trim().toLowerCase() !== otherName.trim().toLowerCase()) return;
  report(other?.start, `name: both agents are called ${quote(name)}`, 'they know each other by name');
}

type Opposites = {
  readonly first: YamlNode;
  readonly second: YamlNode;
  readonly key: string;
  /** What to say when both agents give this value. */
  readonly mistakes: Readonly<Record<string, string>>;
  readonly hint: string;
};

function checkOpposite({ first, second, key, mistakes, hint }: Opposites, report: Report): void {
  const [one, other] = [first, second].map((agent) => child(agent, key));
  const value = scalarOf(other);
  if (!other || value !== scalarOf(one)) return;
  const mistake = Object.hasOwn(mistakes, String(value)) ? mistakes[String(value)] : undefined;
  if (mistake !== undefined) report(other.start, `${key}: ${mistake}`, hint);
}

function checkVoice(agent: YamlNode, voices: readonly string[], report: Report): void {
  const voice = child(agent, 'voice');
  // A plain name is the name of a voice of whoever speaks for this agent.
  const speaksOffline = (scalarOf(child(child(agent, 'tts'), 'provider')) ?? 'offline') === 'offline';
  const offline = voice?.kind === 'mapping' ? child(voice, 'offline') : speaksOffline ? voice : undefined;
  const name = scalarOf(offline);
  if (!offline || typeof name !== 'string' || name.trim() === '' || voices.includes(name.trim())) return;
  report(offline.start, `voice: expected ${oneOf(voices)}, got ${quote(name)}`, didYouMean(name, voices));
}
