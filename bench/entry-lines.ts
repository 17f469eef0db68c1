/** The figures of one profile as lines for the reader. */
import type { SideFigures } from './entry-call.ts';
import type { AtRest, Profile, ProfileFigures, SessionFigures } from './entry-profile.ts';
import type { EntryWatch } from './entry-watch.ts';
import { median, p95 } from './figures.ts';
import type { KindUse } from './process-use.ts';

export function entryLines({ name, cpus, memoryBytes }: Profile, { startsMs, idle, sessions, peakBytes }: ProfileFigures): string[] {
  return [
    `${name}: ${cpus} CPU, ${memoryBytes / 2 ** 30} GB`,
    line('start to port, median of 5', `${whole(median(startsMs))} ms (${whole(Math.min(...startsMs))} to ${whole(Math.max(...startsMs))})`),
    line('memory before the first session', `${inAll(idle.kinds)}; anonymous ${mb(idle.use.anonymousBytes)} MB`),
    ...sessions.flatMap((session, i) => sessionLines(i + 1, session)),
    line('most memory of the group ever', peakBytes === undefined ? 'not told by this kernel' : `${mb(peakBytes)} MB with the files it was first to read`),
  ];
}

function sessionLines(number: number, { call, joining, talking, lateness, after }: SessionFigures): string[] {
  const anonymous = talking.uses.map(({ anonymousBytes }) => anonymousBytes);
  return [
    `  session ${number}: ${call.callSecs.toFixed(0)} s`,
    line('  joining, CPU', cpuText(joining)),
    line('  talking, CPU', cpuText(talking)),
    line('  cores by process', talking.coresByKind.filter(([, cores]) => cores >= 0.001).map(([kind, cores]) => `${kind} ${cores.toFixed(3)}`).join(', ')),
    line('  memory while talking', `${inAll(talking.memory)}; anonymous ${mb(median(anonymous))} MB, at most ${mb(Math.max(...anonymous))} MB`),
    ...Object.entries(talking.memory).map(([kind, use]) => line(`    ${kind}${use.processes > 1 ? ` (${use.processes})` : ''}`, memoryText(use))),
    line('  timers of 20 ms in Node come late by', `P95 ${lateness.p95Ms.toFixed(1)} ms, at most ${whole(lateness.worstMs)} ms; ${lateness.over40Ms} of ${lateness.timers} by more than 40 ms`),
    ...call.sides.flatMap(sideLines),
    line('  memory after it', afterText(after)),
  ];
}

function sideLines(side: SideFigures): string[] {
  const { agent, status, endedBy, turns, joinedAfterMs, responseLatency, firstToken, firstByte, concealed, lag, complaints } = side;
  const latency = `heard response ${show(responseLatency.avg)} ms, P95 ${show(responseLatency.p95)} ms; first token ${show(firstToken)} ms, first sound ${show(firstByte)} ms`;
  const behind = lag ? `; behind ${lag.times} times by up to ${whole(lag.worstMs)} ms while it waited for an answer, first ${(lag.firstMs / 1000).toFixed(1)} s into its call` : '';
  return [
    line(`  ${agent}`, `${status}, ${endedBy ?? 'no end'}, ${turns} turns, in the room after ${whole(joinedAfterMs)} ms; ${latency}`),
    line('', `sound of the peer that came too late: ${(concealed * 100).toFixed(2)} %${behind}`),
    ...complaints.slice(0, 5).map((complaint) => line('', complaint)),
  ];
}

function cpuText(watch: EntryWatch): string {
  const { cores, meanCores, throttled } = watch;
  const perSecond = cores.length === 0 ? '' : `, P95 per second ${p95(cores).toFixed(2)}`;
  return `${meanCores.toFixed(2)} cores${perSecond}; ran out in ${(throttled.share * 100).toFixed(1)} % of periods, ${whole(throttled.ms)} ms in all`;
}

/** Pages of files are the group's own but for Node's, which others use too. */
function inAll(kinds: Readonly<Record<string, KindUse>>): string {
  const sum = Object.entries(kinds).reduce((total, [kind, { rssMb, pssMb }]) => total + (kind === 'Node' ? rssMb : pssMb), 0);
  return `${whole(sum)} MB with program files`;
}

function memoryText({ anonymousMb, pssMb, rssMb }: KindUse): string {
  return `anonymous ${whole(anonymousMb)}, PSS ${whole(pssMb)}, RSS ${whole(rssMb)} MB`;
}

function afterText({ use, kinds }: AtRest): string {
  return `anonymous ${mb(use.anonymousBytes)} MB; ${Object.entries(kinds).map(([kind, each]) => `${kind}: ${memoryText(each)}`).join('; ')}`;
}

function line(what: string, value: string): string {
  return `  ${what.padEnd(40)}${value}`;
}

function mb(bytes: number): string {
  return whole(bytes / 2 ** 20);
}

function whole(value: number): string {
  return value.toFixed(0);
}

function show(value: number | null): string {
  return value === null ? '-' : whole(value);
}
