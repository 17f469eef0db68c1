/**
 * The page's worker. It owns the socket to bottalk and both directions of sound, so that nothing the call machine
 * does on the main thread can make the sound stutter. What is not sound it passes on between bottalk and the page.
 */
import { FRAME_MS, SAMPLE_RATE_HZ } from '../../../audio/format.ts';
import { systemWallClock as wall } from '../../../clock/wall-clock.ts';
import { type FromPage, type ToPage, TRACK_NUMBER_BYTES } from '../page-messages.ts';
import { Decimator } from './decimator.ts';
import { SteadyVoice } from './steady-voice.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';

const LOOK_EVERY_MS = 250;
const SILENT_MS = 1_000;

type Hearing = { readonly stop: () => Promise<void>; lastMs: number };

const hearing = new Map<number, Hearing>();
let socket: WebSocket | undefined;

self.onmessage = ({ data }: MessageEvent<ToWorker>): void => {
  switch (data.kind) {
    case 'open':
      return open(data.link, speakInto(data.voice.getWriter()));
    case 'tell':
      return tell(data.message);
    case 'hear':
      tell({ kind: 'hearing', track: data.track, participant: data.participant });
      return hear(data.track, data.sound.getReader());
    case 'ignore':
      void hearing.get(data.track)?.stop();
      hearing.delete(data.track);
      return;
  }
};

wall.every(LOOK_EVERY_MS, () => {
  const nowMs = wall.nowMs();
  for (const [track, { lastMs }] of hearing) if (nowMs - lastMs > SILENT_MS) answer({ kind: 'silent', track, silentMs: nowMs - lastMs });
});

function open(link: string, voice: SteadyVoice): void {
  const opened = new WebSocket(link);
  opened.binaryType = 'arraybuffer';
  opened.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (typeof data === 'string') answer({ kind: 'told', message: JSON.parse(data) as ToPage });
    else voice.take(new Int16Array(data), wall.nowMs());
  };
  opened.onopen = () => {
    socket = opened;
    wall.every(FRAME_MS, () => voice.tick(wall.nowMs()));
    tell({ kind: 'loaded' });
  };
}

/** Frames become audio data whose time counts samples, whenever they come. */
function speakInto(writer: WritableStreamDefaultWriter<AudioData>): SteadyVoice {
  let samplesWritten = 0;
  return new SteadyVoice((samples) => {
    const timestamp = (samplesWritten / SAMPLE_RATE_HZ) * 1_000_000;
    samplesWritten += samples.length;
    const data = new AudioData({ format: 's16', sampleRate: SAMPLE_RATE_HZ, numberOfFrames: samples.length, numberOfChannels: 1, timestamp, data: samples });
    // A track that was stopped takes nothing more, and nobody misses it.
    writer.write(data).catch(() => undefined);
  });
}

function hear(track: number, sound: ReadableStreamDefaultReader<AudioData>): void {
  const ear: Hearing = { stop: () => sound.cancel(), lastMs: wall.nowMs() };
  hearing.set(track, ear);
  let decimator: Decimator | undefined;
  const next = async (): Promise<void> => {
    for (;;) {
      const { value, done } = await sound.read();
      if (done) return;
      ear.lastMs = wall.nowMs();
      decimator ??= new Decimator(value.sampleRate, (samples) => sendFrame(track, samples));
      decimator.push(monoOf(value));
      value.close();
    }
  };
  next().catch((error: unknown) => tell({ kind: 'failed', fault: { type: 'sound', message: String(error) } }));
}

function sendFrame(track: number, samples: Int16Array): void {
  if (socket?.readyState !== WebSocket.OPEN) return;
  const packet = new ArrayBuffer(TRACK_NUMBER_BYTES + samples.byteLength);
  new DataView(packet).setUint32(0, track, true);
  new Int16Array(packet, TRACK_NUMBER_BYTES).set(samples);
  socket.send(packet);
}

/** The mean of all channels. */
function monoOf(data: AudioData): Float32Array {
  const { numberOfFrames, numberOfChannels } = data;
  const mono = new Float32Array(numberOfFrames);
  data.copyTo(mono, { planeIndex: 0, format: 'f32-planar' });
  if (numberOfChannels === 1) return mono;
  const other = new Float32Array(numberOfFrames);
  for (let planeIndex = 1; planeIndex < numberOfChannels; planeIndex++) {
    data.copyTo(other, { planeIndex, format: 'f32-planar' });
    for (let n = 0; n < numberOfFrames; n++) mono[n] = (mono[n] as number) + (other[n] as number);
  }
  return mono.map((sample) => sample / numberOfChannels);
}

function tell(message: FromPage): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
}

function answer(message: FromWorker): void {
  self.postMessage(message);
}
