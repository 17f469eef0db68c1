import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { BottalkEvent } from '../../events/event.ts';
import type { CheckResult } from '../../metrics/checks/check.ts';
import { foldAll } from '../../metrics/run-fold.ts';
import { metricsOf } from '../../metrics/run-metrics.ts';
import { LogBuilder } from '../../testing/log-builder.ts';
import { sampleCall } from '../../testing/sample-call.ts';
import { documentOfRun } from './document-of-run.ts';
import { pageHtml } from './page-html.ts';
import { peaksOf } from './peaks.ts';
import { reproducingCommand } from './reproducing-command.ts';

const told = documentOfRun({ fold: foldAll(sampleCall()), tracks: undefined, about: null });

function expecting(events: readonly BottalkEvent[], expected: readonly unknown[]): readonly BottalkEvent[] {
  return events.map((event) => (event.type === 'run.started' ? { ...event, scenario: { ...event.scenario, expect: expected } } : event));
}

describe('the file of a page', () => {
  const hostile = '</script><!-- <img src=x> </style> "\' & \u0007';
  const html = pageHtml({ title: hostile, document: { text: hostile }, withoutScript: hostile }, { script: 'say("</script> <!--")', style: 'a::before { content: "</style>" }' });

  test('allows its own script and style by what they are, and nothing else', () => {
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    const [, script = ''] = /<script>([^]*?)<\/script>\n<\/body>/.exec(html) ?? [];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    expect(policy).not.toContain('unsafe');
    expect(html).not.toMatch(/https?:/);
  });

  test('is ended by none of the texts in it', () => {
    expect(html.match(/<\/script>/g)).toHaveLength(2);
    expect(html.match(/<\/style>/g)).toHaveLength(1);
    expect(html).not.toMatch(/<img|<!--|\u0007/);
    const [, json = ''] = /id="document">([^]*?)<\/script>/.exec(html) ?? [];
    expect(JSON.parse(json)).toEqual({ text: hostile });
  });
});

describe('the stages of a turn', () => {
  test('follow one another without a gap from the end of the turn before to the first sound', () => {
    for (const { stages, fromMs, startMs } of told.turns.filter(({ gapMs }) => (gapMs ?? 0) >= 0)) {
      expect(stages.map(({ startMs: begunMs }) => begunMs)).toEqual([fromMs, ...stages.slice(0, -1).map(({ endMs }) => endMs)]);
      expect(stages.at(-1)?.endMs).toBe(startMs);
    }
    expect(told.turns[3]?.stages.map(({ stage }) => stage)).toEqual(expect.arrayContaining(['end_of_turn', 'llm', 'tts']));
  });

  test('are not told of who spoke over the one before', () => {
    expect(told.turns.find(({ gapMs }) => (gapMs ?? 0) < 0)?.stages).toEqual([]);
  });
});

describe('the document of a run', () => {
  test('has the words that were heard, and behind a cut those that were not', () => {
    const cut = told.lines.find((line) => line.cut);
    expect(cut?.words.map(([text]) => text).join(' ')).toMatch(/because it writes$/);
    expect(cut?.unheard).toBe('to your customers by itself and reminds them a day');
  });

  test('says when each expectation was decided, also a limit that no single turn decides', () => {
    const limit = { kind: 'gate', severity: 'must', line: 3, gate: { measure: 'response_latency', stat: 'p50', comparison: '<=', limit: 1, agent: 'Sarah' } };
    const ending = { kind: 'ended_by', severity: 'must', line: 4, anyOf: ['goodbye'] };
    const score = { ...limit, gate: { ...limit.gate, measure: 'words', stat: null } };
    const fold = foldAll(expecting(sampleCall(), [limit, ending, score]));
    const { decidedMs, turns, callMs } = documentOfRun({ fold, tracks: undefined, about: null });
    expect(metricsOf(fold).checks.map(({ outcome }: CheckResult) => outcome)).toHaveLength(3);
    const slowest = turns.filter(({ speaker }) => speaker === 'Sarah').toSorted((a, b) => (b.gapMs ?? 0) - (a.gapMs ?? 0))[0];
    expect(decidedMs).toEqual([slowest?.startMs, callMs, null]);
  });

  test('leads from a share of answers on time to one that was not, and from cuts to a turn that was cut', () => {
    const limits = [{ measure: 'on_time_rate', comparison: '>=', limit: 1 }, { measure: 'cut_off', comparison: '<=', limit: 0 }];
    const expected = limits.map((gate) => ({ kind: 'gate', severity: 'must', line: 3, gate: { ...gate, stat: null, agent: null } }));
    const log = new LogBuilder()
      .says('Sarah', { fromMs: 0, toMs: 2000, text: 'One.' })
      .says('Mike', { fromMs: 2300, toMs: 4000, text: 'Two.' })
      .says('Sarah', { fromMs: 9000, toMs: 10_000, text: 'Three.', cut: true })
      .says('Mike', { fromMs: 9800, toMs: 14_000, text: 'Four.', kind: 'barge_in' })
      .says('Sarah', { fromMs: 12_500, toMs: 15_000, text: 'Five.', kind: 'barge_in' });
    expect(documentOfRun({ fold: foldAll(expecting(log.build(), expected)), tracks: undefined, about: null }).decidedMs).toEqual([9000, 9800]);
  });

  test('is there for a log that stops at its first word', () => {
    const events = new LogBuilder().build().slice(0, 2);
    expect(documentOfRun({ fold: foldAll(events), tracks: undefined, about: null })).toMatchObject({ lines: [], turns: [], sound: null });
    expect(documentOfRun({ fold: foldAll([]), tracks: undefined, about: null })).toMatchObject({ lines: [], speakers: [] });
  });
});

test('the outline of a track is the loudest sample of every 20 ms', () => {
  const track = new Int16Array(700);
  track[10] = -32_768;
  track[650] = 16_384;
  expect([...Buffer.from(peaksOf(track), 'base64')]).toEqual([255, 0, 128]);
});

test.each([
  [null, null],
  [{ scenario_file: null }, null],
  [{ scenario_file: 'a.yaml' }, 'bottalk run a.yaml --seed 7'],
  [{ scenario_file: "it's.yaml", variables: { who: 'Blue Finch' }, max_turns: 3 }, String.raw`bottalk run 'it'\''s.yaml' --seed 7 --var 'who=Blue Finch' --max-turns 3`],
  [{ scenario_file: 'a.yaml', cassette: { file: 'calls/one', mode: 'timing', sha256: '' } }, 'bottalk run a.yaml --seed 7 --cassette calls/one --cassette-mode timing'],
  [{ scenario_file: 'a.yaml', providers: { llm: 'openai', transcription: 'elevenlabs' } }, 'bottalk run a.yaml --seed 7 --llm openai --transcription elevenlabs'],
  [{ scenario_file: 'a.yaml', providers: { llm: 'openai' }, cassette: { file: 'calls/one', mode: 'strict', sha256: '' } }, 'bottalk run a.yaml --seed 7 --cassette calls/one'],
  [{ scenario_file: 'a.yaml', jitter_seed: 4 }, 'bottalk test a.yaml --seeds 7 --jitter-seeds 4 --keep all'],
  [{ scenario_file: 'a.yaml', variant: { mood: 'calm' } }, String.raw`bottalk test a.yaml --seeds 7 --grep '\[mood=calm\]' --keep all`],
])('what run.json says of a call, %j, is said to a shell as %s', (about, command) => {
  expect(reproducingCommand(about, 7)).toBe(command);
});
