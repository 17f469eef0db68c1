/**
 * What a scenario file may say. One zod schema is the parser, the types and, as JSON Schema, what editors complete
 * from; every key says here what it means, its unit and its default. It knows nothing of files or positions.
 */
import { z } from 'zod';
import { durationSeconds } from './duration.ts';
import { expectSchema } from './expect-schema.ts';

const text = z.string().trim().min(1, 'must not be empty');

/** A voice takes no breath at the end of a line of YAML, so a folded text is one line. */
const spoken = text.transform((value) => value.replace(/\s+/g, ' '));

/** Scenarios are shared, and stand word by word in every log: no part of an address that is meant for a key may hold one. */
const address = z
  .url({ protocol: /^https?$/ })
  .refine((value) => !mayHoldKey(value), 'may hold no key: no user name, no password, no #, and in its query only api-version (OPENAI_BASE_URL may hold anything)');

function mayHoldKey(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && ([url.username, url.password, url.hash].some(Boolean) || [...url.searchParams.keys()].some((key) => key !== 'api-version'));
}

const durationExpected = 'expected seconds, or text such as 500ms, 1.5s or 10m';
const duration = z
  .union([z.number().nonnegative(), z.string().regex(/^\d+(\.\d+)?\s*(ms|s|m)$/, durationExpected).meta({ examples: ['500ms', '1.5s', '10m'] })], durationExpected)
  .transform(durationSeconds)
  .meta({ description: 'Seconds as a number, or a text such as 500ms, 1.5s or 10m.' });

/** Where none at all would mean always or never. */
const someTime = duration.refine((seconds) => seconds > 0, 'expected more than 0 seconds');

const chance = z.number().min(0).max(1).meta({ description: 'How likely it happens, 0 to 1.' });

/** One wording, or several of which the seed picks one. */
const wordings = z
  .union([spoken, z.array(spoken).min(1)])
  .transform((value) => (typeof value === 'string' ? [value] : value))
  .meta({ description: 'One wording, or a list from which the seed picks one. {{ variables }} are filled in.' });

/** A regular expression written plainly or between slashes, or keywords of which any one is enough. */
const pattern = z
  .union([text, z.array(text).min(1)])
  .meta({ description: 'Words heard: a regular expression (case does not matter), or a list of keywords of which one is enough.' });

const sideSpeech = z.strictObject({
  every: someTime.meta({ description: 'How much of the peer\'s speech lies between two chances to speak.' }),
  words: z.array(spoken).min(1).meta({ description: 'What is said; the seed picks one.' }),
  chance: chance.default(1).meta({ description: 'How likely each chance is taken, 0 to 1.' }),
});

const bargeIn = z
  .strictObject({
    on: pattern.optional().meta({ description: 'Begins when the interim transcript of the peer\'s turn matches.' }),
    after: duration.optional().meta({ description: 'Begins after so much of the peer\'s speech.' }),
    chance: chance.default(1),
  })
  .refine((value) => (value.on === undefined) !== (value.after === undefined), 'give either on or after');

const manners = {
  barge_in: bargeIn.optional().meta({ description: 'Speaks over the peer and takes the floor.' }),
  backchannel: sideSpeech.optional().meta({ description: 'Short signs of listening ("mm-hm") that do not take the floor.' }),
  tic: sideSpeech.optional().meta({ description: 'Sounds without meaning (a cough word, "um") that do not take the floor.' }),
  aside: sideSpeech.optional().meta({ description: 'Words to somebody else in the room that do not take the floor.' }),
};

const call = z.strictObject({
  name: text.meta({ description: 'A tool of this agent.' }),
  arguments: z.record(z.string(), z.unknown()).default({}).meta({ description: 'What the tool is called with.' }),
});

const saying = {
  say: wordings.optional().meta({ description: 'What is said: one wording, or a list from which the seed picks one.' }),
  call: call.optional().meta({ description: 'A tool call made after saying it.' }),
  then: wordings.optional().meta({ description: 'Said when the tool has answered; {{ result.key }} is filled in from its answer.' }),
  end: z.boolean().default(false).meta({ description: 'Ends the conversation after saying it (the agent must have end_conversation).' }),
};

const line = z.union([
  spoken.transform((say) => ({
    say: [say],
    call: undefined,
    then: undefined,
    end: false,
    barge_in: undefined,
    backchannel: undefined,
    tic: undefined,
    aside: undefined,
  })),
  z.strictObject({ ...saying, ...manners }).refine((value) => value.say ?? value.call, 'a line needs say or call'),
]);

const answer = z
  .strictObject({
    on: pattern.meta({ description: 'Words heard: a regular expression (case does not matter; heard text has no punctuation), or a list of keywords of which one is enough.' }),
    ...saying,
    once: z.boolean().default(true).meta({ description: 'Answers only the first time it matches.' }),
  })
  .refine((value) => value.say ?? value.call, 'an answer needs say or call');

const script = z
  .strictObject({
    lines: z.array(line).min(1).meta({ description: 'What is said, in order, one line a turn.' }),
    answers: z.array(answer).default([]).meta({ description: 'Said instead of the next line when what was heard matches; the first match wins.' }),
    unheard: wordings.prefault("Sorry, I didn't catch that. Could you say it again?").meta({ description: 'Said when nothing was heard.' }),
    otherwise: wordings.prefault('Okay. Thanks, bye.').meta({ description: 'Said when all lines are used up.' }),
  })
  .meta({ description: 'The offline brain: lines and rules instead of a language model.' });

const latencyMs = z
  .union([
    z.number().nonnegative(),
    z
      .strictObject({
        p50: z.number().positive().meta({ description: 'The median.' }),
        p95: z.number().positive().meta({ description: 'The 95th percentile.' }),
      })
      .refine(({ p50, p95 }) => p95 >= p50, 'p95 must not be below p50'),
  ])
  .meta({ description: 'Milliseconds: a fixed number, or a distribution given by its median and 95th percentile.' });

const llm = z.strictObject({
  provider: z.enum(['script', 'openai']).default('script').meta({ description: 'script: the offline brain. openai: any server that speaks its chat completions; needs OPENAI_API_KEY, or base_url.' }),
  model: text.optional().meta({ description: 'For openai. Default gpt-4o.' }),
  base_url: address.optional().meta({ description: 'For openai: another server. It gets the key only if OPENAI_BASE_URL is there as well. Default OPENAI_BASE_URL, else OpenAI itself.' }),
  max_completion_tokens: z.number().int().min(1).optional().meta({ description: 'For openai: the longest answer. Default 200.' }),
  temperature: z.number().min(0).max(2).optional().meta({ description: 'For openai. Default 0.7.' }),
  first_token_ms: latencyMs.default({ p50: 536, p95: 1771 }).meta({ description: 'Modelled time to the first token. Default: gpt-4.1 as published by aiewf-eval (30 turns x 30 runs).' }),
  tokens_per_second: z.number().positive().default(80).meta({ description: 'Modelled speed of writing. Default: an assumption, not a measurement.' }),
});

const tts = z.strictObject({
  provider: z.enum(['offline', 'elevenlabs']).default('offline').meta({ description: 'offline: flite in this process, no key needed. elevenlabs: needs ELEVENLABS_API_KEY.' }),
  model: text.optional().meta({ description: 'For elevenlabs. Default ELEVENLABS_MODEL, else eleven_turbo_v2_5.' }),
  transport: z.enum(['websocket', 'http']).default('websocket').meta({ description: 'For elevenlabs. websocket: the shortest time to the first sound. http: a request for each sentence, for networks that let no WebSocket through.' }),
  first_byte_ms: latencyMs.default(150).meta({ description: 'Modelled time from sentence to first audio. Default: an assumption, not a measurement.' }),
});

const vad = z.strictObject({
  confidence: z.number().gt(0).lt(1).optional().meta({ description: 'Speech probability from which a 32 ms window counts as voiced. Default 0.6.' }),
  start_secs: z.number().positive().max(5).optional().meta({ description: 'Voiced for so long: speech has started. Default 0.2.' }),
  stop_secs: z.number().positive().max(10).optional().meta({ description: 'Unvoiced for so long: speech has stopped. Default by turn.profile.' }),
  min_volume: z.number().min(0).max(1).optional().meta({ description: 'Loudness gate, (LUFS + 110) / 100. Default 0.4, which is -70 LUFS: anything audible.' }),
});

const turn = z.strictObject({
  profile: z.enum(['compat', 'responsive']).optional().meta({
    description: 'Default compat. compat: who goes first waits 1.5 s of silence, the other asks its strategy after 0.8 s and cannot be interrupted. responsive: VAD stop after 0.2 s, then the strategy decides.',
  }),
  strategy: z.enum(['auto', 'smart_turn', 'lexical', 'silence', 'llm']).optional().meta({
    description: 'Who decides that the peer has finished. Default by turn.profile. auto: SmartTurn if its weights are there, else lexical. llm: asks a language model; needs OPENAI_API_KEY, or base_url.',
  }),
  model: text.optional().meta({ description: 'For llm. Default gpt-4o-mini.' }),
  base_url: address.optional().meta({ description: 'For llm: another server. It gets the key only if OPENAI_BASE_URL is there as well. Default OPENAI_BASE_URL, else OpenAI itself.' }),
  stop_secs: z.number().nonnegative().max(20).optional().meta({ description: 'Silence after the VAD stop that ends an unfinished turn all the same.' }),
  timeout_secs: z.number().positive().max(60).optional().meta({ description: 'Watchdog: ends a turn in which nothing happened for so long.' }),
  min_words: z.number().int().nonnegative().optional().meta({ description: 'While this agent speaks, a peer interrupts only with so many transcribed words. Default 0: with any speech.' }),
});

const tool = z
  .strictObject({
    name: z.string().regex(/^[A-Za-z_][A-Za-z0-9_-]{0,63}$/, 'expected a function name (letters, digits, _ and -, at most 64)').meta({ description: 'The name a script or a model calls it by.' }),
    description: text.meta({ description: 'What it does and when to call it, for the model.' }),
    parameters: z.record(z.string(), z.unknown()).default({ type: 'object', properties: {} }).meta({ description: 'JSON Schema of the arguments.' }),
    answer: z.unknown().optional().meta({ description: 'The mocked answer.' }),
    answers: z
      .array(
        z.strictObject({
          when: z.record(z.string(), z.unknown()).meta({ description: 'Arguments that must be equal.' }),
          answer: z.unknown().optional().meta({ description: 'The mocked answer to these.' }),
          error: text.optional().meta({ description: 'The mocked failure of these.' }),
        }),
      )
      .optional()
      .meta({ description: 'Mocked answers by arguments instead of one answer; the first match wins, and when: {} matches always.' }),
    error: text.optional().meta({ description: 'The mocked failure.' }),
    delay: duration.prefault(0).meta({ description: 'How long the answer takes.' }),
  })
  .meta({ description: 'A function the agent may call, with its mocked answer.' });

const variables = z.record(
  z.string().regex(/^[A-Za-z_][A-Za-z0-9_.-]*$/, 'expected a variable name (a letter, then letters, digits, _ . or -)'),
  z.union([z.string(), z.number(), z.boolean()], 'expected text, a number, true or false'),
);

const agent = z.strictObject({
  name: text.max(60, 'must not be longer than 60 characters').meta({ description: 'What this agent is called; the two must differ.' }),
  role: z.enum(['system', 'user']).optional().meta({ description: 'system: the agent under test. user: the one that simulates a caller. Default: the first is system, the second user.' }),
  prompt: text.meta({ description: 'Who this agent is and what it wants.' }),
  rules: z.array(text).default([]).meta({ description: 'Appended to the prompt, one per line.' }),
  voice: z.union([text, z.record(z.string(), text)]).optional().meta({ description: 'A voice by name, or one per TTS provider: { offline: ..., elevenlabs: ... }.' }),
  goes_first: z.boolean().optional().meta({ description: 'Greets. Default: the first agent.' }),
  variables: variables.default({}).meta({ description: 'For this agent alone; they win over the scenario\'s.' }),
  hear: z.enum(['all', 'addressed']).default('all').meta({ description: 'addressed: hears only what holds its own name.' }),
  vad: vad.default({}).meta({ description: 'When sound counts as speech.' }),
  turn: turn.optional().meta({ description: 'When the peer\'s turn is over; keys given here win over the scenario\'s.' }),
  allow_interruptions: z.boolean().optional().meta({ description: 'Whether a peer can cut this agent off. Default by turn.profile.' }),
  end_conversation: z.boolean().optional().meta({ description: 'Whether this agent may end the call. Default: goes_first.' }),
  llm: llm.prefault({}).meta({ description: 'The brain.' }),
  tts: tts.prefault({}).meta({ description: 'The speech synthesis.' }),
  script: script.optional(),
  tools: z.array(tool).default([]).meta({ description: 'Functions that this agent may call.' }),
  ...manners,
});

/** Below this a call is over before it has begun: making the room, the browser and joining take some seconds. */
const SHORTEST_ROOM_SECS = 60;

const room = z.strictObject({
  kind: z.enum(['embedded', 'daily']).default('embedded').meta({ description: 'embedded: a room in this process. daily: one of Daily\'s, which people can join; needs DAILY_API_KEY and Chromium, and keeps real time.' }),
  life: duration.refine((seconds) => seconds >= SHORTEST_ROOM_SECS, `expected at least ${SHORTEST_ROOM_SECS} seconds`).prefault('10m').meta({ description: 'For daily: how long the room lives at most, from its making. It is deleted when the run is over; this is for a run that was killed.' }),
});

const transcription = z.strictObject({
  provider: z.enum(['room', 'embedded', 'openai', 'elevenlabs']).default('room').meta({
    description: 'Who turns speech into text. room: the room itself. embedded: the embedded room, and no other. openai, elevenlabs: a provider that listens to what was really said, one request for each stretch of speech; needs OPENAI_API_KEY (or base_url), ELEVENLABS_API_KEY.',
  }),
  model: text.optional().meta({ description: 'For openai and elevenlabs. Default gpt-4o-transcribe, scribe_v2.' }),
  base_url: address.optional().meta({ description: 'For openai: another server. It gets the key only if OPENAI_BASE_URL is there as well. Default OPENAI_BASE_URL, else OpenAI itself.' }),
  interim: z.boolean().optional().meta({ description: 'Whether text comes while somebody still speaks. The room itself always gives it. openai and elevenlabs give it only in a Daily room, and only if asked: speech is then sent again every interim_interval_ms, each time as one more request.' }),
  word_error_rate: z.number().min(0).max(0.9).default(0).meta({ description: 'Share of words that are swapped or dropped, by seed.' }),
  final_latency_ms: latencyMs.default({ p50: 247, p95: 298 }).meta({ description: 'End of speech to final text; at least 200 ms, or stop consonants would pass for pauses. Default: Deepgram nova-3 as published by pipecat-ai/stt-benchmark.' }),
  interim_interval_ms: z.number().min(50).default(300).meta({ description: 'How often interim text comes while somebody speaks, at most.' }),
});

const judge = z.strictObject({
  model: text.optional().meta({ description: 'Default gpt-4o-mini.' }),
  base_url: address.optional().meta({ description: "Another server that speaks OpenAI's chat completions. It gets the key only if OPENAI_BASE_URL is there as well. Default OPENAI_BASE_URL, else OpenAI itself." }),
  role_check: z.boolean().default(true).meta({ description: 'Whether it is also asked if the simulating agent (role: user) fell out of its role, which makes the run invalid.' }),
});

export const scenarioSchema = z.strictObject({
  title: text.meta({ description: 'One line for lists and reports.' }),
  description: text.optional().meta({ description: 'What the scenario is for.' }),
  topic: text.optional().meta({ description: 'What the call is about.' }),
  tags: z.array(text).default([]).meta({ description: 'For lists and for choosing scenarios.' }),
  variables: variables.default({}).meta({ description: 'Shared by all agents; {{ name }} or {{ name: default }} in any text.' }),
  turn: turn.optional().meta({ description: 'For both agents; keys that an agent gives itself win.' }),
  max_turns: z.number().int().min(1).default(20).meta({ description: 'Spoken turns per agent; the call ends gracefully after the last.' }),
  max_duration: someTime.prefault('10m').meta({ description: 'Call time after which the run ends.' }),
  inactivity: someTime.prefault('15s').meta({ description: 'Silence of everybody after which the run ends.' }),
  seed: z.number().int().min(0).max(2 ** 32 - 1).default(1).meta({ description: 'What every choice left to chance is made from.' }),
  started_at: z.iso.datetime({ offset: true, error: 'expected a date and time such as 2026-01-05T09:00:00Z' }).default('2026-01-05T09:00:00Z').meta({ description: 'What the agents take for the beginning of the call.' }),
  room: room.prefault({}).meta({ description: 'Where the agents meet.' }),
  transcription: transcription.prefault({}).meta({ description: 'How the room turns speech into text.' }),
  expect: expectSchema,
  judge: judge.optional().meta({ description: 'The language model that decides expectations of meaning (judge, kpis) when the call is over. Written down without any, it is asked whether the simulating agent kept its role.' }),
  matrix: z
    .record(z.string(), z.array(z.unknown()).min(1))
    .optional()
    .meta({ description: 'Keys of this file, such as variables.mood or agents.Sarah.voice, each with the values that it takes in turn: bottalk test runs their product.' }),
  agents: z.array(agent).length(2, 'expected two agents').meta({ description: 'The two who talk.' }),
});

/** A scenario file as parsed: defaults filled in, variables not yet. */
export type ScenarioFile = z.output<typeof scenarioSchema>;
export type AgentFile = ScenarioFile['agents'][number];
export type ScriptFile = NonNullable<AgentFile['script']>;
export type ScriptLine = ScriptFile['lines'][number];
export type ToolFile = AgentFile['tools'][number];

export type TurnFile = NonNullable<AgentFile['turn']>;

/** The published JSON Schema of what may be written in a file: draft 7 and without references, which every editor reads. */
export function scenarioJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(scenarioSchema, {
    io: 'input',
    target: 'draft-7',
    reused: 'inline',
    override({ jsonSchema }) {
      // Both are true of every such value and only make the schema harder to read.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
      if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
    },
  });
  return { $schema, title: 'bottalk scenario', description: 'Two voice agents, what they want and how their call goes.', ...rest };
}
