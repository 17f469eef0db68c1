/** Faults of what a call is made of in this process: lines, voices, ears, scripts, limits. */
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { AudioFrame } from '../../../src/audio/frame.ts';
import type { Synthesiser } from '../../../src/providers/voice/synthesiser.ts';
import type { Link } from '../../../src/room/link.ts';
import { type BrokenRun, CALL, type Machines, type Planted, type Stage } from './stage.ts';

/** The line of one agent carries nothing from this moment on, and everything before. */
function lost(whose: string, fromMs = 0): NonNullable<Planted['link']> {
  return (name): Link => ({ carry: (frame, atMs) => (name === whose && atMs >= fromMs ? undefined : frame) });
}

type Said = Awaited<ReturnType<Synthesiser['say']>>;

/** A synthesiser that makes this of what the real one says. */
function voice(stage: Stage, change: (speech: Said, request: Parameters<Synthesiser['say']>[0]) => Promise<Said>): Machines {
  const { synthesiser } = stage.machinery;
  const stand: Pick<Synthesiser, 'say' | 'prefetch' | 'close'> = {
    say: async (request) => change(await synthesiser.say(request), request),
    prefetch: () => undefined,
    close: async () => undefined,
  };
  return { synthesiser: stand as Synthesiser };
}

const scenario = (from: string | RegExp, to: string): string => {
  const changed = CALL.replace(from, to);
  if (changed === CALL) throw new Error(`nothing to plant at ${from}`);
  return changed;
};

/** So long, and not a sound. */
async function silence(speech: Said): Promise<Said> {
  return { ...speech, samples: new Int16Array(speech.samples.length) };
}

const NOTICES_NOTHING: Machines = { vad: { name: 'none', open: () => ({ confidence: () => 0, reset: () => undefined, close: () => undefined }) } };

/** Aborts when the call has come so far. */
function abortAt(callMs: number): Pick<Planted, 'link' | 'signal'> {
  const abort = new AbortController();
  const carry = (frame: AudioFrame, atMs: number): AudioFrame => {
    if (atMs >= callMs) abort.abort();
    return frame;
  };
  return { signal: abort.signal, link: () => ({ carry }) };
}

/** Not every system has a file that is always full. */
const FULL_DISK: readonly BrokenRun[] = [
  {
    name: 'a disk that is full from the first event on',
    comesTo: /^cannot write .*: no space left on the disk/,
    run: (stage) => {
      const folder = stage.newFolder();
      mkdirSync(folder);
      symlinkSync('/dev/full', join(folder, 'events.jsonl'));
      return stage.run({ folder, keep: 'all' });
    },
  },
];

export const IN_THE_ROOM: readonly BrokenRun[] = [
  ...(process.platform === 'linux' ? FULL_DISK : []),
  { name: 'a deaf user: the line of the agent carries nothing', comesTo: 'unheard', run: (stage) => stage.run({ link: lost('Ann') }) },
  { name: 'a deaf agent: the line of the user carries nothing', comesTo: 'unheard', run: (stage) => stage.run({ link: lost('Ben') }) },
  { name: 'a line that dies in mid-call', comesTo: 'unheard', run: (stage) => stage.run({ link: lost('Ben', 4500), scenario: scenario('inactivity: 4s', 'inactivity: 8s') }) },
  {
    name: 'a user that is mute: its voice plays silence',
    comesTo: 'no_speech',
    run: (stage) => stage.run({ machinery: voice(stage, async (speech, { voice: name }) => (name === 'ross' ? silence(speech) : speech)) }),
  },
  { name: 'both are mute', comesTo: 'no_speech', run: (stage) => stage.run({ machinery: voice(stage, silence) }) },
  { name: 'voice activity detection that never fires', comesTo: 'deaf', run: (stage) => stage.run({ machinery: NOTICES_NOTHING }) },
  { name: 'transcription that says nothing', comesTo: 'unheard', run: (stage) => stage.run({ scenario: scenario('inactivity: 4s', 'inactivity: 15s\ntranscription: { final_latency_ms: 60000 }') }) },
  { name: 'transcription that gets nine words of ten wrong', comesTo: 'garbled', run: (stage) => stage.run({ scenario: scenario('agents:', 'transcription: { word_error_rate: 0.9 }\nagents:') }) },
  { name: 'a user that waits for a name that nobody says', comesTo: 'no_speech', run: (stage) => stage.run({ scenario: scenario('name: Ben,', 'name: Ben, hear: addressed,') }) },
  { name: 'a hang-up after the greeting', comesTo: 'no_speech', run: (stage) => stage.run({ scenario: scenario(/script: \{ lines: \["Hello.*\] \}/, 'script: { lines: [{ say: "Hello. Goodbye.", end: true }] }') }) },
  { name: 'a call of one word', comesTo: 'no_speech', run: (stage) => stage.run({ scenario: scenario(/script: \{ lines: \["Hello.*\] \}/, 'script: { lines: [{ say: "Hello.", end: true }] }') }) },
  { name: 'one turn and no more', comesTo: 'no_speech', run: (stage) => stage.run({ scenario: scenario('inactivity: 4s', 'max_turns: 1') }) },
  { name: 'silence before the first word', comesTo: 'no_speech', run: (stage) => stage.run({ scenario: scenario('prompt: Greet.,', 'prompt: Greet., llm: { first_token_ms: 20000 },') }) },
  { name: 'silence before the first answer', comesTo: 'no_speech', run: (stage) => stage.run({ scenario: scenario('prompt: Ask for the time.,', 'prompt: Ask for the time., llm: { first_token_ms: 20000 },') }) },
  { name: 'a second is all there is', comesTo: 'no_speech', run: (stage) => stage.run({ scenario: scenario('inactivity: 4s', 'max_duration: 1s') }) },
  { name: 'time is up in the greeting', comesTo: 'no_speech', run: (stage) => stage.run({ scenario: scenario('inactivity: 4s', 'max_duration: 3s') }) },
  { name: 'cancelled before it began', comesTo: 'cancelled', run: (stage) => stage.run({ signal: AbortSignal.abort() }) },
  { name: 'cancelled in mid-call', comesTo: 'cancelled', run: (stage) => stage.run(abortAt(3000)) },
  { name: 'cancelled when all had been said', comesTo: 'cancelled', run: (stage) => stage.run(abortAt(8000)) },
  { name: 'a case that hangs: its voice never comes', comesTo: /^it took longer than 0\.3 s$/, run: (stage) => stage.run({ timeoutMs: 300, machinery: voice(stage, () => new Promise(() => undefined)) }) },
  { name: 'a case that is given no time', comesTo: /^it took longer than 0\.001 s$/, run: (stage) => stage.run({ timeoutMs: 1 }) },
  {
    name: 'a folder that cannot be made',
    comesTo: /^cannot write .*: a part of the path is a file/,
    run: (stage) => {
      const file = stage.newFolder();
      writeFileSync(file, '');
      return stage.run({ folder: join(file, 'run') });
    },
  },
  {
    name: 'a folder that is gone before it is finished',
    comesTo: /^cannot write .*: no folder can be made there/,
    run: (stage) => {
      const folder = stage.newFolder();
      const carry = (frame: AudioFrame, atMs: number): AudioFrame => {
        if (atMs === 3000) rmSync(folder, { recursive: true, force: true });
        return frame;
      };
      return stage.run({ folder, keep: 'all', link: () => ({ carry }) });
    },
  },
  {
    name: 'the folder of another run',
    comesTo: /holds a run already/,
    run: (stage) => {
      const folder = stage.newFolder();
      mkdirSync(dirname(join(folder, 'run.json')), { recursive: true });
      writeFileSync(join(folder, 'run.json'), '{}');
      return stage.run({ folder });
    },
  },
];
