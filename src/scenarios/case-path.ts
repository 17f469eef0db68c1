/**
 * Where a case's own files lie below the folder of a test run or of its cassettes: beside each other like the scenario
 * files, each case under one name that no other case has and that is the same on every machine.
 */
import { createHash } from 'node:crypto';
import type { Case } from './scenario.ts';

/** File systems take 255 bytes, and seeds and an ending may follow. */
const LONGEST_NAME_BYTES = 180;
/** What is left of a longer name: no character takes more than three bytes here. */
const CUT_NAME_LENGTH = 60;

/** `calls/refund-mood=calm-@7-~3`, always below where it is put. What cannot stand in a name adds a hash. */
export function casePath({ file = '-', variant = {}, seed, jitterSeed }: Case): string {
  const segments = file.replace(/\.ya?ml$/i, '').split(/[\\/]+/);
  const stem = segments.pop() ?? '';
  const folders = segments.filter((segment) => segment !== '' && segment !== '.');
  const values = Object.entries(variant).map(([key, value]) => `${key}=${value}`);
  const seeds = [`@${seed}`, ...(jitterSeed === undefined ? [] : [`~${jitterSeed}`])];
  const parts = [stem, ...values];
  const name = parts.map(safe).join('-');
  // A hash tells apart what has become the same.
  const isClear = ![stem, ...Object.values(variant)].some((part) => /[@~=]/.test(part));
  const isPlain = Buffer.byteLength(name) <= LONGEST_NAME_BYTES && isClear && [...parts, ...folders].every((part) => part === safe(part));
  const hash = createHash('sha256').update(JSON.stringify([file, variant])).digest('hex').slice(0, 8);
  const called = isPlain ? [name] : [name.slice(0, CUT_NAME_LENGTH), hash];
  return [...folders.map(safe), [...called, ...seeds].join('-')].join('/');
}

/** The dots of `..` go as well: nothing may lie above the folder. */
function safe(text: string): string {
  return text.replace(/[^\p{L}\p{N}@~=._-]+|^\.+/gu, '-') || '-';
}
