import { describe, expect, test } from 'vitest';
import { mistakesIn, scenarioText } from '../testing/scenario.ts';

describe('in the file itself', () => {
  test.each<[string, readonly string[]]>([
    ['max_turns: 0', ['9:12: max_turns: expected a whole number of at least 1, got 0']],
    ['max_turns: 2.5', ['9:12: max_turns: expected a whole number of at least 1, got 2.5']],
    ['max_turns: many', ['9:12: max_turns: expected a whole number of at least 1, got "many"']],
    ['seed: -1', ['9:7: seed: expected a whole number from 0 to 4294967295, got -1']],
    ['started_at: tomorrow', ['9:13: started_at: expected a date and time such as 2026-01-05T09:00:00Z, got "tomorrow"']],
    ['started_at: 2026-02-30T09:00:00Z', ['9:13: started_at: expected a date and time such as 2026-01-05T09:00:00Z, got "2026-02-30T09:00:00Z"']],
    ['max_duration: forever', ['9:15: max_duration: expected seconds, or text such as 500ms, 1.5s or 10m, got "forever"']],
    ['max_duration: [1]', ['9:15: max_duration: expected seconds, or text such as 500ms, 1.5s or 10m, got a list of 1']],
    ['max_duration: 0s', ['9:15: max_duration: expected more than 0 seconds, got "0s"']],
    ['topic:', ['9:1: topic: expected text, got nothing']],
    ['topic: ""', ['9:8: topic: must not be empty']],
    ['topic: 42', ['9:8: topic: expected text, got 42 (put it in quotes: "42")']],
    ['topic: [a, b]', ['9:8: topic: expected text, got a list of 2']],
    ['tags: [a, 2, {}]', ['9:11: tags, entry 2: expected text, got 2 (put it in quotes: "2")', '9:14: tags, entry 3: expected text, got an empty mapping']],
    ['turn: { profile: responsiv }', ['9:18: profile: expected compat or responsive, got "responsiv" (did you mean responsive?)']],
    ['turn: { stop_secs: 99 }', ['9:20: stop_secs: expected a number from 0 to 20, got 99']],
    ['turn: { timeout_secs: 0 }', ['9:23: timeout_secs: expected a number above 0 and of at most 60, got 0']],
    ['room: { kind: daly }', ['9:15: kind: expected embedded or daily, got "daly" (did you mean daily?)']],
    ['room: { kind: daily, life: 30s }', ['9:28: life: expected at least 60 seconds, got "30s"']],
    ['transcription: { final_latency_ms: fast }', ['9:36: final_latency_ms: expected a number of at least 0 or a mapping with p50 and p95, got "fast"']],
    ['transcription: { final_latency_ms: { p50: 200 } }', ['9:36: the key p95 is missing (the 95th percentile)']],
    ['variables: { 1st: x }', ['9:14: variables: expected a variable name (a letter, then letters, digits, _ . or -), got "1st"']],
    ['variables: { city: [Graz] }', ['9:20: city: expected text, a number, true or false, got a list of 1']],
    ['variables: [city]', ['9:12: variables: expected a mapping, got a list of 1']],
  ])('%s', (top, mistakes) => {
    expect(mistakesIn(scenarioText({ top: `${top}\n` }))).toEqual(mistakes);
  });
});

describe('in an agent', () => {
  test.each<[string, readonly string[]]>([
    ['rules: be nice', ['9:12: rules: expected a list of texts, got "be nice"']],
    ['goes_first: maybe', ['9:17: goes_first: expected true or false, got "maybe"']],
    ['hear: everything', ['9:11: hear: expected all or addressed, got "everything"']],
    ['llm: { base_url: foo }', ['9:22: base_url: expected an http or https address, got "foo"']],
    ['llm: { base_url: "ftp://files.example/v1" }', ['9:22: base_url: expected an http or https address, got "ftp://files.example/v1"']],
    ['llm: { base_url: 42 }', ['9:22: base_url: expected an http or https address, got 42']],
    ['vad: { confidence: 1.5 }', ['9:24: confidence: expected a number between 0 and 1, got 1.5']],
    ['llm: { provider: gpt }', ['9:22: provider: expected script or openai, got "gpt"']],
    ['voice: 5', ['9:12: voice: expected text or a mapping, got 5 (put it in quotes: "5")']],
    ['tools: [{ name: "look up", description: Looks. }]', ['9:21: name: expected a function name (letters, digits, _ and -, at most 64), got "look up"']],
    ['tools: [{ name: look_up }]', ['9:13: the key description is missing (what it does and when to call it, for the model)']],
    ['backchannel: { every: 0, words: [mm-hm] }', ['9:27: every: expected more than 0 seconds, got 0']],
    ['backchannel: { every: 4s, words: [mm-hm], chance: 2 }', ['9:55: chance: expected a number from 0 to 1, got 2']],
    ['barge_in: { chance: 1 }', ['9:15: barge_in: give either on or after']],
    ['barge_in: { on: sorry, after: 1s }', ['9:15: barge_in: give either on or after']],
  ])('%s', (agent, mistakes) => {
    expect(mistakesIn(scenarioText({ agent }))).toEqual(mistakes);
  });
});

describe('in an address', () => {
  const mistake = 'may hold no key: no user name, no password, no #, and in its query only api-version (OPENAI_BASE_URL may hold anything)';
  const mistakes = (address: string): readonly string[] => mistakesIn(scenarioText({ agent: `llm: { base_url: "${address}" }` }));

  test.each(['https://gate.example/v1?api-version=1&key=SECRET', 'https://gate.example/v1?SECRET', 'https://me:SECRET@gate.example/v1', 'https://SECRET@gate.example', 'https://gate.example/#SECRET'])(
    '%s is refused and not repeated',
    (address) => expect(mistakes(address)).toEqual([`9:22: base_url: ${mistake}`]),
  );

  test.each(['http://localhost:11434/v1', 'https://me.azure.example/openai/deployments/gpt?api-version=2024-10-21'])('%s is fine', (address) => expect(mistakes(address)).toEqual([]));

  test('the same holds of those who judge and of those who listen', () => {
    const top = ['transcription', 'turn', 'judge'].map((key) => `${key}: { base_url: "https://gate.example/?key=SECRET" }\n`).join('');
    expect(mistakesIn(scenarioText({ top }))).toEqual([`9:28: base_url: ${mistake}`, `10:19: base_url: ${mistake}`, `11:20: base_url: ${mistake}`]);
  });
});

describe('in a script', () => {
  test.each<[string, readonly string[]]>([
    ['lines: []', ['8:22: lines: expected a list that is not empty, got an empty list']],
    ['lines: [5]', ['8:23: lines, entry 1: expected text or a mapping, got 5 (put it in quotes: "5")']],
    ['lines: [""]', ['8:23: lines, entry 1: must not be empty']],
    ['lines: [{ say: 5 }]', ['8:30: say: expected text or a list of texts, got 5 (put it in quotes: "5")']],
    ['lines: [{ say: [] }]', ['8:30: say: expected text or a list of texts, got an empty list']],
    ['lines: [{ say: [Hi, 5] }]', ['8:35: say, entry 2: expected text, got 5 (put it in quotes: "5")']],
    ['lines: [{ end: false }]', ['8:23: lines, entry 1: a line needs say or call']],
    ['lines: [{ sya: Hi }]', ['8:25: unknown key "sya" (did you mean say?)']],
    ['lines: [Hi], answers: [{ say: Hi }]', ['8:38: the key on is missing (words heard: a regular expression (case does not matter; heard text has no punctuation), or a list of keywords of which one is enough)']],
    ['lines: [Hi], answers: [{ on: hi }]', ['8:38: answers, entry 1: an answer needs say or call']],
    ['lines: [{ call: {} }]', ['8:31: the key name is missing (a tool of this agent)']],
  ])('%s', (script, mistakes) => {
    expect(mistakesIn(scenarioText({ agent: `script: { ${script} }` }))).toEqual(mistakes);
  });
});

describe('keys', () => {
  test.each<[string, readonly string[]]>([
    ['goes_frist: true', ['9:5: unknown key "goes_frist" (did you mean goes_first?)']],
    ['goesFirst: true', ['9:5: unknown key "goesFirst" (did you mean goes_first?)']],
    ['system_prompt: x', ['9:5: unknown key "system_prompt" (did you mean prompt?)']],
    ['max_turns: 3', ['9:5: unknown key "max_turns" (it belongs at the top of the file)']],
    ['stop_secs: 3', ['9:5: unknown key "stop_secs" (it belongs under vad or turn)']],
    ['vad: { colour: red }', ['9:12: unknown key "colour" (valid keys here: confidence, start_secs, stop_secs, min_volume)']],
  ])('an unknown key is told with what was probably meant: %s', (agent, mistakes) => {
    expect(mistakesIn(scenarioText({ agent }))).toEqual(mistakes);
  });

  test('a missing key points at the mapping that lacks it', () => {
    expect(mistakesIn('topic: T\nagents:\n  - name: Ann\n    script: { lines: [Hi] }\n  - prompt: x\n    script: { lines: [Hi] }\n')).toEqual([
      '1:1: the key title is missing (one line for lists and reports)',
      '3:5: the key prompt is missing (who this agent is and what it wants)',
      '5:5: the key name is missing (what this agent is called; the two must differ)',
    ]);
  });

  test('a mistyped required key is one mistake, not two', () => {
    expect(mistakesIn(scenarioText().replace('title:', 'titel:'))).toEqual(['1:1: unknown key "titel" (did you mean title?)']);
  });

  test('one agent, or three, are not two', () => {
    expect(mistakesIn('title: T\nagents: []\n')).toEqual(['2:9: agents: expected two agents, got an empty list']);
    expect(mistakesIn(scenarioText().replace(/ {2}- name: Ben[^]*/, ''))).toEqual(['3:3: agents: expected two agents, got a list of 1']);
  });

  test('an empty prompt is refused, also when a variable made it empty', () => {
    expect(mistakesIn(scenarioText().replace('Answer.', '"  "'))).toEqual(['7:13: prompt: must not be empty']);
    expect(mistakesIn(scenarioText().replace('Answer.', '"{{ what: }}"'))).toEqual(['7:13: prompt: must not be empty']);
  });
});

test('all mistakes come at once, in the order of the file', () => {
  const text = `titel: Sales
max_turns: 0
agents:
  - name: Ann
    prompt: Sell to {{ custmer }}.
    goes_first: true
    script:
      lines:
        - say: 5
        - say: Bye.
          cal: { name: x }
  - name: ann
    prompt: Buy.
    goes_first: true
    voice: robot
    script: { lines: [Grüß Gott, { say: Bye., end: true }] }
variables: { customer: Rosa }
`;
  const unspeakable = (spoken: string): string | undefined => spoken.split(' ').find((word) => word.includes('ü'));
  expect(mistakesIn(text, { voices: ['slt', 'rms'], unspeakable, variables: { customr: 'x' } })).toEqual([
    '--var customr: x.yaml uses no variable of this name (did you mean custmer?)',
    '1:1: unknown key "titel" (did you mean title?)',
    '2:12: max_turns: expected a whole number of at least 1, got 0',
    '5:21: the variable custmer has no value (did you mean customer?)',
    '9:16: say: expected text or a list of texts, got 5 (put it in quotes: "5")',
    '11:11: unknown key "cal" (did you mean call?)',
    '12:11: name: both agents are called "Ann" (they know each other by name)',
    '14:17: goes_first: both agents go first (say goes_first: true for one of them)',
    '15:12: voice: expected slt or rms, got "robot"',
    '16:23: say: the offline voice cannot speak "Grüß", in "Grüß Gott"',
    '16:52: end: ann may not end the conversation (give the agent end_conversation: true)',
  ]);
});

test('whatever stands in a file, its message is one line', () => {
  expect(mistakesIn(scenarioText({ agent: 'tools: [{ name: "a\\nb", description: x }]\nscript: { lines: [{ call: { name: other } }] }' }))).toEqual([
    '8:21: name: expected a function name (letters, digits, _ and -, at most 64), got "a b"',
    '9:39: call: Ben has no tool "other" (it has a b)',
  ]);
});
