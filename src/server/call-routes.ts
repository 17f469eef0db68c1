/** Starting and stopping calls, and what can be started: the routes behind every button. */
import type { FastifyInstance } from 'fastify';
import type { WallClock } from '../clock/wall-clock.ts';
import { generatePrompts } from '../compose/generate/generate-prompts.ts';
import type { Secrets } from '../compose/secrets.ts';
import { VOICES } from '../providers/voice/voices.ts';
import type { GeneratedPrompts, ListedVoice, StartAnswer } from '../web/parts/live-messages.ts';
import type { CallDesk } from './call-desk.ts';
import { listenerToken } from './listener-token.ts';
import type { LiveCall } from './live-call.ts';
import { prepareCall } from './prepare-call.ts';
import { RequestError } from './request-error.ts';
import { listRuns } from './run-files.ts';
import { ScenarioList } from './scenario-shelf.ts';
import { readStartRequest, readTopic } from './start-request.ts';

export type CallRoutesOptions = {
  readonly desk: CallDesk;
  /** Where scenarios are, besides those that come with bottalk. */
  readonly scenarios: readonly string[];
  readonly secrets: Secrets;
  readonly wall: WallClock;
  readonly runsFolder: string;
  readonly cacheFolder: string;
  readonly modelFolder: string;
  readonly budgetUsd: number | undefined;
};

type TextBody = { readonly Body: string | undefined };

export function callRoutes(app: FastifyInstance, options: CallRoutesOptions): void {
  const { desk, secrets, wall, runsFolder } = options;
  app.post<TextBody>('/api/start', async (request): Promise<StartAnswer> => {
    const wanted = readStartRequest(request.body ?? '');
    const call = await desk.start((signal) => prepareCall(wanted, { ...options, signal }));
    const { id, number, mode } = call.run;
    if (mode === 'embedded') return { roomUrl: `${request.protocol}://${request.host}/?run=${id}`, token: '', run: { id, number } };
    return openedRoom(call, options);
  });
  app.post('/api/stop', async () => {
    await desk.stop();
    return { status: 'stopped' };
  });
  const scenarios = new ScenarioList(options.scenarios);
  app.get('/api/scenarios', () => scenarios.read());
  app.get('/api/voices', () => ({ voices: VOICES.map(({ name, description }): ListedVoice => ({ name, description })) }));
  app.get('/api/runs', () => ({ runs: listRuns(runsFolder) }));
  app.post<TextBody>('/api/generate', async (request): Promise<GeneratedPrompts> => {
    const topic = readTopic(request.body ?? '');
    if (secrets.OPENAI_API_KEY === undefined && secrets.OPENAI_BASE_URL === undefined) throw new RequestError(500, 'Missing OPENAI_API_KEY');
    const { title, agents, variables } = (await generatePrompts(topic, { secrets, wall, signal: desk.closing })).scenario;
    return { title, agents, variables };
  });
}

/** Where people can listen in, once they can. A call that fails before that is the answer. */
async function openedRoom(call: LiveCall, options: CallRoutesOptions): Promise<StartAnswer> {
  const roomUrl = await call.opened;
  if (roomUrl === undefined) {
    const { reason, failure, endedBy } = await call.over;
    throw new RequestError(502, failure ?? reason ?? `the call ended before its room was open: ${endedBy}`);
  }
  return { roomUrl, token: await listenerToken(roomUrl, options) };
}
