import { describe, expect, it } from 'vitest';
import type { ContextMessage } from '../../pipeline/llm.ts';
import { scenarioSchema, type ScriptFile } from '../../scenarios/schema.ts';
import { chooseSaying, type Choice, nextLine } from './choose-saying.ts';

const script = scriptOf({
  lines: ['Hello.', { say: 'How many?', backchannel: { every: 2, words: ['mm-hm'] } }, { say: 'Bye.', end: true }],
  answers: [
    { on: ['price', 'how much'], say: 'Ten a month.' },
    { on: 'again|repeat', say: 'As I said.', once: false },
  ],
  unheard: 'Pardon?',
  otherwise: 'That is all.',
});

function scriptOf(written: object): ScriptFile {
  const agent = (name: string): object => ({ name, prompt: 'p', script: written });
  return scenarioSchema.parse({ title: 't', agents: [agent('A'), agent('B')] }).agents[0]?.script as ScriptFile;
}

const heard = (...texts: string[]): ContextMessage[] => [
  { role: 'assistant', text: 'Hello.', replyId: 'r1' },
  ...texts.map((text): ContextMessage => ({ role: 'user', text })),
];
const choose = (messages: ContextMessage[], used: Choice[] = [], cause: 'turn' | 'kickoff' | 'unheard' = 'turn'): Choice =>
  chooseSaying(script, { messages, cause }, used);

const line0 = choose([], [], 'kickoff');

describe('what a script says next', () => {
  it('is its lines in order', () => {
    expect(line0).toMatchObject({ id: 'line/0', saying: { say: ['Hello.'] } });
    expect(choose(heard('fine'), [line0])).toMatchObject({ id: 'line/1' });
  });

  it('is the first answer that matches what was heard, before the next line', () => {
    expect(choose(heard('and how much is that'), [line0]).saying.say).toEqual(['Ten a month.']);
  });

  it('does not mind the marks that some transcriptions set', () => {
    expect(choose(heard('Well, how -- much, then?'), [line0]).id).toBe('answer/0');
  });

  it('looks at everything heard since it last spoke', () => {
    expect(choose(heard('what is the price', 'hello'), [line0]).id).toBe('answer/0');
  });

  it('uses an answer once, unless it says otherwise', () => {
    const price = choose(heard('price'), [line0]);
    expect(choose(heard('price'), [line0, price]).id).toBe('line/1');
    const again = choose(heard('say that again'), [line0]);
    expect(choose(heard('again please'), [line0, again]).id).toBe('answer/1');
  });

  it('goes on after a line although answers came between', () => {
    const price = choose(heard('price'), [line0]);
    expect(choose(heard('okay'), [line0, price]).id).toBe('line/1');
  });

  it('is what is left to say when all lines are used', () => {
    const last: Choice = { id: 'line/2', lineIndex: 2, saying: { end: true } };
    expect(choose(heard('okay'), [line0, last]).saying.say).toEqual(['That is all.']);
  });

  it('asks again when no word was understood, and uses up nothing', () => {
    const unheard = choose(heard(), [line0], 'unheard');
    expect(unheard.saying.say).toEqual(['Pardon?']);
    expect(choose(heard('fine'), [line0, unheard]).id).toBe('line/1');
  });

  it('greets somebody who missed the greeting with the same greeting', () => {
    expect(choose(heard(), [line0], 'kickoff').id).toBe('line/0');
  });

  it('plans the manners of the line that comes next', () => {
    expect(nextLine(script, [line0])?.backchannel?.words).toEqual(['mm-hm']);
    expect(nextLine(script, [])?.backchannel).toBeUndefined();
  });
});
