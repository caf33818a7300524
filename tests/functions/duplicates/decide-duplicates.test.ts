import { beforeAll, describe, expect, it } from 'vitest';
import { duplicateOperations } from '#functions/duplicates/api.ts';
import { duplicateIdOf } from '#functions/duplicates/store/duplicates.ts';
import { readHead } from '#shared/profile/store/items.ts';
import { headKey } from '#shared/table/keys.ts';
import { scanItems } from '#shared/table/scan.ts';
import type { Actor } from '#shared/vocabulary/actor.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { openProfileSystem } from '#tests/support/profile-system.ts';
import type { HouseholdRecord } from './rules/household-people.ts';
import { openOf, questionOf, tellPerson } from './told-people.ts';

const supervisor: Actor = { kind: 'staff', id: 'staff-supervisor', roles: ['supervisor'] };
const amara: HouseholdRecord = {
  given: 'Amara',
  family: 'Okafor',
  born: '1985-03-04',
  phone: '01632 960123',
  email: 'amara.okafor@example.com',
};

const standOf = async (...records: readonly HouseholdRecord[]) => {
  const system = await openProfileSystem();
  const ids: string[] = [];
  for (const [n, record] of records.entries())
    ids.push(await tellPerson(system, `p${n}`, record, n % 2 === 0 ? 'crm' : 'billing'));
  await system.settle();
  const operations = duplicateOperations({ ...system, now: () => system.clock.now(), today: () => '2026-11-24' });
  let asked = 0;
  const request = () => {
    asked += 1;
    const base = operationRequest(supervisor);
    return { ...base, audit: { ...base.audit, id: String(asked).padStart(26, '0') } };
  };
  const list = (
    query: { readonly band?: 'auto' | 'steward' | 'separate'; readonly limit?: number; readonly cursor?: string } = {},
  ) => operations.listDuplicates({ ...request(), query: { limit: 25, ...query }, body: undefined });
  const decide = (
    id: string,
    body: { readonly decision: 'same' | 'different'; readonly reason: string; readonly survivor?: string },
  ) => operations.decideDuplicate({ ...request(), subjectId: id, query: {}, body });
  return { system, ids, list, decide };
};

const named = async (system: Awaited<ReturnType<typeof openProfileSystem>>): Promise<readonly string[]> => {
  const found: string[] = [];
  for await (const item of scanItems(system.store.table('audit'), { consistent: true })) found.push(item.pk);
  return found;
};

describe('the list of duplicates', () => {
  it('shows both customers side by side, and each comparison in words', async () => {
    const { list, ids } = await standOf(amara, { ...amara, family: 'Okafr' });
    const { body, subjects } = await list();
    const [shown] = body.data;
    expect(shown?.band).toBe('auto');
    expect(shown?.customers.map(({ name }) => name).sort()).toEqual(['Amara Okafor', 'Amara Okafr']);
    expect(shown?.customers[0]?.contactPoints.map(({ value }) => value)).toContain('01632 960123');
    expect(shown?.customers.flatMap(({ sources }) => sources).sort()).toEqual(['billing', 'crm']);
    expect(shown?.comparisons.map(({ text }) => text)).toContainEqual(
      expect.stringMatching(/^family name: one letter differs, or a short form, [+−]\d+\.\d$/),
    );
    const sum = (shown?.comparisons ?? []).reduce((all, { weight }) => all + weight, shown?.before ?? 0);
    expect(sum).toBeCloseTo(shown?.score ?? 0, 2);
    expect(subjects?.toSorted()).toEqual(ids.toSorted());
  });

  it('goes on behind the last one, the likeliest first, and knows the bands', async () => {
    const other = { given: 'Hanne', born: '1991-07-19', phone: '01632 960311' };
    const { list } = await standOf(
      amara,
      amara,
      { ...other, family: 'Lindqvist' },
      { ...other, family: 'Brandt' },
      { given: 'Thomas', family: 'Ashby Sr', phone: '01632 960500', email: 't@example.com' },
      { given: 'Thomas', family: 'Ashby Jr', phone: '01632 960500', email: 't@example.com' },
    );
    const first = await list({ limit: 1 });
    expect(first.body.data.map(({ band }) => band)).toEqual(['auto']);
    const second = await list({ limit: 1, cursor: first.body.next ?? '' });
    expect(second.body.data.map(({ band }) => band)).toEqual(['steward']);
    expect(second.body.next).toBeNull();
    expect((await list({ band: 'steward' })).body.data).toHaveLength(1);
    const parted = (await list({ band: 'separate' })).body.data;
    expect(parted.map(({ vetoes }) => vetoes.map(({ text }) => text))).toEqual([['One is senior, the other junior.']]);
  });
});

describe('a decision', () => {
  let asked: Awaited<ReturnType<typeof standOf>>;
  let id: string;
  beforeAll(async () => {
    asked = await standOf(amara, amara);
    id = duplicateIdOf(asked.ids[0] ?? '', asked.ids[1] ?? '');
  });

  it('names one of the two as survivor, or none', async () => {
    const survivor = 'cus_0123456789ABCDEFGHJKMNPQRS';
    await expect(asked.decide(id, { decision: 'same', reason: 'One person.', survivor })).rejects.toMatchObject({
      code: 'duplicate.survivor-unknown',
      errors: [{ pointer: '/survivor' }],
    });
  });

  it('that they differ closes the question for good, and stands in the log of both', async () => {
    const told = await asked.decide(id, { decision: 'different', reason: 'Twins of one name.' });
    expect(told).toMatchObject({ status: 201, audited: true, body: { decision: 'different' } });
    expect((await questionOf(asked.system, asked.ids[0] ?? '', asked.ids[1] ?? ''))?.status).toBe('different');
    await asked.system.settle();
    expect(await openOf(asked.system)).toEqual([]);
    const log = await named(asked.system);
    for (const customer of asked.ids) expect(log).toContain(`AUD#${customer}`);
  });

  it('is made once: the question is closed then', async () => {
    await expect(asked.decide(id, { decision: 'same', reason: 'One after all.' })).rejects.toMatchObject({
      kind: 'conflict',
      code: 'duplicate.closed',
    });
  });

  it('on what nobody has asked finds nothing', async () => {
    await expect(
      asked.decide('dup_0123456789ABCDEFGHJKMNPQRS', { decision: 'same', reason: 'One person.' }),
    ).rejects.toMatchObject({ kind: 'not-found' });
  });
});

describe('a decision that both are one', () => {
  it('merges them into the record that is named, and brings the merge to its end', async () => {
    const { system, ids, decide } = await standOf(amara, amara);
    const [first = '', second = ''] = ids;
    const id = duplicateIdOf(first, second);
    const told = await decide(id, { decision: 'same', reason: 'Same e-mail and phone.', survivor: second });
    expect(told.body).toMatchObject({ survivor: second, mergeId: expect.stringMatching(/^mrg_/) });
    const head = await system.profile.get(headKey(first), { consistent: true });
    expect(head === undefined ? undefined : readHead(head).aliasOf).toBe(second);
    expect((await questionOf(system, first, second))?.status).toBe('same');
    await system.settle();
    expect(await openOf(system)).toEqual([]);
    expect((await questionOf(system, first, second))?.status).toBe('same');
  });

  it('keeps the older record where none is named', async () => {
    const { system, ids, decide } = await standOf(amara, amara);
    const [first = '', second = ''] = ids;
    const older = [first, second].sort()[0];
    const told = await decide(duplicateIdOf(first, second), { decision: 'same', reason: 'One person.' });
    expect(told.body.survivor).toBe(older);
    await system.store.close();
  });
});
