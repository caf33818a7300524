import { type SearchHit, searchCustomers } from '#functions/search/search-customers.ts';
import { randomOf } from '#scripts/seed/random.ts';
import { fullView } from '#shared/access/field-matrix.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import { createCountedTable } from './counted-table.ts';
import { country, type Known, type LargeUtility, openLargeUtility } from './large-utility.ts';
import type { Figure, Measurement } from './measurement.ts';
import { millisecondsOf, quantile } from './spread.ts';

export interface AskingSetting {
  readonly warmUp: number;
  readonly questions: number;
}

/** What asking found. */
export interface Asked {
  readonly search: readonly number[];
  readonly view: readonly number[];
  /** Requests of each search. */
  readonly requests: readonly number[];
  readonly readUnits: readonly number[];
  /** By kind of question: how many were asked, and in how many answers the customer was among the first ten. */
  readonly found: ReadonlyMap<string, { readonly asked: number; readonly found: number }>;
}

/** The word without one of its inner letters. */
const misspelt = (word: string): string =>
  word.length < 5 ? word : word.slice(0, Math.floor(word.length / 2)) + word.slice(Math.floor(word.length / 2) + 1);

/** How people ask for somebody. */
const ways: readonly (readonly [string, (known: Known) => string])[] = [
  ['name', ({ name }) => name],
  ['misspelt family name and postcode', ({ family, postcode }) => `${misspelt(family)} ${postcode}`],
  ['phone', ({ phone }) => phone],
  ['e-mail', ({ email }) => email],
  ['postcode and family name', ({ family, postcode }) => `${postcode} ${family}`],
  ['address', ({ address, postcode }) => `${address} ${postcode}`],
  ['account number', ({ account }) => account],
];

/** Searches for customers and looks at their views in turn. */
export const askMany = async (utility: LargeUtility, setting: AskingSetting): Promise<Asked> => {
  const { store, hash, today, known } = utility;
  const profile = createCountedTable(store.table('profile'));
  const random = randomOf('bench', 'questions');
  const dependencies = { table: profile, hash, country, today: () => today } as const;
  const view = { profile, now: () => Date.parse(today), today: () => today };
  const [search, looks, requests, readUnits]: number[][] = [[], [], [], []];
  const found = new Map<string, { asked: number; found: number }>();
  for (let round = -setting.warmUp; round < setting.questions; round += 1) {
    const someone = known[random.below(known.length)];
    const way = ways[(round + setting.warmUp) % ways.length];
    if (someone === undefined || way === undefined) throw new Error('there is nobody to ask for');
    const [kind, words] = way;
    profile.reset();
    let hits: readonly SearchHit[] = [];
    const took = await millisecondsOf(async () => {
      hits = (await searchCustomers(dependencies, { q: words(someone), limit: 10, view: fullView })).data;
    });
    const counts = profile.counts();
    const looked = await millisecondsOf(async () => {
      if ((await show360(view, someone.customer)) === undefined) throw new Error('a customer has no view');
    });
    if (round < 0) continue;
    search?.push(took);
    looks?.push(looked);
    requests?.push(counts.requests);
    readUnits?.push(counts.readUnits);
    const told = found.get(kind) ?? { asked: 0, found: 0 };
    found.set(kind, {
      asked: told.asked + 1,
      found: told.found + (hits.some(({ id }) => id === someone.customer) ? 1 : 0),
    });
  }
  return { search: search ?? [], view: looks ?? [], requests: requests ?? [], readUnits: readUnits ?? [], found };
};

const figuresOf = (utility: LargeUtility, asked: Asked): readonly Figure[] => {
  const notCounted =
    'use cases alone, on the embedded table in memory: no HTTP, no token, no audit write, no network; DynamoDB answers each request in milliseconds, so its time goes with the requests beside; the story has few family names and postcodes for so many, so a postcode and a family name each lead to more than the hundred entries that are read of one key';
  const common = { name: '10k', unit: `ms of ${asked.search.length}`, notCounted };
  return [
    {
      ...common,
      what: 'search, p95',
      value: quantile(asked.search, 0.95),
      beside: [
        { what: 'p50', value: quantile(asked.search, 0.5), unit: 'ms' },
        { what: 'requests of a search, p50', value: quantile(asked.requests, 0.5), unit: 'requests' },
        { what: 'requests of a search, p95', value: quantile(asked.requests, 0.95), unit: 'requests' },
        { what: 'read units of a search, p95', value: quantile(asked.readUnits, 0.95), unit: 'RRU' },
        ...[...asked.found].map(([kind, one]) => ({
          what: `asked by ${kind}: among the first ten`,
          value: (100 * one.found) / one.asked,
          unit: `% of ${one.asked}`,
        })),
      ],
    },
    {
      ...common,
      what: '360 view, p95',
      value: quantile(asked.view, 0.95),
      beside: [
        { what: 'p50', value: quantile(asked.view, 0.5), unit: 'ms' },
        { what: 'customers', value: utility.customers, unit: 'customers' },
        { what: 'facts folded', value: utility.facts, unit: 'facts' },
        { what: 'items put in bulk', value: utility.items, unit: 'items' },
      ],
    },
  ];
};

/** Search and 360 view in a utility of ten thousand customers; reported only. */
export const atTenThousand: Measurement = {
  name: '10k',
  title: 'Search and 360 view at 10,000 customers',
  measure: async () => {
    const utility = await openLargeUtility(10_000, 2);
    const asked = await askMany(utility, { warmUp: 70, questions: 700 });
    await utility.store.close();
    return figuresOf(utility, asked);
  },
};
