import { describe, expect, it } from 'vitest';
import type { BottalkEvent } from '../events/event.ts';
import { LogBuilder } from '../testing/log-builder.ts';
import { sampleCall } from '../testing/sample-call.ts';
import { plainConsole } from './plain-console.ts';

function shown(events: readonly BottalkEvent[], options: { colour?: boolean; columns?: number; choices?: readonly string[] } = {}): string[] {
  const writes: string[] = [];
  const sink = plainConsole({ write: (text) => writes.push(text), ...options, colour: options.colour ?? false });
  for (const event of events) sink.event(event);
  return writes;
}

describe('plainConsole', () => {
  it('writes each utterance when it stops, with its time, its speaker and how long the answer took', () => {
    const call = new LogBuilder()
      .says('Sarah', { fromMs: 1000, toMs: 3000, text: 'Hello.' })
      .says('Mike', { fromMs: 3840, toMs: 5000, text: 'Hi, who is it?' })
      .says('Sarah', { fromMs: 4600, toMs: 6000, text: 'It is' , cut: true, kind: 'barge_in' })
      .build();
    expect(shown(call).slice(-3)).toEqual([
      '  0:01.0  Sarah    Hello.\n',
      '  0:03.8  Mike     Hi, who is it?                                         0.84 s\n',
      '  0:04.6  Sarah    It is— (cut off)                                      -0.40 s\n',
    ]);
  });

  it('says where people can join, and what those say who do', () => {
    const log = new LogBuilder().at(10, { type: 'room.opened', url: 'https://x.daily.co/abc' }).at(20, { type: 'participant.joined', participant: 'vera-1', name: 'Vera' });
    log.at(900, { type: 'transcript.published', participant: 'vera-1', text: 'who are', final: false, startMs: 500, endMs: 800 });
    log.at(950, { type: 'transcript.published', participant: 'vera-1', text: 'who are you', final: true, startMs: 500, endMs: 900 });
    expect(shown(log.build()).slice(-3)).toEqual([
      '  0:00.0  room     people can join at https://x.daily.co/abc\n',
      '  0:00.0  Vera     joined\n',
      '  0:00.5  Vera     who are you\n',
    ]);
  });

  it('says in its header, and once, why the providers are those that they are', () => {
    const choices = ['brains: openai', 'voices: offline; elevenlabs needs ELEVENLABS_API_KEY'];
    const lines = shown(sampleCall(), { choices });
    expect(lines.slice(3, 5)).toEqual(['          live     brains: openai\n', '          live     voices: offline; elevenlabs needs ELEVENLABS_API_KEY\n']);
    expect(lines.filter((_, i) => i < 3 || i > 4)).toEqual(shown(sampleCall()));
  });

  it('keeps within its columns and aligns what it breaks', () => {
    for (const columns of [60, 80, 120]) {
      const lines = shown(sampleCall(), { columns }).join('').split('\n');
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
      expect(lines.filter((line) => /^ {10}/.test(line)).every((line) => /^ {10}(\S| {9}\S)/.test(line))).toBe(true);
    }
  });

  it('tells of tools, trouble and the end', () => {
    const log = new LogBuilder()
      .at(100, { type: 'tool.called', agent: 'Sarah', replyId: 'r', callId: 'c', name: 'price', arguments: { plan: 'pro' } })
      .at(200, { type: 'tool.answered', agent: 'Sarah', replyId: 'r', callId: 'c', name: 'price', result: { usd: 29 }, failed: false })
      .at(250, { type: 'llm.retried', agent: 'Mike', replyId: 'r', requestId: 'q', provider: 'openai', kind: 'rate_limited', message: 'slow down', attempt: 1, retryInMs: 2000 })
      .at(260, { type: 'tts.retried', agent: 'Mike', utteranceId: 'u', provider: 'elevenlabs', kind: 'bad_request', message: 'what?', attempt: 1, retryInMs: 0 })
      .at(300, { type: 'llm.failed', agent: 'Mike', replyId: 'r', requestId: 'q', provider: 'openai', kind: 'rate_limited', message: 'slow down' })
      .at(400, { type: 'warning.raised', message: 'no weights' })
      .at(500, { type: 'run.ended', endedBy: 'error', reason: 'gave up' });
    const text = shown(log.build(), { columns: 100 }).join('');
    expect(text).toContain('Mike     openai is asked again in 2.00 s (rate_limited): slow down');
    expect(text).toContain('Mike     elevenlabs is asked again at once (bad_request): what?');
    expect(text).toContain('Sarah    calls price {"plan":"pro"}');
    expect(text).toContain('Sarah    price answers {"usd":29}');
    expect(text).toContain('Mike     openai failed (rate_limited): slow down');
    expect(text).toContain('warning  no weights');
    expect(text).toContain('ended    error: gave up');
  });

  it('writes no escape sequence unless told, and none that comes with the words', () => {
    const call = new LogBuilder().says('Sarah', { fromMs: 0, toMs: 900, text: 'red\u001b[31m alert' }).build();
    expect(shown(call).join('')).not.toContain('\u001b');
    expect(shown(call, { colour: true }).join('')).toContain('\u001b[36mSarah');
  });
});
