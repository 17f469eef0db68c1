/**
 * What a model writes for a topic, and how it becomes a scenario: the form it is asked for, what of it can be used, and
 * the YAML that it comes to. What would not be a valid scenario is refused here.
 */
import { stringify } from 'yaml';
import { z } from 'zod';
import { UsageError } from '../../base/errors.ts';
import { escapeBraces, templateParts } from '../../scenarios/template.ts';
import { objectInAnswer, objectOf } from '../data-answer.ts';
import { parseCase } from '../load-case.ts';

export type GeneratedAgent = { readonly name: string; readonly role: 'system' | 'user'; readonly prompt: string };

export type GeneratedScenario = {
  readonly title: string;
  readonly topic: string;
  /** The one under test comes first. */
  readonly agents: readonly [GeneratedAgent, GeneratedAgent];
  /** Every variable of the prompts, with its default: a text in which braces are braces. */
  readonly variables: Readonly<Record<string, string>>;
};

const MOST_VARIABLES = 20;

const words = z.string().trim().min(1);
const answer = z.object({
  title: words.max(120),
  system: z.object({ name: words.max(60), prompt: words.max(8000) }),
  user: z.object({ name: words.max(60), prompt: words.max(8000) }),
  variables: z.array(z.object({ name: words, default: z.string().trim() })).max(MOST_VARIABLES),
});

export const generatedSchema: Readonly<Record<string, unknown>> = objectOf({
  title: { type: 'string', description: 'what the call is about, in at most eight words' },
  system: objectOf({ name: { type: 'string', description: 'a first name' }, prompt: { type: 'string' } }),
  user: objectOf({ name: { type: 'string', description: 'another first name' }, prompt: { type: 'string' } }),
  variables: { type: 'array', items: objectOf({ name: { type: 'string', description: 'snake_case' }, default: { type: 'string' } }) },
});

export type ReadGenerated = { readonly scenario: GeneratedScenario } | { readonly mistake: string };

export function readGenerated(text: string, topic: string): ReadGenerated {
  const json = objectInAnswer(text);
  if (!json) return { mistake: 'it is no JSON' };
  const parsed = answer.safeParse(json);
  if (!parsed.success) return { mistake: `${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}` };
  const { title, system, user, variables } = parsed.data;
  const defaults = new Map(variables.map(({ name, default: value }) => [name, value]));
  const agents = [withKnownVariables('system', system, defaults), withKnownVariables('user', user, defaults)] as const;
  const scenario = { title: oneLine(title), topic: oneLine(topic), agents, variables: usedIn(agents, defaults) };
  try {
    parseCase(scenarioText(scenario), 'generated.yaml');
  } catch (error) {
    if (error instanceof UsageError) return { mistake: error.mistakes[0]?.message ?? '' };
    throw error;
  }
  return { scenario };
}

/** A whole scenario in YAML. The brains are OpenAI's, for there is no script; the voices need no key. */
export function scenarioText({ title, topic, agents, variables }: GeneratedScenario): string {
  const texts = Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, escapeBraces(value)]));
  const values = Object.keys(texts).length === 0 ? '' : `# Filled into the prompts; --var name=value on the command line wins.\n${stringify({ variables: texts }, YAML)}\n`;
  const [system, user] = agents.map((agent) => agentText(agent));
  return `${stringify({ title: escapeBraces(title), topic: escapeBraces(topic), tags: ['generated'] }, YAML)}
${values}turn: { profile: responsive }
# How long a call may get. Turns are counted for each agent.
max_turns: 10
max_duration: 5m

agents:
  # The agent under test. It goes first.
${system}
  # The one who plays the other side.
${user}
# What has to be true of the call; docs/testing.md lists what can be expected.
expect:
  - ended_by: [end_conversation, goodbye]
`;
}

const YAML = { lineWidth: 110 } as const;

function agentText({ name, role, prompt }: GeneratedAgent): string {
  const agent = { name: escapeBraces(name), role, prompt, voice: role === 'system' ? 'clara' : 'ross', llm: { provider: 'openai' } };
  return indented(stringify([agent], YAML));
}

function indented(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

/** Braces around what has no default are no variable, but words. */
function withKnownVariables(role: GeneratedAgent['role'], { name, prompt }: { name: string; prompt: string }, defaults: ReadonlyMap<string, string>): GeneratedAgent {
  const written = templateParts(prompt).map((part) => {
    if (part.kind === 'text') return escapeBraces(part.text);
    if (part.kind === 'malformed') return escapeBraces(part.source);
    if (defaults.has(part.name)) return `{{ ${part.name} }}`;
    return part.fallback === undefined ? part.name.replaceAll('_', ' ') : escapeBraces(part.fallback);
  });
  return { name: oneLine(name), role, prompt: written.join('') };
}

function usedIn(agents: readonly GeneratedAgent[], defaults: ReadonlyMap<string, string>): Readonly<Record<string, string>> {
  const used = new Set(agents.flatMap(({ prompt }) => templateParts(prompt).flatMap((part) => (part.kind === 'variable' ? [part.name] : []))));
  return Object.fromEntries([...defaults].filter(([name]) => used.has(name)));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
