import { birthDateOf, type DayOrder, dayOrderOf } from './birth-date.ts';
import type { PersonRow } from './person-columns.ts';
import { namePartsOf } from './person-name.ts';
import { emailOf, genderOf, identifierOf, phoneDigitsOf, plainValue, postcodeOf } from './plain-values.ts';
import { addressPartsOf } from './postal-address.ts';

/** The fields that are compared. */
export const comparedFields = [
  'given',
  'middle',
  'family',
  'generation',
  'birthDate',
  'gender',
  'nationalId',
  'phone',
  'email',
  'number',
  'street',
  'line2',
  'town',
  'state',
  'postcode',
] as const;
export type ComparedField = (typeof comparedFields)[number];

/** A person's row as it is compared; undefined where nothing is known. */
export type PersonValues = Readonly<Record<ComparedField, string | undefined>>;

const joinedDate = (row: PersonRow): string | undefined => {
  const { birthYear, birthMonth, birthDay } = row;
  if (plainValue(birthYear) === undefined) return undefined;
  const [month, day] = [plainValue(birthMonth), plainValue(birthDay)];
  return month === undefined || day === undefined ? birthYear : `${birthYear}-${month}-${day}`;
};

const valuesOf = (row: PersonRow, order: DayOrder): PersonValues => {
  const name = namePartsOf(row);
  const address = addressPartsOf(row);
  return {
    ...name,
    ...address,
    birthDate: birthDateOf(plainValue(row.birthDate) === undefined ? joinedDate(row) : row.birthDate, order),
    gender: genderOf(row.gender),
    nationalId: identifierOf(row.nationalId),
    phone: phoneDigitsOf(row.phone),
    email: emailOf(row.email),
    postcode: postcodeOf(row.postcode) ?? address.postcode,
  };
};

/** Reads the rows of one file; whether its dates write days or months first is told by all of them. */
export const readPersons = (rows: readonly PersonRow[]): readonly PersonValues[] => {
  const order = dayOrderOf(rows.flatMap(({ birthDate }) => (birthDate === undefined ? [] : [birthDate])));
  return rows.map((row) => valuesOf(row, order));
};
