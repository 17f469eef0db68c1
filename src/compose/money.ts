/** What a run is told of money: the prices it may use, and whether its budget can be kept with them. */
import type { NewEvent } from '../events/event.ts';
import type { Price } from '../events/price.ts';
import type { CassetteHeader } from '../providers/cassette/cassette.ts';
import type { PriceRow } from '../scenarios/price-file.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { type Charge, chargesOf, checkBudget, pricesFor, spareCharges } from './charges.ts';
import { loadPrices } from './prices.ts';
import type { StartedAgent } from './run-started.ts';
import type { Secrets } from './secrets.ts';

export type MoneyOptions = {
  readonly secrets?: Secrets;
  /** A recording that is played in the world's place. */
  readonly replay?: { readonly cassette: { readonly header: Pick<CassetteHeader, 'agents' | 'prices'> } } | undefined;
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
  const recorded = scenario.agents.map(({ name }) => replay?.cassette.header.agents.find((agent) => agent.name === name));
  const charges = chargesOf(scenario, secrets, recorded);
  checkBudget(budgetUsd, charges, knownPrices(charges, options));
}

/** What the log is told; undefined where nobody bills, or nobody knows anything of prices. */
export function pricesKnown(scenario: Scenario, started: readonly StartedAgent[], options: MoneyOptions): Extract<NewEvent, { type: 'prices.known' }> | undefined {
  const { secrets = {}, replay, prices, budgetUsd = null } = options;
  const charges = chargesOf(scenario, secrets, started);
  if (charges.length === 0 || !(prices ?? replay?.cassette.header.prices)) return undefined;
  return { type: 'prices.known', budgetUsd, prices: knownPrices([...charges, ...spareCharges(scenario, secrets)], options) };
}

/** A recording keeps the prices of its day, so that it comes to the same money whenever it is played. */
function knownPrices(charges: readonly Charge[], { prices = [], repriced = false, replay }: MoneyOptions): readonly Price[] {
  const recorded = replay?.cassette.header.prices;
  return recorded && !repriced ? recorded : pricesFor(charges, prices);
}
