import { type SearchSubject, searchKeys } from '#functions/search/rules/search-keys.ts';
import { exactSearchItems, singleWords, vocabularyItems, wordSearchItems } from '#functions/search/store/search.ts';
import type { SearchHash } from '#functions/search/store/search-hash.ts';
import type { Item, Table } from '#shared/table/table.ts';
import { type Household, testId } from './household.ts';
import { householdViews } from './household-views.ts';

/** Utilities made up for the tests of search. */

interface Entries {
  readonly items: readonly Item[];
  readonly words: readonly string[];
}

const entriesOf = async (hash: SearchHash, subject: SearchSubject, found: string): Promise<Entries> => {
  const keys = searchKeys(subject, { country: 'GB' });
  const exact = await exactSearchItems(hash, keys, found);
  return { items: [...exact, ...wordSearchItems(keys, found)], words: singleWords(keys) };
};

/** Search entries of a household: of the customer, the account and the premise. */
export const householdEntries = async (
  hash: SearchHash,
  { number, customer, account, premise }: Household,
): Promise<Entries> => {
  const all = [
    await entriesOf(hash, customer, testId('customer', number)),
    await entriesOf(hash, account ?? {}, testId('account', number)),
    await entriesOf(hash, premise ?? {}, testId('premise', number)),
  ];
  return { items: all.flatMap(({ items }) => items), words: all.flatMap(({ words }) => words) };
};

/** Puts views and search entries of households into a table in bulk, as a migration does. */
export const settle = async (table: Table, hash: SearchHash, households: readonly Household[]): Promise<void> => {
  const words = new Set<string>();
  const items: Item[] = [];
  for (const household of households) {
    const entries = await householdEntries(hash, household);
    for (const word of entries.words) words.add(word);
    items.push(...entries.items, ...householdViews(household));
  }
  for (let from = 0; from < items.length; from += 5000) await table.batchPut(items.slice(from, from + 5000));
  await table.batchPut(vocabularyItems(words));
};

const given =
  'Olivia Amelia Isla Ava Mia Ivy Lily Freya Florence Willow George Arthur Noah Oliver Leo Oscar Theodore Archie Jack Henry Margaret Susan Patricia Christine Linda Elizabeth Barbara Kathleen Dorothy Maureen David Michael Peter Christopher Stephen Anthony Kenneth Malcolm Geoffrey Nigel Aisha Fatima Mohammed Hassan Priya Anjali Ravi Sanjay Agnieszka Katarzyna Piotr Tomasz Siobhan Niamh Ciaran Padraig Rhiannon Angharad Gareth Llewellyn'.split(
    ' ',
  );
const family =
  'Smith Jones Taylor Brown Williams Wilson Johnson Davies Patel Robinson Wright Thompson Evans Walker White Roberts Green Hall Wood Jackson Clarke Clark Harrison Scott Cooper Morris Ward Turner Carter Phillips Mitchell Shepherd Begum Khan Hussain Singh Kaur Chowdhury Fitzgerald Gallagher Donoghue McCarthy MacDonald Campbell Stewart Robertson Sinclair Kowalski Nowak Wisniewski Papadopoulos Featherstone Cholmondeley Abernathy Blenkinsop Pennington Hathersage Winterbourne Ravenscroft Thistlewood'.split(
    ' ',
  );
const streets =
  'High Street|Station Road|Church Lane|Mill Lane|Park Avenue|Quay Street|Harbour View|Chapel Hill|Orchard Close|The Avenue|Victoria Terrace|Kingfisher Drive'.split(
    '|',
  );
const towns = ['Saltmouth', 'Northwick', 'Eastferry', 'Little Marling', 'Upper Brook'];

/** A number from 0 up to, without, `below`; each `draw` of each household is its own (32-bit avalanche of murmur). */
const drawn = (number: number, draw: number, below: number): number => {
  let mixed = Math.imul(number * 31 + draw, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) % below;
};
const pick = (list: readonly string[], number: number, draw: number): string =>
  list[drawn(number, draw, list.length)] ?? '';

/** A utility of any size, the same each time. Phone numbers are of the ranges kept for stories. */
export const manyHouseholds = (count: number, first = 1000): readonly Household[] =>
  Array.from({ length: count }, (_, place): Household => {
    const number = first + place;
    const name = `${pick(given, number, 1)} ${pick(family, number, 2)}`;
    const postcode = `ZZ${1 + drawn(number, 3, 30)} ${1 + drawn(number, 4, 3)}QS`;
    const street = `${1 + drawn(number, 5, 180)} ${pick(streets, number, 6)}`;
    return {
      number,
      customer: {
        names: [name],
        phones: [`+441632${String(960000 + (number % 1000))}`, `+1202555${String(1000 + (number % 9000))}`],
        emails: [`${name.toLowerCase().replace(' ', '.')}.${number}@example.com`],
      },
      account: { accountNumbers: [`A-${number}-77`], billNumbers: [`B${number}001`] },
      premise: {
        addresses: [`${street}, ${pick(towns, number, 7)}, ${postcode}`],
        postcodes: [postcode],
        serials: [`Z${number}M`],
      },
    };
  });
