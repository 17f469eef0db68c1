/**
 * The scenarios that a client may start: those of the working folder and those that come with bottalk, by names of ours, so
 * that no request ever names a path.
 */
import { existsSync, realpathSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';
import { UsageError } from '../base/errors.ts';
import { parseCase } from '../compose/load-case.ts';
import { discoverScenarios } from '../scenarios/discover.ts';
import { readScenarioText } from '../scenarios/read-text.ts';
import { isResultName, templateParts } from '../scenarios/template.ts';
import type { ListedScenario } from '../web/parts/live-messages.ts';
import { listedAgent, listedExpectations } from './listed.ts';

export type ShelvedScenario = { readonly name: string; readonly file: string; readonly shipped: boolean };

/** Before the names of those that come with bottalk. */
const SHIPPED = 'bottalk:';

/** Those of these paths first, of the folder scenarios/ where there are no paths. Never rejects because there are none. */
export async function shelvedScenarios(paths: readonly string[]): Promise<readonly ShelvedScenario[]> {
  // One that has gone meanwhile takes none of the others with it.
  const found = paths.length === 0 ? await filesIn([]) : (await Promise.all(paths.map((path) => filesIn([path])))).flat();
  const own = [...new Set(found)].map((file) => ({ name: file, file, shipped: false }));
  const folder = shippedFolder();
  const ships = folder === undefined ? [] : await filesIn([folder]);
  const known = new Set(own.map(({ file }) => realpathSync(file)));
  return [...own, ...ships.filter((file) => !known.has(realpathSync(file))).map((file) => ({ name: `${SHIPPED}${basename(file)}`, file, shipped: true }))];
}

/** What can be started. Files are read again when they have changed: reading all of them takes longer than a live call may wait. */
export class ScenarioList {
  readonly #known = new Map<string, { readonly stamp: string; readonly found: ListedScenario | string }>();
  readonly #paths: readonly string[];

  constructor(paths: readonly string[]) {
    this.#paths = paths;
  }

  /** With every mistake in what cannot be started. */
  async read(): Promise<{ readonly scenarios: readonly ListedScenario[]; readonly mistakes: readonly string[] }> {
    const found = [];
    for (const shelved of await shelvedScenarios(this.#paths)) found.push(await this.#find(shelved));
    return { scenarios: found.filter((one) => typeof one !== 'string'), mistakes: found.filter((one) => typeof one === 'string') };
  }

  /** The scenario, or what is wrong with it. */
  async #find(shelved: ShelvedScenario): Promise<ListedScenario | string> {
    const { name, file } = shelved;
    const { mtimeMs, size } = statSync(file, { throwIfNoEntry: false }) ?? {};
    const stamp = `${mtimeMs} ${size}`;
    const known = this.#known.get(name);
    if (known?.stamp === stamp) return known.found;
    const found = await readScenarioText(file)
      .then((text) => listed(shelved, text))
      .catch((error: unknown) => {
        if (error instanceof UsageError) return error.message;
        throw error;
      });
    this.#known.set(name, { stamp, found });
    return found;
  }
}

function listed({ name, file, shipped }: ShelvedScenario, text: string): ListedScenario {
  const { scenario } = parseCase(text, file);
  const written = parse(text) as Written;
  return {
    name,
    title: scenario.title,
    description: scenario.description ?? null,
    shipped,
    tags: scenario.tags,
    agents: scenario.agents.map((agent, i) => listedAgent(agent, String(written.agents[i]?.['prompt']).trim())),
    variables: variablesOf(written),
    expectations: listedExpectations(scenario),
  };
}

/** The file as YAML has it, known to be a scenario. */
type Written = { readonly variables?: Readonly<Record<string, unknown>>; readonly agents: readonly Readonly<Record<string, unknown>>[] };

/** An agent's own values stand for everybody here, the first one's before the second one's: a value that is given goes to both. */
function variablesOf(written: Written): Readonly<Record<string, string>> {
  const own = written.agents.toReversed().map((agent) => agent['variables'] as Written['variables']);
  const values = new Map([written.variables, ...own].flatMap((variables) => Object.entries(variables ?? {})));
  const found = new Map<string, string>();
  for (const text of textsIn(written)) {
    for (const part of templateParts(text)) {
      if (part.kind !== 'variable' || isResultName(part.name) || found.has(part.name)) continue;
      found.set(part.name, String(values.get(part.name) ?? part.fallback ?? ''));
    }
  }
  return Object.fromEntries(found);
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(textsIn);
}

async function filesIn(paths: readonly string[]): Promise<readonly string[]> {
  try {
    return await discoverScenarios(paths);
  } catch (error) {
    if (error instanceof UsageError) return [];
    throw error;
  }
}

/** It lies two folders up from the sources and three from dist. */
function shippedFolder(): string | undefined {
  return ['../../scenarios', '../../../scenarios'].map((up) => fileURLToPath(new URL(up, import.meta.url))).find((folder) => existsSync(folder));
}
