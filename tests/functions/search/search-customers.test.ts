import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type SearchAnswer, searchCustomers } from '#functions/search/search-customers.ts';
import type { SearchHash } from '#functions/search/store/search-hash.ts';
import { fieldMatrix, fullView, viewOf } from '#shared/access/field-matrix.ts';
import { type LevelStore, openLevelStore } from '#shared/table/level/level-store.ts';
import type { Table } from '#shared/table/table.ts';
import { isLight } from '#shared/text/words.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { hashOn } from '#tests/support/search-hash.ts';
import { type Household, testId } from './household.ts';
import { today } from './household-views.ts';
import { manyHouseholds, settle } from './small-utility.ts';

const known: readonly Household[] = [
  {
    number: 1,
    customer: {
      names: ['Olivia Thistlethwaite'],
      phones: ['+441632960123'],
      emails: ['Olivia.T+bills@Example.com'],
      references: [{ namespace: 'crm', value: 'CX-4410' }],
    },
    account: {
      accountNumbers: ['000123-45'],
      billNumbers: ['INV 2024/0077'],
      references: [{ namespace: 'billing', value: '000123-45' }],
    },
    premise: {
      addresses: ['Flat 4, 12 Gannet Street, Saltmouth, ZZ1 4QS'],
      postcodes: ['ZZ1 4QS'],
      serials: ['E17UK-00981'],
      references: [{ namespace: 'nmi', value: '6102003918' }],
    },
    joint: [2],
  },
  { number: 2, customer: { names: ['Mr. Jürgen Müller-Lüdenscheidt'], phones: ['+12025550123'] } },
  { number: 3, customer: { names: ["Siobhán O'Brien"], phones: ['+61491570156'], postcodes: ['2000'] } },
  { number: 4, customer: { names: ['Łukasz Wiśniewski'], emails: ['lukasz@example.org'] } },
  { number: 5, customer: { names: ['Иванов Андрей'] } },
  { number: 6, customer: { names: ['山田 太郎'] } },
  { number: 7, customer: { names: ['Marks & Spencer Energy Ltd'], postcodes: ['12345-6789'] } },
  { number: 8, customer: { names: ['Katharine Smyth'] } },
  { number: 9, customer: { names: ['Lois Lane'] } },
  {
    number: 10,
    customer: { names: ['Bartholomew Ng'], addresses: ["5 The Avenue, St Alban's, ZZ9 1AA"], postcodes: ['ZZ9 1AA'] },
  },
  { number: 11, customer: { names: ['Olivia Thistle'] } },
  { number: 12, customer: { names: ['मीरा शर्मा'] } },
  { number: 13, customer: { names: ['Cornelis van der Berg'] } },
  { number: 14, customer: { names: ['Fergus MacDonald'] } },
  { number: 15, customer: { names: ['Imogen Ashton-Wells'] } },
  { number: 16, customer: { names: ['William Ravenscroft'] } },
  { number: 17, customer: { names: ['Ravenscroft Brothers Limited'] } },
  { number: 18, customer: { names: ['Josephine Saint-Clair'] } },
  { number: 19, customer: { names: ['Peregrine St John'] } },
  {
    number: 20,
    customer: { names: ['Winifred Oakes'], formerNames: ['Winifred Featherstone'] },
    premise: { addresses: ['3 Bower Road, Springfield, 62704'], postcodes: ['62704'] },
  },
  { number: 21, customer: { names: ['Anneliese Featherstone'] } },
  { number: 22, customer: { names: ['Dr Rowena Quarmby'], emails: ['ursula.okafor.62@example.com'] } },
  {
    number: 23,
    customer: { names: ['Tobias Quarmby'], emails: ['accounts.249@zephyr.example'] },
    account: { accountNumbers: ['B-7009876-5'] },
    premise: { addresses: ['19 Lantern Row, Eastferry'], serials: ['RT-00219-1-W1'] },
  },
];

let store: LevelStore;
let table: Table;
let hash: SearchHash;
beforeAll(async () => {
  store = await openLevelStore();
  table = store.table('profile');
  hash = hashOn(store);
  await settle(table, hash, known);
});
afterAll(() => store.close());

const find = (q: string, more: Partial<Parameters<typeof searchCustomers>[1]> = {}): Promise<SearchAnswer> =>
  searchCustomers({ table, hash, country: 'GB', today: () => today }, { q, limit: 25, view: fullView, ...more });
const numbers = (answer: SearchAnswer): readonly number[] => answer.data.map(({ id }) => Number(id.slice(4)));
const reasons = (answer: SearchAnswer): readonly string[] =>
  (answer.data[0]?.matchedOn ?? []).map(({ key, value }) => `${key} ${value}`);

/** Question, customers found in their order, reasons of the first. */
const cases: readonly (readonly [string, readonly number[], readonly string[]])[] = [
  // names
  ['Olivia Thistlethwaite', [1], ['name Olivia Thistlethwaite']],
  ['THISTLETHWAITE, olivia', [1], ['name Olivia Thistlethwaite']],
  ['olivia thistle', [11, 1], ['name Olivia Thistle']],
  ['thistlethwate', [1], ['name Olivia Thistlethwaite']],
  ['thistelthwaite', [1], ['name Olivia Thistlethwaite']],
  ['tistlethwaite', [1], ['name Olivia Thistlethwaite']],
  ['o thistlethwaite', [1], ['name Olivia Thistlethwaite']],
  ['mueller', [2], ['name Mr. Jürgen Müller-Lüdenscheidt']],
  ['muller', [2], ['name Mr. Jürgen Müller-Lüdenscheidt']],
  ['Mr Jurgen Ludenscheidt', [2], ['name Mr. Jürgen Müller-Lüdenscheidt']],
  ["o'brien", [3], ["name Siobhán O'Brien"]],
  ['O’BRIEN siobhan', [3], ["name Siobhán O'Brien"]],
  ['o brien', [3], ["name Siobhán O'Brien"]],
  ['lukasz wisniewski', [4], ['name Łukasz Wiśniewski']],
  ['андрей иванов', [5], ['name Иванов Андрей']],
  ['Ивонов', [5], ['name Иванов Андрей']],
  ['太郎', [6], ['name 山田 太郎']],
  ['मीरा', [12], ['name मीरा शर्मा']],
  ['marks and spencer', [7], ['name Marks & Spencer Energy Ltd']],
  ['smith', [8], ['name Katharine Smyth']],
  ['catherine smith', [8], ['name Katharine Smyth']],
  ['lois lane', [9], ['name Lois Lane']],
  ['lane', [9], ['name Lois Lane']],
  ['ng', [10], ['name Bartholomew Ng']],
  ['bartholomew zebra', [10], ['name Bartholomew Ng']],
  ['fergus mac donald', [14], ['name Fergus MacDonald']],
  ['mac donald', [14], ['name Fergus MacDonald']],
  ['fer gus macdonald', [14], ['name Fergus MacDonald']],
  ['vanderberg', [13], ['name Cornelis van der Berg']],
  ['ashtonwells', [15], ['name Imogen Ashton-Wells']],
  ['ashton wells imogen', [15], ['name Imogen Ashton-Wells']],
  // several words that nobody is known by
  ['olivia thistlethwaite moved last week', [1], ['name Olivia Thistlethwaite']],
  ['urgent complaint olivia thistlethwaite engineer landlord upstairs', [1], ['name Olivia Thistlethwaite']],
  ['katharine smyth fennick bay', [8], ['name Katharine Smyth']],
  ['olivia moved last week', [], []],
  ['saltmouth moved last week', [], []],
  // titles
  ['dr quarmby', [22, 23], ['name Dr Rowena Quarmby']],
  ['mr quarmby', [22, 23], ['name Dr Rowena Quarmby']],
  ['quarmby', [22, 23], ['name Dr Rowena Quarmby']],
  // names by which people are called
  ['barty ng', [10], ['name Bartholomew Ng']],
  ['perry saint john', [19], ['name Peregrine St John']],
  ['bill ravenscroft', [16], ['name William Ravenscroft']],
  ['will ravenscroft', [16], ['name William Ravenscroft']],
  ['winnie oakes', [20], ['name Winifred Oakes']],
  // forms of companies
  ['ravenscroft brothers ltd', [17], ['name Ravenscroft Brothers Limited']],
  ['Ravenscroft Brothers', [17], ['name Ravenscroft Brothers Limited']],
  ['ravenscroft brothers gmbh', [17], ['name Ravenscroft Brothers Limited']],
  ['Marks and Spencer Energy Inc', [7], ['name Marks & Spencer Energy Ltd']],
  // written as one, or apart, and misspelt besides
  ['oliviathistlethwaite', [1], ['name Olivia Thistlethwaite']],
  ['oliviathistlethwate', [1], ['name Olivia Thistlethwaite']],
  ['olivia thistle thwate', [1], ['name Olivia Thistlethwaite']],
  ['williamravenscroft', [16], ['name William Ravenscroft']],
  // saints
  ['josephine st clair', [18], ['name Josephine Saint-Clair']],
  ['josephine stclair', [18], ['name Josephine Saint-Clair']],
  ['peregrine saint john', [19], ['name Peregrine St John']],
  ['peregrine saintjohn', [19], ['name Peregrine St John']],
  ['stjohn', [19], ['name Peregrine St John']],
  // half postcodes
  ['thistlethwaite zz1', [1], ['name Olivia Thistlethwaite', 'postcode ZZ1 4QS']],
  ['ZZ9', [10], ['postcode ZZ9 1AA']],
  ['oakes 627', [20], ['name Winifred Oakes', 'postcode 62704']],
  // ends of numbers
  ['0156', [3], ['phone +61491570156']],
  ['570 156', [3], ['phone +61491570156']],
  ["o'brien 70156", [3], ['phone +61491570156', "name Siobhán O'Brien"]],
  ['0981', [1, 2], ['serial E17UK-00981']],
  ['k00981', [1, 2], ['serial E17UK-00981']],
  ['2345', [1, 2], ['account 000123-45']],
  ['12 3456 0156', [], []],
  // phone
  ['01632 960123', [1], ['phone +441632960123']],
  ['(01632) 960-123', [1], ['phone +441632960123']],
  ['01632.960.123', [1], ['phone +441632960123']],
  ['01 63 29 60 12 3', [1], ['phone +441632960123']],
  ['+44 1632 960123', [1], ['phone +441632960123']],
  ['+44 (0)1632 960123', [1], ['phone +441632960123']],
  ['0044 1632 960123', [1], ['phone +441632960123']],
  ['441632960123', [1], ['phone +441632960123']],
  ['1632960123', [1], ['phone +441632960123']],
  ['٠١٦٣٢ ٩٦٠١٢٣', [1], ['phone +441632960123']],
  ['+1 1632 960123', [], []],
  ['(202) 555-0123', [2], ['phone +12025550123']],
  ['1-202-555-0123', [2], ['phone +12025550123']],
  ['+12025550123', [2], ['phone +12025550123']],
  ['0491 570 156', [3], ['phone +61491570156']],
  ['+61 491 570 156', [3], ['phone +61491570156']],
  ['olivia 01632 960123', [1], ['phone +441632960123', 'name Olivia Thistlethwaite']],
  ['01632 960123 bartholomew', [1, 10], ['phone +441632960123']],
  // e-mail
  ['olivia.t+bills@example.com', [1], ['email Olivia.T+bills@Example.com']],
  ['OLIVIA.T+BILLS@EXAMPLE.COM', [1], ['email Olivia.T+bills@Example.com']],
  ['<lukasz@example.org>', [4], ['email lukasz@example.org']],
  ['olivia.t@example.com', [], []],
  // what stands before the @
  ['ursula.okafor', [22], ['email ursula.okafor.62@example.com']],
  ['URSULA.OKAFOR.62', [22], ['email ursula.okafor.62@example.com']],
  ['ursula okafor', [22], ['email ursula.okafor.62@example.com']],
  ['ursula okafor 62', [22], ['email ursula.okafor.62@example.com']],
  ['ursula.okafor.7', [], []],
  ['accounts.249', [23], ['email accounts.249@zephyr.example']],
  ['accounts.249@', [23], ['email accounts.249@zephyr.example']],
  ['accounts.249@zephyr', [23], ['email accounts.249@zephyr.example']],
  ['accounts.249@breeze', [], []],
  ['quarmby accounts.249', [23], ['name Tobias Quarmby', 'email accounts.249@zephyr.example']],
  // postcode
  ['ZZ1 4QS', [1, 2], ['postcode ZZ1 4QS']],
  ['zz14qs', [1, 2], ['postcode ZZ1 4QS']],
  ['thistlethwaite zz1 4qs', [1], ['postcode ZZ1 4QS', 'name Olivia Thistlethwaite']],
  ['2000', [3], ['postcode 2000']],
  ['12345', [7, 1, 2], ['postcode 12345-6789']],
  ['12345-6789', [7], ['postcode 12345-6789']],
  // address
  ['12 gannet street', [1, 2], ['address Flat 4, 12 Gannet Street, Saltmouth, ZZ1 4QS']],
  ['12 Gannet St', [1, 2], ['address Flat 4, 12 Gannet Street, Saltmouth, ZZ1 4QS']],
  ['gannett street saltmouth', [1, 2], ['address Flat 4, 12 Gannet Street, Saltmouth, ZZ1 4QS']],
  [
    'Flat 4, 12 Gannet Street, Saltmouth, ZZ1 4QS',
    [1, 2],
    ['address Flat 4, 12 Gannet Street, Saltmouth, ZZ1 4QS', 'postcode ZZ1 4QS'],
  ],
  ['14 gannet street', [1, 2], ['address Flat 4, 12 Gannet Street, Saltmouth, ZZ1 4QS']],
  ['gannet road', [1, 2], ['address Flat 4, 12 Gannet Street, Saltmouth, ZZ1 4QS']],
  ['14 gannet road', [], []],
  ['olivia gannet', [1], ['name Olivia Thistlethwaite', 'address Flat 4, 12 Gannet Street, Saltmouth, ZZ1 4QS']],
  ['5 the avenue', [10], ["address 5 The Avenue, St Alban's, ZZ9 1AA"]],
  ['saint albans ave', [10], ["address 5 The Avenue, St Alban's, ZZ9 1AA"]],
  // numbers and references
  ['E17UK00981', [1, 2], ['serial E17UK-00981']],
  ['e17uk 00981', [1, 2], ['serial E17UK-00981']],
  ['00012345', [1, 2], ['account 000123-45', 'reference billing:000123-45']],
  ['000123-45', [1, 2], ['account 000123-45', 'reference billing:000123-45']],
  ['billing:00012345', [1, 2], ['reference billing:000123-45']],
  ['Billing:000123-45', [1, 2], ['reference billing:000123-45']],
  ['crm:00012345', [], []],
  ['00219-1-w1', [23], ['serial RT-00219-1-W1']],
  ['00219 1 W1', [23], ['serial RT-00219-1-W1']],
  ['7009876-5', [23], ['account B-7009876-5']],
  ['17uk00981', [1, 2], ['serial E17UK-00981']],
  ['inv2024/0077', [1, 2], ['bill INV 2024/0077']],
  ['INV 2024 0077', [1, 2], ['bill INV 2024/0077']],
  ['6102003918', [1, 2], ['reference nmi:6102003918']],
  ['cx4410', [1], ['reference crm:CX-4410']],
  [testId('customer', 9), [9], [`id ${testId('customer', 9)}`]],
  [testId('account', 1).toLowerCase(), [1, 2], [`id ${testId('account', 1)}`]],
  [testId('premise', 1), [1, 2], [`id ${testId('premise', 1)}`]],
  [testId('customer', 99), [], []],
];

describe('what a question finds', () => {
  it.each(cases)('%s finds customers %j by %j', async (q, found, because) => {
    const answer = await find(q);
    expect(numbers(answer)).toEqual(found);
    expect(reasons(answer).toSorted()).toEqual([...because].toSorted());
    expect(answer.cut).toBe(false);
    expect(answer.next).toBeNull();
  });

  it('gives each hit its name, score, accounts and address', async () => {
    expect((await find('E17UK-00981')).data[0]).toEqual({
      id: testId('customer', 1),
      name: 'Olivia Thistlethwaite',
      score: 1,
      matchedOn: [{ key: 'serial', value: 'E17UK-00981' }],
      accounts: [testId('account', 1)],
      former: [],
      address: 'Flat 4, 12 Gannet Street, Saltmouth, ZZ1 4QS',
      unmet: [],
      ahead: 'id',
    });
  });

  it('puts what was written exactly before what merely begins, sounds or looks like it', async () => {
    const scores = async (q: string) => (await find(q)).data.map(({ score }) => score);
    const [exact = 0, beginning = 1] = await scores('olivia thistle');
    expect(exact).toBe(1);
    expect(beginning).toBeLessThan(0.95);
    const [sound = 1] = await scores('smith');
    expect(sound).toBeLessThan(0.9);
    const [typo = 1] = await scores('thistlethwate');
    expect(typo).toBeLessThan(0.95);
  });

  it.each([
    ['', 'search.too-short'],
    ['  ', 'search.too-short'],
    ['s', 'search.too-short'],
    ['李', 'search.too-short'],
    ['?!&', 'search.too-short'],
    ['x'.repeat(201), 'search.too-long'],
    ['a b '.repeat(9), 'search.too-long'],
  ])('refuses the question "%s"', async (q, code) => {
    const refusal = await find(q).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(DomainError);
    expect(refusal).toMatchObject({ kind: 'invalid', code, errors: [{ pointer: '/q' }] });
  });

  it.each([
    '%00',
    "'; DROP TABLE customers; --",
    '#SRC#',
    '__proto__ constructor',
    'Z̷̡̢̛̭̥̤a̸l̵g̶o̷',
    '\u202eolivia',
    '+0',
    '\ud800\ud800',
    '🙂🙂',
    '~~~~\uffff\uffff',
    ':::',
    '@@',
    '(((((((',
  ])('answers the odd question %j without an error of its own', async (q) => {
    const answer = await find(q).catch((error: unknown) => error);
    if (answer instanceof Error) expect(answer).toBeInstanceOf(DomainError);
    else expect(answer).toMatchObject({ cut: false });
  });
});

describe('who may find by what', () => {
  it('lets nobody find by a field that is hidden from them', async () => {
    const field = viewOf([fieldMatrix.field]);
    expect(numbers(await find('Olivia Thistlethwaite', { view: field }))).toEqual([1]);
    expect(numbers(await find('E17UK-00981', { view: field }))).toEqual([1, 2]);
    for (const q of ['01632 960123', 'ZZ1 4QS', '12 Gannet Street', 'lukasz@example.org', 'INV 2024/0077']) {
      expect(numbers(await find(q, { view: field }))).toEqual([]);
    }
    const told = (await find('Olivia Gannet', { view: field })).data;
    expect(told.map(({ id, unmet, score }) => [id, unmet, score])).toEqual([
      [testId('customer', 1), ['gannet'], 0.47],
      [testId('customer', 11), ['gannet'], 0.47],
    ]);
    expect(told.flatMap(({ matchedOn }) => matchedOn.map(({ key }) => key))).toEqual(['name', 'name']);
    expect(numbers(await find('01632 960123', { view: viewOf([fieldMatrix.agent]) }))).toEqual([1]);
    expect(numbers(await find('Olivia', { view: viewOf([fieldMatrix.operator]) }))).toEqual([]);
  });

  it('lets nobody find by parts of values who may find by names alone, nor customers', async () => {
    for (const q of [
      '0156',
      '70156',
      '0981',
      'k00981',
      '2345',
      '012345',
      'ursula.okafor',
      '00219-1-w1',
      'accounts.249@',
    ]) {
      expect(numbers(await find(q)).length, q).toBeGreaterThan(0);
      expect(numbers(await find(q, { view: viewOf([fieldMatrix.field]) })), q).toEqual([]);
      const own = new Set([1, 3, 22, 23].map((number) => testId('customer', number)));
      expect(numbers(await find(q, { only: own })), q).toEqual([]);
    }
    const named = await find("o'brien 0156", { view: viewOf([fieldMatrix.field]) });
    expect(named.data.map(({ id, unmet }) => [id, unmet])).toEqual([[testId('customer', 3), ['0156']]]);
  });

  it('tells former names to those who see identities, and never to customers', async () => {
    const [hit] = (await find('winifred featherstone')).data;
    expect([hit?.id, hit?.matchedOn, hit?.score]).toEqual([
      testId('customer', 20),
      [{ key: 'name', value: 'Winifred Featherstone', former: true }],
      1,
    ]);
    const field = await find('winifred featherstone', { view: viewOf([fieldMatrix.field]) });
    expect(field.data.flatMap(({ matchedOn }) => matchedOn)).not.toContainEqual(
      expect.objectContaining({ former: true }),
    );
    const self = await find('winifred featherstone', { only: new Set([testId('customer', 20)]) });
    expect(self.data.map(({ unmet }) => unmet)).toEqual([['featherstone']]);
  });

  it('puts who is called so now before who was', async () => {
    expect((await find('featherstone')).data.map(({ id, ahead }) => [id, ahead])).toEqual([
      [testId('customer', 21), 'current'],
      [testId('customer', 20), undefined],
    ]);
  });

  it('finds only among the customers it is told to', async () => {
    expect(numbers(await find('ZZ1 4QS', { only: new Set([testId('customer', 2)]) }))).toEqual([2]);
    expect(numbers(await find('Olivia Thistlethwaite', { only: new Set([testId('customer', 2)]) }))).toEqual([]);
  });
});

describe('a hit that lacks several words', () => {
  it('says all of them, and stands behind who meets more', async () => {
    const told = async (q: string) => (await find(q)).data.map(({ id, unmet }) => [Number(id.slice(4)), unmet]);
    expect(await told('olivia thistlethwaite moved last week')).toEqual([[1, ['moved', 'last', 'week']]]);
    expect(await told('tobias quarmby 12 gannet street moved')).toEqual([
      [1, ['tobias', 'quarmby', 'moved']],
      [2, ['tobias', 'quarmby', 'moved']],
      [23, ['12', 'gannet', 'street', 'moved']],
    ]);
  });
});

describe('pages of hits', () => {
  it('walk through every hit once, in one order, whatever the size of a page', async () => {
    const other = await openLevelStore();
    await settle(other.table('profile'), hashOn(other), manyHouseholds(400));
    const ask = (limit: number, after: string | undefined) =>
      searchCustomers(
        { table: other.table('profile'), hash: hashOn(other), country: 'GB', today: () => today },
        { q: 'saltmouth station', limit, after, view: fullView },
      );
    const whole = await ask(100, undefined);
    expect(whole.data.length).toBeGreaterThan(3);
    expect(whole.next).toBeNull();
    for (const limit of [1, 2, 7]) {
      const walked: string[] = [];
      let after: string | undefined;
      do {
        const page = await ask(limit, after);
        expect(page.data.length).toBeLessThanOrEqual(limit);
        walked.push(...page.data.map(({ id }) => id));
        after = page.next ?? undefined;
      } while (after !== undefined);
      expect(walked).toEqual(whole.data.map(({ id }) => id));
    }
    await other.close();
  });

  it.each(['', 'x', '0.900', `1.000 ${testId('account', 1)}`, '2.000 cus_x'])(
    'refuses the foreign position "%s"',
    async (after) => {
      await expect(find('olivia', { after })).rejects.toMatchObject({ kind: 'syntax', code: 'cursor.invalid' });
    },
  );
});

const named = known.filter(({ customer }) => /^[\p{Script=Latin}\s&.'’-]+$/u.test(customer.names[0] ?? ''));
const accents = ['', '\u0301', '\u0308', '\u0327'];

describe('names are found however they are written', () => {
  it('in any order of words, any case, with or without accents', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...named).chain((household) =>
          fc.record({
            words: fc.shuffledSubarray(household.customer.names[0]?.split(' ') ?? [], {
              minLength: household.customer.names[0]?.split(' ').length ?? 0,
            }),
            upper: fc.boolean(),
            accent: fc.constantFrom(...accents),
            household: fc.constant(household),
          }),
        ),
        async ({ words, upper, accent, household }) => {
          const plain = await find(household.customer.names[0] ?? '');
          const written = words.join(' ').replace(/[aeou]/g, (vowel) => `${vowel}${accent}`);
          const answer = await find(upper ? written.toUpperCase() : written.toLowerCase());
          expect(numbers(answer)).toEqual(numbers(plain));
          expect(numbers(answer)[0]).toBe(household.number);
          expect(answer.data.map(({ score }) => score)).toEqual(plain.data.map(({ score }) => score));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('with one typo in a word of five or more letters', async () => {
    const words = named.flatMap(({ number, customer }) =>
      (customer.names[0] ?? '')
        .normalize('NFD')
        .replace(/\p{M}|'/gu, '')
        .toLowerCase()
        .split(/[^a-zł]+/)
        .filter((word) => word.length >= 5 && !isLight(word))
        .map((word) => ({ number, word })),
    );
    const letter = fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz');
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...words),
        fc.constantFrom('extra', 'missing', 'wrong', 'swapped'),
        fc.nat(),
        letter,
        async ({ number, word }, typo, place, sign) => {
          const at = place % (typo === 'swapped' ? word.length - 1 : typo === 'extra' ? word.length + 1 : word.length);
          const spoiled = {
            extra: word.slice(0, at) + sign + word.slice(at),
            missing: word.slice(0, at) + word.slice(at + 1),
            wrong: word.slice(0, at) + sign + word.slice(at + 1),
            swapped: word.slice(0, at) + word.charAt(at + 1) + word.charAt(at) + word.slice(at + 2),
          }[typo];
          expect(numbers(await find(spoiled))).toContain(number);
        },
      ),
      { numRuns: 300 },
    );
  });
});
