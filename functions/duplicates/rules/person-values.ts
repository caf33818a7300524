import { birthDateOf, type DayOrder, dayOrderOf } from './birth-date.ts';
import { unsaid } from './levels.ts';
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
  'holder',
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

/** What a column of deaths says where nobody died. */
const alive: ReadonlySet<string> = new Set(['n', 'no', 'f', 'false', '0', 'alive', 'living']);
const isDead = (raw: string | undefined): boolean => {
  const said = plainValue(raw);
  return said !== undefined && !alive.has(said) && !/^0[0 ]*$/.test(said);
};

const valuesOf = (row: PersonRow, order: DayOrder): PersonValues => {
  const { gender, holder, ...name } = namePartsOf(row);
  const address = addressPartsOf(row);
  return {
    ...name,
    ...address,
    holder: isDead(row.deceased) ? 'estate' : holder,
    birthDate: birthDateOf(plainValue(row.birthDate) === undefined ? joinedDate(row) : row.birthDate, order),
    gender: genderOf(row.gender) ?? gender,
    nationalId: identifierOf(row.nationalId),
    phone: phoneDigitsOf(row.phone),
    email: emailOf(row.email),
    postcode: postcodeOf(row.postcode) ?? address.postcode,
  };
};

/** Says of every row what only some say, so that silence can differ from it; a file in which none does has no such field. */
const withSilence = (rows: readonly PersonValues[]): readonly PersonValues[] => {
  const generations = rows.some(({ generation }) => generation !== undefined);
  const holders = rows.some(({ holder }) => holder !== 'one');
  return rows.map((row) => ({
    ...row,
    generation: generations ? (row.generation ?? unsaid) : undefined,
    holder: holders ? row.holder : undefined,
  }));
};

/** Reads the rows of one file; whether its dates write days or months first is told by all of them. */
export const readPersons = (rows: readonly PersonRow[]): readonly PersonValues[] => {
  const order = dayOrderOf(rows.flatMap(({ birthDate }) => (birthDate === undefined ? [] : [birthDate])));
  return withSilence(rows.map((row) => valuesOf(row, order)));
};
