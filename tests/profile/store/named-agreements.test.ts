import { describe, expect, it } from 'vitest';
import { idNamespace } from '#shared/facts/grounds.ts';
import { account as accountFamily } from '#shared/profile/rules/account.ts';
import { effectiveAgreements } from '#shared/profile/rules/agreements.ts';
import { toldAgreements } from '#shared/profile/rules/service-at.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { referenceKey } from '#shared/table/keys.ts';
import type { IdKind } from '#shared/vocabulary/ids.ts';
import { sent } from '#tests/support/meters/shared-households.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

/** The end of an agreement that is named by its id: it waits for the agreement, as everything does that names a thing. */

const at = '2026-03-01T08:00:00.000Z';
const idOf = (kind: IdKind, event: string): string => mintedId(kind, factIdOf('billing', event));
const [account, other] = [idOf('account', 'own'), idOf('account', 'other')];
const [premise, servicePoint, agreement] = [
  idOf('premise', 'home'),
  idOf('servicePoint', 'point'),
  idOf('agreement', 'agreed'),
];
const founding = [
  sent('own', 'account.account.opened.v1', at, { currency: 'GBP' }),
  sent('other', 'account.account.opened.v1', at, { currency: 'GBP' }),
  sent('home', 'premise.premise.registered.v1', at, { address: { lines: ['1 Quay Street'], country: 'GB' } }),
  sent('point', 'premise.service-point.registered.v1', at, {
    premise,
    commodity: 'electricity',
    zone: 'Europe/London',
  }),
];
const agreed = sent('agreed', 'account.agreement.started.v1', at, {
  account,
  servicePoint,
  tariff: 'STANDARD',
  from: '2026-05-01',
});
const endOf = (whose: string, to = '2026-04-01') =>
  sent(`end-${whose}`, 'account.agreement.ended.v1', at, { account: whose, servicePoint, agreement, to });

const open = async (): Promise<ProfileSystem> => {
  const system = await openProfileSystem();
  for (const fact of founding) await system.submit([fact], machine);
  return system;
};
const tell = async (system: ProfileSystem, fact: (typeof founding)[number]) =>
  (await system.submit([fact], machine))[0];
const held = async ({ profile }: ProfileSystem, whose = account) => {
  const { states } = await loadSubject(profile, whose);
  return effectiveAgreements(toldAgreements(states, accountFamily.name)).agreements.map(({ from, to }) => [from, to]);
};

describe('an end that names its agreement', () => {
  it('waits at the door until that is told, and then cancels it before it began', async () => {
    const system = await open();
    expect(await tell(system, endOf(account))).toMatchObject({ status: 'waiting' });
    expect(toldAgreements((await loadSubject(system.profile, account)).states, accountFamily.name)).toEqual({
      starts: [],
    });
    await tell(system, agreed);
    await system.settle();
    expect(await held(system)).toEqual([]);
    await system.store.close();
  });

  it('is kept aside where that is another account’s, whichever is told first', async () => {
    for (const order of [
      [agreed, endOf(other)],
      [endOf(other), agreed],
    ]) {
      const system = await open();
      for (const fact of order) await tell(system, fact);
      await system.settle();
      const aside = (await system.profile.scan({ consistent: true })).items.filter(({ pk }) => pk.startsWith('QAR#'));
      expect(aside.map(({ reason }) => reason)).toContain('reference.foreign');
      expect(await held(system)).toEqual([['2026-05-01', null]]);
      await system.store.close();
    }
  });

  it('finds an agreement that was kept before ids led to agreements', async () => {
    const system = await open();
    await tell(system, agreed);
    const key = referenceKey('agreement', { namespace: idNamespace, value: agreement });
    expect(await system.profile.get(key, { consistent: true })).toBeDefined();
    await system.profile.commit([{ remove: key }]);
    expect(await tell(system, endOf(account, '2026-06-01'))).toMatchObject({ status: 'accepted' });
    expect(await held(system)).toEqual([['2026-05-01', '2026-06-01']]);
    await system.store.close();
  });
});
