/** Looks once a second at what a control group and each kind of its processes have used. */
import { systemWallClock as wall } from '../src/clock/wall-clock.ts';
import type { ControlGroup, GroupUse } from './control-group.ts';
import { type KindUse, useByKind } from './process-use.ts';

const LOOK_EVERY_MS = 1_000;
/** Reading the maps of a process holds it up for a moment. */
const MEMORY_EVERY = 5;

type Look = { readonly atMs: number; readonly use: GroupUse; readonly kinds: Readonly<Record<string, KindUse>> };

export class EntryWatch {
  readonly #group: ControlGroup;
  readonly #looks: Look[] = [];
  readonly #stop: () => void;

  constructor(group: ControlGroup) {
    this.#group = group;
    this.#look();
    this.#stop = wall.every(LOOK_EVERY_MS, () => this.#look());
  }

  /** Cores in use, second by second. */
  get cores(): readonly number[] {
    return this.#looks.slice(1).map((look, i) => coresBetween(this.#looks[i] as Look, look));
  }

  get meanCores(): number {
    return coresBetween(this.#first, this.#last);
  }

  /** The same by kind of process, for as long as all of them were there. */
  get coresByKind(): readonly (readonly [string, number])[] {
    const { kinds: before, atMs } = this.#first;
    const whole = this.#looks.findLast(({ kinds }) => Object.keys(before).every((kind) => kind in kinds)) ?? this.#last;
    const cores = Object.entries(whole.kinds).map(([kind, { cpuMs }]) => [kind, (cpuMs - (before[kind]?.cpuMs ?? 0)) / (whole.atMs - atMs)] as const);
    return cores.toSorted(([, one], [, other]) => other - one);
  }

  /** The share of all periods of 100 ms in which the CPU ran out, and how long processes stood still for that in all. */
  get throttled(): { readonly share: number; readonly ms: number } {
    const [before, after] = [this.#first, this.#last];
    const periods = Math.max(1, (after.atMs - before.atMs) / 100);
    return { share: (after.use.throttledPeriods - before.use.throttledPeriods) / periods, ms: after.use.throttledMs - before.use.throttledMs };
  }

  /** The group's, look by look. */
  get uses(): readonly GroupUse[] {
    return this.#looks.map(({ use }) => use);
  }

  /** The last time at which the memory of each kind of process was looked at while all were there. */
  get memory(): Readonly<Record<string, KindUse>> {
    const kindsOf = ({ kinds }: Look): number => Object.values(kinds).filter(({ rssMb }) => rssMb > 0).length;
    const most = Math.max(...this.#looks.map(kindsOf));
    return this.#looks.findLast((look) => kindsOf(look) === most)?.kinds ?? {};
  }

  /** Watches no more. */
  end(): void {
    this.#stop();
    this.#look();
  }

  get #first(): Look {
    return this.#looks[0] as Look;
  }

  get #last(): Look {
    return this.#looks.at(-1) as Look;
  }

  #look(): void {
    const withMemory = this.#looks.length % MEMORY_EVERY === MEMORY_EVERY - 1;
    this.#looks.push({ atMs: wall.nowMs(), use: this.#group.use, kinds: useByKind(this.#group.processes, { withMemory }) });
  }
}

function coresBetween(before: Look, after: Look): number {
  return (after.use.cpuMs - before.use.cpuMs) / Math.max(1, after.atMs - before.atMs);
}
