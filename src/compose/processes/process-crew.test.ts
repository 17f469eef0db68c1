import { describe, expect, test } from 'vitest';
import { UsageError } from '../../base/errors.ts';
import { RealClock } from '../../clock/real-clock.ts';
import { systemWallClock as wall } from '../../clock/wall-clock.ts';
import { agentProcess } from '../../testing/daily/agent-processes.ts';
import { caseOf } from '../../testing/whole-run.ts';
import { openProcessCrew } from './process-crew.ts';

const CASE = caseOf(`
title: Apart
room: { kind: daily }
agents:
  - { name: Una, prompt: Greet., script: { lines: [Hello.] } }
  - { name: Zed, prompt: Answer., script: { lines: [Hello.] } }
`);

describe.skipIf(process.platform !== 'linux')('agents in processes of their own', () => {
  test('that cannot be ready say why as they would here, and none is left', async () => {
    const opening = openProcessCrew(CASE, {
      clock: new RealClock({ wall }),
      wall,
      announcedLatencyMs: 350,
      secrets: { BOTTALK_CHROMIUM: '/nowhere/chromium' },
      strict: false,
      cacheFolder: undefined,
      modelFolder: undefined,
      patience: undefined,
      onWarning: expect.unreachable,
    });
    const error: unknown = await opening.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UsageError);
    expect(error).toMatchObject({ message: expect.stringContaining('/nowhere/chromium') as string });
    expect([agentProcess('Una'), agentProcess('Zed')]).toEqual([undefined, undefined]);
  });
});
