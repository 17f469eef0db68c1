/**
 * From a scenario file to a case that can run. Every mistake in the file is reported at once, each with its place;
 * a file with a mistake never runs. It knows no provider: what the offline voice can do is told by the caller.
 */
import { checkAgents } from './agent-checks.ts';
import { checkExpectations, withoutRefused } from './expect-checks.ts';
import { expectedAt } from './expectation.ts';
import { lineOf, mistakeList, type Report } from './mistake-list.ts';
import { type Combination, combinationsOf, type Variant } from './matrix.ts';
import { changedProviders, type ProviderWishes, withProviders } from './provider-wishes.ts';
import { readScenarioText } from './read-text.ts';
import { resolveScenario } from './resolve.ts';
import type { Case } from './scenario.ts';
import { reportIssues } from './schema-mistakes.ts';
import { scenarioSchema } from './schema.ts';
import { checkScripts, type Unspeakable } from './script-checks.ts';
import { fillVariables, reportUnset, unusedVariables } from './variables.ts';
import { child, itemsOf, plainOf, readYaml, type YamlMapping } from './yaml-tree.ts';

export type ScenarioOptions = {
  /** From `--var name=value`; they win over everything in the file. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Told which variables the texts of the file ask for; whether any of `variables` was given in vain is then the caller's to say. */
  readonly onVariables?: ((used: ReadonlySet<string>) => void) | undefined;
  /** From the recording that is played; they come after `variables`, and a file that no longer uses one is no mistake. */
  readonly recordedVariables?: Readonly<Record<string, string>> | undefined;
  /** Instead of the file's seed. */
  readonly seed?: number | undefined;
  /** Instead of the file's max_turns. */
  readonly maxTurns?: number | undefined;
  /** Providers instead of the file's, or where it names none. */
  readonly providers?: ProviderWishes | undefined;
  /** The names of the offline voices; without them any name is taken. */
  readonly voices?: readonly string[] | undefined;
  /** For agents without a voice; without them they stay without. */
  readonly defaultVoices?: readonly [string, string] | undefined;
  /** The part of a text that the offline voice cannot speak; without it every text is taken. */
  readonly unspeakable?: Unspeakable | undefined;
};

/** Reads a scenario file. Throws a UsageError that holds every mistake. */
export async function loadScenario(file: string, options: ScenarioOptions = {}): Promise<Case> {
  return parseScenario(await readScenarioText(file), file, options);
}

/** Every case of a file: one, or the product of its matrix. Throws a UsageError that holds every mistake. */
export async function loadScenarios(file: string, options: ScenarioOptions = {}): Promise<readonly Case[]> {
  return parseScenarios(await readScenarioText(file), file, options);
}

/** The scenario of a text that is already there, its matrix set aside; `file` is what messages call it. */
export function parseScenario(source: string, file: string, options: ScenarioOptions = {}): Case {
  const [first] = readCases(source, file, options, (root) => [{ variant: {}, tree: root }]);
  return first;
}

/** Every case of such a text. */
export function parseScenarios(source: string, file: string, options: ScenarioOptions = {}): readonly Case[] {
  return readCases(source, file, options, combinationsOf);
}

type Combine = (root: YamlMapping, report: Report) => readonly Combination[];

function readCases(source: string, file: string, options: ScenarioOptions, combine: Combine): readonly [Case, ...Case[]] {
  const text = source.replace(/^\uFEFF/, '');
  const { report, isEmpty, throwAll } = mistakeList(file, text);
  checkOverrides(options, report);
  const written = readYaml(text, report);
  if (!written) return throwAll();
  const used = new Set<string>();
  const combinations = combine(written, report);
  const cases = combinations.map(({ variant, tree }) => readCase(tree, { file, text, options, variant, used, report }));
  reportUnset(written, { keys: Object.keys(combinations[0]?.variant ?? {}), used, report });
  if (options.onVariables) options.onVariables(used);
  else for (const { message, hint } of unusedVariables(options.variables ?? {}, { files: [file], used })) report(undefined, message, hint);
  if (!isEmpty() || cases.includes(undefined)) return throwAll();
  return cases as [Case, ...Case[]];
}

type Reading = {
  readonly file: string;
  readonly text: string;
  readonly options: ScenarioOptions;
  readonly variant: Variant;
  readonly used: Set<string>;
  readonly report: Report;
};

/** Undefined for one with mistakes. */
function readCase(written: YamlMapping, { file, text, options, variant, used, report }: Reading): Case | undefined {
  const filled = fillVariables(written, { text, overrides: options.variables ?? {}, recorded: options.recordedVariables ?? {}, used, report });
  const tree = withProviders(filled, options.providers ?? {}, options.voices);
  // An empty message marks the issues for which the schema has no words of its own.
  const parse = (each: YamlMapping) => scenarioSchema.safeParse(plainOf(each), { error: () => '' });
  const parsed = parse(tree);
  if (!parsed.success) reportIssues(parsed.error.issues, tree, report);
  checkAgents(tree, options.voices, report);
  checkScripts(tree, options.unspeakable, report);
  const sound = parsed.success ? tree : withoutRefused(tree, parsed.error.issues);
  const checkable = parsed.success ? parsed : parse(sound);
  if (checkable.success) checkExpectations(sound, checkable.data, report);
  if (!parsed.success) return undefined;
  const expectLines = itemsOf(child(tree, 'expect')).map(({ start }) => lineOf(text, start));
  const scenario = resolveScenario(parsed.data, { ...options, expectLines });
  const chosen = changedProviders(filled, tree);
  return {
    scenario,
    seed: scenario.seed,
    ...(Object.keys(variant).length > 0 && { variant }),
    file,
    ...givenIn(options, used),
    ...(Object.keys(chosen).length > 0 && { chosen }),
  };
}

/** Of variables that were given to several files, those that this one asks for. */
function givenIn({ recordedVariables, variables = {}, maxTurns }: ScenarioOptions, used: ReadonlySet<string>): Pick<Case, 'given'> {
  const all = { ...recordedVariables, ...Object.fromEntries(Object.entries(variables).filter(([name]) => used.has(name))) };
  const given = { ...(Object.keys(all).length > 0 && { variables: all }), ...(maxTurns !== undefined && { maxTurns }) };
  return Object.keys(given).length > 0 ? { given } : {};
}

/** A flag has no place in the file, but breaks the same rules. */
function checkOverrides({ seed, maxTurns }: ScenarioOptions, report: Report): void {
  if (maxTurns !== undefined && !(Number.isInteger(maxTurns) && maxTurns >= 1)) report(undefined, `--max-turns: expected ${expectedAt(['max_turns'])}, got ${maxTurns}`);
  if (seed !== undefined && !(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32)) report(undefined, `--seed: expected ${expectedAt(['seed'])}, got ${seed}`);
}
