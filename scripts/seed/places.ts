import type { Address } from '#functions/premises/contract/premise-facts.ts';
import type { Reference } from '#shared/vocabulary/references.ts';
import { outageStreet, streets, towns } from './names.ts';

/** A place where the utility delivers. */
export interface Place {
  /** Number of the place: customer number and place of that customer, `00042-1`. */
  readonly code: string;
  readonly reference: Reference;
  readonly address: Address;
  readonly region: string;
}

const two = (number: number): string => String(number).padStart(2, '0');

const countries: Readonly<Record<string, string>> = {
  GBP: 'GB',
  USD: 'US',
  AUD: 'AU',
  NZD: 'NZ',
  CAD: 'CA',
  EUR: 'IE',
};
/** Country of an address by the currency bills are in; ZZ, which no country has, where none is known. */
export const countryOf = (currency: string): string => countries[currency] ?? 'ZZ';

/** Postcodes no post office has: no area is called ZZ. */
const postcodeOf = (district: number, street: number, side: number): string => {
  const letters = 'ABDEFGHJLNPQRSTUWXYZ';
  return `ZZ${district} ${street % 10}${letters[street % 20] ?? 'A'}${letters[(side * 7 + street) % 20] ?? 'S'}`;
};

const placeAt = (
  currency: string,
  code: string,
  lines: string[],
  where: { readonly town: number; readonly street: number; readonly side: number },
): Place => {
  const town = towns[where.town % towns.length] ?? towns[0];
  return {
    code,
    reference: { namespace: 'property', value: `P-${code}` },
    address: {
      lines,
      town: town.town,
      postcode: postcodeOf(town.district, where.street, where.side),
      country: countryOf(currency),
    },
    region: `${town.region}-${two(where.street % 20)}`,
  };
};

const codeOf = (customer: number, place: number): string => `${String(customer).padStart(5, '0')}-${place}`;

/** House of a customer number: 16 houses a street, 12 streets a town; nobody shares a door. */
export const houseOf = (currency: string, customer: number, place = 1): Place => {
  const index = customer + (place - 1) * 977;
  const row = Math.floor(index / 16);
  const street = row % streets.length;
  const round = Math.floor(row / (streets.length * towns.length));
  const door = (index % 16) * 2 + 1 + round * 40 + (place - 1);
  return placeAt(currency, codeOf(customer, place), [`${door} ${streets[street]}`], {
    town: Math.floor(row / streets.length),
    street,
    side: index % 2,
  });
};

/** A house in the street that goes dark; `door` counts from 1. */
export const lanternHouseOf = (currency: string, customer: number, door: number): Place =>
  placeAt(currency, codeOf(customer, 1), [`${door} ${outageStreet}`], { town: 0, street: 17, side: 0 });

/** A flat in the landlord's building. */
export const flatOf = (currency: string, customer: number, flat: number): Place =>
  placeAt(currency, codeOf(customer, flat), [`Flat ${flat}`, 'Harbour Court', '40 Quay Street'], {
    town: 0,
    street: 0,
    side: 1,
  });

/** A site of the business: one in each town, then a second. */
export const siteOf = (currency: string, customer: number, site: number): Place =>
  placeAt(currency, codeOf(customer, site), [`Unit ${site}`, `${60 + site} Cooper Yard`], {
    town: site - 1,
    street: 7,
    side: site % 2,
  });
