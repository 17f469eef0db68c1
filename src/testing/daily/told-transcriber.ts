/** Has each room of the stand-in for Daily transcribed, several at once, by what the agents in it tell of themselves. */
import { ToldReader } from '../../cloud/told-reader.ts';
import { readTold } from '../../cloud/told-events.ts';
import type { BottalkEvent } from '../../events/event.ts';
import { transcribing } from './daily-run.ts';
import type { FakeDaily } from './fake-daily.ts';

/** Of rooms that are made from now on. */
export function transcribeWhatIsTold(daily: FakeDaily): void {
  daily.onRoom = (room) => {
    const transcribe = transcribing({ rooms: new Map([[room.name, room]]), room });
    const readers = new Map<string, ToldReader>();
    const send = room.appMessage.bind(room);
    room.appMessage = (message) => {
      const agent = readTold(message.data)?.agent;
      if (agent !== undefined) {
        const reader = readers.get(agent) ?? readerOf(agent, transcribe);
        readers.set(agent, reader);
        reader.take(message.data, agent);
      }
      send(message);
    };
  };
}

function readerOf(agent: string, transcribe: (event: BottalkEvent) => void): ToldReader {
  return new ToldReader({
    agent,
    nowMs: () => 0,
    onNews: (news, { callMs }) => (news.is === 'event' ? transcribe({ ...news.event, seq: 0, atMs: callMs } as BottalkEvent) : undefined),
    onMissing: () => undefined,
    onLost: () => undefined,
  });
}
