/**
 * The remote microphones of the call. Each is attached to a muted audio element, because Chromium lets no sound out
 * of a remote track that nobody plays, and its stream is handed to the worker. A track that falls silent is revived.
 */
import type { ToWorker } from './worker-messages.ts';

/** After a stop of its audio service Chromium plays on once the element is attached anew; if not by then, never. */
const HOPELESS_MS = 3_000;

type Heard = { readonly participant: string; readonly track: MediaStreamTrack; readonly player: HTMLAudioElement };

export class RemoteSound {
  readonly #toWorker: (message: ToWorker, handedOver: Transferable[]) => void;
  readonly #heard = new Map<number, Heard>();
  #lastNumber = 0;

  constructor(toWorker: (message: ToWorker, handedOver: Transferable[]) => void) {
    this.#toWorker = toWorker;
  }

  hear(participant: string, track: MediaStreamTrack): void {
    this.forget(participant);
    const player = new Audio();
    player.muted = true;
    this.#lastNumber += 1;
    const heard = { participant, track, player };
    this.#heard.set(this.#lastNumber, heard);
    play(heard);
    const sound = new MediaStreamTrackProcessor({ track }).readable;
    this.#toWorker({ kind: 'hear', track: this.#lastNumber, participant, sound }, [sound]);
  }

  /** The track has stopped; `participant` is not known any more where its owner has left. */
  ignore(participant: string | undefined, track: MediaStreamTrack): void {
    this.#drop((heard) => heard.track === track || (participant !== undefined && heard.participant === participant));
  }

  forget(participant: string): void {
    this.#drop((heard) => heard.participant === participant);
  }

  forgetAll(): void {
    this.#drop(() => true);
  }

  /** Attaches a silent track anew. Gives the participant's id where that has not helped. */
  revive(number: number, silentMs: number): string | undefined {
    const heard = this.#heard.get(number);
    // A track that is muted at its source has nothing to give.
    if (!heard || heard.track.muted || heard.track.readyState === 'ended') return undefined;
    if (silentMs > HOPELESS_MS) return heard.participant;
    play(heard);
    return undefined;
  }

  #drop(isDropped: (heard: Heard) => boolean): void {
    for (const [number, heard] of this.#heard) {
      if (!isDropped(heard)) continue;
      this.#heard.delete(number);
      heard.player.srcObject = null;
      this.#toWorker({ kind: 'ignore', track: number }, []);
    }
  }
}

function play({ player, track }: Heard): void {
  player.srcObject = new MediaStream([track]);
  // A play that is cut short by the next attachment rejects, and means nothing.
  player.play().catch(() => undefined);
}
