/**
 * Whole runs in a Daily room for tests: through the composition root, with a real browser, against the stand-in for
 * Daily, whose transcription understands every word that the agents say.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DailyTuning } from '../../compose/room-options.ts';
import type { Secrets } from '../../compose/secrets.ts';
import type { BottalkEvent } from '../../events/event.ts';
import { STAY_HOME } from './daily-call.ts';
import type { FakeDaily } from './fake-daily.ts';

/** Nothing that a test waits for takes as long as it may take in the world. */
const IMPATIENT = { interruptedMs: 50, firstWaitMs: 50, settleMs: 500, joinMs: 10_000 } as const;

export class DailyRun {
  readonly profilesFolder = mkdtempSync(join(tmpdir(), 'bottalk-daily-'));
  readonly #daily: FakeDaily;

  constructor(daily: FakeDaily) {
    this.#daily = daily;
  }

  get secrets(): Secrets {
    return secretsFor(this.#daily);
  }

  tuning(own: DailyTuning = {}): DailyTuning {
    return { hostRules: STAY_HOME, profilesFolder: this.profilesFolder, firstWaitMs: 10, ...own, limits: { ...IMPATIENT, ...own.limits } };
  }

  close(): void {
    rmSync(this.profilesFolder, { recursive: true, force: true });
  }
}

export function secretsFor({ apiKey, restUrl, callMachineFolder }: FakeDaily): Secrets {
  return { DAILY_API_KEY: apiKey, DAILY_BASE_URL: restUrl, DAILY_CALL_MACHINE_URL: callMachineFolder };
}

/** Has the room transcribe what its agents say, in words that come while they are said and once they were. */
export function transcribing(daily: Pick<FakeDaily, 'rooms' | 'room'>): (event: BottalkEvent) => void {
  const sentences = new Map<string, string>();
  return (event) => {
    if (event.type === 'tts.sentence_sent') sentences.set(event.utteranceId, `${sentences.get(event.utteranceId) ?? ''} ${event.text}`.trim());
    if (event.type !== 'utterance.started' && event.type !== 'utterance.stopped') return;
    if (daily.rooms.size === 0 || !daily.room.names.includes(event.agent)) return;
    const participantId = daily.room.idOf(event.agent);
    const startSecs = event.atMs / 1000;
    if (event.type === 'utterance.started') {
      const [first = ''] = (sentences.get(event.utteranceId) ?? '').split(' ');
      return daily.room.transcribe({ participantId, text: first, final: false, startSecs, durationSecs: 0.3 });
    }
    const text = event.words.map((word) => word.text).join(' ');
    if (text !== '') daily.room.transcribe({ participantId, text, final: true, startSecs: startSecs - 1, durationSecs: 1 });
  };
}
