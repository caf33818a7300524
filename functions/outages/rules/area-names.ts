import { type Area, postcodeArea } from './area-outages.ts';

/** All areas of the utility together: what is said of it holds where an area has nothing of its own. */
export const wholeArea = 'all';

/** An area as one text, as keys hold it: `region NORTH-03`, `postcode GB LS14`. */
export const areaText = ({ kind, value }: Area): string => `${kind} ${value}`;

/** The same as routes name it, like a reference: `region:NORTH-03`, `postcode:GB LS14`. */
export const areaName = (text: string): string => text.replace(' ', ':');

const mostOfRegion = 40;

/**
 * The text of an area by its name in a route; undefined where it names none. Postcodes are taken as people write them, and a whole
 * British one as its sector: `postcode:GB ls1 4ab` is `postcode GB LS14`.
 */
export const areaNamed = (name: string): string | undefined => {
  if (name === wholeArea) return name;
  const [, kind, value = ''] = /^(region|postcode):(.+)$/su.exec(name) ?? [];
  if (kind === 'region') return value.length > mostOfRegion ? undefined : areaText({ kind, value });
  const [, country, postcode = ''] = /^([A-Z]{2}) ([A-Za-z0-9 -]{1,16})$/.exec(value) ?? [];
  if (kind !== 'postcode' || country === undefined) return undefined;
  const plain = postcode.toUpperCase().replace(/[^A-Z0-9]/g, '');
  if (plain === '') return undefined;
  // A sector ends in its digit; what has two letters behind it is whole.
  const isSector = country === 'GB' && !/[0-9][A-Z]{2}$/.test(plain);
  return areaText({ kind, value: `${country} ${isSector ? plain : postcodeArea(plain, country)}` });
};
