/** An agent on the clock of the real world, whose machine is busy with other things now and then. */
import { expect, test } from 'vitest';
import { FRAME_MS } from '../audio/format.ts';
import { seededRandom } from '../base/random.ts';
import { RealClock } from '../clock/real-clock.ts';
import type { BottalkEvent } from '../events/event.ts';
import { RunLog } from '../events/log.ts';
import { SARAH } from '../testing/agent-call.ts';
import { energyVad } from '../testing/energy-vad.ts';
import { HandMovedWall } from '../testing/hand-moved-wall.ts';
import { HandRoom } from '../testing/hand-room.ts';
import { ListedBrain } from '../testing/listed-brain.ts';
import { ToneVoice } from '../testing/tone-voice.ts';
import { Agent } from './agent.ts';
import { silenceEndOfTurn } from './silence-end-of-turn.ts';

test('words follow each other at the pace at which they are played, however late the ticks come', async () => {
  const wall = new HandMovedWall();
  const clock = new RealClock({ wall });
  const events: BottalkEvent[] = [];
  const log = new RunLog({ nowMs: () => clock.nowMs(), sinks: [{ event: (event) => void events.push(event) }] });
  const room = new HandRoom({ clock, log, latencyMs: 0 }).enters(100, 'Mike');
  const agent = new Agent({
    clock,
    log,
    random: seededRandom(1),
    settings: SARAH,
    llm: new ListedBrain(clock, ['one two three four five six seven.']),
    tts: new ToneVoice({ clock }),
    vad: energyVad,
    endOfTurn: silenceEndOfTurn(),
    onEnded: () => undefined,
  });
  clock.task(() => agent.join(room));
  for (const [atMs, busyMs] of [[900, 15], [1000, 170], [1190, 12], [1400, 90]] as const) clock.at(atMs, { phase: 'network', order: 0 }, () => wall.pass(busyMs));
  clock.at(4000, { phase: 'publish', order: 9 }, () => clock.stop());
  await wall.until(clock.run());
  agent.stop('call over');

  const words = events.flatMap((event) => (event.type === 'utterance.stopped' ? event.words : []));
  expect(words.map(({ text }) => text).join(' ')).toBe('one two three four five six seven.');
  const [first] = words;
  words.forEach(({ startMs, endMs }, i) => expect([startMs, endMs]).toEqual([(first?.startMs ?? 0) + i * 200, (first?.startMs ?? 0) + (i + 1) * 200]));
  expect((first?.startMs ?? 0) % FRAME_MS).toBe(0);
});
