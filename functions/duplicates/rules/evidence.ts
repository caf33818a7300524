import {
  birthDateLevel,
  type CompareValues,
  digitsLevel,
  emailLevel,
  generationLevel,
  lineLevel,
  middleLevel,
  nameLevel,
  numberLevel,
  postcodeLevel,
  sameOrNot,
  townLevel,
} from './levels.ts';
import type { ComparedField } from './person-values.ts';

/** What people of one household share of a field, before the file is looked at. */
export type HouseholdShare =
  /** As one person's records agree: the address. */
  | { readonly kind: 'as-match' }
  /** As two strangers agree. */
  | { readonly kind: 'as-other' }
  /** This share is equal, the rest as with strangers. */
  | { readonly kind: 'equal'; readonly share: number }
  /** These shares of the levels to begin with, estimated from the file like those of a match. */
  | { readonly kind: 'estimated'; readonly shares: readonly number[] };

/** One thing that two records say about each other. */
export interface Evidence {
  readonly name: ComparedField | 'initial' | 'nameOrder' | 'addressOrder';
  /** Expected shares of the levels among records of one person, before the file is looked at: equal first, "else" last. */
  readonly expected: readonly number[];
  /** Least share of records of one person that is equal; less and it is not persons that are being found. */
  readonly leastEqual: number;
  /** Most that may differ altogether. */
  readonly mostElse: number;
  /** Least that differs altogether: people have several phones and e-mail addresses, also where a file shows few who do. */
  readonly leastElse?: number;
  /** Whether a rare value counts more than a frequent one. */
  readonly byFrequency: boolean;
  readonly household: HouseholdShare;
}

const five = [0.8, 0.08, 0.03, 0.03, 0.06] as const;
/** What tells people of one home apart seldom differs altogether in one person's records. */
const own = [0.84, 0.08, 0.03, 0.03, 0.02] as const;
const four = [0.82, 0.08, 0.03, 0.07] as const;
const three = [0.85, 0.05, 0.1] as const;
const order = [0.95, 0.05] as const;

const asMatch = { kind: 'as-match' } as const;
const asOther = { kind: 'as-other' } as const;
const equal = (share: number): HouseholdShare => ({ kind: 'equal', share });
const estimated = (shares: readonly number[]): HouseholdShare => ({ kind: 'estimated', shares });

/** All evidence, in the order in which the levels of a pair are kept. */
export const evidence: readonly Evidence[] = [
  { name: 'given', expected: own, leastEqual: 0.5, mostElse: 0.15, byFrequency: true, household: equal(0.02) },
  { name: 'initial', expected: [0.97, 0.03], leastEqual: 0.5, mostElse: 0.1, byFrequency: false, household: asOther },
  { name: 'middle', expected: three, leastEqual: 0, mostElse: 0.4, byFrequency: true, household: asOther },
  {
    name: 'family',
    expected: five,
    leastEqual: 0.5,
    mostElse: 0.35,
    byFrequency: true,
    household: estimated([0.7, 0.06, 0.01, 0.01, 0.22]),
  },
  { name: 'nameOrder', expected: order, leastEqual: 0, mostElse: 0.4, byFrequency: false, household: asOther },
  {
    name: 'generation',
    expected: [0.96, 0.035, 0.005],
    leastEqual: 0,
    mostElse: 0.02,
    byFrequency: false,
    household: asOther,
  },
  { name: 'holder', expected: [0.97, 0.03], leastEqual: 0, mostElse: 0.1, byFrequency: false, household: asOther },
  { name: 'birthDate', expected: own, leastEqual: 0.5, mostElse: 0.25, byFrequency: true, household: equal(0.02) },
  { name: 'gender', expected: [0.98, 0.02], leastEqual: 0, mostElse: 0.1, byFrequency: false, household: asOther },
  { name: 'nationalId', expected: four, leastEqual: 0.5, mostElse: 0.25, byFrequency: true, household: asOther },
  {
    name: 'phone',
    expected: four,
    leastEqual: 0,
    mostElse: 0.7,
    leastElse: 0.1,
    byFrequency: true,
    household: estimated([0.3, 0.03, 0.03, 0.64]),
  },
  {
    name: 'email',
    expected: four,
    leastEqual: 0,
    mostElse: 0.7,
    byFrequency: true,
    household: estimated([0.1, 0.03, 0.05, 0.82]),
  },
  { name: 'number', expected: three, leastEqual: 0, mostElse: 0.7, byFrequency: false, household: asMatch },
  { name: 'street', expected: four, leastEqual: 0, mostElse: 0.7, byFrequency: true, household: asMatch },
  { name: 'line2', expected: four, leastEqual: 0, mostElse: 0.8, byFrequency: true, household: asMatch },
  { name: 'addressOrder', expected: order, leastEqual: 0, mostElse: 0.4, byFrequency: false, household: asMatch },
  { name: 'town', expected: four, leastEqual: 0, mostElse: 0.7, byFrequency: true, household: asMatch },
  { name: 'state', expected: three, leastEqual: 0, mostElse: 0.5, byFrequency: false, household: asMatch },
  { name: 'postcode', expected: four, leastEqual: 0, mostElse: 0.7, byFrequency: true, household: asMatch },
];

export const slotOf = (name: Evidence['name']): number => evidence.findIndex((piece) => piece.name === name);

/** How the values of a field are compared. */
export const compareField: Readonly<Record<ComparedField, CompareValues>> = {
  given: nameLevel,
  middle: middleLevel,
  family: nameLevel,
  generation: generationLevel,
  holder: sameOrNot,
  birthDate: birthDateLevel,
  gender: sameOrNot,
  nationalId: digitsLevel,
  phone: digitsLevel,
  email: emailLevel,
  number: numberLevel,
  street: lineLevel,
  line2: lineLevel,
  town: townLevel,
  state: numberLevel,
  postcode: postcodeLevel,
};
