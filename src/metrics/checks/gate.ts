/**
 * A limit to a measured figure, as people write it: `response_latency p50 <= 1200ms for Sarah`. Reads it and says
 * what is wrong with it; whether it holds is decided in gates.ts.
 */
import { didYouMean } from '../../base/nearest.ts';
import { type Measure, MEASURE_NAMES, measureNamed, type Unit } from './measures.ts';

export type Gate = {
  readonly measure: string;
  /** Which figure of many; null where there is only one. */
  readonly stat: string | null;
  readonly comparison: '<=' | '>=';
  /** In the unit of the measure: milliseconds, seconds, a share from 0 to 1, or a plain number. */
  readonly limit: number;
  /** Null: for each agent, or for the call as a whole. */
  readonly agent: string | null;
};

/** Text such as `yield_latency max <= 600ms`, or what is wrong with it. */
export type ReadGate = { readonly gate: Gate } | { readonly mistake: string; readonly hint?: string };

const FORM = /^(?<measure>[a-z_]+)(?:\s+(?<stat>[a-z0-9]+))?\s*(?<comparison><=|>=|<|>|==?)\s*(?<number>-?\d+(?:\.\d+)?)\s*(?<unit>ms|s|m|%)?(?:\s+for\s+(?<agent>.+))?$/;

export function readGate(text: string): ReadGate {
  const parts = FORM.exec(text.trim())?.groups;
  if (!parts) return { mistake: 'expected a figure and its limit', hint: 'such as response_latency p50 <= 1200ms for Sarah' };
  const { measure: name = '', stat, comparison = '', number = '', unit, agent } = parts;
  const measure = measureNamed(name);
  if (!measure) return { mistake: `there is no figure ${JSON.stringify(name)}`, hint: didYouMean(name, MEASURE_NAMES) ?? `there are: ${MEASURE_NAMES.join(', ')}` };
  if (comparison !== '<=' && comparison !== '>=') return { mistake: `expected <= or >=, got ${comparison}` };
  const wrongStat = statMistake(name, stat, measure);
  if (wrongStat !== undefined) return { mistake: wrongStat };
  const limit = limitIn(unitOf(measure, stat), Number(number), unit);
  if (limit === undefined) return { mistake: `a limit of ${name} is ${LIMITS[unitOf(measure, stat)]}, got ${number}${unit ?? ''}` };
  const pointless = pointlessLimit(name, { measure, stat, comparison, limit });
  if (pointless !== undefined) return { mistake: pointless };
  if (agent !== undefined && measure.of === 'call') return { mistake: `${name} is a figure of the call, not of an agent`, hint: `leave out "for ${agent.trim()}"` };
  return { gate: { measure: name, stat: stat ?? null, comparison, limit, agent: agent?.trim() ?? null } };
}

type Limit = { readonly measure: Measure; readonly stat: string | undefined; readonly comparison: '<=' | '>='; readonly limit: number };

/** One that every run keeps would always look well, and one that no run can keep is a slip of the pen. */
function pointlessLimit(name: string, { measure, stat, comparison, limit }: Limit): string | undefined {
  const [least, most] = measure.range;
  const [unit, isUpper] = [unitOf(measure, stat), comparison === '<='];
  const isKept = isUpper ? limit >= most : limit <= least;
  const isBroken = isUpper ? limit < least : limit > most;
  if (isKept) return `${name} is never ${isUpper ? 'over' : 'under'} ${valueText(isUpper ? most : least, unit)}, so that this limit could not be missed`;
  if (isBroken) return `${name} is never ${isUpper ? 'under' : 'over'} ${valueText(isUpper ? least : most, unit)}, so that this limit could not be met`;
  return undefined;
}

/** As it is written, in the units that people read. */
export function gateText({ measure, stat, comparison, limit, agent }: Gate): string {
  const found = measureNamed(measure);
  const value = found ? valueText(limit, unitOf(found, stat ?? undefined)) : String(limit);
  return [measure, stat, comparison, value, agent === null ? null : `for ${agent}`].filter((part) => part !== null).join(' ');
}

export function valueText(value: number, unit: Unit): string {
  switch (unit) {
    case 'ms':
      return `${Math.round(value)} ms`;
    case 'secs':
      return `${Number(value.toFixed(2))} s`;
    case 'share':
      return `${Number((value * 100).toFixed(1))} %`;
    case 'count':
    case 'number':
      return String(Number(value.toFixed(2)));
  }
}

export function unitOf({ unit }: Measure, stat: string | undefined): Unit {
  return stat === 'count' ? 'count' : unit;
}

const LIMITS: Readonly<Record<Unit, string>> = {
  ms: 'a time such as 600ms or 1.2s',
  secs: 'a time such as 3s or 2m',
  share: 'a share such as 5% or 0.05',
  count: 'a number without a unit',
  number: 'a number without a unit',
};

/** The limit in the unit of the measure; undefined where the units do not go together. */
function limitIn(of: Unit, value: number, unit: string | undefined): number | undefined {
  const secs = unit === 'ms' ? value / 1000 : unit === 's' ? value : unit === 'm' ? value * 60 : undefined;
  switch (of) {
    case 'ms':
      return secs === undefined ? undefined : asWritten(secs * 1000);
    case 'secs':
      return secs === undefined ? undefined : asWritten(secs);
    case 'share':
      return unit === '%' ? asWritten(value / 100) : unit === undefined ? value : undefined;
    case 'count':
    case 'number':
      return unit === undefined ? value : undefined;
  }
}

/** 0.7 % is 0.007 and not a last bit less, or a figure of exactly 0.7 % would break its limit. */
function asWritten(value: number): number {
  return Number(value.toPrecision(12));
}

function statMistake(name: string, stat: string | undefined, { stats }: Measure): string | undefined {
  if (stat === undefined) return stats.length === 0 ? undefined : `say which ${name}: ${stats.join(', ')}`;
  if (stats.length === 0) return `${name} is one figure and has no ${stat}`;
  return (stats as readonly string[]).includes(stat) ? undefined : `${name} has no ${stat}: it has ${stats.join(', ')}`;
}
