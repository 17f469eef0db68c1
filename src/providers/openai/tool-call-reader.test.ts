import { describe, expect, it } from 'vitest';
import { ToolCallReader, type WireToolCall } from './tool-call-reader.ts';

function read(...deltas: readonly WireToolCall[]): unknown {
  const reader = new ToolCallReader();
  for (const delta of deltas) reader.add(delta);
  return reader.calls('reply-1')?.map(({ callId, name, arguments: given }) => [callId, name, given]);
}

describe('streamed tool calls', () => {
  it('come in pieces, by index', () => {
    expect(
      read(
        { index: 0, id: 'a', function: { name: 'lookup', arguments: '' } },
        { index: 1, id: 'b', function: { name: 'weather', arguments: '{"ci' } },
        { index: 0, function: { arguments: '{"id":' } },
        { index: 1, function: { arguments: 'ty":"Oslo"}' } },
        { index: 0, function: { arguments: '7}' } },
      ),
    ).toEqual([['a', 'lookup', { id: 7 }], ['b', 'weather', { city: 'Oslo' }]]);
  });

  it('may repeat id and name in every piece, and may leave names empty', () => {
    expect(
      read(
        { index: 0, id: 'a', function: { name: 'lookup', arguments: '{"id":' } },
        { index: 0, id: 'a', function: { name: 'lookup', arguments: '7' } },
        { index: 0, id: '', function: { name: '', arguments: '}' } },
      ),
    ).toEqual([['a', 'lookup', { id: 7 }]]);
  });

  it('may all have the same index, or none, and then the id tells them apart', () => {
    const calls = [
      { id: 'a', function: { name: 'lookup', arguments: '{"id":1}' } },
      { id: 'b', function: { name: 'lookup', arguments: '{"id":2}' } },
    ];
    const expected = [['a', 'lookup', { id: 1 }], ['b', 'lookup', { id: 2 }]];
    expect(read(...calls)).toEqual(expected);
    expect(read(...calls.map((call) => ({ ...call, index: 0 })))).toEqual(expected);
  });

  it('may have neither index nor id: a name after whole arguments begins another, and ids are made up', () => {
    expect(
      read({ function: { name: 'lookup', arguments: '{"id":' } }, { function: { arguments: '1}' } }, { function: { name: 'lookup', arguments: '{"id":2}' } }),
    ).toEqual([['reply-1-call-1', 'lookup', { id: 1 }], ['reply-1-call-2', 'lookup', { id: 2 }]]);
  });

  it('get ids of their own where the server gives two the same', () => {
    expect(read({ index: 0, id: 'call', function: { name: 'a' } }, { index: 1, id: 'call', function: { name: 'b' } })).toEqual([
      ['call', 'a', {}],
      ['reply-1-call-2', 'b', {}],
    ]);
  });

  it('may bring their arguments as an object, or none at all', () => {
    expect(read({ index: 0, id: 'a', function: { name: 'lookup', arguments: { id: 7 } } }, { index: 1, id: 'b', function: { name: 'end', arguments: null } })).toEqual([
      ['a', 'lookup', { id: 7 }],
      ['b', 'end', {}],
    ]);
  });

  it('are not guessed when one of them cannot be read', () => {
    const good = { index: 0, id: 'a', function: { name: 'lookup', arguments: '{}' } };
    expect(read(good, { index: 1, id: 'b', function: { name: 'lookup', arguments: '{"id":' } })).toBeUndefined();
    expect(read(good, { index: 1, id: 'b', function: { name: 'lookup', arguments: '[7]' } })).toBeUndefined();
    expect(read({ index: 0, id: 'a', function: { arguments: '{}' } })).toBeUndefined();
    expect(read({ index: 0, id: 'a' })).toBeUndefined();
  });
});
