import { afterEach, describe, expect, it } from 'vitest';
import { standardErasurePolicy } from '#shared/vocabulary/erasure-policy.ts';
import { bill, crm, granted, person, sent } from '#tests/functions/told-household.ts';
import { machine } from '#tests/support/profile-system.ts';
import { found, markers, openHousehold, privacyDesk, why } from './erased-household.ts';

const opened: Awaited<ReturnType<typeof openHousehold>>[] = [];
const household = async (leaves = true) => {
  const one = await openHousehold(leaves);
  opened.push(one);
  return one;
};
afterEach(async () => {
  for (const { system } of opened.splice(0)) await system.store.close();
});

describe('the people of the role privacy', () => {
  it('are told what stands against it, and on which grounds it does not', async () => {
    const { system, desk, customer } = await household(false);
    await system.submit([bill('bill-2', '2026-01-20T08:00:00.000Z', 900)], machine);
    const kinds = (plan: { readonly body: { readonly blockers: readonly { readonly kind: string }[] } }) =>
      plan.body.blockers.map(({ kind }) => kind);
    expect(kinds(await desk.plan(customer))).toEqual(['account-open', 'balance']);
    expect(kinds(await desk.plan(customer, 'legal-obligation'))).toEqual([]);
    expect(await desk.ask('pam', customer)).toMatchObject({ status: 'erasure.blocked' });
    const lenient = privacyDesk(system, { ...standardErasurePolicy, blockedBy: ['reversal-waits'] });
    expect(kinds(await lenient.plan(customer))).toEqual([]);
  });

  it('are not let approve what has come to stand against it since it was asked for', async () => {
    const { system, desk, customer } = await household();
    const asked = await desk.ask('pam', customer);
    await system.submit([bill('late', '2026-02-03T08:00:00.000Z', 900)], machine);
    expect(await desk.decide('pat', customer, asked.body.requestId)).toMatchObject({ status: 'erasure.blocked' });
    expect((await desk.look(customer)).body).toMatchObject({ status: 'requested' });
  });

  it('ask once, decide once, and never on what they asked for themselves', async () => {
    const { desk, customer } = await household();
    const asked = await desk.ask('pam', customer);
    const request = asked.body.requestId;
    expect(await desk.ask('pat', customer)).toMatchObject({ status: 'erasure.pending' });
    expect(await desk.decide('pam', customer, request)).toMatchObject({ status: 'erasure.second-person' });
    expect((await desk.list()).body.data).toMatchObject([
      { customerId: customer, status: 'requested', requestId: request },
    ]);
    expect(await desk.decide('pat', customer, request, 'declined')).toMatchObject({ body: { status: 'declined' } });
    expect(await desk.decide('pat', customer, request)).toMatchObject({ status: 'erasure.not-pending' });
    expect((await desk.list()).body.data).toEqual([]);
  });

  it.each([markers.family, `Ms ${markers.given.toUpperCase()}.`, 'Mail to zelda.marker@example.com'])(
    'give no reason that says who it is: %s',
    async (reason) => {
      const { desk, customer } = await household();
      expect(await desk.ask('pam', customer, { ...why, reason })).toMatchObject({ status: 'erasure.reason-names' });
    },
  );

  it.each([
    ['her phone number as it is dialled at home', 'Caller on 01632 960 987.'],
    ['her name without its accents', 'Letter of Siobhan.'],
  ])('give no reason with %s', async (_what, reason) => {
    const { system, desk, customer } = await household();
    const name = { given: 'Siobh\u00e1n', family: markers.family };
    await system.submit(
      [sent('named', 'customer.profile.corrected.v1', '2026-02-03T10:00:00.000Z', { customer: crm('zelda'), name })],
      machine,
    );
    expect(await desk.ask('pam', customer, { ...why, reason })).toMatchObject({ status: 'erasure.reason-names' });
  });

  it('say not who it is in declining either: that, too, stays', async () => {
    const { system, desk, customer } = await household();
    const asked = await desk.ask('pam', customer);
    const said = await desk.decide('pat', customer, asked.body.requestId, 'declined', `${markers.family} has a claim.`);
    expect(said).toMatchObject({ status: 'erasure.reason-names' });
    expect((await desk.look(customer)).body).toMatchObject({ status: 'requested' });
    expect(await found(system, 'has a claim')).toEqual([]);
  });

  it('do not approve where the reason says who it is by what has been told since: it would stay', async () => {
    const { system, desk, customer } = await household();
    const asked = await desk.ask('pam', customer, { ...why, reason: 'Letter of Newlywed.' });
    const name = { given: markers.given, family: 'Newlywed' };
    await system.submit(
      [sent('wed', 'customer.profile.corrected.v1', '2026-02-03T10:00:00.000Z', { customer: crm('zelda'), name })],
      machine,
    );
    const request = asked.body.requestId;
    expect(await desk.decide('pat', customer, request)).toMatchObject({ status: 'erasure.reason-names' });
    expect(await desk.decide('pat', customer, request, 'declined')).toMatchObject({ body: { status: 'declined' } });
  });
});

describe('an erasure that was asked for', () => {
  it.each(['survivor', 'alias'] as const)('waits still where the record is merged as the %s', async (as) => {
    const { system, desk, customer } = await household();
    const [told] = await system.submit([person('joy')], machine);
    const joy = told?.status === 'accepted' ? (told.fact.entity ?? '') : '';
    await system.settle();
    const asked = await desk.ask('pam', customer);
    const request = asked.body.requestId;
    const data = as === 'alias' ? { survivor: joy, alias: customer } : { survivor: customer, alias: joy };
    const merge = sent('merge', 'customer.identity.merged.v1', '2026-02-02T10:00:00.000Z', data, 'rotunda');
    await system.submit([{ ...merge, data: { ...data, reason: 'One and the same.' } }], machine);
    await system.settle();
    const root = data.survivor;
    expect((await desk.look(root)).body).toMatchObject({ status: 'requested', records: [root, data.alias] });
    expect((await desk.list()).body.data).toMatchObject([{ customerId: root, requestId: request }]);
    expect(await desk.decide('pat', root, request)).toMatchObject({ body: { status: 'approved' } });
    await system.settle();
    for (const one of [customer, joy]) expect((await system.register.list()).map((e) => e.customer)).toContain(one);
    expect((await desk.look(root)).body).toMatchObject({ status: 'erased' });
    expect((await desk.list()).body.data).toEqual([]);
    for (const text of Object.values(markers)) expect(await found(system, text)).toEqual([]);
  });
});

describe('a merge that comes between looking and approving', () => {
  it('makes the second person look again, and leaves no approval that nobody carries out', async () => {
    const { system, desk, customer } = await household();
    const [told] = await system.submit([person('joy')], machine);
    const joy = told?.status === 'accepted' ? told.fact.entity : undefined;
    await system.settle();
    const asked = await desk.ask('pam', customer);
    const merge = sent(
      'merge',
      'customer.identity.merged.v1',
      '2026-02-02T10:00:00.000Z',
      { survivor: customer, alias: joy, reason: 'One and the same.' },
      'rotunda',
    );
    const raced = privacyDesk({
      ...system,
      prepare: async (...given) => {
        await system.submit([merge], machine);
        return system.prepare(...given);
      },
    });
    expect(await raced.decide('pat', customer, asked.body.requestId)).toMatchObject({ status: 'version.stale' });
    await system.settle();
    expect((await desk.look(customer)).body).toMatchObject({ status: 'requested', records: [customer, joy] });
    expect(await desk.decide('pat', customer, asked.body.requestId)).toMatchObject({ body: { status: 'approved' } });
    await system.settle();
    expect((await desk.look(customer)).body).toMatchObject({ status: 'erased' });
  });
});

describe('what was written at an account', () => {
  it('stays where the time was as well that of somebody who is still known, and goes with the last of them', async () => {
    const { system, desk, customer } = await household();
    const told = await system.submit([person('joy'), granted('joy', 'joint', '2025-01-01', '2026-02-02')], machine);
    const joy = told
      .map((one) => (one.status === 'accepted' ? one.fact.entity : undefined))
      .find((id) => id?.startsWith('cus_'));
    await system.settle();
    const erase = async (who: string) => {
      const asked = await desk.ask('pam', who, { ...why, ground: 'unlawful' });
      await desk.decide('pat', who, asked.body.requestId);
      await system.settle();
      return (await desk.look(who)).body.status;
    };
    const before = await desk.plan(customer);
    const counted = before.body.goes.find(
      (one: { readonly kind: string }) => one.kind === 'words-at-accounts-and-places',
    );
    expect(counted).toMatchObject({ count: 0 });
    expect(await erase(customer)).toBe('erased');
    expect(await found(system, markers.summary)).toEqual([]);
    const left = await desk.plan(joy ?? '');
    expect(left.body.goes).toContainEqual(expect.objectContaining({ kind: 'words-at-accounts-and-places', count: 2 }));
    expect(await erase(joy ?? '')).toBe('erased');
  });
});

describe('what other records say of an erased customer', () => {
  it('goes where both are named, and a merge with them is refused', async () => {
    const { system, desk, customer } = await household();
    const [told] = await system.submit([person('joy')], machine);
    const joy = told?.status === 'accepted' ? told.fact.entity : undefined;
    const reason = 'Sisterwords of Zelda';
    await system.submit(
      [
        sent(
          'apart',
          'customer.identity.distinguished.v1',
          '2026-02-01T10:00:00.000Z',
          { customer: crm('joy'), other: crm('zelda'), reason },
          'rotunda',
        ),
      ],
      machine,
    );
    const asked = await desk.ask('pam', customer);
    await desk.decide('pat', customer, asked.body.requestId);
    await system.settle();
    expect(await found(system, 'Sisterwords')).toEqual([]);
    const merge = sent(
      'merge',
      'customer.identity.merged.v1',
      '2026-02-02T10:00:00.000Z',
      { survivor: joy, alias: customer, reason },
      'rotunda',
    );
    expect(await system.submit([merge], machine)).toMatchObject([{ status: 'rejected', code: 'owner.erased' }]);
  });
});
