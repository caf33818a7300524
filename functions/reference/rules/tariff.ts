import type { PricedUnit } from '#shared/vocabulary/prices.ts';
import type { Commodity } from '#shared/vocabulary/statuses.ts';

/** What is charged from a local date on, until the next entry; of richer prices more members stand beside the flat one. */
export interface PriceEntry {
  /** Local date of the service point. */
  readonly from: string;
  /** Flat price of one unit in the currency itself, a decimal text. */
  readonly energyPrice: string;
}

/** The agreed tariff over local dates [from, to). */
export interface AgreedTariff {
  readonly tariff: string;
  readonly from: string;
  readonly to: string | null;
}

/** A price list, by the code that agreements name. */
export interface Tariff {
  readonly code: string;
  readonly name?: string;
  readonly commodity: Commodity;
  readonly currency: string;
  readonly unit: PricedUnit;
  /** Ascending by date, one for each. */
  readonly prices: readonly PriceEntry[];
}

/** The price of one unit on a local date; undefined before the first entry. */
export const energyPriceOn = ({ prices }: Tariff, date: string): string | undefined =>
  prices.findLast(({ from }) => from <= date)?.energyPrice;
