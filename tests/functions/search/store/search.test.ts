import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ExactKind, type SearchSubject, searchKeys } from '#functions/search/rules/search-keys.ts';
import {
  exactSearchItems,
  exactSearchWrites,
  projectWords,
  singleWords,
  vocabularyItems,
  wordSearchItems,
} from '#functions/search/store/search.ts';
import type { SearchHash } from '#functions/search/store/search-hash.ts';
import {
  customersOf,
  lookUpExact,
  lookUpVocabulary,
  lookUpWord,
  searchLimits,
} from '#functions/search/store/search-lookup.ts';
import { createCountedTable } from '#scripts/bench/counted-table.ts';
import { emptyHead, writeHead } from '#shared/profile/store/items.ts';
import { headKey } from '#shared/table/keys.ts';
import { type LevelStore, openLevelStore } from '#shared/table/level/level-store.ts';
import { limits, type Table, Throttled } from '#shared/table/table.ts';
import { idFrom } from '#shared/vocabulary/ids.ts';
import { hashOn } from '#tests/support/search-hash.ts';

const keysOf = (subject: SearchSubject) => searchKeys(subject, { country: 'GB' });
const customer = (number: number): string => idFrom('customer', String(number).padStart(26, '0'));
const premise = idFrom('premise', '0'.repeat(26));
const account = idFrom('account', '0'.repeat(26));

let store: LevelStore;
let table: Table;
let hash: SearchHash;
beforeEach(async () => {
  store = await openLevelStore();
  hash = hashOn(store);
  table = store.table('profile');
});
afterEach(() => store.close());

/** What lies in the table, by the start of its partition. */
const stored = async (...prefixes: readonly string[]): Promise<readonly string[]> => {
  const places: string[] = [];
  for await (const item of store.scan('profile')) {
    if (prefixes.some((prefix) => item.pk.startsWith(prefix)))
      places.push(`${item.pk} / ${item.sk} ${JSON.stringify(item.says)}`);
  }
  return places.toSorted();
};
const expected = (subjects: readonly (readonly [string, SearchSubject])[]): readonly string[] => {
  const words = new Set(subjects.flatMap(([, subject]) => singleWords(keysOf(subject))));
  return [...subjects.flatMap(([found, subject]) => wordSearchItems(keysOf(subject), found)), ...vocabularyItems(words)]
    .map((item) => `${item.pk} / ${item.sk} ${JSON.stringify(item.says)}`)
    .toSorted();
};

describe('exact search entries', () => {
  const before = keysOf({
    phones: ['01632 960123'],
    emails: ['a@example.com'],
    references: [{ namespace: 'crm', value: 'X1' }],
  });
  const after = keysOf({
    phones: ['01632 960999'],
    emails: ['A@example.com'],
    references: [{ namespace: 'crm', value: 'X1' }],
  });

  it('change with the state in its commit: what is new is put, what is gone removed, what is equal left alone', async () => {
    const found = customer(1);
    await table.commit(await exactSearchWrites(hash, undefined, before, found));
    expect((await lookUpExact(table, hash, { kind: 'phone', value: '1632960123' })).entries).toEqual([
      { found, says: [['phone', '+441632960123']] },
    ]);
    const writes = await exactSearchWrites(hash, before, after, found);
    const of = async (kind: ExactKind, value: string) => `SRC#${await hash({ kind, value })}`;
    expect(
      writes
        .map((write) => ('put' in write ? `put ${write.put.pk}` : 'remove' in write ? `remove ${write.remove.pk}` : ''))
        .toSorted(),
    ).toEqual(
      [
        `put ${await of('email', 'a@example.com')}`,
        `put ${await of('mail-name', 'a')}`,
        `put ${await of('phone', '1632960999')}`,
        ...(await Promise.all(['0999', '60999', '960999'].map(async (tail) => `put ${await of('phone-tail', tail)}`))),
        `remove ${await of('phone', '1632960123')}`,
        ...(await Promise.all(
          ['0123', '60123', '960123'].map(async (tail) => `remove ${await of('phone-tail', tail)}`),
        )),
      ].toSorted(),
    );
    await table.commit(writes);
    expect(await stored('SRC#')).toEqual(
      (await exactSearchItems(hash, after, found))
        .map((item) => `${item.pk} / ${item.sk} ${JSON.stringify(item.says)}`)
        .toSorted(),
    );
    await table.commit(await exactSearchWrites(hash, after, undefined, found));
    expect(await stored('SRC#')).toEqual([]);
  });

  it('need no write where nothing changed', async () => {
    expect(await exactSearchWrites(hash, before, before, customer(1))).toEqual([]);
    expect(await exactSearchWrites(hash, undefined, undefined, customer(1))).toEqual([]);
  });

  it('are read up to a limit, and the reader is told that there are more', async () => {
    const keys = keysOf({ postcodes: ['ZZ1 1AA'] });
    const items = await Promise.all(
      Array.from({ length: searchLimits.exact + 1 }, (_, number) => exactSearchItems(hash, keys, customer(number))),
    );
    await table.batchPut(items.flat());
    const many = await lookUpExact(table, hash, { kind: 'postcode', value: 'ZZ11AA' });
    expect(many.entries).toHaveLength(searchLimits.exact);
    expect(many.cut).toBe(true);
    expect((await lookUpExact(table, hash, { kind: 'postcode', value: 'ZZ11AB' })).cut).toBe(false);
  });
});

describe('words of names and addresses', () => {
  it('lead to the subject, also by a letter left out, by sound and by beginning', async () => {
    const subject = { names: ['Olivia Smyth'], addresses: ['12 Quay Street, Saltmouth'] };
    await projectWords(table, { found: customer(1), before: undefined, after: keysOf(subject) });
    expect(await lookUpWord(table, 'word', 'smyth')).toEqual({
      entries: [{ found: customer(1), says: [['name', 'Olivia Smyth']] }],
      cut: false,
    });
    expect((await lookUpWord(table, 'pair', '12 quay')).entries).toEqual([
      { found: customer(1), says: [['address', '12 Quay Street, Saltmouth']] },
    ]);
    expect(await lookUpVocabulary(table, { kind: 'near', shard: 'smth' }, 'smth')).toEqual({
      words: ['smyth'],
      cut: false,
    });
    expect((await lookUpVocabulary(table, { kind: 'sound', shard: 'SM0' }, 'smith')).words).toEqual(['smyth']);
    expect((await lookUpVocabulary(table, { kind: 'start', shard: 'sa' }, 'salt')).words).toEqual(['saltmouth']);
    expect((await lookUpVocabulary(table, { kind: 'start', shard: 'sa' }, 'sall')).words).toEqual([]);
  });

  it('leave nothing behind when the last who has them is gone, and stay while another has them', async () => {
    const smith = { names: ['Olivia Smith'] };
    const other = { names: ['George Smith'] };
    await projectWords(table, { found: customer(1), before: undefined, after: keysOf(smith) });
    await projectWords(table, { found: customer(2), before: undefined, after: keysOf(other) });
    await projectWords(table, { found: customer(1), before: keysOf(smith), after: undefined });
    expect(await stored('SR')).toEqual(expected([[customer(2), other]]));
    await projectWords(table, { found: customer(2), before: keysOf(other), after: undefined });
    expect(await stored('SR')).toEqual([]);
  });

  it('write the vocabulary of a word once, however many have it', async () => {
    const counted = createCountedTable(table);
    const keys = keysOf({ names: ['Olivia Smith'] });
    await projectWords(counted, { found: customer(1), before: undefined, after: keys });
    const first = counted.counts().itemsWritten;
    counted.reset();
    await projectWords(counted, { found: customer(2), before: undefined, after: keys });
    expect(counted.counts().itemsWritten).toBe(3);
    expect(first).toBe(3 + vocabularyItems(['olivia', 'smith']).length);
  });

  it('end alike when changes come again, as feeds deliver at least once', async () => {
    const [one, two, three] = [{ names: ['Ann Lee'] }, { names: ['Ann Moore'] }, { names: ['Anne Moore'] }];
    const changes = [
      { found: customer(1), before: undefined, after: keysOf(one) },
      { found: customer(1), before: keysOf(one), after: keysOf(two) },
      { found: customer(1), before: keysOf(two), after: keysOf(three) },
    ];
    for (const change of [...changes, ...changes.slice(1), ...changes.slice(2)]) await projectWords(table, change);
    expect(await stored('SR')).toEqual(expected([[customer(1), three]]));
  });

  it('agree with their vocabulary in whatever order several writers take turns', async () => {
    const name = fc.constantFrom<SearchSubject | undefined>(
      undefined,
      { names: ['Ann Lee'] },
      { names: ['Lee Smith'] },
      { names: ['Smith Ann'] },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.tuple(name, name), { minLength: 2, maxLength: 4 }),
        async (turns, moves) => {
          const fresh = await openLevelStore();
          const plain = fresh.table('profile');
          const slow: Table = {
            ...plain,
            name: plain.name,
            get: turns.scheduleFunction((key, options) => plain.get(key, options)),
            query: turns.scheduleFunction((query) => plain.query(query)),
            scan: (scan) => plain.scan(scan),
            commit: turns.scheduleFunction((writes) => plain.commit(writes)),
            batchPut: turns.scheduleFunction((items) => plain.batchPut(items)),
            close: () => plain.close(),
          };
          const keys = (subject: SearchSubject | undefined) => (subject === undefined ? undefined : keysOf(subject));
          for (const [number, [from]] of moves.entries()) {
            await projectWords(plain, { found: customer(number), before: undefined, after: keys(from) });
          }
          const work = Promise.all(
            moves.map(([from, to], number) =>
              projectWords(slow, { found: customer(number), before: keys(from), after: keys(to) }),
            ),
          );
          await turns.waitFor(work);
          const left = moves.flatMap(([, to], number): (readonly [string, SearchSubject])[] =>
            to === undefined ? [] : [[customer(number), to]],
          );
          const places: string[] = [];
          for await (const item of fresh.scan('profile'))
            places.push(`${item.pk} / ${item.sk} ${JSON.stringify(item.says)}`);
          expect(places.toSorted()).toEqual(expected(left));
          await fresh.close();
        },
      ),
      { numRuns: 60 },
    );
  });

  it('are all there and no more, wherever their projection stopped before it was done again', async () => {
    const [smith, jones] = [{ names: ['Olivia Smith'] }, { names: ['Olivia Jones'] }];
    const change = { found: customer(1), before: keysOf(smith), after: keysOf(jones) };
    for (let writes = 0; ; writes += 1) {
      const fresh = await openLevelStore();
      const plain = fresh.table('profile');
      await projectWords(plain, { found: customer(1), before: undefined, after: keysOf(smith) });
      let left = writes;
      const once = async <Result>(write: () => Promise<Result>): Promise<Result> => {
        left -= 1;
        if (left < 0) throw new Throttled();
        return write();
      };
      const stopping: Table = {
        name: plain.name,
        get: (key, options) => plain.get(key, options),
        query: (query) => plain.query(query),
        scan: (scan) => plain.scan(scan),
        commit: (all) => once(() => plain.commit(all)),
        // Blind puts are each for themselves: a stop in between leaves the first of them.
        batchPut: async (items) => {
          if (left === 0) await plain.batchPut(items.slice(0, 1));
          await once(() => plain.batchPut(items));
        },
        close: () => plain.close(),
      };
      const stopped = await projectWords(stopping, change).then(
        () => false,
        () => true,
      );
      await projectWords(plain, change);
      const places: string[] = [];
      for await (const item of fresh.scan('profile'))
        places.push(`${item.pk} / ${item.sk} ${JSON.stringify(item.says)}`);
      expect(places.toSorted(), `stopped at write ${writes}`).toEqual(expected([[customer(1), jones]]));
      await fresh.close();
      if (!stopped) break;
    }
  });

  it('of names are found though addresses fill the answer', async () => {
    const street = keysOf({ addresses: ['Rose Street'] });
    const items = Array.from({ length: searchLimits.word + 20 }, (_, number) =>
      wordSearchItems(street, customer(number)),
    ).flat();
    await table.batchPut([...items, ...wordSearchItems(keysOf({ names: ['Rose Lee'] }), customer(999))]);
    const { entries, cut } = await lookUpWord(table, 'word', 'rose');
    expect(cut).toBe(true);
    expect(entries.filter(({ says }) => says[0]?.[0] === 'name').map(({ found }) => found)).toEqual([customer(999)]);
  });

  it('of any length and script stay within the limits of keys', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: 'binary', maxLength: 300 }),
        fc.string({ unit: 'grapheme', maxLength: 80 }),
        async (long, short) => {
          const keys = keysOf({
            names: [long, short],
            addresses: [short, long],
            phones: [short],
            emails: [`${short}@example.com`],
            postcodes: [short],
            serials: [long, short],
          });
          const items = [
            ...(await exactSearchItems(hash, keys, customer(1))),
            ...wordSearchItems(keys, customer(1)),
            ...vocabularyItems(singleWords(keys)),
          ];
          for (const { pk, sk } of items) {
            expect(Buffer.byteLength(pk)).toBeLessThanOrEqual(limits.partitionKeyBytes);
            expect(Buffer.byteLength(sk)).toBeLessThanOrEqual(limits.sortKeyBytes);
          }
          expect(new Set(items.map(({ pk, sk }) => `${pk}\n${sk}`)).size).toBe(items.length);
          await table.batchPut(items);
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('whose customers an entry leads to', () => {
  it('is the customer itself, the readers of an account and apart those who left it, the readers of a premise each once', async () => {
    await table.batchPut([
      writeHead(headKey(account), { ...emptyHead, readers: [customer(1), customer(2)], former: [customer(3)] }),
      writeHead(headKey(premise), {
        ...emptyHead,
        pairs: [
          [customer(1), account],
          [customer(2), account],
          [customer(1), idFrom('account', '1'.repeat(26))],
        ],
      }),
    ]);
    expect(await customersOf(table, customer(7))).toEqual({ now: [customer(7)], former: [] });
    expect(await customersOf(table, account)).toEqual({ now: [customer(1), customer(2)], former: [customer(3)] });
    expect(await customersOf(table, premise)).toEqual({ now: [customer(1), customer(2)], former: [] });
    expect(await customersOf(table, idFrom('premise', '9'.repeat(26)))).toEqual({ now: [], former: [] });
  });
});
