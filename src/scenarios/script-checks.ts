/**
 * What the schema cannot see about an agent's script and tools: whether patterns compile, calls name a tool, the
 * voice can speak what is to be said, and the agent may end the call that it ends.
 */
import { nameOf } from './agent-checks.ts';
import { didYouMean } from '../base/nearest.ts';
import type { Report } from './mistake-list.ts';
import { patternFault } from '../base/pattern.ts';
import { templateParts } from './template.ts';
import { child, itemsOf, quote, scalarOf, type YamlNode } from './yaml-tree.ts';

/** The tool that ends the call; an agent has it without listing it. */
const END_CONVERSATION = 'end_conversation';

/** The part of a text that the voice cannot speak; undefined when it can speak it all. */
export type Unspeakable = (text: string) => string | undefined;

type Check = { readonly agent: YamlNode; readonly mayEnd: boolean; readonly unspeakable: Unspeakable | undefined; readonly report: Report };

export function checkScripts(root: YamlNode, unspeakable: Unspeakable | undefined, report: Report): void {
  const agents = itemsOf(child(root, 'agents'));
  for (const agent of agents) {
    const check: Check = { agent, mayEnd: mayEnd(agent, agents), unspeakable: isSpokenOffline(agent) ? unspeakable : undefined, report };
    const script = child(agent, 'script');
    for (const line of itemsOf(child(script, 'lines'))) checkSaying(line, check);
    for (const answer of itemsOf(child(script, 'answers'))) {
      checkPattern(child(answer, 'on'), check);
      checkSaying(answer, check);
    }
    for (const key of ['unheard', 'otherwise']) checkSpoken(key, child(script, key), check);
    checkManners(agent, check);
    checkTools(agent, check);
  }
}

/** Some word that every voice can speak. */
const STAND_IN = 'one';

/** A line or an answer: what is said, what is called, and what follows from it. */
function checkSaying(saying: YamlNode, check: Check): void {
  if (saying.kind === 'scalar') return checkSpoken('say', saying, check);
  checkSpoken('say', child(saying, 'say'), check);
  checkSpoken('then', child(saying, 'then'), check);
  checkManners(saying, check);

  const { agent, report } = check;
  const [call, then, end] = ['call', 'then', 'end'].map((key) => child(saying, key));
  if (then && !call) report(then.start, 'then: there is no call to wait for', 'then is said when the tool has answered');
  if (end && scalarOf(end) === true && !check.mayEnd) report(end.start, `end: ${nameOf(agent)} may not end the conversation`, 'give the agent end_conversation: true');
  checkCall(child(call, 'name'), check);
}

function checkCall(named: YamlNode | undefined, { agent, mayEnd, report }: Check): void {
  const name = scalarOf(named);
  if (!named || typeof name !== 'string') return;
  if (name === END_CONVERSATION) {
    if (!mayEnd) report(named.start, `call: ${nameOf(agent)} may not end the conversation`, 'give the agent end_conversation: true');
    return;
  }
  const tools = toolNames(agent);
  if (tools.includes(name)) return;
  const known = tools.length === 0 ? 'it has no tools' : `it has ${tools.join(', ')}`;
  report(named.start, `call: ${nameOf(agent)} has no tool ${quote(name)}`, didYouMean(name, tools) ?? known);
}

/** Barge-ins, backchannels, tics and asides, of a line or of the agent. */
function checkManners(holder: YamlNode, check: Check): void {
  checkPattern(child(child(holder, 'barge_in'), 'on'), check);
  for (const key of ['backchannel', 'tic', 'aside']) checkSpoken('words', child(child(holder, key), 'words'), check);
}

function checkPattern(pattern: YamlNode | undefined, { report }: Check): void {
  const source = scalarOf(pattern);
  if (!pattern || typeof source !== 'string') return;
  const fault = patternFault(source);
  if (fault !== undefined) report(pattern.start, `on: ${quote(source)} is no regular expression: ${fault}`);
}

function checkSpoken(key: string, spoken: YamlNode | undefined, { unspeakable, report }: Check): void {
  if (!unspeakable || !spoken) return;
  for (const node of spoken.kind === 'list' ? spoken.items : [spoken]) {
    const text = scalarOf(node);
    if (typeof text !== 'string') continue;
    // What a variable will hold is not known yet; what stands around it is.
    const known = templateParts(text).map((part) => (part.kind === 'text' ? part.text : STAND_IN)).join('');
    const part = known.trim() === '' ? undefined : unspeakable(known);
    if (part !== undefined) report(node.start, `${key}: the offline voice cannot speak ${quote(part)}${part === text.trim() ? '' : `, in ${quote(text)}`}`);
  }
}

function checkTools(agent: YamlNode, { report }: Check): void {
  const seen = new Set<unknown>();
  for (const tool of itemsOf(child(agent, 'tools'))) {
    const named = child(tool, 'name');
    const name = scalarOf(named);
    if (name === END_CONVERSATION) report(named?.start, `name: ${END_CONVERSATION} is built in`, 'give the agent end_conversation: true instead');
    else if (typeof name === 'string' && seen.has(name)) report(named?.start, `name: ${nameOf(agent)} has two tools called ${quote(name)}`);
    seen.add(name);
    if (child(tool, 'error')) {
      for (const key of ['answer', 'answers']) {
        const other = child(tool, key);
        if (other) report(other.start, `${key}: a tool that fails with error has no ${key}`, 'give answer, answers or error');
      }
    } else if (child(tool, 'answer') && child(tool, 'answers')) {
      report(child(tool, 'answers')?.start, 'answers: there is an answer already', 'give answer, answers or error');
    }
    for (const rule of itemsOf(child(tool, 'answers'))) {
      if (rule.kind === 'mapping' && !child(rule, 'answer') === !child(rule, 'error')) report(rule.start, 'answers: an entry needs either answer or error');
    }
  }
}

function toolNames(agent: YamlNode): readonly string[] {
  return itemsOf(child(agent, 'tools')).flatMap((tool) => {
    const name = scalarOf(child(tool, 'name'));
    return typeof name === 'string' ? [name] : [];
  });
}

/** By itself who goes first may end the call. */
function mayEnd(agent: YamlNode, agents: readonly YamlNode[]): boolean {
  const own = scalarOf(child(agent, 'end_conversation'));
  if (typeof own === 'boolean') return own;
  const first = agents.find((each) => scalarOf(child(each, 'goes_first')) === true) ?? agents.find((each) => scalarOf(child(each, 'goes_first')) !== false);
  return agent === first;
}

function isSpokenOffline(agent: YamlNode): boolean {
  return (scalarOf(child(child(agent, 'tts'), 'provider')) ?? 'offline') === 'offline';
}
