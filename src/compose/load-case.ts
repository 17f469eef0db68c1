/** A scenario file made ready for the voices that are built in. */
import { unspeakable } from '../providers/voice/speakable.ts';
import { VOICES } from '../providers/voice/voices.ts';
import { loadScenario, loadScenarios, parseScenario, type ScenarioOptions } from '../scenarios/load.ts';
import type { Case } from '../scenarios/scenario.ts';

export type CaseOptions = Pick<ScenarioOptions, 'variables' | 'seed' | 'maxTurns' | 'providers'>;
export type ReplayedCaseOptions = CaseOptions & Pick<ScenarioOptions, 'recordedVariables' | 'onVariables'>;

/** Reads a scenario file; throws a UsageError that holds every mistake in it. */
export function loadCase(file: string, options: ReplayedCaseOptions = {}): Promise<Case> {
  return loadScenario(file, { ...options, ...OFFLINE_VOICE });
}

/** Every case of a scenario file, the product of its matrix. */
export function loadCases(file: string, options: ReplayedCaseOptions = {}): Promise<readonly Case[]> {
  return loadScenarios(file, { ...options, ...OFFLINE_VOICE });
}

/** The case of a text that is already there; `file` is what messages call it. Throws as loadCase does. */
export function parseCase(text: string, file: string, options: ReplayedCaseOptions = {}): Case {
  return parseScenario(text, file, { ...options, ...OFFLINE_VOICE });
}

const names = VOICES.map(({ name }) => name);
const [first = '', second = ''] = names;

/** What a file is checked against; the first two voices are the pair that is easiest to tell apart. */
const OFFLINE_VOICE = { voices: names, defaultVoices: [first, second], unspeakable } as const satisfies ScenarioOptions;
