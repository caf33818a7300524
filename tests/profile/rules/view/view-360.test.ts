import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { packAccountDigest } from '#functions/accounts/rules/account-digest.ts';
import { contact } from '#functions/customers/rules/contact-points.ts';
import { packContact } from '#functions/customers/rules/contact-section.ts';
import { packInteractions } from '#functions/customers/rules/interaction-section.ts';
import { packPremiseDigest } from '#functions/premises/rules/premise-digest.ts';
import { account, accountAgreements } from '#shared/profile/rules/account.ts';
import { supply, supplyParts } from '#shared/profile/rules/agreements.ts';
import { emptyFold } from '#shared/profile/rules/fold.ts';
import { premise } from '#shared/profile/rules/premise.ts';
import { asTold } from '#shared/profile/rules/roles.ts';
import type { States } from '#shared/profile/rules/states.ts';
import { packFreshness } from '#shared/profile/rules/view/freshness.ts';
import { packIdentity } from '#shared/profile/rules/view/identity-section.ts';
import {
  isWhole,
  mayKnow,
  readViewParts,
  visibleAccounts,
  visiblePremises,
} from '#shared/profile/rules/view/view-360.ts';
import { bodyOf } from '#shared/vocabulary/ids.ts';
import { amara, home, house, idOf, inParts, supplyPoint } from '#tests/profile/rules/told-facts.ts';

const today = '2026-03-10';
const nothing = new Map();
const hashOf = (packed: Uint8Array) => new Uint8Array(createHash('sha256').update(packed).digest().subarray(0, 8));
const matches = (packed: Uint8Array, hash: Uint8Array) => Buffer.compare(hashOf(packed), hash) === 0;

const sections = (packed: Readonly<Record<number, Uint8Array>>) =>
  Object.entries(packed).map(([place, bytes]) => ({ place: Number(place), hash: hashOf(bytes) }));

const agreementAt = (of: string, by: string) => ({
  id: idOf('agreement', of),
  account: by,
  servicePoint: idOf('servicePoint', of),
  premise: of,
  tariff: 'T1',
  from: '2025-01-01',
  to: null,
});

const accountItem = (name: string, from: string, to: string | null, premises: readonly string[] = []) => {
  const id = name === 'home' ? home : idOf('account', name);
  const state = {
    ...account.empty(),
    roles: asTold([{ account: id, customer: amara, role: 'holder' as const, from, to }]),
  };
  const agreements = premises.map((premise) => agreementAt(premise, id));
  const states = new Map([
    ['account' as const, inParts({ ...emptyFold(account), state }, accountAgreements, agreements)],
  ]);
  return { sk: `VIEW#5#${bodyOf(id)}`, packed: packAccountDigest(states, { ids: [amara], stands: {} }, '2020-01-01') };
};
const premiseItem = (id: string, of = home) => {
  const point = {
    id: idOf('servicePoint', id),
    commodity: 'gas' as const,
    zone: 'UTC',
    connection: 'connected' as const,
    references: [],
  };
  const states: States = new Map([
    ['premise', { ...emptyFold(premise), state: { ...premise.empty(), servicePoints: [point] } }],
    ['supply', inParts(emptyFold(supply), supplyParts, [agreementAt(id, of)])],
  ]);
  return { sk: `VIEW#5#${bodyOf(of)}#${bodyOf(id)}`, packed: packPremiseDigest(states, of, today) };
};

describe('what a customer is shown of accounts', () => {
  const parts = readViewParts([
    accountItem('ended', '2025-01-01', today),
    accountItem('home', '2025-01-01', '2026-12-31'),
    accountItem('to come', '2026-04-01', null),
  ]);
  const ids = (at: string) => visibleAccounts(parts, at).map((one) => one.id);

  it('ends with the last role, though its digest still lies there', () => {
    expect(ids('2026-03-09')).toEqual([idOf('account', 'ended'), home, idOf('account', 'to come')]);
    expect(ids(today)).toEqual([home, idOf('account', 'to come')]);
    expect(ids('2027-01-01')).toEqual([idOf('account', 'to come')]);
  });

  it('is no money before the first day of a role, nor from its end on', () => {
    const [ended, held, coming] = parts.accounts.map((one) => mayKnow(one.digest, 'owed', today));
    expect([ended, held, coming]).toEqual([false, true, false]);
    expect(parts.accounts.map((one) => mayKnow(one.digest, 'owed', '2026-04-01'))).toEqual([false, true, true]);
  });
});

describe('what a customer is shown of premises', () => {
  it('hangs under an account that lists the premise and that they may see', () => {
    const [cottage, stranger] = [idOf('premise', 'cottage'), idOf('premise', 'stranger')];
    const former = idOf('account', 'ended');
    const parts = readViewParts([
      accountItem('home', '2025-01-01', null, [house]),
      accountItem('ended', '2025-01-01', today, [cottage]),
      premiseItem(house),
      premiseItem(stranger),
      premiseItem(cottage, former),
      premiseItem(house, former),
    ]);
    const shown = visiblePremises(parts, visibleAccounts(parts, today), today);
    expect(shown.map(({ id, account: of }) => [id, of])).toEqual([[house, home]]);
    const before = visiblePremises(parts, visibleAccounts(parts, '2026-03-09'), '2026-03-09');
    expect(before.map(({ id, account: of }) => [id, of])).toEqual([
      [house, home],
      [cottage, former],
    ]);
  });
});

describe('a premise that an account took service at', () => {
  it('is hidden from the day on that its last agreement ends, though nothing is written then', () => {
    const agreement = {
      id: idOf('agreement', 1),
      account: home,
      servicePoint: supplyPoint,
      premise: house,
      tariff: 'T1',
    };
    const point = {
      id: supplyPoint,
      commodity: 'gas' as const,
      zone: 'UTC',
      connection: 'connected' as const,
      references: [],
    };
    const states: States = new Map([
      ['premise', { ...emptyFold(premise), state: { ...premise.empty(), servicePoints: [point] } }],
      ['supply', inParts(emptyFold(supply), supplyParts, [{ ...agreement, from: '2025-01-01', to: '2026-03-11' }])],
    ]);
    const parts = readViewParts([
      accountItem('home', '2025-01-01', null, [house]),
      { ...premiseItem(house), packed: packPremiseDigest(states, home, today) },
    ]);
    const shownOn = (day: string) => visiblePremises(parts, visibleAccounts(parts, day), day).length;
    expect([shownOn(today), shownOn('2026-03-11')]).toEqual([1, 0]);
  });
});

describe('a view', () => {
  const packed = { 1: packContact(nothing), 3: packInteractions(nothing), 4: packFreshness(nothing) };
  const items = [
    { sk: 'VIEW#0', packed: packIdentity(nothing, 3, sections(packed), today) },
    ...Object.entries(packed).map(([place, bytes]) => ({ sk: `VIEW#${place}`, packed: bytes })),
  ];
  const whole = (shown: typeof items) => isWhole(shown, readViewParts(shown), matches);

  it('is whole where every section is that of the commit that wrote the first', () => {
    expect(whole(items)).toBe(true);
  });

  it('is seen to be torn where a section is of another commit, or is not there', () => {
    const point = {
      id: idOf('contactPoint', 1),
      kind: 'phone',
      value: '1',
      label: null,
      verified: true,
      preferred: true,
    };
    const other = packContact(
      new Map([['contact' as const, { ...emptyFold(contact), state: { points: [{ ...point, source: 'crm' }] } }]]),
    );
    expect(whole(items.map((item) => (item.sk === 'VIEW#1' ? { ...item, packed: other } : item)))).toBe(false);
    expect(whole(items.filter((item) => item.sk !== 'VIEW#3'))).toBe(false);
  });

  it('reads usage by its place, and is empty of what is not there', () => {
    const usage = {
      sk: `VIEW#5#${bodyOf(home)}#${bodyOf(house)}#${bodyOf(supplyPoint)}#1`,
      packed: new Uint8Array([1]),
    };
    const parts = readViewParts([usage]);
    expect(parts.usage).toEqual([
      { account: home, premise: house, servicePoint: supplyPoint, register: '1', packed: usage.packed },
    ]);
    expect(parts).toMatchObject({ identity: undefined, accounts: [], premises: [] });
    expect(parts.stored.size).toBe(0);
  });
});
