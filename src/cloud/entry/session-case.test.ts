import { expect, test } from 'vitest';
import type { ScenarioAgent } from '../../scenarios/scenario.ts';
import { caseOf } from '../../testing/whole-run.ts';
import { type CaseSurroundings, type SessionCase, sessionCase } from './session-case.ts';
import { readSessionOrder } from './session-order.ts';

const ROOM = { room_url: 'https://bottalk-test.daily.co/room', token: 'token' };
const NOW: CaseSurroundings = { startedAt: '2026-11-22T10:00:00.000Z', judgeModel: undefined };

function made(body: Readonly<Record<string, unknown>>, surroundings = NOW): SessionCase & { readonly own: ScenarioAgent; readonly peer: ScenarioAgent } {
  const read = readSessionOrder({ ...ROOM, ...body }, undefined);
  if ('mistakes' in read) throw new Error(JSON.stringify(read.mistakes));
  const session = sessionCase(read.order, surroundings);
  const { agents } = session.of.scenario;
  return { ...session, own: agents[session.order], peer: agents[session.order === 0 ? 1 : 0] };
}

test('a body with nothing but a room makes the agent that greets, which knows of a user', () => {
  const { of, order, own, peer } = made({});
  expect(of.scenario).toMatchObject({ title: 'System and User', max_turns: 20, started_at: NOW.startedAt, room: { kind: 'daily' }, expect: [] });
  expect(order).toBe(0);
  expect(own).toMatchObject({ name: 'System', role: 'system', goes_first: true, end_conversation: true, llm: { provider: 'openai' }, tts: { provider: 'elevenlabs' }, turn: { profile: 'compat' } });
  expect(own).not.toHaveProperty('voice');
  expect(peer).toMatchObject({ name: 'User', role: 'user', goes_first: false, end_conversation: false });
});

test('the fields of a body are those of the agent', () => {
  const { of, order, own, peer } = made({ name: 'Leo', system_prompt: ' Buy {{ a bike }}. ', voice_id: 'josh', goes_first: false, known_agents: ['Leo', 'Nora'], max_turns: 3 });
  expect(of.scenario.max_turns).toBe(3);
  expect(order).toBe(1);
  expect(own).toMatchObject({ name: 'Leo', role: 'user', goes_first: false, prompt: 'Buy {{ a bike }}.', voice: { elevenlabs: 'josh' } });
  expect(peer).toMatchObject({ name: 'Nora', role: 'system', goes_first: true });
});

test('an agent called User waits, and one of another name waits unless it is told to greet', () => {
  expect([made({ name: 'User' }), made({ name: 'Leo' }), made({ name: 'Leo', goes_first: true })].map(({ own, peer }) => [own.goes_first, own.role, peer.name])).toEqual([
    [false, 'user', 'System'],
    [false, 'user', 'System'],
    [true, 'system', 'User'],
  ]);
});

const SCENARIO = `
title: A short call
seed: 3
transcription: { provider: embedded }
judge: { model: judge-1 }
expect: [{ judge: They agree. }, talk_over <= 5%]
agents:
  - { name: Nora, prompt: Greet., voice: clara, vad: { stop_secs: 0.3 }, script: { lines: [Hello.] } }
  - { name: Leo, prompt: Answer., voice: ross, script: { lines: [Hello.] } }
`;
const scenario: unknown = JSON.parse(JSON.stringify(caseOf(SCENARIO).scenario));

test('an agent of a scenario is exactly that one, in a room of the world', () => {
  const { of, order, own } = made({ scenario_agent: { scenario, order: 1, seed: 9, tell: 'events' } });
  expect(own).toEqual((scenario as { agents: unknown[] }).agents[1]);
  expect({ order, seed: of.seed }).toEqual({ order: 1, seed: 9 });
  expect(of.scenario).toMatchObject({ room: { kind: 'daily' }, transcription: { provider: 'room' }, expect: [] });
  expect(of.scenario).not.toHaveProperty('judge');
  expect(made({ scenario_agent: { scenario, order: 0 } }).of.seed).toBe(3);
});

test('a session judges its KPIs where a judge is named, unless a run that is told the events does it', () => {
  const judged = { expect: [{ kind: 'kpis' }], judge: { role_check: false } };
  expect(made({}, { ...NOW, judgeModel: 'judge-2' }).of.scenario).toMatchObject({ ...judged, judge: { model: 'judge-2', role_check: false } });
  expect(made({ scenario_agent: { scenario, order: 0 } }).of.scenario).toMatchObject({ ...judged, judge: { model: 'judge-1', role_check: false } });
});

test('a scenario with a mistake in it is refused with the place of the mistake', () => {
  const broken = { ...(scenario as object), max_turns: 0, room: { kind: 'cellar' } };
  expect(readSessionOrder({ ...ROOM, scenario_agent: { scenario: broken, order: 0 } }, undefined)).toMatchObject({
    mistakes: [{ loc: ['body', 'scenario_agent', 'scenario', 'max_turns'] }, { loc: ['body', 'scenario_agent', 'scenario', 'room', 'kind'] }],
  });
});
