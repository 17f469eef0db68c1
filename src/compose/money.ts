/** What a run is told of money: the prices it may use, and whether its budget can be kept with them. */
import type { NewEvent } from '../events/event.ts';
import type { Price } from '../events/price.ts';
import { isPriceOf } from '../metrics/price-list.ts';
import type { CassetteHeader } from '../providers/cassette/cassette.ts';
import type { CassetteMode } from '../providers/cassette/playback.ts';
import type { PriceRow } from '../scenarios/price-file.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { type Charge, chargesOf, checkBudget, pricesFor, spareCharges } from './charges.ts';
import { playsAlone } from './replay.ts';
import { earsHost } from './hosts.ts';
import { loadPrices } from './prices.ts';
import type { StartedAgent } from './run-started.ts';
import type { Secrets } from './secrets.ts';

export type MoneyOptions = {
  readonly secrets?: Secrets;
  /** A recording that is played in the world's place. */
  readonly replay?: { readonly cassette: { readonly header: Pick<CassetteHeader, 'agents' | 'transcription' | 'prices'> }; readonly mode: CassetteMode } | undefined;
  /** What the world's providers charge, in order of precedence. Without any it is unknown, or what a recording knows. */
  readonly prices?: readonly PriceRow[] | undefined;
  /** These prices also take the place of those that a recording keeps. */
  readonly repriced?: boolean | undefined;
  /** The run ends before it has cost more than this, and does not begin where a price is unknown. */
  readonly budgetUsd?: number | undefined;
};

/** The rows for a run: of the file that is named, or where somebody bills, of whatever file there is. */
export function rowsFor(scenario: Scenario, secrets: Secrets, file?: string): readonly PriceRow[] | undefined {
  return file !== undefined || chargesOf(scenario, secrets).length > 0 ? loadPrices(file) : undefined;
}

/** Throws the UsageError of a budget that cannot be kept. */
export function checkMoney(scenario: Scenario, options: MoneyOptions): void {
  const { secrets = {}, replay, budgetUsd } = options;
  if (budgetUsd === undefined) return;
  const recorded = replay && playsAlone(replay) ? replay.cassette.header.agents : [];
  const agents = scenario.agents.map(({ name }) => recorded.find((agent) => agent.name === name));
  const charges = chargesOf(scenario, secrets, { agents, ears: earsHost(scenario, secrets, replay) });
  checkBudget(budgetUsd, charges, knownPrices(charges, options));
}

/** What the log is told; undefined where nobody bills, or nobody knows anything of prices. */
export function pricesKnown(scenario: Scenario, started: readonly StartedAgent[], options: MoneyOptions): Extract<NewEvent, { type: 'prices.known' }> | undefined {
  const { secrets = {}, replay, prices, budgetUsd = null } = options;
  const charges = chargesOf(scenario, secrets, { agents: started, ears: earsHost(scenario, secrets, replay) });
  if (charges.length === 0 || !(prices ?? replay?.cassette.header.prices)) return undefined;
  return { type: 'prices.known', budgetUsd, prices: knownPrices([...charges, ...spareCharges(scenario, secrets)], options) };
}

/**
 * A recording keeps the prices of its day, so that it comes to the same money whenever it is played. One that is refreshed may ask
 * somebody else.
 */
function knownPrices(charges: readonly Charge[], { prices = [], repriced = false, replay }: MoneyOptions): readonly Price[] {
  const recorded = repriced ? undefined : replay?.cassette.header.prices;
  if (!replay || !recorded) return pricesFor(charges, prices);
  if (playsAlone(replay)) return recorded;
  const known = (price: Price): boolean => recorded.some((other) => other.per === price.per && isPriceOf(other, price));
  return [...recorded, ...pricesFor(charges, prices).filter((price) => !known(price))];
}
