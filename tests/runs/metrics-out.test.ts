/** What leaves a run while it lasts: metrics messages in the room, and records posted to whoever collects them. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { UsageError } from '../../src/base/errors.ts';
import { systemWallClock as wall } from '../../src/clock/wall-clock.ts';
import { recordRun, type RecordedRun } from '../../src/compose/record-run.ts';
import { IngestServer } from '../../src/testing/ingest-server.ts';
import { type OneAgentRun, runOneAgent } from '../../src/testing/one-agent.ts';
import type { RoomGuest } from '../../src/testing/room-guest.ts';
import { framesOf } from '../../src/testing/speech-frames.ts';
import { spoken } from '../../src/testing/spoken.ts';
import { caseOf, eventsOf, WholeRuns } from '../../src/testing/whole-run.ts';

let runs: WholeRuns;
beforeAll(() => (runs = new WholeRuns()));
afterAll(() => runs.close());

const CALL = caseOf(`
title: Test
turn: { profile: responsive }
max_turns: 3
agents:
  - name: Ann
    prompt: Talk.
    llm: { first_token_ms: 100 }
    script: { lines: ["Hello, Ben.", "I am glad to hear that."] }
  - name: Ben
    prompt: Talk.
    llm: { first_token_ms: 100 }
    script: { lines: ["Hello, Ann.", "Goodbye, Ann."] }
`);

type Message = { readonly [key: string]: unknown; readonly seq: number; readonly type: string; readonly ts: number; readonly replay?: boolean };

function messagesTo(guest: RoomGuest): Message[] {
  return guest.notes.flatMap((note) => {
    const [, json] = / sent (\{"label":"metrics".*)$/.exec(note) ?? [];
    return json === undefined ? [] : [JSON.parse(json) as Message];
  });
}

describe('metrics in the embedded room', () => {
  /** Ann and a guest who bears Ben's name talk; Eve looks in at 6 s. */
  async function callWithEve(toAnn: (ben: RoomGuest) => void = () => undefined): Promise<{ run: OneAgentRun; ben: RoomGuest; eve: RoomGuest }> {
    const people: { ben?: RoomGuest; eve?: RoomGuest } = {};
    const run = await runOneAgent(CALL, runs.machinery, ({ room, guest, at }) => {
      const ben = (people.ben = guest('Ben'));
      const eve = (people.eve = guest('Eve'));
      at(0, () => ben.join(room));
      at(3000, () => ben.say(framesOf(spoken('ross', 'I am very well, thank you.'))));
      at(6000, () => eve.join(room));
      at(6500, () => toAnn(ben));
      at(9000, () => ben.say(framesOf(spoken('ross', 'What a nice day it is.'))));
      at(15_000, () => ben.leave('bye'));
    });
    return { run, ben: people.ben as RoomGuest, eve: people.eve as RoomGuest };
  }

  test('a guest who comes late is told what was, then what is, and the summary before the agent leaves', async () => {
    const { run, ben, eve } = await callWithEve();
    const [toBen, toEve] = [messagesTo(ben), messagesTo(eve)];
    const replayed = toEve.filter(({ replay }) => replay);
    const live = toEve.filter(({ replay }) => !replay);
    expect(replayed.map(({ seq, type, value, turn }) => `${seq} ${type} ${String(value ?? turn)}`)).toEqual([
      '0 ttfb 0.1',
      '1 processing 0.1125',
      '2 ttfb 0.15',
      '3 processing 0.15',
      '4 turn 1',
      '5 ttfb 0.1',
      '6 processing 0.2',
      '7 ttfb 0.15',
      '8 processing 0.15',
      '9 e2e 0.52',
    ]);
    expect(live.map(({ seq, type }) => `${seq} ${type}`)).toEqual([
      '10 turn',
      '11 ttfb',
      '12 processing',
      '13 ttfb',
      '14 e2e',
      '15 processing',
      '16 turn',
      '17 summary',
    ]);
    expect(toBen.map(({ seq }) => seq), 'an agent is told once, in order, without a gap').toEqual([...toBen.keys()]);
    expect(toEve.toSorted((a, b) => a.seq - b.seq).map(({ seq }) => seq)).toEqual([...toEve.keys()]);
    const turns = toEve.filter(({ type }) => type === 'turn');
    expect(turns.map(({ turn, input, spoken_output: spokenOutput }) => [turn, input, spokenOutput])).toEqual([
      [1, '', 'Hello, Ben.'],
      [2, 'i am very well thank you', 'I am glad to hear that.'],
      [3, 'what a nice day it is', 'Okay. Thanks, bye.'],
    ]);
    expect(eventsOf(run.events, 'app_message.sent').filter(({ data }) => JSON.stringify(data).includes('metrics'))).toEqual([]);
  });

  test('what another agent measures changes nothing for this one', async () => {
    const quiet = await callWithEve();
    const told = await callWithEve((ben) => {
      const common = { label: 'metrics', id: 'x', agent: 'Ben', ts: 1, seq: 0, input: 'Goodbye.', ended_by: 'hangup' };
      for (const type of ['ttfb', 'turn', 'summary']) ben.connection?.sendUnlogged({ ...common, type });
    });
    expect(told.run).toEqual(quiet.run);
    const fromAnn = ({ eve }: { readonly eve: RoomGuest }): string[] => eve.notes.filter((note) => note.includes('Ann sent'));
    expect(fromAnn(told)).toEqual(fromAnn(quiet));
  });
});

describe('METRICS_INGEST_URL', () => {
  let folders: string;
  beforeAll(() => void (folders = mkdtempSync(join(tmpdir(), 'bottalk-out-'))));
  afterAll(() => rmSync(folders, { recursive: true, force: true }));

  async function record(name: string, url?: string): Promise<{ run: RecordedRun; warnings: string[]; file: (name: string) => string }> {
    const warnings: string[] = [];
    const folder = join(folders, name);
    const run = await recordRun(CALL, {
      wall,
      version: '0.0.0',
      sinks: [],
      cacheFolder: runs.cacheFolder,
      modelFolder: join(folders, 'models'),
      folder,
      secrets: url === undefined ? {} : { METRICS_INGEST_URL: url },
      onWarning: (text) => void warnings.push(text),
    });
    return { run, warnings, file: (of) => readFileSync(join(folder, of), 'utf8') };
  }

  test('gets the records of metrics.json before the run is over', async () => {
    const server = await IngestServer.start();
    const { warnings, file } = await record('taken', server.url);
    await server.close();
    const { records } = JSON.parse(file('metrics.json')) as { records: readonly { agent_name: string }[] };
    expect(records.length).toBeGreaterThan(3);
    const sessions = new Map(server.posted.map(({ record: { agent_name: agent, session_id: session } }) => [agent, session]));
    expect(server.posted.map(({ record: posted }) => posted)).toEqual(records.map((one) => ({ ...one, session_id: sessions.get(one.agent_name) })));
    expect([...sessions.values()]).toEqual([expect.stringMatching(/^Ann-\d{10}\.\d{3}$/), expect.stringMatching(/^Ben-\d{10}\.\d{3}$/)]);
    expect(warnings).toEqual([]);
  });

  test('may be dead: the run is what it is without it, and one line says so', async () => {
    const server = await IngestServer.start();
    const { url, host } = server;
    await server.close();
    const without = await record('without');
    const dead = await record('dead', url);
    expect(dead.run.ending).toEqual(without.run.ending);
    for (const name of ['events.jsonl', 'metrics.json', 'transcript.txt']) expect(dead.file(name)).toBe(without.file(name));
    expect(without.warnings).toEqual([]);
    const refused = `${host} could not be reached \\(ECONNREFUSED\\)`;
    expect(dead.warnings).toEqual([expect.stringMatching(`^(\\d+) of \\1 records were not taken by METRICS_INGEST_URL: ${refused}$`)]);
  });

  test('is refused before anything is made when it is no address', async () => {
    await expect(record('refused', 'not-an-address')).rejects.toThrow(UsageError);
    expect(existsSync(join(folders, 'refused'))).toBe(false);
  });
});
