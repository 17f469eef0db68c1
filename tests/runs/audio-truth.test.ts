/** Whether what the log says of sound is true of the recording, and what agents hear is what arrives. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { FRAME_MS, FRAME_SAMPLES, msToSamples } from '../../src/audio/format.ts';
import type { AudioFrame } from '../../src/audio/frame.ts';
import type { EventOf } from '../../src/events/event.ts';
import { logFaults } from '../../src/testing/log-invariants.ts';
import { caseOf, eventsOf, shipped, type WholeRun, WholeRuns } from '../../src/testing/whole-run.ts';

let runs: WholeRuns;
let call: WholeRun;
beforeAll(async () => {
  runs = new WholeRuns();
  call = await runs.run(await shipped('interruptions', 7));
});
afterAll(() => runs.close());

type Utterance = EventOf<'utterance.stopped'>;

const VOICES: Readonly<Record<string, string>> = { Nora: 'clara', Leo: 'ross' };
const CHANNELS: Readonly<Record<string, 0 | 1>> = { Nora: 0, Leo: 1 };

type Word = { readonly text: string; readonly samples: Int16Array };

/** What the voice made of each word of an utterance's sentences. */
async function synthesised({ utteranceId, agent }: Utterance): Promise<readonly Word[]> {
  const sentences = eventsOf(call.events, 'tts.sentence_sent').filter((event) => event.utteranceId === utteranceId);
  const speeches = await Promise.all(sentences.map(({ text }) => runs.machinery.synthesiser.say({ voice: VOICES[agent] as string, text })));
  return speeches.flatMap(({ samples, words }) =>
    words.map(({ text, startSample, endSample }) => ({ text, samples: samples.subarray(startSample, endSample) })),
  );
}

describe('the recording', () => {
  test("holds at each word's span the samples that were synthesised for it", async () => {
    let compared = 0;
    for (const utterance of eventsOf(call.events, 'utterance.stopped')) {
      const said = await synthesised(utterance);
      const track = call.tracks[CHANNELS[utterance.agent] as 0 | 1];
      for (const [n, { text, startMs, endMs }] of utterance.words.entries()) {
        expect(said[n]?.text).toBe(text);
        const recorded = track.subarray(msToSamples(startMs), msToSamples(endMs));
        expect(said[n]?.samples.length, `length of "${text}" at ${startMs}`).toBe(recorded.length);
        expect(recorded.findIndex((sample, i) => sample !== said[n]?.samples[i]), `"${text}" at ${startMs}`).toBe(-1);
        compared += 1;
      }
    }
    expect(compared).toBeGreaterThan(150);
  });

  test('is exact zero on the channel of whoever says nothing: no channel holds the other agent', () => {
    for (const [agent, channel] of Object.entries(CHANNELS)) {
      const silent = call.tracks[channel].slice();
      const started = eventsOf(call.events, 'utterance.started').filter((event) => event.agent === agent);
      for (const { utteranceId, atMs } of started) {
        const stopped = eventsOf(call.events, 'utterance.stopped').find((event) => event.utteranceId === utteranceId);
        silent.fill(0, msToSamples(atMs), msToSamples(stopped?.atMs ?? 0));
      }
      expect(silent.findIndex((sample) => sample !== 0), `channel of ${agent}`).toBe(-1);
      expect(started.length).toBeGreaterThan(5);
    }
  });

  test('is as long as the call', () => {
    const endedMs = call.events.at(-1)?.atMs ?? 0;
    for (const track of call.tracks) expect(Math.abs(track.length - msToSamples(endedMs))).toBeLessThanOrEqual(FRAME_SAMPLES);
  });

  test('has speech where the log says that there was speech on the wire, and next to none elsewhere', () => {
    for (const { participant, startMs, endMs } of eventsOf(call.events, 'wire.speech_stopped')) {
      const name = eventsOf(call.events, 'participant.joined').find((event) => event.participant === participant)?.name as string;
      const track = call.tracks[CHANNELS[name] as 0 | 1];
      expect(levelDb(track.subarray(msToSamples(startMs), msToSamples(endMs)))).toBeGreaterThan(-35);
      expect(levelDb(track.subarray(msToSamples(startMs - 50), msToSamples(startMs)))).toBeLessThan(-40);
    }
  });
});

describe('interruptions.yaml', () => {
  test('has barge-ins that cut the other agent, who then remembers only the words that were heard', () => {
    const bargeIns = eventsOf(call.events, 'utterance.started').filter(({ kind }) => kind === 'barge_in');
    const cut = eventsOf(call.events, 'utterance.stopped').filter((event) => event.cut && event.agent === 'Nora');
    expect(bargeIns.length).toBeGreaterThanOrEqual(1);
    expect(cut.length).toBeGreaterThanOrEqual(1);
    for (const utterance of cut) {
      const bargeIn = bargeIns.find(({ atMs }) => atMs < utterance.atMs && utterance.atMs - atMs < 2000);
      expect(bargeIn?.agent).toBe('Leo');
      const heard = utterance.words.map(({ text }) => text).join(' ');
      const reply = eventsOf(call.events, 'reply.stopped').find(({ replyId }) => replyId === utterance.replyId);
      expect(reply).toMatchObject({ outcome: 'interrupted', heard });
      expect(reply?.unheard).not.toBe('');
      const remembered = eventsOf(call.events, 'context.appended').filter(({ replyId }) => replyId === utterance.replyId);
      expect(remembered.map(({ text }) => text)).toEqual([heard]);
      // The cut is clean: after it there is nothing of her on the recording until she speaks again.
      const nextMs = eventsOf(call.events, 'utterance.started').find((event) => event.agent === 'Nora' && event.atMs > utterance.atMs)?.atMs;
      const after = call.tracks[0].subarray(msToSamples(utterance.atMs), nextMs === undefined ? undefined : msToSamples(nextMs));
      expect(after.every((sample) => sample === 0)).toBe(true);
    }
  });

  test('has backchannels while the other speaks, and none of them stops her', () => {
    const backchannels = eventsOf(call.events, 'utterance.started').filter(({ kind }) => kind === 'backchannel');
    expect(backchannels.length).toBeGreaterThanOrEqual(2);
    const cuts = eventsOf(call.events, 'utterance.stopped').filter(({ cut }) => cut);
    for (const backchannel of backchannels) {
      expect(backchannel.agent).toBe('Leo');
      const end = eventsOf(call.events, 'utterance.stopped').find(({ utteranceId }) => utteranceId === backchannel.utteranceId) as Utterance;
      expect(end.cut).toBe(false);
      // Nora spoke on while it sounded, or had come to her end herself.
      const cutByIt = cuts.find((cut) => cut.agent === 'Nora' && cut.atMs >= backchannel.atMs && cut.atMs < end.atMs + 1000);
      const bargedIn = eventsOf(call.events, 'utterance.started').some(({ kind, atMs }) => kind === 'barge_in' && atMs >= backchannel.atMs - 1000 && atMs < end.atMs + 1000);
      expect(cutByIt === undefined || bargedIn).toBe(true);
    }
  });
});

describe('what an agent hears', () => {
  const SHORT = `title: Test
turn: { profile: responsive }
inactivity: 6s
agents:
  - name: Ann
    prompt: Talk.
    script: { lines: ["Hello Ben, how are you?", "Good to hear."] }
  - name: Ben
    prompt: Talk.
    script: { lines: ["Fine, thank you."] }
`;

  test('is nothing where labels travel with zeros', async () => {
    const muted = (frame: AudioFrame): AudioFrame => ({ ...frame, samples: new Int16Array(FRAME_SAMPLES), silent: true });
    const run = await runs.run(caseOf(SHORT), { link: () => ({ carry: muted }) });
    expect(logFaults(run.events)).toEqual([]);
    expect(eventsOf(run.events, 'transcript.published')).toEqual([]);
    expect(eventsOf(run.events, 'vad.speech_started')).toEqual([]);
    expect(eventsOf(run.events, 'turn.started')).toEqual([]);
    expect(eventsOf(run.events, 'wire.speech_started').length).toBeGreaterThan(0);
    expect(run.ending?.endedBy).toBe('inactivity');
  });

  test('ends where the link is cut, in the middle of a call, and the other side goes on being heard', async () => {
    const clear = await runs.run(caseOf(SHORT));
    const firstWord = eventsOf(clear.events, 'utterance.stopped')[0]?.words[1];
    const cutMs = firstWord?.endMs ?? 0;
    const run = await runs.run(caseOf(SHORT), { link: (name) => ({ carry: (frame, atMs) => (name === 'Ann' && atMs + FRAME_MS > cutMs ? undefined : frame) }) });
    expect(logFaults(run.events)).toEqual([]);
    const ann = eventsOf(run.events, 'participant.joined').find(({ name }) => name === 'Ann')?.participant;
    const heardOf = (participant: string | undefined): string[] =>
      eventsOf(run.events, 'transcript.published').flatMap((event) => (event.final && event.participant === participant ? [event.text] : []));
    expect(heardOf(ann).join(' ')).toMatch(/^hello( ben)?$/);
    expect(eventsOf(run.events, 'vad.speech_started').filter(({ agent, atMs }) => agent === 'Ben' && atMs > cutMs + 100)).toEqual([]);
    // She is deaf to nothing, and what she says is still on her own track.
    expect(eventsOf(run.events, 'reply.stopped')[0]).toMatchObject({ agent: 'Ann', outcome: 'completed' });
    expect(eventsOf(clear.events, 'reply.stopped').some(({ agent }) => agent === 'Ben')).toBe(true);
  });
});

function levelDb(samples: Int16Array): number {
  const energy = samples.reduce((sum, sample) => sum + sample ** 2, 0) / Math.max(1, samples.length);
  return 10 * Math.log10(energy / 32768 ** 2);
}
