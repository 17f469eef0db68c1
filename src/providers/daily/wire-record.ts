/**
 * Ground truth of a Daily call: who was there, who spoke when, and the recording, each once, however many of our own
 * participants report it. Tracks are taken as they were received, because no one of this side hears the far one's
 * wire; only a voice that none of ours receives is taken where it is sent.
 */
import { FRAME_MS } from '../../audio/format.ts';
import type { AudioFrame } from '../../audio/frame.ts';
import type { EventLog } from '../../events/log.ts';
import type { Recorder } from '../../room/recorder.ts';
import type { Participant } from '../../room/room.ts';
import { type SpeechChange, SpeechDetector } from '../../room/speech-detector.ts';
import { FrameTimeline } from './frame-timeline.ts';

type Track = { readonly participant: Participant; readonly timeline: FrameTimeline; readonly detector: SpeechDetector; speaks: boolean };

export type WireRecordOptions = {
  readonly log: EventLog;
  readonly recorder: Pick<Recorder, 'record'>;
  /** Called once for each frame that is heard, with its beginning in call time. */
  readonly onFrame: (from: Participant, frame: AudioFrame, startMs: number, isSpeech: boolean) => void;
  readonly onLeft: (participant: string) => void;
};

export class WireRecord {
  readonly #options: WireRecordOptions;
  readonly #tracks = new Map<string, Track>();
  /** Of somebody who has left, news may still be on its way; nobody comes back under the same id. */
  readonly #gone = new Set<string>();

  constructor(options: WireRecordOptions) {
    this.#options = options;
  }

  joined(participant: Participant): void {
    const { id, name } = participant;
    if (this.#tracks.has(id) || this.#gone.has(id)) return;
    this.#tracks.set(id, { participant, timeline: new FrameTimeline(), detector: new SpeechDetector(), speaks: false });
    this.#options.log.append({ type: 'participant.joined', participant: id, name });
  }

  left({ id, name }: Participant, reason: string, nowMs: number): void {
    const track = this.#tracks.get(id);
    if (!track) return;
    this.#tracks.delete(id);
    this.#gone.add(id);
    this.#note(track, track.detector.flush(nowMs));
    this.#options.log.append({ type: 'participant.left', participant: id, name, reason });
    this.#options.onLeft(id);
  }

  /** Nobody of this side is there any more to see who else leaves. */
  close(nowMs: number): void {
    for (const { participant } of [...this.#tracks.values()]) this.left(participant, 'room closed', nowMs);
  }

  /** Takes the frame of which the last sample came, or went, at `completeAtMs`. */
  heard({ id, name }: Participant, frame: AudioFrame, completeAtMs: number): void {
    const track = this.#tracks.get(id);
    const tick = track?.timeline.tickOf(completeAtMs);
    if (!track || tick === undefined) return;
    this.#options.recorder.record(name, frame, tick);
    this.#note(track, track.detector.hear(frame, tick * FRAME_MS));
    this.#options.onFrame(track.participant, frame, tick * FRAME_MS, track.speaks);
  }

  #note(track: Track, changes: readonly SpeechChange[]): void {
    const { log } = this.#options;
    const participant = track.participant.id;
    for (const change of changes) {
      track.speaks = change.kind === 'started';
      if (change.kind === 'started') log.append({ type: 'wire.speech_started', participant, startMs: change.startMs });
      else log.append({ type: 'wire.speech_stopped', participant, startMs: change.startMs, endMs: change.endMs });
    }
  }
}
