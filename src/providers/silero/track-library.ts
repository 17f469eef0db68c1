/**
 * All tracks that are known: those of this process in memory, those of earlier ones in a content-addressed store.
 * A track is found by the hash of its first window, which stands for all audio before it as well; where two
 * histories part, the second one goes on in a track of its own. The store may lose anything at any time.
 */
import { contentKey, type ContentCache } from '../../base/content-cache.ts';
import { decodeTrack, encodeTrack, type Track, TRACK_FORMAT } from './track.ts';
import type { WindowHash } from './window-hash.ts';

/** Where tracks outlive the process; it checks on reading what it wrote. */
export type TrackStore = Pick<ContentCache, 'read' | 'write'>;

/** 3.5 hours of audio awake, 12 MB. */
const MEMORY_WINDOWS = 400_000;

export class TrackLibrary {
  readonly #fingerprint: string;
  readonly #store: TrackStore | undefined;
  /** In order of use, the least recent first. */
  readonly #tracks = new Map<string, Track>();
  #windowCount = 0;

  /** The fingerprint stands for everything that probabilities depend on besides the audio. */
  constructor(fingerprint: string, store?: TrackStore) {
    this.#fingerprint = fingerprint;
    this.#store = store;
  }

  /** The track whose first window ends the audio of this hash. */
  find(hash: WindowHash): Track | undefined {
    const name = String(hash);
    const known = this.#tracks.get(name);
    if (known) {
      this.#tracks.delete(name);
      this.#tracks.set(name, known);
      return known;
    }
    const bytes = this.#store?.read(this.#key(name));
    const track = bytes && decodeTrack(bytes);
    if (track) this.#remember(name, track);
    return track;
  }

  /** Keeps a track under the hash of its first window. */
  add(firstHash: string, track: Track): void {
    this.#remember(firstHash, track);
    this.#store?.write(this.#key(firstHash), encodeTrack(track));
  }

  #key(hash: string): string {
    return contentKey(TRACK_FORMAT, this.#fingerprint, hash);
  }

  #remember(name: string, track: Track): void {
    this.#windowCount += track.windowCount - (this.#tracks.get(name)?.windowCount ?? 0);
    this.#tracks.set(name, track);
    for (const [oldName, old] of this.#tracks) {
      if (this.#windowCount <= MEMORY_WINDOWS) break;
      this.#tracks.delete(oldName);
      this.#windowCount -= old.windowCount;
    }
  }
}
