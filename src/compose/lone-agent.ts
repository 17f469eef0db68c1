/**
 * One agent of a case that has a process to itself: its brain, its voice, its ears and its browser, opened together and
 * closed together. Whether another process keeps the room, or nobody does, is no matter of this file.
 */
import type { WallClock } from '../clock/wall-clock.ts';
import type { EventLog } from '../events/log.ts';
import type { CassetteCall } from '../providers/cassette/cassette.ts';
import { Recording } from '../providers/cassette/recording.ts';
import type { DailySeats } from '../providers/daily/seats.ts';
import { loadSilero } from '../providers/silero/silero-model.ts';
import type { Case } from '../scenarios/scenario.ts';
import { Deck } from './deck.ts';
import { expectedSpeech } from './expected-speech.ts';
import { type Machinery, openMachinery } from './machinery.ts';
import { openAgent, type OpenedAgent } from './open-agent.ts';
import { openSeats } from './open-seats.ts';
import type { LonePatience } from './patience.ts';
import type { RunClock } from './room-options.ts';
import type { Secrets } from './secrets.ts';

export type LoneAgentOptions = {
  readonly clock: RunClock;
  readonly wall: WallClock;
  readonly log: EventLog;
  readonly secrets: Secrets;
  /** Missing weights are an error, not a warning. */
  readonly strict: boolean;
  /** Whether it takes down what it asks of the world. */
  readonly record: boolean;
  readonly cacheFolder: string | undefined;
  readonly modelFolder: string | undefined;
  readonly patience: LonePatience | undefined;
  /** Something about this machine that the user should know. */
  readonly onWarning: (text: string) => void;
};

export type LoneAgent = {
  readonly opened: OpenedAgent;
  readonly seats: DailySeats;
  readonly machinery: Machinery;
  readonly deck: Deck;
  /** All that it asked of the world and was answered, if it takes that down. */
  calls(): readonly CassetteCall[] | undefined;
  /** Leaves nothing behind: no browser, no connection. */
  close(): Promise<void>;
};

/** The browser starts meanwhile. Throws a UsageError where a key, weights or a browser are missing; nothing is left then. */
export async function openLoneAgent(of: Case, order: number, options: LoneAgentOptions): Promise<LoneAgent> {
  const { clock, wall, log, secrets, strict, cacheFolder, modelFolder, patience, onWarning } = options;
  const seats = openSeats({ wall, secrets, tuning: patience?.daily });
  seats.warmUp();
  const machinery = openMachinery({ wall, cacheFolder, modelFolder, onWarning });
  const recording = options.record ? new Recording({ version: '' }) : undefined;
  const deck = new Deck({ clock, recording, onWarning: (message, agent) => log.append({ type: 'warning.raised', message, agent }) });
  const closeAll = async (opened?: OpenedAgent): Promise<void> => {
    await seats.close();
    await opened?.close();
    await machinery.close();
  };
  try {
    // By the first sound of the peer it would be in the way of an answer that is waited for.
    loadSilero();
    const opened = await openAgent(of, order, { clock, wall, machinery, secrets, deck, strict, patience });
    if (opened.expected) machinery.synthesiser.prefetch(expectedSpeech([opened.expected]));
    return { opened, seats, machinery, deck, calls: () => recording?.calls(), close: () => closeAll(opened) };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
