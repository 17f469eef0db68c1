import { describe, expect, test } from 'vitest';
import { columnsOf } from '../base/display-text.ts';
import type { BottalkEvent } from '../events/event.ts';
import { FakeTerminal } from '../testing/fake-terminal.ts';
import { ManualWallClock } from '../testing/manual-wall-clock.ts';
import { LiveLog } from '../testing/live-log.ts';
import { sampleCall } from '../testing/sample-call.ts';
import { openScreen, type Screen } from './screen.tsx';

const UP = '\x1b[A';
const CTRL_C = '\x03';

function open(size: { columns: number; rows: number }, env: Record<string, string> = {}, choices: readonly string[] = []) {
  const terminal = new FakeTerminal(size);
  const wall = new ManualWallClock();
  let interrupts = 0;
  const screen = openScreen({ stdin: terminal.stdin, stdout: terminal.stdout, wall, env, choices, onInterrupt: () => void (interrupts += 1) });
  return { terminal, wall, screen, interrupts: () => interrupts };
}

function show(screen: Screen, events: readonly BottalkEvent[]): void {
  for (const event of events) screen.sink.event(event);
}

const holds =
  (text: string) =>
  (frame: string[]): boolean =>
    frame.some((row) => row.includes(text));

/** The whole call on a screen of this size, over and drawn. */
async function player(size: { columns: number; rows: number }, env?: Record<string, string>) {
  const opened = open(size, env);
  show(opened.screen, sampleCall());
  opened.wall.advance(100);
  const left = opened.screen.finished({ folder: 'runs/sales', wallSeconds: 1.5 });
  await opened.terminal.until(holds('q quit'));
  const press = async (keys: string, wanted: (frame: string[]) => boolean): Promise<string[]> => {
    opened.terminal.type(keys);
    // Keys arrive with the next turn of the event loop, and are drawn when the next frame is due.
    for (let turn = 0; turn < 5; turn++) await opened.wall.yieldToProcess();
    opened.wall.advance(70);
    return opened.terminal.until(wanted);
  };
  return { ...opened, left, press };
}

/** A call that came to nothing, in many words. */
function refusedCall(): { readonly events: readonly BottalkEvent[]; readonly reason: string } {
  const reason = 'openai: api.openai.com refused the key (401, invalid_api_key); check OPENAI_API_KEY';
  const log = new LiveLog({ prices: [], budgetUsd: 0.5, llmHosts: { Sarah: 'localhost:1', Mike: 'localhost:1' } })
    .breaksOff('Sarah')
    .at(2600, { type: 'warning.raised', message: 'turn.strategy smart_turn: no weights here, using lexical' })
    .at(2700, { type: 'run.ended', endedBy: 'error', agent: 'Sarah', reason });
  return { events: log.build(), reason };
}

describe('while the call runs', () => {
  test('the screen tells who speaks, what is being heard, where the time went and how far the call is', async () => {
    const { terminal, wall, screen } = open({ columns: 80, rows: 24 });
    show(screen, sampleCall().filter(({ atMs }) => atMs <= 26_500));
    wall.advance(1000);
    const frame = await terminal.until(holds('turn 3/8'));
    expect(frame.join('\n')).toMatchInlineSnapshot(`
      " A sales call                               seed 7  ·  embedded room  ·  ● live
       Sarah  brain script  voice slt (offline)  VAD silero  end of turn lexical
       Mike   brain script  voice kal (offline)  VAD silero  end of turn lexical

         1  0:00  Sarah  Hi, this is Sarah from Velo Desk. Am I speaking
                         with Mike, who runs the bike shop on Elm Street?
         2  0:08  Mike   Yeah, that is me. What is this about?                 1.21 s
         3  0:12  Sarah  We help shops like yours keep track of repairs. How   0.98 s
                         do you know today which bikes are promised for
                         Friday?
                  (Mike: Mm-hm.)
         4  0:20  Mike   Honestly? A whiteboard. And my memory, which is not   1.43 s
                         getting any better.
                  (Mike, aside: Be right with you.)
         5  0:25  Sarah  then let                                              0.87 s
       latency, ms ────────────────────────────   end of turn    LLM    TTS  as heard
       turn 5  Sarah                                      365    354    150       870
       median  Sarah                                      412    444    150       925
       median  Mike                                       555    536    150      1320

       ● Sarah  ──███████████████▌──────────▐████▒▒████████▌──────────────▒▒
         Mike   ────────────────────██████───────▒▒────────────█████████─▐▒▒
                0:00        0:05       0:10        0:15       0:20        0:25
       0:26  ·  turn 3/8  ·  390x                         ? keys  ctrl-c end the call"
    `);
    await screen.close();
  });

  test('it says under the agents why their providers are those that they are', async () => {
    const { terminal, wall, screen } = open({ columns: 60, rows: 24 }, {}, ['brains: openai', 'voices: offline; elevenlabs needs ELEVENLABS_API_KEY, and so do others']);
    show(screen, sampleCall().filter(({ atMs }) => atMs <= 26_500));
    wall.advance(1000);
    const frame = await terminal.until(holds('turn 3/8'));
    expect(frame.slice(3, 5).map((row) => row.trimEnd())).toEqual([' live  brains: openai', ' live  voices: offline; elevenlabs needs ELEVENLABS_API_KE…']);
    expect(frame).toHaveLength(24);
    await screen.close();
  });

  test('the address of a room that people can join is shown as soon as there is one', async () => {
    const { terminal, wall, screen } = open({ columns: 80, rows: 24 });
    const [started] = sampleCall();
    show(screen, [started as BottalkEvent, { seq: 1, atMs: 30, type: 'room.opened', url: 'https://x.daily.co/abc' }]);
    wall.advance(1000);
    const frame = await terminal.until(holds('join at https://x.daily.co/abc'));
    expect(frame).toHaveLength(24);
    expect(frame[0]).toMatch(/^ A sales call .*join at https:\/\/x\.daily\.co\/abc/);
    expect(frame.at(-1)).toContain('? keys  ctrl-c end the call');
    await screen.close();
  });

  test('an address that is too long for the row stands there alone', async () => {
    const url = `https://somebody.daily.co/bottalk-${'1'.repeat(30)}`;
    const [started] = sampleCall();
    const events = [started as BottalkEvent, { seq: 1, atMs: 30, type: 'room.opened', url } as const];
    const first = async (columns: number): Promise<string> => {
      const { terminal, wall, screen } = open({ columns, rows: 24 });
      show(screen, events);
      wall.advance(1000);
      const [row = ''] = await terminal.until(holds('https://somebody.daily.co'));
      await screen.close();
      return row.trimEnd();
    };
    expect(await first(120)).toMatch(/^ A sales call +join at https:\S+1  ·  ● live$/);
    expect(await first(80)).toMatch(/^ A sales call +https:\S+1$/);
    expect(await first(60)).toMatch(/ https:\S+…$/);
  });

  test('a flood of events is drawn at most fifteen times a second', async () => {
    const { terminal, wall, screen } = open({ columns: 80, rows: 24 });
    const events = sampleCall();
    await terminal.until(holds('starting'));
    const before = terminal.updates;
    for (let i = 0; i < 1000; i++) {
      const event = events[Math.floor((i * events.length) / 1000)] as BottalkEvent;
      screen.sink.event({ ...event, atMs: i });
      wall.advance(1);
      if (i % 10 === 0) await wall.yieldToProcess();
    }
    expect(terminal.updates - before).toBeLessThanOrEqual(15);
    expect(terminal.updates - before).toBeGreaterThan(5);
    await screen.close();
  });

  test('Ctrl-C asks for the end of the call, and the second one gives the terminal back first', async () => {
    const { terminal, wall, screen, interrupts } = open({ columns: 80, rows: 24 });
    show(screen, sampleCall({ turns: 3 }));
    terminal.type(CTRL_C);
    for (let turn = 0; turn < 5; turn++) await wall.yieldToProcess();
    wall.advance(70);
    await terminal.until(holds('ending the call'));
    expect(interrupts()).toBe(1);
    expect(terminal.alternate).toBe(true);
    terminal.type(CTRL_C);
    for (let turn = 0; turn < 5; turn++) await wall.yieldToProcess();
    expect(interrupts()).toBe(2);
    expect(terminal).toMatchObject({ alternate: false, cursorVisible: true, rawMode: false });
  });

  test('a call that the user ended does not become a player', async () => {
    const { terminal, wall, screen } = open({ columns: 80, rows: 24 });
    terminal.type('q');
    for (let turn = 0; turn < 5; turn++) await wall.yieldToProcess();
    show(screen, sampleCall());
    await screen.finished({});
    expect(terminal).toMatchObject({ alternate: false, cursorVisible: true, rawMode: false });
  });
});

describe('when the call is over', () => {
  test('80x24 holds the end of the call with its summary', async () => {
    const { terminal, screen } = await player({ columns: 80, rows: 24 });
    expect(terminal.frame.join('\n')).toMatchInlineSnapshot(`
      " A sales call                              seed 7  ·  embedded room  ·  goodbye
       Sarah  brain script  voice slt (offline)  VAD silero  end of turn lexical
       Mike   brain script  voice kal (offline)  VAD silero  end of turn lexical

        10  0:49  Mike   Thanks. Bye.                                          0.76 s

       ended      goodbye by Sarah
       call       0:51 in 1.5 s of wall time (34x)
       turns      Sarah 5, Mike 5
       overlap    1 interruption (1 cut off), 1 backchannel
       Sarah      end of turn 551/970, LLM 490/938, TTS 150/150, as heard 1310/2310
       Mike       end of turn 489/601, LLM 473/580, TTS 150/150, as heard 1120/1430
                  ms, median/P95 (a P95 of fewer than 20 values is a guess)
       files      runs/sales
       warning    turn.strategy smart_turn: no weights here, using lexical
       latency, ms ────────────────────────────   end of turn    LLM    TTS  as heard
       turn 10  Mike                                      319    309    150       760
       median  Sarah                                      551    490    150      1310
       median  Mike                                       489    473    150      1120

         Sarah  ─█████████──────▐██▒▒████▌────────▒███▒▒───▐███████▌────────▐█████───
         Mike   ────────────███▌───▒▒──────▐█████▐▒───▒▒█────────────████▌─────────█─
                0:00          0:10         0:20          0:30         0:40
       0:51  ·  turn 5/8  ·  34x         ↑↓ turn  enter trace  r play  ? keys  q quit"
    `);
    await screen.close();
  });

  test.each([
    { columns: 80, rows: 24, below: [/^ cost {7}unknown of a budget of \$0\.50: openai gpt-4o at localhost:1: tokens/, /^ files {6}runs\/sales/] },
    { columns: 120, rows: 40, below: [/^ cost {7}unknown of a budget of \$0\.50: openai gpt-4o at localhost:1: tokens/, /^ files {6}runs\/sales/] },
    { columns: 80, rows: 10, below: [/^ … \d+ more lines in a taller window/] },
  ])('how a call failed stands first, on $columns columns and $rows rows', async ({ columns, rows, below }) => {
    const { terminal, wall, screen } = open({ columns, rows }, {}, ['brains: openai', 'voices: elevenlabs', 'room: embedded']);
    const { events, reason } = refusedCall();
    show(screen, events);
    wall.advance(100);
    const left = screen.finished({ folder: 'runs/sales', wallSeconds: 1.5 });
    const frame = await terminal.until(holds('q quit'));
    expect(frame).toHaveLength(rows);
    const card = frame.slice(frame.findIndex((row) => row.startsWith(' ended ')));
    expect(card.slice(0, 3).map((row) => row.slice(12).trim()).join(' ')).toContain(`error by Sarah: ${reason}`);
    for (const row of below) expect(card).toContainEqual(expect.stringMatching(row) as unknown);
    await screen.close();
    await left;
  });

  test('what it cost stands there as well', async () => {
    const row = { provider: 'openai', model: 'gpt-4o', source: 'https://example.com', date: '2026-05-01' };
    const prices = (['million_prompt_tokens', 'million_completion_tokens'] as const).map((per) => ({ ...row, per, usd: 5 }));
    const log = new LiveLog({ prices, budgetUsd: 0.5 }).answers('Sarah', { prompt: 2000, completion: 100 }).at(9000, { type: 'run.ended', endedBy: 'budget' });
    const { terminal, wall, screen } = open({ columns: 80, rows: 24 });
    show(screen, log.build());
    wall.advance(100);
    const left = screen.finished({});
    expect(await terminal.until(holds('q quit'))).toContainEqual(expect.stringMatching(/^ cost       \$0\.0105 of a budget of \$0\.50 \(Sarah \$0\.0105, Mike \$0\.0000\) *$/) as unknown);
    await screen.close();
    await left;
  });

  test('a wide screen has the latencies beside the turns', async () => {
    const { terminal, screen } = await player({ columns: 120, rows: 40 });
    expect(terminal.frame.slice(0, 12).join('\n')).toMatchInlineSnapshot(`
      " A sales call                                                                      seed 7  ·  embedded room  ·  goodbye
       Sarah  brain script  voice slt (offline)  VAD silero  end of turn lexical
       Mike   brain script  voice kal (offline)  VAD silero  end of turn lexical
       latency, ms ────────────────────────────────────────────────────────────────────   end of turn    LLM    TTS  as heard
         1  0:00  Sarah  Hi, this is Sarah from Velo Desk. Am I speaking with Mike, who             –    490    150         –
                         runs the bike shop on Elm Street?
         2  0:08  Mike   Yeah, that is me. What is this about?                                    508    491    150      1210
         3  0:12  Sarah  We help shops like yours keep track of repairs. How do you               412    398    150       980
                         know today which bikes are promised for Friday?
                  (Mike: Mm-hm.)
         4  0:20  Mike   Honestly? A whiteboard. And my memory, which is not getting              601    580    150      1430
                         any better."
    `);
    await screen.close();
  });

  test.each([
    { columns: 80, rows: 24 },
    { columns: 120, rows: 40 },
    { columns: 60, rows: 20 },
    { columns: 40, rows: 12 },
    { columns: 20, rows: 5 },
  ])('$columns x $rows is filled without scrolling', async ({ columns, rows }) => {
    const { terminal, wall, screen } = open({ columns, rows });
    show(screen, sampleCall());
    wall.advance(100);
    void screen.finished({});
    const frame = await terminal.until((now) => now.at(-1)?.includes('0:5') ?? false);
    expect(terminal.scrolledRows).toBe(0);
    expect(frame).toHaveLength(rows);
    expect(Math.max(...frame.map(columnsOf))).toBeLessThanOrEqual(columns);
    await screen.close();
  });

  test('keys move by turn, open the trace of a turn and close it', async () => {
    const { terminal, screen, press } = await player({ columns: 80, rows: 24 });
    await press(UP + UP + UP, holds('›  8'));
    const trace = await press('\r', holds('first token'));
    expect(trace.slice(4, 18).join('\n')).toMatchInlineSnapshot(`
      " turn 8  Mike  ·  how it came about  ·  heard after 1.12 s

        0:38.090         room  Sarah stops, as heard               ▌
        0:38.290   +200  VAD   stopped: 200 ms of silence          ───▌
        0:38.330    +40  turn  lexical: complete                      ▌
        0:38.340    +10  text  final: "Forty nine a month, with e…    ─▌
        0:38.560   +220  turn  over: the strategy said so              ───▌
        0:38.560     +0  reply begins: an answer                          ▌
        0:38.560     +0  LLM   request                                    ▌
        0:39.015   +455  LLM   first token                                ───────▌
        0:39.050    +35  LLM   complete                                          ─▌
        0:39.050     +0  TTS   request                                            ▌
        0:39.200   +150  TTS   first audio                                        ──▌
        0:39.210    +10  room  first sample sent                                    ▌"
    `);
    await press('\r', holds('›  8'));
    await press('g', holds('›  1'));
    expect(terminal.scrolledRows).toBe(0);
    await screen.close();
  });

  test('playing moves through the call at real speed, pauses, and ends with the call', async () => {
    const { terminal, wall, screen, press } = await player({ columns: 80, rows: 24 });
    await press(UP, holds('› 10'));
    await press('r', holds('▶ 0:49'));
    wall.advance(600);
    await terminal.until(holds('▶ 0:50'));
    await press(' ', holds('‖ 0:50'));
    wall.advance(60_000);
    await press(' ', holds('▶ 0:50'));
    wall.advance(1500);
    await terminal.until(holds('q quit'));
    expect(wall.pending).toBe(0);
    await screen.close();
  });

  test('it follows a new size at once', async () => {
    const { terminal, screen } = await player({ columns: 80, rows: 24 });
    terminal.resize(120, 40);
    const wide = await terminal.until(holds('real time'));
    expect(wide.at(-1)).toContain('q quit');
    terminal.resize(60, 20);
    const narrow = await terminal.until((frame) => frame.length === 20 && (frame.at(-1)?.endsWith('q quit') ?? false));
    expect(narrow[0]).toContain('A sales call');
    await screen.close();
  });

  test.each(['q', CTRL_C])('%j leaves, and the terminal is as it was', async (key) => {
    const { terminal, wall, left } = await player({ columns: 80, rows: 24 });
    expect(terminal).toMatchObject({ alternate: true, cursorVisible: false, rawMode: true });
    terminal.type(key);
    await left;
    expect(terminal).toMatchObject({ alternate: false, cursorVisible: true, rawMode: false });
    expect(wall.pending).toBe(0);
  });

  test.each([
    { columns: 80, rows: 24 },
    { columns: 120, rows: 30 },
    { columns: 50, rows: 14 },
  ])('long and wide names and titles are cut, never wrapped, at $columns x $rows', async ({ columns, rows }) => {
    const { terminal, wall, screen } = open({ columns, rows });
    const renamed = JSON.stringify(sampleCall())
      .replaceAll('Sarah', '営業担当の佐藤花子さん')
      .replaceAll('Mike', 'Maximilian-Bartholomew of the Bicycle Workshop')
      .replace('A sales call', 'A title that goes on and on and on 日本語も入っている and has no end in sight at all, not even here');
    show(screen, JSON.parse(renamed) as BottalkEvent[]);
    wall.advance(100);
    void screen.finished({});
    const frame = await terminal.until((now) => now.at(-1)?.includes('0:51') ?? false);
    expect(terminal.scrolledRows).toBe(0);
    expect(frame[0]).toMatch(columns < 60 ? /… +goodbye$/ : /… +seed 7  ·  embedded room  ·  goodbye$/);
    expect(frame.slice(-4, -2).every((row) => row.includes('█'))).toBe(true);
    expect(Math.max(...frame.map(columnsOf))).toBeLessThanOrEqual(columns);
    await screen.close();
  });

  test('without Unicode every mark is ASCII', async () => {
    const { terminal, screen } = await player({ columns: 80, rows: 24 }, { LC_ALL: 'C' });
    expect(terminal.frame.join('')).toMatch(/^[\x20-\x7e]*$/);
    await screen.close();
  });
});
