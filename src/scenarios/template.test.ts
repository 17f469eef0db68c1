import { describe, expect, test } from 'vitest';
import { escapeBraces, fillResult, templateParts } from './template.ts';

const names = (text: string): readonly unknown[] =>
  templateParts(text).map((part) => {
    if (part.kind === 'variable') return [part.name, part.fallback];
    return part.kind === 'text' ? part.text : part;
  });

test('a text is cut into plain text, names and defaults', () => {
  expect(names('Hi {{ name }}, it is {{day: next Monday }}!')).toEqual(['Hi ', ['name', undefined], ', it is ', ['day', 'next Monday'], '!']);
  expect(names('{{a}}{{ b: }}')).toEqual([['a', undefined], ['b', '']]);
});

test('escaped braces are braces', () => {
  expect(names('a \\{{ b }} c')).toEqual(['a ', '{{', ' b }} c']);
  expect(names(escapeBraces('x {{ y }}'))).toEqual(['x ', '{{', ' y }}']);
});

test.each(['{{ }}', '{{ two words }}', '{{ 1st }}', '{{ open'])('%s is malformed', (text) => {
  expect(templateParts(text).some((part) => part.kind === 'malformed')).toBe(true);
});

describe('the answer of a tool', () => {
  const result = { status: 'on its way', days: 2, items: [{ name: 'lamp' }], paid: true, note: null };

  test.each([
    ['It is {{ result.status }}.', 'It is on its way.'],
    ['{{ result.days }} days, {{ result.paid }}', '2 days, true'],
    ['The {{ result.items.0.name }}', 'The lamp'],
    ['{{ result.items }}', '[{"name":"lamp"}]'],
    ['{{ result.carrier: the post }}', 'the post'],
    ['{{ result.note: none }}', 'none'],
    ['{{ result.carrier }}|{{ result.constructor }}', '|'],
    ['\\{{ result.days }}', '{{ result.days }}'],
  ])('%s becomes %s', (template, text) => {
    expect(fillResult(template, result)).toBe(text);
  });

  test('may be a plain value', () => {
    expect(fillResult('{{ result }} left', 3)).toBe('3 left');
  });
});
