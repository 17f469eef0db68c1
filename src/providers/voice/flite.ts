/**
 * The speech synthesiser flite, run inside WebAssembly without a file system or any other access to the machine. Each
 * call starts from the same memory, so that what was said before cannot change a single bit of what is said now.
 */
import { SAMPLE_RATE_HZ } from '../../audio/format.ts';
import { invariant, ProviderError } from '../../base/errors.ts';
import { openModule, type OpenedModule } from './flite-module.ts';
import type { Voice } from './voices.ts';
import { Instance, Module, type WasmMemory, type WasmModule } from './web-assembly.ts';

/** A stretch of the text between white space and punctuation, and where it lies in the speech. */
export type FliteToken = { readonly text: string; readonly startSample: number; readonly endSample: number };

export type FliteSpeech = { readonly samples: Int16Array; readonly tokens: readonly FliteToken[] };

/**
 * The longest text for one call. The memory that synthesis takes grows by about 3 MB per second of speech and never
 * shrinks; this is some twelve seconds.
 */
export const MAX_CALL_CHARACTERS = 200;

/** The synthesis functions that flite's own command line goes through, and those that look into the result. */
const FUNCTIONS = [
  '__wasm_call_ctors',
  'flite_init',
  'flite_set_lang_list',
  'flite_set_voice_list',
  'flite_voice_select',
  'malloc',
  'new_utterance',
  'utt_set_input_text',
  'utt_init',
  'utt_synth',
  'utt_wave',
  'utt_relation',
  'relation_head',
  'item_next',
  'item_daughter',
  'item_feat_string',
  'ffeature_float',
] as const;

type Exports = Record<(typeof FUNCTIONS)[number], (...args: number[]) => number> & { readonly memory: WasmMemory };

const ENGINE_VOICES: readonly Voice['engineVoice'][] = ['slt', 'rms', 'awb', 'kal16'];
/** The end of the sound before a word, and of its last sound, in seconds. */
const WORD_START = 'R:SylStructure.daughter1.daughter1.R:Segment.p.end';
const WORD_END = 'R:SylStructure.daughtern.daughtern.end';
const NAMES = ['Token', 'name', WORD_START, WORD_END] as const;

/** Addresses in the engine's memory: its voices, names and a place for the text. */
type SetUp = {
  readonly voices: ReadonlyMap<string, number>;
  readonly names: Readonly<Record<(typeof NAMES)[number], number>>;
  readonly text: number;
};

/** One instance of the engine. After a call has thrown it is of no further use. */
export class Flite {
  readonly #flite: Exports;
  readonly #mutableFrom: number;
  /** The writable memory as the binary lays it out. */
  readonly #pristine: Uint8Array;
  /** The writable memory once everything is set up, up to its last byte that is not zero. */
  #ready = new Uint8Array();
  #setUp: SetUp;
  /** How much memory the engine knew of when it was set up. */
  #memoryBytes = 0;

  /** Compiles the binary for any number of instances. The given bytes are gone afterwards. */
  static compile(binary: Buffer<ArrayBuffer>): OpenedModule {
    return openModule(binary, FUNCTIONS);
  }

  constructor({ module, mutableFrom }: OpenedModule) {
    this.#flite = instantiate(module);
    this.#mutableFrom = mutableFrom;
    this.#pristine = withoutTrailingZeros(this.#memory().subarray(mutableFrom));
    this.#setUp = this.#start();
  }

  /** Speaks a text of printable ASCII, at most MAX_CALL_CHARACTERS long, at the engine's own level. */
  speak(voice: Voice['engineVoice'], text: string): FliteSpeech {
    invariant(text.length <= MAX_CALL_CHARACTERS && /^[\x20-\x7e]+$/.test(text), 'flite was given a text that it cannot take');
    const flite = this.#flite;
    this.#rewind();
    this.#writeString(this.#setUp.text, text);
    const utterance = flite.new_utterance();
    flite.utt_set_input_text(utterance, this.#setUp.text);
    flite.utt_init(utterance, this.#setUp.voices.get(voice) as number);
    if (flite.utt_synth(utterance) === 0) {
      throw new ProviderError('flite could not speak a sentence', { provider: 'offline', kind: 'server' });
    }
    const samples = this.#samples(flite.utt_wave(utterance));
    return { samples, tokens: this.#tokens(utterance, samples.length) };
  }

  #start(): SetUp {
    const flite = this.#flite;
    this.#memoryBytes = flite.memory.buffer.byteLength;
    this.#fillMemory(this.#pristine);
    flite.__wasm_call_ctors();
    flite.flite_init();
    flite.flite_set_lang_list();
    flite.flite_set_voice_list(0);
    const voices = new Map(ENGINE_VOICES.map((name) => [name, flite.flite_voice_select(this.#newString(name))]));
    const names = Object.fromEntries(NAMES.map((name) => [name, this.#newString(name)])) as SetUp['names'];
    const text = flite.malloc(MAX_CALL_CHARACTERS + 1);
    this.#ready = withoutTrailingZeros(this.#memory().subarray(this.#mutableFrom));
    return { voices, names, text };
  }

  /**
   * Puts the memory back as it was before the first call. If the last call needed more memory than there was, the
   * engine is set up anew, because its allocator takes note of the memory's size only then and would grow it each time.
   */
  #rewind(): void {
    if (this.#flite.memory.buffer.byteLength > this.#memoryBytes) this.#setUp = this.#start();
    else this.#fillMemory(this.#ready);
  }

  #fillMemory(content: Uint8Array): void {
    const memory = this.#memory();
    memory.set(content, this.#mutableFrom);
    memory.fill(0, this.#mutableFrom + content.length);
  }

  /** A cst_wave: type, sample rate, number of samples, number of channels, pointer to the samples. */
  #samples(wave: number): Int16Array {
    const { buffer } = this.#flite.memory;
    const [, sampleRateHz, count = 0, channels, samples = 0] = new Uint32Array(buffer, wave, 5);
    invariant(sampleRateHz === SAMPLE_RATE_HZ && channels === 1, 'flite made another format than 16 kHz mono');
    return new Int16Array(buffer.slice(samples, samples + 2 * count));
  }

  #tokens(utterance: number, sampleCount: number): FliteToken[] {
    const { Token, name } = this.#setUp.names;
    const tokens: FliteToken[] = [];
    const flite = this.#flite;
    for (let token = flite.relation_head(flite.utt_relation(utterance, Token)); token !== 0; token = flite.item_next(token)) {
      const text = this.#readString(flite.item_feat_string(token, name));
      tokens.push({ text, ...this.#span(token, sampleCount) });
    }
    return tokens;
  }

  /** From the first sound of a token's first word to the last of its last; both are 0 for a token without sound. */
  #span(token: number, sampleCount: number): { startSample: number; endSample: number } {
    const flite = this.#flite;
    let startSample = 0;
    let endSample = 0;
    for (let word = flite.item_daughter(token); word !== 0; word = flite.item_next(word)) {
      const end = Math.round(flite.ffeature_float(word, this.#setUp.names[WORD_END]) * SAMPLE_RATE_HZ);
      // A word without a sound of its own, such as a full stop within a name, has no place and reads as 0.
      if (end === 0) continue;
      if (endSample === 0) startSample = Math.round(flite.ffeature_float(word, this.#setUp.names[WORD_START]) * SAMPLE_RATE_HZ);
      endSample = Math.min(end, sampleCount);
    }
    return { startSample, endSample };
  }

  #memory(): Uint8Array {
    return new Uint8Array(this.#flite.memory.buffer);
  }

  #newString(text: string): number {
    const address = this.#flite.malloc(text.length + 1);
    this.#writeString(address, text);
    return address;
  }

  #writeString(address: number, text: string): void {
    this.#memory().set(Buffer.from(`${text}\0`, 'latin1'), address);
  }

  #readString(address: number): string {
    const memory = this.#memory();
    return Buffer.from(memory.subarray(address, memory.indexOf(0, address))).toString('latin1');
  }
}

function withoutTrailingZeros(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(bytes.subarray(0, bytes.findLastIndex((byte) => byte !== 0) + 1));
}

/** "Bad file descriptor" in WASI. */
const ERRNO_BADF = 8;

/** The program asks for files, arguments and the time; it gets none of them. */
function instantiate(module: WasmModule): Exports {
  const refuse = (): number => ERRNO_BADF;
  const imports = Object.fromEntries(Module.imports(module).map(({ name }) => [name, refuse]));
  const exit = (): never => {
    throw new ProviderError('flite gave up', { provider: 'offline', kind: 'server' });
  };
  const instance = new Instance(module, { wasi_snapshot_preview1: { ...imports, proc_exit: exit } });
  return instance.exports as unknown as Exports;
}
