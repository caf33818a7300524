import { describe, expect, it } from 'vitest';
import { searchCustomers } from '#functions/search/search-customers.ts';
import { searchHash } from '#functions/search/store/search-hash.ts';
import { fieldMatrix, fullView, viewOf } from '#shared/access/field-matrix.ts';
import {
  agreed,
  crm,
  ended,
  entityOf,
  granted,
  minute,
  opened,
  person,
  point,
  registered,
  sent,
  tell,
} from '#tests/functions/told-household.ts';
import { openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

const today = '2026-11-24';
const find = (system: ProfileSystem, q: string, more: Partial<Parameters<typeof searchCustomers>[1]> = {}) =>
  searchCustomers(
    { table: system.profile, hash: searchHash(system.sealer), country: 'GB', today: () => today },
    { q, limit: 10, view: fullView, ...more },
  );

const email = (event: string, name: string, value: string) =>
  sent(event, 'customer.contact-point.added.v1', minute(1), { customer: crm(name), kind: 'email', value }, 'crm');
const phone = sent(
  'tel-ana',
  'customer.contact-point.added.v1',
  minute(1),
  { customer: crm('ana'), kind: 'phone', value: '01632 960123' },
  'crm',
);
const married = sent('married', 'customer.profile.corrected.v1', minute(5), {
  customer: crm('ana'),
  name: { given: 'ana', family: 'Lindqvist' },
});

/** Ana had the account until February, when Ben took it on. */
const home = async () => {
  const system = await openProfileSystem();
  const results = await tell(
    system,
    person('ana'),
    person('ben'),
    opened,
    registered,
    point,
    granted('ana', 'holder'),
    agreed(),
    phone,
    email('mail-ana', 'ana', 'ana@example.com'),
  );
  await tell(system, granted('ben', 'holder', '2026-02-01'), ended('ana', 'holder', '2026-02-01'));
  const [ana = '', ben = ''] = results.map(entityOf);
  return { system, ana, ben, phonePoint: entityOf(results[7]), mailPoint: entityOf(results[8]) };
};

/** What is stored for search, by its key. */
const entries = async (system: ProfileSystem) => {
  const found: { readonly pk: string; readonly sk: string; readonly says: string }[] = [];
  for await (const { pk, sk, says } of system.store.scan('profile'))
    if (/^SR[CNV]#/.test(pk)) found.push({ pk, sk, says: JSON.stringify(says ?? null) });
  return found;
};

describe('who was somewhere before', () => {
  it('is found by the address, marked as former, behind who is there now', async () => {
    const { system, ana, ben } = await home();
    const { data } = await find(system, '12 quay street');
    expect(data.map(({ id, matchedOn, ahead }) => [id, matchedOn, ahead])).toEqual([
      [ben, [{ key: 'address', value: '12 Quay Street, Saltmouth, ZZ1 4QS' }], 'current'],
      [ana, [{ key: 'address', value: '12 Quay Street, Saltmouth, ZZ1 4QS', former: true }], undefined],
    ]);
    const [named] = (await find(system, 'ana 12 quay st')).data;
    expect([named?.id, named?.unmet]).toEqual([ana, []]);
    await system.store.close();
  });

  it('is not found so by those who do not see addresses, nor by customers', async () => {
    const { system, ana } = await home();
    expect((await find(system, 'quay street', { view: viewOf([fieldMatrix.field]) })).data).toEqual([]);
    expect((await find(system, 'quay street', { only: new Set([ana]) })).data).toEqual([]);
    await system.store.close();
  });

  it('is found by the number of an account they left, marked as former', async () => {
    const { system, ana, ben } = await home();
    const { data } = await find(system, '000123');
    expect(data.map(({ id, matchedOn }) => [id, matchedOn[0]?.former])).toEqual([
      [ben, undefined],
      [ana, true],
    ]);
    await system.store.close();
  });
});

describe('a name that was', () => {
  it('finds its bearer, marked as former, and is one no longer once it is said again', async () => {
    const { system, ana } = await home();
    await tell(system, married);
    const former = async () =>
      (await find(system, 'ana okafor')).data.map(({ id, matchedOn }) => [
        id,
        matchedOn.filter(({ key }) => key === 'name'),
      ]);
    expect(await former()).toEqual([[ana, [{ key: 'name', value: 'ana Okafor', former: true }]]]);
    expect((await find(system, 'lindqvist')).data.map(({ matchedOn }) => matchedOn)).toEqual([
      [{ key: 'name', value: 'ana Lindqvist' }],
    ]);
    const back = { customer: crm('ana'), name: { given: 'ana', family: 'Okafor' } };
    await tell(system, sent('back', 'customer.profile.corrected.v1', minute(6), back));
    expect(await former()).toEqual([[ana, [{ key: 'name', value: 'ana Okafor' }]]]);
    await system.store.close();
  });

  it('is the same whenever the correction comes to be known', async () => {
    const late = await home();
    await tell(late.system, married);
    const early = await openProfileSystem();
    await tell(early, person('ben'), opened, person('ana'), married);
    const names = async (system: ProfileSystem) =>
      (await entries(system)).filter(({ says }) => says.includes('former')).map(({ pk, says }) => `${pk} ${says}`);
    expect(await names(early)).toEqual(await names(late.system));
    expect((await names(early)).length).toBeGreaterThan(0);
    await Promise.all([late.system.store.close(), early.store.close()]);
  });
});

describe('what is kept to be found by', () => {
  it('holds no value in the key of an exact entry', async () => {
    const { system } = await home();
    const exact = (await entries(system)).filter(({ pk }) => pk.startsWith('SRC#'));
    expect(exact.length).toBeGreaterThan(10);
    for (const { pk } of exact) expect(pk).toMatch(/^SRC#[A-Za-z0-9_-]{22}$/);
    await system.store.close();
  });

  it('goes with what said it: a number with all its ends', async () => {
    const { system, ana, phonePoint } = await home();
    const ofPhone = async () => (await entries(system)).filter(({ says }) => says.includes('1632960123')).length;
    expect(await ofPhone()).toBe(4);
    await tell(
      system,
      sent('gone', 'customer.contact-point.removed.v1', minute(8), { customer: ana, point: phonePoint }, 'crm'),
    );
    expect(await ofPhone()).toBe(0);
    await system.store.close();
  });

  it('goes with what said it: an e-mail address with what stands before the @', async () => {
    const { system, ana, mailPoint } = await home();
    const ofMail = async () => (await entries(system)).filter(({ says }) => says.includes('ana@example.com')).length;
    expect(await ofMail()).toBe(2);
    expect((await find(system, 'ana@')).data.map(({ id }) => id)).toEqual([ana]);
    await tell(
      system,
      sent('no-mail', 'customer.contact-point.removed.v1', minute(8), { customer: ana, point: mailPoint }, 'crm'),
    );
    expect(await ofMail()).toBe(0);
    expect((await find(system, 'ana@')).data).toEqual([]);
    await system.store.close();
  });

  it('is nothing of a person whose key is destroyed, names that were and words of them neither', async () => {
    const { system, ana } = await home();
    await tell(system, married);
    const theirs = async () =>
      (await entries(system)).filter(({ pk, sk }) => sk.endsWith(ana) || /^SRV#.*lin|^SRV#.*ana/.test(`${pk}#${sk}`));
    expect((await theirs()).length).toBeGreaterThan(20);
    await system.sealer.erase(ana);
    await system.committer.refold(ana);
    await system.settle();
    expect(await theirs()).toEqual([]);
    expect((await find(system, 'lindqvist')).data).toEqual([]);
    expect((await find(system, 'ana@example.com')).data).toEqual([]);
    expect((await find(system, 'ana@')).data).toEqual([]);
    await system.store.close();
  });
});
