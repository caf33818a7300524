import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findDuplicates } from '#functions/duplicates/find-duplicates.ts';
import { createCountedTable } from '#scripts/bench/counted-table.ts';
import { duplicateKey } from '#shared/table/keys.ts';
import { propertyRuns } from '#tests/support/drawn-runs.ts';
import { sent } from '#tests/support/meters/shared-households.ts';
import { openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';
import { type HouseholdRecord, householdCases } from './rules/household-people.ts';
import { factsOf, openOf, questionOf, tellAll, tellPerson } from './told-people.ts';

const quay = '12 Quay Street, Wherryton, ZZ1 4QS';
const amara: HouseholdRecord = {
  given: 'Amara',
  family: 'Okafor',
  born: '1985-03-04',
  phone: '01632 960123',
  email: 'amara.okafor@example.com',
  address: quay,
};
const later = '2026-11-02T09:00:00.000Z';
const named = (name: string, system = 'crm') => ({ namespace: system, value: `C-${name}` });

const twoAmaras = async () => {
  const system = await openProfileSystem();
  const first = await tellPerson(system, 'a', amara);
  const second = await tellPerson(system, 'b', { ...amara, given: 'Amarah' }, 'billing');
  await system.settle();
  return { system, first, second };
};

describe('what households do to records, told by two systems', () => {
  it.each(householdCases)('$story: $expected', async ({ first, second, expected }) => {
    const system = await openProfileSystem();
    const one = await tellPerson(system, 'a', first);
    const other = await tellPerson(system, 'b', second, 'billing');
    await system.settle();
    const open = await openOf(system);
    const question = await questionOf(system, one, other);
    if (expected === 'separate') {
      // What a veto parts is shown only to who asks for it.
      expect(open.filter(({ band }) => band !== 'separate')).toEqual([]);
      expect(question === undefined || question.vetoes.length > 0).toBe(true);
    } else {
      expect(open.map(({ id, band }) => [id, band])).toEqual([[question?.id, expected]]);
    }
    await system.store.close();
  });
});

describe('a question whether two are one', () => {
  it('holds levels and weights, and nothing of what the records say', async () => {
    const { system, first, second } = await twoAmaras();
    const question = await questionOf(system, first, second);
    const item = await system.profile.get(duplicateKey(question?.id ?? ''), { consistent: true });
    const text = JSON.stringify(item).toLowerCase();
    for (const value of ['amara', 'okafor', '1985', '960123', 'quay', 'zz1']) expect(text).not.toContain(value);
    expect(question?.comparisons.find(([name]) => name === 'given')?.[1]).toBe(1);
    expect(question?.versions).toEqual([4, 4]);
  });

  it('is withdrawn when a record says otherwise, and opened again when it says so again', async () => {
    const { system, first, second } = await twoAmaras();
    const correct = (event: string, data: Record<string, unknown>) =>
      sent(event, 'customer.profile.corrected.v1', later, { customer: named('b', 'billing'), ...data }, 'billing');
    await tellAll(system, [correct('c1', { name: { given: 'Peter', family: 'Holm' }, dateOfBirth: '1961-01-01' })]);
    await system.settle();
    expect((await questionOf(system, first, second))?.status).toBe('withdrawn');
    expect(await openOf(system)).toEqual([]);
    await tellAll(system, [
      {
        ...correct('c2', { name: { given: 'Amara', family: 'Okafor' }, dateOfBirth: '1985-03-04' }),
        sourceSequence: 1,
      },
    ]);
    await system.settle();
    expect(await openOf(system)).toMatchObject([{ status: 'open', band: 'auto' }]);
  });

  it('is withdrawn when somebody tells the two apart, and not asked again', async () => {
    const { system, first, second } = await twoAmaras();
    const pair = { customer: first, other: second, reason: 'Twins.' };
    await tellAll(system, [sent('apart', 'customer.identity.distinguished.v1', later, pair)]);
    await system.settle();
    expect((await questionOf(system, first, second))?.status).toBe('withdrawn');
    for (const customer of [first, second]) {
      const found = await findDuplicates({ profile: system.profile, now: () => 0 }, customer, true);
      expect(found.open).toEqual([]);
    }
  });

  it('ends with the merge of the two; parted again, they are not proposed', async () => {
    const { system, first, second } = await twoAmaras();
    const merge = await tellAll(system, [
      sent('one', 'customer.identity.merged.v1', later, { survivor: first, alias: second, reason: 'One person.' }),
    ]);
    await system.settle();
    expect((await questionOf(system, first, second))?.status).toBe('withdrawn');
    await tellAll(system, [
      sent('two', 'customer.identity.unmerged.v1', '2026-11-03T09:00:00.000Z', { merge, reason: 'Two after all.' }),
    ]);
    await system.settle();
    expect((await questionOf(system, first, second))?.status).toBe('withdrawn');
    expect(await openOf(system)).toEqual([]);
  });

  it('reaches the survivor of a merge where a third record is like the one that was merged', async () => {
    const { system, first, second } = await twoAmaras();
    await tellAll(system, [
      sent('one', 'customer.identity.merged.v1', later, { survivor: first, alias: second, reason: 'One person.' }),
    ]);
    const third = await tellPerson(system, 'c', amara, 'field');
    await system.settle();
    expect((await openOf(system)).map(({ first: a, second: b }) => [a, b].sort())).toEqual([[first, third].sort()]);
  });

  it('is asked for a place that the account of a customer is supplied at, though no letter goes there', async () => {
    const system = await openProfileSystem();
    const { address: _address, phone: _phone, email: _email, ...bare } = amara;
    const [first, second] = [
      await tellPerson(system, 'a', bare),
      await tellPerson(system, 'b', { given: 'Amara', family: 'Okafor', address: quay }, 'billing'),
    ];
    await system.settle();
    expect(await questionOf(system, first, second)).toBeUndefined();
    const account = { namespace: 'billing', value: 'A-1' };
    await tellAll(system, [
      sent('acc', 'account.account.opened.v1', later, { currency: 'GBP', references: [account] }),
      sent('prm', 'premise.premise.registered.v1', later, {
        address: { lines: ['12 Quay Street'], town: 'Wherryton', postcode: 'ZZ1 4QS', country: 'GB' },
        references: [{ namespace: 'uprn', value: 'P-1' }],
      }),
      sent('svp', 'premise.service-point.registered.v1', '2026-11-02T09:00:01.000Z', {
        premise: { namespace: 'uprn', value: 'P-1' },
        commodity: 'electricity',
        zone: 'Europe/London',
        references: [{ namespace: 'mpan', value: 'S-1' }],
      }),
    ]);
    await system.settle();
    await tellAll(system, [
      sent('role', 'account.role.granted.v1', later, { account, customer: first, role: 'holder', from: '2026-11-02' }),
      sent('agr', 'account.agreement.started.v1', later, {
        account,
        servicePoint: { namespace: 'mpan', value: 'S-1' },
        tariff: 'T1',
        from: '2026-11-02',
      }),
    ]);
    await system.settle();
    expect((await questionOf(system, first, second))?.status).toBe('open');
  });
});

describe('a phone number of an agent', () => {
  const tenant = (n: number): HouseholdRecord => ({
    given: 'Sam',
    family: ['Adler', 'Brook', 'Croft', 'Dunne', 'Eames', 'Frost', 'Grieve'][n] ?? 'Hale',
    phone: '01632 960777',
  });
  const twins: readonly HouseholdRecord[] = [
    { given: 'Ines', family: 'Calder', phone: '01632 960777', email: 'ines@example.com' },
    { given: 'Inez', family: 'Calder', phone: '01632 960777', email: 'ines.calder@example.net' },
  ];

  it('speaks for nobody once more than five have it, whoever came first', async () => {
    const records = [...twins, ...Array.from({ length: 5 }, (_, n) => tenant(n))];
    const outcomes: (string | undefined)[] = [];
    for (const order of [records, records.toReversed()]) {
      const system = await openProfileSystem();
      const ids = new Map<HouseholdRecord, string>();
      for (const record of order) {
        ids.set(record, await tellPerson(system, `t${records.indexOf(record)}`, record));
        await system.settle();
      }
      const [one, other] = twins.map((record) => ids.get(record) ?? '');
      outcomes.push((await questionOf(system, one ?? '', other ?? ''))?.status ?? 'withdrawn');
      await system.store.close();
    }
    expect(outcomes).toEqual(['withdrawn', 'withdrawn']);
  });
});

const people = fc.uniqueArray(
  fc.record({
    given: fc.constantFrom('Amara', 'Amarah', 'Ben', 'Benjamin', 'Sofia', 'Elena'),
    family: fc.constantFrom('Okafor', 'Okafr', 'Marlow'),
    born: fc.constantFrom('1985-03-04', '1985-04-03', '1999-05-05'),
    phone: fc.constantFrom('01632 960123', '01632 960124'),
    address: fc.constantFrom(quay, '3 Mill Lane, Osierford, ZZ7 2ML'),
  }),
  { minLength: 2, maxLength: 5, comparator: (a, b) => JSON.stringify(a) === JSON.stringify(b) },
);

const told = async (records: readonly HouseholdRecord[], order: readonly number[], settleEach: boolean) => {
  const system = await openProfileSystem();
  const facts = order.flatMap((n) => factsOf(`p${n}`, records[n] ?? {}));
  for (const fact of facts) {
    await tellAll(system, [fact]);
    if (settleEach) await system.settle();
  }
  await system.settle();
  const open = (await openOf(system)).map(({ version: _version, foundAt: _found, ...rest }) => rest);
  await system.store.close();
  return open;
};

const runs = propertyRuns(20, 200);

describe('the open questions', () => {
  it(`are the same whatever came first, and however much came at once (${runs} runs)`, {
    timeout: 300_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(people, fc.boolean(), async (records, settleEach) => {
        const order = records.map((_, n) => n);
        expect(await told(records, order.toReversed(), settleEach)).toEqual(await told(records, order, !settleEach));
      }),
      { numRuns: Math.min(runs, 200) },
    );
  });
});

describe('what finding costs', () => {
  const crowd = async (count: number): Promise<{ system: ProfileSystem; id: string }> => {
    const system = await openProfileSystem();
    for (let n = 0; n < count; n += 1)
      await tellPerson(system, `n${n}`, {
        given: `Guest${n}`,
        family: 'Okafor',
        born: `19${10 + n}-01-01`,
        address: quay,
      });
    const id = await tellPerson(system, 'me', amara);
    await system.settle();
    return { system, id };
  };

  it('is bounded, however many share a key: 12 keys of 40 records at most', async () => {
    const { system, id } = await crowd(60);
    const counted = createCountedTable(system.profile);
    const found = await findDuplicates({ profile: counted, now: () => 0 }, id, true);
    // More than forty live there: the place is no key, and nobody is compared for it.
    expect(found).toEqual({ compared: 0, open: [] });
    const { requests, itemsRead } = counted.counts();
    // The list of keys, record and premises, weights, open questions, then a Query for each of the seven keys.
    expect(requests).toBe(5 + 7);
    expect(itemsRead).toBeLessThanOrEqual(7 * 41 + 10);
  });

  it('is two reads more than the list of keys where nothing to look for by has changed', async () => {
    const { system, id } = await crowd(0);
    const counted = createCountedTable(system.profile);
    expect(await findDuplicates({ profile: counted, now: () => 0 }, id, false)).toEqual({ compared: 0, open: [] });
    expect(counted.counts()).toMatchObject({ requests: 3, itemsWritten: 0 });
  });
});
