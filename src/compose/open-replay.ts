/** A scenario file that is run from a cassette: with the providers, the seed, the variables and the voices of the recording. */
import type { CassetteMode } from '../providers/cassette/playback.ts';
import { recordedWishes, withRecordedVoices } from './cassette-agents.ts';
import { type ChosenCase, type ChooseOptions, loadChosenCase } from './choose-providers.ts';
import { type OpenedCassette, openCassette } from './open-cassette.ts';

/** `replay` is what is played in the world's place, if anything is. */
export type ReplayedCase = ChosenCase & { readonly replay: (OpenedCassette & { readonly mode: CassetteMode }) | undefined };

/** Throws a UsageError: mistakes in the file, or a cassette that is not there or not sound. */
export async function loadReplayedCase(
  file: string,
  { cassette: path, mode, ...options }: Omit<ChooseOptions, 'recorded' | 'recordedVariables'> & { readonly cassette: string; readonly mode: CassetteMode },
): Promise<ReplayedCase> {
  const opened = await openCassette(path);
  const { header } = opened.cassette;
  const chosen = await loadChosenCase(file, {
    ...options,
    recordedVariables: header.variables,
    seed: options.seed ?? header.seed,
    maxTurns: options.maxTurns ?? header.maxTurns,
    recorded: recordedWishes(header, mode),
  });
  return { ...chosen, of: mode === 'refresh' ? withRecordedVoices(chosen.of, header) : chosen.of, replay: { ...opened, mode } };
}
