import { soundex } from '#shared/text/soundex.ts';
import { type KnownPerson, valuesOf } from './known-person.ts';
import type { PersonValues } from './person-values.ts';

/** One way in which records of one person may be near each other, from the most telling on. */
export const blockingPasses = ['email', 'phone', 'born', 'home', 'area'] as const;
export type BlockingPass = (typeof blockingPasses)[number];

/** What two records must share to be compared. */
export interface BlockingKey {
  readonly pass: BlockingPass;
  readonly value: string;
}

/** Most keys of one record: so many partitions are read to find whom it may be. */
export const mostKeys = 12;

const namesOf = ({ given, family }: PersonValues): readonly string[] =>
  [given, family].filter((name) => name !== undefined);

/** Keys of a pass, from every combination of the values they are made of. */
const passes: Readonly<Record<BlockingPass, (rows: readonly PersonValues[]) => readonly string[]>> = {
  email: (rows) => rows.flatMap(({ email }) => email ?? []),
  phone: (rows) => rows.flatMap(({ phone }) => phone ?? []),
  /** Date of birth and the sound of a name: either name may have been changed or misspelt. */
  born: (rows) => {
    const sounds = rows.flatMap(namesOf).map(soundex);
    return rows.flatMap(({ birthDate }) =>
      birthDate === undefined ? [] : sounds.map((sound) => `${birthDate} ${sound}`),
    );
  },
  home: (rows) =>
    rows.flatMap(({ number, street, postcode, town }) => {
      const area = postcode ?? town;
      return street === undefined || area === undefined ? [] : [`${number ?? ''} ${street} ${area}`];
    }),
  /** Postcode and three letters of a name. */
  area: (rows) => {
    const beginnings = rows.flatMap(namesOf).map((name) => name.slice(0, 3));
    return rows.flatMap(({ postcode }) =>
      postcode === undefined ? [] : beginnings.map((letters) => `${postcode} ${letters}`),
    );
  },
};

/** No key is longer: what is longer is no name or address. */
const longest = 120;

/** The keys under which a record is found by records that may be of the same customer, the most telling first. */
export const blockingKeys = (person: KnownPerson): readonly BlockingKey[] => {
  const rows = valuesOf(person);
  return blockingPasses
    .flatMap((pass) =>
      [...new Set(passes[pass](rows))].sort().map((value) => ({ pass, value: value.slice(0, longest) })),
    )
    .slice(0, mostKeys);
};
