/**
 * What travels between `bottalk dev` and its page: over the socket /live JSON texts both ways and sound from the server
 * (live-sound.ts), and the bodies of its other endpoints. The types are the contract; nothing here does anything.
 */
import type { BottalkEvent, EndedBy } from '../../events/event.ts';
import type { CheckResult, Severity } from '../../metrics/checks/check.ts';
import type { Verdict } from '../../metrics/verdict.ts';

/** Call seconds per wall second. `max` is as fast as the machine. */
export type Speed = 1 | 2 | 'max';

/**
 * A page that connects is told `hello` first. If there is a run, current or last, it is then told everything of it in
 * order from its `run` message on, and after that whatever happens, each message once: nothing is lost or doubled
 * between the two. Another `run` message begins another run. Sound is the exception: a page hears it from when it
 * connected, and while it is more than 4 MB behind it misses sound, never a text. What is so far behind that the server
 * would have to keep too much for it is cut off (close code 4008); it may connect again. All else that closes the socket is
 * the end of the server.
 *
 * Other endpoints of the server (errors are `{ "detail": text }`; a foreign Origin or Host is a 403; more than 1 MB a 413).
 * With --host every request carries the token: `?token=` once, which sets a cookie, or `Authorization: Bearer`.
 *
 * | | |
 * |---|---|
 * | GET /, /live.js, /live.css, /live-sound.js | the page, and what plays its sound in a thread of its own (all from dist/web) |
 * | POST /api/start | StartRequest -> StartAnswer; 400 a request that cannot be run, 500 `Missing OPENAI_API_KEY`, 502 the world failed. A run that lasts is stopped and kept first |
 * | POST /api/stop | -> `{ "status": "stopped" }`, once the run is over; also where none runs |
 * | GET /api/scenarios | -> `{ "scenarios": ListedScenario[], "mistakes": string[] }` |
 * | GET /api/voices | -> `{ "voices": ListedVoice[] }`, those that need no key |
 * | POST /api/generate | `{ "topic" }` of 5 to 500 characters -> GeneratedPrompts; 400, 500 `Missing OPENAI_API_KEY`, 502 |
 * | GET /api/runs | -> `{ "runs": ListedRun[] }`, newest first |
 * | GET /runs/RUN/FILE | report.html, audio.wav, events.jsonl, metrics.json, run.json, transcript.txt, transcript.vtt of a run; 404 |
 * | POST, GET /api/metrics, WS /ws | what Pipecat's dashboards read; see docs/dev-server.md |
 */
export type ServerMessage =
  /** The first of every connection. `server` is another after every start of the server. */
  | { readonly kind: 'hello'; readonly server: string; readonly version: string; readonly keys: AvailableKeys }
  | { readonly kind: 'run'; readonly run: LiveRun }
  /** An event as events.jsonl holds it; `seq` counts from 0 without a gap. */
  | { readonly kind: 'event'; readonly run: number; readonly event: BottalkEvent }
  /** An expectation is decided, and nothing that follows changes its outcome; each is told once, the last when the run is over.
   * Which turn showed it is only sure in `ended`. */
  | { readonly kind: 'check'; readonly run: number; readonly check: CheckResult }
  /** How the call runs from now on. Comes first behind `run`, if the pace can be changed at all. */
  | { readonly kind: 'pace'; readonly run: number; readonly speed: Speed; readonly paused: boolean }
  /** How far call time has come, at least every 100 ms while a run at speed 1 or 2 is not paused: silence sends nothing else, and
   * a page must be able to tell it from a stall. Sound and events of earlier call time have been sent before it. */
  | { readonly kind: 'time'; readonly run: number; readonly callMs: number }
  /** The last of a run: its folder is written. */
  | ({ readonly kind: 'ended'; readonly run: number } & LiveEnding);

export type PageMessage =
  | { readonly kind: 'pace'; readonly speed: Speed }
  | { readonly kind: 'pause' }
  | { readonly kind: 'resume' }
  | { readonly kind: 'stop' }
  /** Whether this page wants sound; it is sent until it says that it does not. */
  | { readonly kind: 'sound'; readonly wanted: boolean };

/** Which providers of the world have what they need. */
export type AvailableKeys = { readonly openai: boolean; readonly elevenlabs: boolean; readonly daily: boolean };

export type LiveRun = {
  /** Counts the runs of this server from 1: what messages and sound name it by. */
  readonly number: number;
  /** The name of its folder, and of its address below /runs/. */
  readonly id: string;
  readonly title: string;
  readonly mode: 'embedded' | 'daily';
  /** As ListedScenario names it; null for one that was made of a topic or of agents alone. */
  readonly scenario: string | null;
  readonly seed: number;
  readonly startedEpochMs: number;
  /** By participant order: who goes first comes first, which in sound is order 0. */
  readonly agents: readonly ListedAgent[];
  readonly expectations: readonly ListedExpectation[];
  /** False in a room of the world, which keeps real time. */
  readonly adjustable: boolean;
};

export type ListedAgent = {
  readonly name: string;
  readonly role: 'system' | 'user';
  readonly goesFirst: boolean;
  /** Of a call with all variables filled in; of a scenario as it is written, with its `{{ variables }}`. */
  readonly prompt: string;
  readonly voice: string;
  readonly llm: string;
  readonly tts: string;
};

/** `index` counts from 1, as that of CheckResult; `text` says it as a person would. */
export type ListedExpectation = { readonly index: number; readonly severity: Severity; readonly text: string };

export type LiveEnding = {
  readonly endedBy: EndedBy;
  readonly reason: string | null;
  readonly verdict: Verdict;
  readonly checks: readonly CheckResult[];
  /** What went wrong beside the call, such as a disk that refused; null if nothing did. */
  readonly failure: string | null;
  /** Addresses on this server; null if there is no such file. */
  readonly report: string | null;
  readonly audio: string | null;
};

/** Body of POST /api/start as this page sends it. With neither scenario, topic nor agents: the first scenario of the list. */
export type StartRequest = {
  /** Without it a room of Daily's is made, with everything that costs. */
  readonly room?: 'embedded';
  /** `name` of a ListedScenario. */
  readonly scenario?: string;
  /** 5 to 500 characters: prompts are written for it first, and the brains are OpenAI's. */
  readonly topic?: string;
  /** By place: what stands here goes before what the scenario says of its first and second agent. */
  readonly agents?: readonly StartAgent[];
  readonly variables?: Readonly<Record<string, string>>;
  /** Instead of the scenario's providers; these cost money: openai, elevenlabs. */
  readonly llm?: 'script' | 'openai';
  readonly tts?: 'offline' | 'elevenlabs';
  readonly seed?: number;
  /** Default 1. */
  readonly speed?: Speed;
  /** Begins standing still, until `resume`. */
  readonly paused?: boolean;
};

/** Prompts are heeded by brains of the world only: a scripted one says its lines. A scenario keeps the names of its agents. */
export type StartAgent = { readonly name?: string; readonly prompt?: string; readonly voice_id?: string };

/** `run` names the run as LiveRun does. In the embedded room `roomUrl` is this server's page and `token` is empty. */
export type StartAnswer = { readonly roomUrl: string; readonly token: string; readonly run?: { readonly id: string; readonly number: number } };

export type ListedScenario = {
  readonly name: string;
  readonly title: string;
  readonly description: string | null;
  /** Comes with bottalk, and is not a file of the working folder. */
  readonly shipped: boolean;
  readonly tags: readonly string[];
  readonly agents: readonly ListedAgent[];
  /** Every variable that a text of it asks for, with the value that it has unless told otherwise. */
  readonly variables: Readonly<Record<string, string>>;
  readonly expectations: readonly ListedExpectation[];
};

export type ListedVoice = { readonly name: string; readonly description: string };

export type ListedRun = { readonly id: string; readonly title: string; readonly startedAt: string; readonly endedBy: string; readonly report: string | null };

/** What a model wrote for a topic: two agents, and the defaults of the variables that their prompts hold. */
export type GeneratedPrompts = {
  readonly title: string;
  readonly agents: readonly { readonly name: string; readonly role: 'system' | 'user'; readonly prompt: string }[];
  readonly variables: Readonly<Record<string, string>>;
};
