/**
 * Transcribes the calls of a benchmark as a streaming service does: a text that grows while an agent speaks, and a final
 * one when it has spoken. It hears nothing; it is told what is said by the agents themselves.
 */
import { systemWallClock as wall } from '../src/clock/wall-clock.ts';
import type { NewEvent } from '../src/events/event.ts';
import type { FakeRoom } from '../src/testing/daily/fake-room.ts';

const INTERIM_EVERY_MS = 400;
/** From speech to its text, as Daily's transcription takes. */
const LATENCY_MS = 250;
/** As the stand-in for ElevenLabs speaks. */
const CHARACTERS_PER_SECOND = 20;

type Utterance = { text: string; startedMs: number; stop: () => void };

export class RoomTranscriber {
  readonly #room: FakeRoom;
  readonly #utterances = new Map<string, Utterance>();
  readonly #startedMs = wall.nowMs();

  constructor(room: FakeRoom) {
    this.#room = room;
  }

  told(event: NewEvent): void {
    switch (event.type) {
      case 'tts.sentence_sent': {
        const { agent, utteranceId, text } = event;
        const utterance = this.#of(agent, utteranceId);
        utterance.text = `${utterance.text} ${text}`.trim();
        return;
      }
      case 'utterance.started':
        return this.#begin(event.agent, this.#of(event.agent, event.utteranceId));
      case 'utterance.stopped': {
        const { startedMs, stop } = this.#of(event.agent, event.utteranceId);
        this.#utterances.delete(keyOf(event.agent, event.utteranceId));
        stop();
        const text = event.words.map((word) => word.text).join(' ');
        this.#say(event.agent, { text, final: true, startedMs });
        return;
      }
      default:
    }
  }

  /** Says nothing more. */
  close(): void {
    for (const { stop } of this.#utterances.values()) stop();
    this.#utterances.clear();
  }

  #begin(agent: string, utterance: Utterance): void {
    utterance.startedMs = wall.nowMs();
    utterance.stop = wall.every(INTERIM_EVERY_MS, () => {
      const { text, startedMs } = utterance;
      const spoken = text.slice(0, ((wall.nowMs() - startedMs) / 1000) * CHARACTERS_PER_SECOND);
      this.#say(agent, { text: spoken.slice(0, spoken.lastIndexOf(' ')), final: false, startedMs });
    });
  }

  #say(agent: string, { text, final, startedMs }: { readonly text: string; readonly final: boolean; readonly startedMs: number }): void {
    const untilMs = wall.nowMs();
    if (text === '') return;
    wall.after(LATENCY_MS, () => {
      if (!this.#room.names.includes(agent)) return;
      const participantId = this.#room.idOf(agent);
      this.#room.transcribe({ participantId, text, final, startSecs: (startedMs - this.#startedMs) / 1000, durationSecs: (untilMs - startedMs) / 1000 });
    });
  }

  #of(agent: string, utteranceId: string): Utterance {
    const key = keyOf(agent, utteranceId);
    const utterance = this.#utterances.get(key) ?? { text: '', startedMs: wall.nowMs(), stop: () => undefined };
    this.#utterances.set(key, utterance);
    return utterance;
  }
}

function keyOf(agent: string, utteranceId: string): string {
  return `${agent} ${utteranceId}`;
}
