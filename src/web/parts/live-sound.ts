/**
 * Sound on the socket /live: the very samples that the room recorded, 16 kHz mono of one participant, 20 to 200 ms a
 * message; silence is not sent. It goes over loopback at 32 kB/s a voice, and nothing a codec could save there is worth
 * its delay and its loss.
 */
const HEADER_BYTES = 12;

/** `order`: 0 goes first. `callMs` is the call time of the first sample. */
export type LiveSound = { readonly run: number; readonly callMs: number; readonly order: number; readonly samples: Int16Array };

/**
 * | byte | little-endian |
 * |---|---|
 * | 0 | uint32, the number of the run |
 * | 4 | uint32, call time of the first sample in ms |
 * | 8 | uint16, order of the participant |
 * | 10 | uint16, zero |
 * | 12 | int16 for each sample |
 */
export function encodeLiveSound({ run, callMs, order, samples }: LiveSound): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + 2 * samples.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, run, true);
  view.setUint32(4, callMs, true);
  view.setUint16(8, order, true);
  for (const [i, sample] of samples.entries()) view.setInt16(HEADER_BYTES + 2 * i, sample, true);
  return bytes;
}

/** Undefined for what is no such message. */
export function decodeLiveSound(message: ArrayBuffer): LiveSound | undefined {
  if (message.byteLength < HEADER_BYTES || message.byteLength % 2 !== 0) return undefined;
  const view = new DataView(message);
  const samples = new Int16Array((message.byteLength - HEADER_BYTES) / 2);
  for (const i of samples.keys()) samples[i] = view.getInt16(HEADER_BYTES + 2 * i, true);
  return { run: view.getUint32(0, true), callMs: view.getUint32(4, true), order: view.getUint16(8, true), samples };
}
