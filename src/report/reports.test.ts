import { describe, expect, it } from 'vitest';
import { columnsOf } from '../base/display-text.ts';
import type { BottalkEvent } from '../events/event.ts';
import { toJsonLine } from '../events/jsonl.ts';
import { runMetrics } from '../metrics/run-metrics.ts';
import { foldAll, RunFold } from '../metrics/run-fold.ts';
import { LogBuilder } from '../testing/log-builder.ts';
import { sampleCall } from '../testing/sample-call.ts';
import { jsonConsole } from './json-console.ts';
import { metricsJson } from './json-report.ts';
import { summaryText } from './summary.ts';
import { textReport } from './text-report.ts';

describe('summaryText', () => {
  it('says how the call went, what it cost in time and where its files are', () => {
    const text = summaryText(foldAll(sampleCall()), { colour: false, wallMs: 1400, folder: 'runs/one' });
    expect(text).toContain('ended by       goodbye (Sarah)\n');
    expect(text).toContain('call           0:51.1 in 1.4 s (37x real time)\n');
    expect(text).toContain('turns          Sarah 5, Mike 5\n');
    expect(text).toContain('interruptions  of Sarah 1 (1 cut off)\n');
    expect(text).toContain('files          runs/one\n');
    expect(text).toMatch(/Sarah +1310 +2310\* /);
  });

  it('leaves the wall clock out of what is derived from a saved log', () => {
    expect(summaryText(foldAll(sampleCall()), { colour: false })).toContain('call           0:51.1\n');
  });

  it('says so when a run was killed, and nothing of a run that never began', () => {
    expect(summaryText(foldAll(sampleCall({ turns: 2 })), { colour: false })).toContain('the log stops in mid-call');
    expect(summaryText(new RunFold(), { colour: false })).toBe('');
  });
});

describe('textReport', () => {
  it('fits 80 columns', () => {
    const lines = textReport(foldAll(sampleCall())).split('\n');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it('fits them with names that are long, or take two columns a character, and cuts no name that has room', () => {
    const named = (first: string, second: string): string => {
      const renamed = JSON.stringify(sampleCall()).replaceAll('"Sarah"', `"${first}"`).replaceAll('"Mike"', `"${second}"`);
      return textReport(foldAll(JSON.parse(renamed) as BottalkEvent[]));
    };
    const texts = [named('An agent who sells calendars to people who mend bicycles', 'A man whose bicycles nobody mends'), named('田中花子', '김민준')];
    expect(texts.flatMap((text) => text.split('\n').filter((line) => columnsOf(line) > 80))).toEqual([]);
    expect(texts[1]).toContain('  0:08.7  김민준      1210   508   491   150  Yeah, that is me. What is this');
  });

  it('fits them however much a model says of a turn', () => {
    const label = 'Sarah says who she is and what she calls for, and asks whether it is a good moment, in two sentences. ';
    const note = { turn: 1, role: 'agent', label: label.repeat(2), sentiment: 'neutral', relevantKpis: ['discovery'] } as const;
    const scores = { discovery: 70, objectionHandling: 70, valueArticulation: 70, turnTaking: 70, responseRelevance: 70, nextSteps: 70 };
    const judged = sampleCall().flatMap((event): BottalkEvent[] => {
      if (event.type === 'run.started') return [{ ...event, evaluator: { provider: 'openai', model: 'small' } }];
      return event.type === 'run.ended' ? [{ seq: event.seq, atMs: event.atMs, type: 'kpis.judged', scores, notes: [note], ended: true }, event] : [event];
    });
    const lines = textReport(foldAll(judged)).split('\n');
    expect(lines).toContain('  turn 1, Sarah: Sarah says who she is and what she calls for, and asks whether');
    expect(lines.filter((line) => line.length > 80)).toEqual([]);
  });

  it('shows each turn with its stages', () => {
    expect(textReport(foldAll(sampleCall()))).toContain('  0:08.7  Mike     1210   508   491   150  Yeah, that is me. What is this about?\n');
  });

  it('has something to say of a call in which nothing was said', () => {
    expect(textReport(foldAll(new LogBuilder().build()))).toContain('turns          Sarah 0, Mike 0\n');
    expect(textReport(foldAll(new LogBuilder().build()))).not.toMatch(/P95 ms|word error/);
  });
});

describe('metricsJson', () => {
  it('is one JSON document with the metrics of the run, ended by a newline', () => {
    const text = metricsJson(foldAll(sampleCall()));
    expect(JSON.parse(text)).toEqual(runMetrics(sampleCall()));
    expect(text.endsWith('}\n')).toBe(true);
  });
});

describe('jsonConsole', () => {
  it('writes the lines of events.jsonl', () => {
    const writes: string[] = [];
    const sink = jsonConsole((text) => writes.push(text));
    for (const event of sampleCall()) sink.event(event);
    expect(writes).toEqual(sampleCall().map(toJsonLine));
  });
});
