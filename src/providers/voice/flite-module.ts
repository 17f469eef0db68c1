/**
 * Opens up flite's WebAssembly binary. As published it is a command that exports only `_start`, which hides where each
 * word lies in the speech; but its functions still have their names, so the ones we call are added to its exports.
 * Nothing else of the program is changed.
 */
import { ProviderError } from '../../base/errors.ts';
import { Module, type WasmModule } from './web-assembly.ts';

export type OpenedModule = {
  readonly module: WasmModule;
  /** Where the memory begins that the program may write; below lie its constants, which are nearly all of it. */
  readonly mutableFrom: number;
};

/** Compiles the binary with these functions exported under their own names. The given bytes are gone afterwards. */
export function openModule(binary: Buffer<ArrayBuffer>, functionNames: readonly string[]): OpenedModule {
  const sections = readSections(binary);
  const indexes = functionIndexes(new Reader(binary, section(sections, SECTION.custom, 'name')));
  const exports = section(sections, SECTION.export);
  const data = section(sections, SECTION.data);

  const oldExports = new Reader(binary, exports);
  const count = oldExports.number();
  const added = functionNames.map((name) => exportEntry(name, indexes.get(name) ?? missing(`the function ${name}`)));
  const body = Buffer.concat([encodeNumber(count + added.length), binary.subarray(oldExports.at, exports.end), ...added]);
  const newSection = Buffer.concat([Buffer.of(SECTION.export), encodeNumber(body.length), body]);

  // What follows the data, names and debugging information, is not needed and leaves room for the longer section.
  const length = exports.start + newSection.length + (data.end - exports.end);
  if (length > binary.length) missing('room for more exports');
  const mutableFrom = lastDataSegmentAddress(new Reader(binary, data));
  binary.copyWithin(exports.start + newSection.length, exports.end, data.end);
  newSection.copy(binary, exports.start);
  const module = new Module(binary.subarray(0, length));
  // Compiling made its own copy; these are 21 MB that would otherwise wait for the garbage collector.
  binary.buffer.transfer(0);
  return { module, mutableFrom };
}

const SECTION = { custom: 0, export: 7, data: 11 } as const;
const PREAMBLE_BYTES = 8;
const FUNCTION_NAMES = 1;
const FUNCTION_EXPORT = 0;
const I32_CONST = 0x41;

/** One section; `start` is at its id, `body` behind its size and, for a custom section, behind its name. */
type Section = { readonly id: number; readonly name: string; readonly start: number; readonly body: number; readonly end: number };

/** Reads the binary format's numbers and strings one after the other. */
class Reader {
  readonly #bytes: Buffer;
  readonly end: number;
  at: number;

  constructor(bytes: Buffer, range: { readonly body: number; readonly end: number }) {
    this.#bytes = bytes;
    this.at = range.body;
    this.end = range.end;
  }

  byte(): number {
    return this.#bytes[this.at++] as number;
  }

  /** An unsigned LEB128 number of up to 32 bits. */
  number(): number {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      value |= (byte & 0x7f) << shift;
      if (byte < 0x80) return value >>> 0;
    }
  }

  text(): string {
    const length = this.number();
    this.at += length;
    return this.#bytes.toString('utf8', this.at - length, this.at);
  }
}

function readSections(binary: Buffer): Section[] {
  const reader = new Reader(binary, { body: PREAMBLE_BYTES, end: binary.length });
  const sections: Section[] = [];
  while (reader.at < reader.end) {
    const start = reader.at;
    const id = reader.byte();
    const size = reader.number();
    const end = reader.at + size;
    const name = id === SECTION.custom ? reader.text() : '';
    sections.push({ id, name, start, body: reader.at, end });
    reader.at = end;
  }
  return sections;
}

function section(sections: readonly Section[], id: number, name = ''): Section {
  return sections.find((candidate) => candidate.id === id && candidate.name === name) ?? missing(`section ${id} ${name}`);
}

function functionIndexes(names: Reader): Map<string, number> {
  const indexes = new Map<string, number>();
  while (names.at < names.end) {
    const kind = names.byte();
    const size = names.number();
    const end = names.at + size;
    if (kind === FUNCTION_NAMES) {
      for (let left = names.number(); left > 0; left--) {
        const index = names.number();
        indexes.set(names.text(), index);
      }
    }
    names.at = end;
  }
  return indexes;
}

/** The linker lays constants out first and variables last, each as one segment. */
function lastDataSegmentAddress(data: Reader): number {
  let address = 0;
  for (let left = data.number(); left > 0; left--) {
    if (data.number() !== 0 || data.byte() !== I32_CONST) missing('data segments at fixed addresses');
    address = data.number();
    data.at += 1; // The end of the address's expression.
    const size = data.number();
    data.at += size;
  }
  return address;
}

function exportEntry(name: string, index: number): Buffer {
  const text = Buffer.from(name, 'utf8');
  return Buffer.concat([encodeNumber(text.length), text, Buffer.of(FUNCTION_EXPORT), encodeNumber(index)]);
}

function encodeNumber(value: number): Buffer {
  const bytes: number[] = [];
  do {
    const rest = value >>> 7;
    bytes.push((value & 0x7f) | (rest ? 0x80 : 0));
    value = rest;
  } while (value > 0);
  return Buffer.from(bytes);
}

function missing(what: string): never {
  throw new ProviderError(`this build of flite lacks ${what}`, { provider: 'offline', kind: 'unsupported' });
}
