/** Measures the entry in a control group of one profile: how soon it listens, and two sessions one after the other. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemWallClock as wall } from '../src/clock/wall-clock.ts';
import { EntryProcess } from '../src/testing/entry-process.ts';
import { ControlGroup, type GroupLimits, type GroupUse } from './control-group.ts';
import { type CallFigures, EntryCalls } from './entry-call.ts';
import { EntryWatch } from './entry-watch.ts';
import { type Lateness, LoopLag } from './loop-lag.ts';
import { type KindUse, useByKind } from './process-use.ts';

export type Profile = GroupLimits & { readonly name: string };

/** What a group and its processes have at one time. */
export type AtRest = { readonly use: GroupUse; readonly kinds: Readonly<Record<string, KindUse>> };

export type SessionFigures = {
  readonly call: CallFigures;
  /** From the request until both agents are in the room. */
  readonly joining: EntryWatch;
  readonly talking: EntryWatch;
  readonly lateness: Lateness;
  /** Some seconds after its end. */
  readonly after: AtRest;
};

export type ProfileFigures = {
  /** From the start of the process until its port is open. */
  readonly startsMs: readonly number[];
  readonly idle: AtRest;
  readonly sessions: readonly SessionFigures[];
  /** The most that the group ever had, with all files that were read on its account. */
  readonly peakBytes: number | undefined;
};

export type MeasureOptions = {
  /** The environment of the image. */
  readonly env: Readonly<Record<string, string>> & { readonly NODE_OPTIONS: string };
  /** For the measured entry alone. */
  readonly chromium: string;
  readonly folder: string;
  /** Is told whatever has to be closed in the end, also if this is never heard of again. */
  readonly closing: <T extends { close(): Promise<unknown> }>(open: T) => T;
};

const STARTS = 5;
const SESSIONS = 2;
/** By then the browser of a session has gone, and what was loaded ahead is there. */
const SETTLE_MS = 5_000;
const FLAGS = ['--host', '127.0.0.1'];

export async function measureProfile(profile: Profile, { env, chromium, folder, closing }: MeasureOptions): Promise<ProfileFigures> {
  const group = closing(new ControlGroup(`bottalk-bench-${profile.name}-${process.pid}`, profile));
  const startsMs: number[] = [];
  const { launcher } = group;
  while (startsMs.length < STARTS) startsMs.push(await startToPortMs(() => closing(new EntryProcess({ env, flags: FLAGS, launcher }))));
  const calls = closing(await EntryCalls.open());
  const lag = new LoopLag(join(folder, `${profile.name}.lag`));
  const measured = closing(
    new EntryProcess({ env: { ...env, ...calls.env, ...lag.env(env.NODE_OPTIONS), BOTTALK_CHROMIUM: chromium }, flags: FLAGS, launcher }),
  );
  const other = closing(new EntryProcess({ env: { ...env, ...calls.env }, flags: FLAGS }));
  const atRest = async (): Promise<AtRest> => {
    await wall.sleep(SETTLE_MS);
    return { use: group.use, kinds: useByKind(group.processes, { withMemory: true }) };
  };
  await Promise.all([measured.listens, other.listens]);
  const idle = await atRest();
  const sessions: SessionFigures[] = [];
  for (let session = 0; session < SESSIONS; session++) {
    const joining = new EntryWatch(group);
    let talking: EntryWatch | undefined;
    const call = await calls.hold([measured, other], () => {
      joining.end();
      lag.reset();
      talking = new EntryWatch(group);
    });
    talking?.end();
    writeFileSync(join(folder, `${profile.name}-${session}.log`), measured.printed);
    if (!talking) throw new Error(`${profile.name}: no call came about: ${measured.lines.at(-1)}`);
    sessions.push({ call, joining, talking, lateness: lag.lateness, after: await atRest() });
  }
  const { peakBytes } = group;
  for (const each of [measured, other, calls, group]) await each.close();
  return { startsMs, idle, sessions, peakBytes };
}

async function startToPortMs(start: () => EntryProcess): Promise<number> {
  const startedMs = wall.nowMs();
  const entry = start();
  await entry.listens;
  const tookMs = wall.nowMs() - startedMs;
  await entry.close();
  return tookMs;
}
