import { type AgreedTariff, energyPriceOn, type Tariff } from '#functions/reference/rules/tariff.ts';
import type { Scale, Unit } from '#shared/vocabulary/measures.ts';
import { minorDigits } from '#shared/vocabulary/money.ts';
import { type PricedUnit, shifted } from '#shared/vocabulary/prices.ts';
import type { Commodity } from '#shared/vocabulary/statuses.ts';

/** Price in minor units of so much of the register's unit: 28.5 pence a kWh is { minor: 28.5, per: 1000 } of Wh. */
export interface UnitPrice {
  readonly minor: number;
  readonly per: number;
}

/** A price that holds, with the list it is from: what a cost can be checked by. */
export interface KnownPrice extends UnitPrice {
  readonly tariff: string;
  /** As the list has it, of one `unit` in the currency itself. */
  readonly energyPrice: string;
  readonly unit: PricedUnit;
  readonly currency: string;
}

/** Why there is no price, in plain words that end a sentence. */
export interface NoPrice {
  readonly missing: string;
}
export type Price = KnownPrice | NoPrice;

/** Prices by the local date on which something was used. */
export type PriceOn = (date: string) => Price;

export const isKnown = (price: Price | undefined): price is KnownPrice => price !== undefined && 'minor' in price;

/** So many powers of ten of a unit are one of what prices are told for; a register that counts in another has no price there. */
const priced: Readonly<Partial<Record<Unit, { readonly unit: PricedUnit; readonly power: number }>>> = {
  Wh: { unit: 'kWh', power: 3 },
  L: { unit: 'm3', power: 3 },
  m3: { unit: 'm3', power: 0 },
  ft3: { unit: 'ft3', power: 0 },
  therm: { unit: 'therm', power: 0 },
};

const priceOf = (tariff: Tariff, date: string, commodity: Commodity, scale: Scale): Price => {
  const { code, currency, unit } = tariff;
  if (tariff.commodity !== commodity) return { missing: `tariff ${code} is one of ${tariff.commodity}` };
  const counted = priced[scale.unit];
  if (counted?.unit !== unit)
    return { missing: `tariff ${code} has prices of a ${unit}, and the register counts in ${scale.unit}` };
  const energyPrice = energyPriceOn(tariff, date);
  if (energyPrice === undefined) return { missing: `tariff ${code} has no price for ${date}` };
  return {
    tariff: code,
    energyPrice,
    unit,
    currency,
    minor: shifted(energyPrice, minorDigits(currency)),
    per: 10 ** (counted.power - scale.powerOfTen),
  };
};

/** What the agreements of a point make of a day's use: the price of the tariff that was agreed then, or why there is none. */
export const pricesBy =
  (
    agreed: readonly AgreedTariff[],
    tariffs: ReadonlyMap<string, Tariff>,
    commodity: Commodity,
    scale: Scale,
  ): PriceOn =>
  (date) => {
    const agreement = agreed.findLast(({ from, to }) => from <= date && (to === null || date < to));
    if (agreement === undefined) return { missing: 'no agreement is in force' };
    if (agreement.tariff === '') return { missing: 'the agreement names no tariff' };
    const tariff = tariffs.get(agreement.tariff);
    return tariff === undefined
      ? { missing: `no prices of tariff ${agreement.tariff} are known` }
      : priceOf(tariff, date, commodity, scale);
  };

/** What an amount in the register's unit costs, in minor units, rounded; zero has no sign. */
export const costOf = ({ minor, per }: UnitPrice, amount: number): number => Math.round((amount * minor) / per) + 0;

/** Prices that costs were told by, or why there are none, as evidence: each tariff and price once. */
export const evidenceOfPrices = (prices: readonly (Price | undefined)[]): Readonly<Record<string, string>> => {
  const known = prices.filter(isKnown);
  const missing = prices.flatMap((price) => (price === undefined || isKnown(price) ? [] : [price.missing]));
  const each = (of: (price: KnownPrice) => string): string => [...new Set(known.map(of))].join(', ');
  return {
    ...(known.length === 0 ? {} : { tariff: each(({ tariff }) => tariff), energyPrice: each(writePrice) }),
    ...(missing.length === 0 ? {} : { cost: `not known: ${[...new Set(missing)].join('; ')}` }),
  };
};

/** A price for people: `0.2486 GBP a kWh`. */
export const writePrice = ({ energyPrice, currency, unit }: KnownPrice): string =>
  `${energyPrice} ${currency} a ${unit === 'm3' ? 'm³' : unit === 'ft3' ? 'ft³' : unit}`;
