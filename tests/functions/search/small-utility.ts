import type { Described } from '#functions/search/search-customers.ts';
import { type SearchSubject, searchKeys } from '#shared/domain/search/search-keys.ts';
import { emptyHead, writeHead } from '#shared/store/items.ts';
import { headKey } from '#shared/store/keys.ts';
import { exactSearchItems, singleWords, vocabularyItems, wordSearchItems } from '#shared/store/search.ts';
import type { Item, Table } from '#shared/store/table.ts';
import { type IdKind, idFrom } from '#shared/vocabulary/ids.ts';

/** Utilities made up for the tests of search: customers, each with one account at one premise unless said. */

export const testId = (kind: IdKind, number: number): string => idFrom(kind, String(number).padStart(26, '0'));

export interface Household {
  readonly number: number;
  readonly customer: SearchSubject & { readonly names: readonly string[] };
  /** Others who hold the same account. */
  readonly joint?: readonly number[];
  readonly account?: SearchSubject;
  readonly premise?: SearchSubject;
}

const items = (subject: SearchSubject, found: string): readonly Item[] => {
  const keys = searchKeys(subject, { country: 'GB' });
  return [...exactSearchItems(keys, found), ...wordSearchItems(keys, found)];
};

/** Items per customer of each kind, for figures. */
export const itemsOf = ({ number, customer, account, premise, joint }: Household): readonly Item[] => {
  const [cus, acc, prm] = [testId('customer', number), testId('account', number), testId('premise', number)];
  const holders = [cus, ...(joint ?? []).map((other) => testId('customer', other))];
  return [
    ...items(customer, cus),
    ...(account === undefined
      ? []
      : [...items(account, acc), writeHead(headKey(acc), { ...emptyHead, readers: holders })]),
    ...(premise === undefined
      ? []
      : [
          ...items(premise, prm),
          writeHead(headKey(prm), { ...emptyHead, pairs: holders.map((holder): [string, string] => [holder, acc]) }),
        ]),
  ];
};

/** Puts households into a table in bulk, as a migration does. */
export const settle = async (table: Table, households: readonly Household[]): Promise<void> => {
  const words = new Set<string>();
  for (const { customer, account, premise } of households) {
    for (const subject of [customer, account ?? {}, premise ?? {}]) {
      for (const word of singleWords(searchKeys(subject, { country: 'GB' }))) words.add(word);
    }
  }
  const all = households.flatMap(itemsOf);
  for (let from = 0; from < all.length; from += 5000) await table.batchPut(all.slice(from, from + 5000));
  await table.batchPut(vocabularyItems(words));
};

/** What hits show, as the view would say it; counts how many customers were asked for. */
export const describer = (
  households: readonly Household[],
): { describe(ids: readonly string[]): Promise<readonly Described[]>; asked(): number } => {
  let asked = 0;
  const known = new Map(
    households.map(({ number, customer, premise }): [string, Described] => [
      testId('customer', number),
      {
        id: testId('customer', number),
        name: customer.names[0] ?? '',
        accounts: [testId('account', number)],
        address: premise?.addresses?.[0] ?? customer.addresses?.[0],
      },
    ]),
  );
  return {
    async describe(ids) {
      asked += ids.length;
      return ids.flatMap((id) => known.get(id) ?? []);
    },
    asked: () => asked,
  };
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

const pick = (list: readonly string[], at: number): string => list[at % list.length] ?? '';

/** A utility of any size, the same each time. Phone numbers are of the ranges kept for stories. */
export const manyHouseholds = (count: number, first = 1000): readonly Household[] =>
  Array.from({ length: count }, (_, place): Household => {
    const number = first + place;
    const mixed = (number * 2654435761) % 4294967296;
    const name = `${pick(given, mixed)} ${pick(family, Math.floor(mixed / 64))}`;
    const postcode = `ZZ${1 + (mixed % 90)} ${1 + (mixed % 9)}QS`;
    const address = `${1 + (mixed % 180)} ${pick(streets, Math.floor(mixed / 1024))}, ${pick(towns, mixed % 7)}, ${postcode}`;
    return {
      number,
      customer: {
        names: [name],
        phones: [`+441632${String(960000 + (number % 1000))}`, `+1202555${String(1000 + (number % 9000))}`],
        emails: [`${name.toLowerCase().replace(' ', '.')}.${number}@example.com`],
      },
      account: { accountNumbers: [`A-${number}-77`], billNumbers: [`B${number}001`] },
      premise: { addresses: [address], postcodes: [postcode], serials: [`Z${number}M`] },
    };
  });
