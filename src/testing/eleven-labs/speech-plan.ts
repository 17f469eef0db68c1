/** How the stand-in for ElevenLabs speaks: what it makes of a text, how fast, and what goes wrong. */

/** What goes wrong, once so many pieces of sound were sent as the plan says. */
export type SpeechFault =
  /** The text is taken and no sound is made of it. */
  | 'empty'
  /** Nothing more is sent, not even the last message. */
  | 'stall'
  /** The connection breaks. */
  | 'drop'
  /** The lists of an alignment differ in length. */
  | 'misaligned'
  /** What is sent is no JSON. */
  | 'unreadable'
  /** A value has the wrong type. */
  | 'mistyped';

/** How one context or one request is answered. */
export type SpeechPlan = {
  readonly fault?: SpeechFault;
  /** 0 where it is not given. */
  readonly afterPieces?: number;
  /** From the first text to the first sound. At once where it is not given. */
  readonly firstByteMs?: number;
  /** How much faster than it is spoken the rest is sent. At once where it is not given. */
  readonly speed?: number;
  /** Nothing is sent until the server is told to. */
  readonly held?: boolean;
  /** One more piece is sent after the context was closed. */
  readonly late?: boolean;
  /** The context is refused in words, with this close code after them. */
  readonly refusal?: { readonly error: string; readonly message: string; readonly closeCode?: number };
};

/** A piece of sound and the times of its characters from its own beginning. */
export type SpeechPiece = {
  readonly characters: readonly string[];
  readonly startsMs: readonly number[];
  readonly durationsMs: readonly number[];
  readonly sound: Buffer;
};

/** Every character takes so long. */
export const CHARACTER_MS = 50;
const PIECE_CHARACTERS = 8;
const CHARACTER_BYTES = (CHARACTER_MS * 16_000 * 2) / 1000;

/** A text as sound: a tone for each character, silence for a space, in pieces of up to eight characters. */
export function speechOf(text: string): SpeechPiece[] {
  const characters = [...text];
  const pieces: SpeechPiece[] = [];
  for (let from = 0; from < characters.length; from += PIECE_CHARACTERS) {
    const some = characters.slice(from, from + PIECE_CHARACTERS);
    pieces.push({
      characters: some,
      startsMs: some.map((_character, i) => i * CHARACTER_MS),
      durationsMs: some.map(() => CHARACTER_MS),
      sound: Buffer.concat(some.map(tone)),
    });
  }
  return pieces;
}

export function durationMs({ characters }: SpeechPiece): number {
  return characters.length * CHARACTER_MS;
}

function tone(character: string): Buffer {
  const sound = Buffer.alloc(CHARACTER_BYTES);
  if (character === ' ') return sound;
  const hertz = 150 + ((character.codePointAt(0) ?? 0) % 64) * 5;
  for (let i = 0; i < sound.length / 2; i++) sound.writeInt16LE(Math.round(6000 * Math.sin((2 * Math.PI * hertz * i) / 16_000)), 2 * i);
  return sound;
}
