/** What Chromium has and TypeScript's library does not know: tracks as streams of audio data. */

declare class MediaStreamTrackGenerator extends MediaStreamTrack {
  constructor(options: { readonly kind: 'audio' });
  readonly writable: WritableStream<AudioData>;
}

declare class MediaStreamTrackProcessor {
  constructor(options: { readonly track: MediaStreamTrack });
  readonly readable: ReadableStream<AudioData>;
}
