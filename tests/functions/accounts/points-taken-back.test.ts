import { beforeAll, describe, expect, it } from 'vitest';
import { accountOperations } from '#functions/accounts/api.ts';
import { showMeter } from '#functions/meters/show-meter.ts';
import { listDisputes } from '#functions/operations/list-disputes.ts';
import { premiseOperations } from '#functions/premises/api.ts';
import { OwnTime } from '#shared/profile/store/own-time.ts';
import { show360 } from '#shared/profile/store/show-360.ts';
import { factIdOf } from '#shared/runtime/identify.ts';
import { standardPaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import {
  agreed,
  billed,
  entityOf,
  granted,
  mpan,
  opened,
  person,
  point,
  putMeter,
  registered,
  sent,
  tell,
  uprn,
} from '#tests/functions/told-household.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';

/**
 * A home has two points, an agreement for each, and a meter that was at the one and then at the other. The second was registered by
 * mistake.
 */

const today = '2026-11-24';
const second = { namespace: 'mpan', value: 'second' };
let system: ProfileSystem;
let [ana, account, premise, meter] = ['', '', '', ''];

beforeAll(async () => {
  system = await openProfileSystem();
  const results = await tell(system, person('ana'), opened, registered, point, granted('ana', 'holder'), agreed());
  [ana = '', account = '', premise = ''] = results.map(entityOf);
  meter = await putMeter(system, 'RT-1');
  const installed = (event: string, servicePoint: object, from: string, source: string) =>
    sent(event, 'metering.meter.installed.v1', from, { servicePoint, meter, from }, source);
  const agreement = (event: string, source: string, of: object) =>
    sent(
      event,
      'account.agreement.started.v1',
      '2026-02-01T08:00:00.000Z',
      { account: of, servicePoint: second, tariff: 'GAS', from: '2026-02-01' },
      source,
    );
  const other = { namespace: 'billing', value: 'other' };
  await tell(
    system,
    sent(
      'svp-2',
      'premise.service-point.registered.v1',
      '2026-01-02T08:00:00.000Z',
      { premise: uprn, commodity: 'gas', zone: 'UTC', references: [second] },
      'field',
    ),
    sent('acc-2', 'account.account.opened.v1', '2026-01-02T08:00:00.000Z', { currency: 'GBP', references: [other] }),
  );
  await tell(
    system,
    installed('ins-1', mpan, '2026-01-02T09:00:00.000Z', 'field'),
    installed('ins-2', second, '2026-03-02T09:00:00.000Z', 'field'),
    installed('ins-3', second, '2026-06-02T09:00:00.000Z', 'imports'),
    agreement('agr-2', 'billing', billed),
  );
});

const parts = () => ({
  ...system,
  readings: system.store.table('readings'),
  now: () => system.clock.now(),
  today: () => today,
  payments: standardPaymentPolicy,
});
const staff = () => ({ ...operationRequest({ kind: 'staff', id: 'sam', roles: ['agent'] }), body: undefined });
const customer = () => ({ ...staff(), self: ana, own: new OwnTime(system.profile, ana, today) });
const read = async (as = staff) => {
  const { readAccount, listAgreements } = accountOperations(parts());
  const one = (await readAccount({ ...as(), subjectId: account, query: {} })).body;
  const list = (await listAgreements({ ...as(), subjectId: account, query: { limit: 50 } })).body;
  const view = await show360({ profile: system.profile, now: parts().now, today: () => today }, ana);
  return {
    account: [one.agreements.length, one.agreementsWithoutPoint],
    list: list.data.map(({ withoutPoint }) => withoutPoint ?? false).toSorted(),
    view: [
      view?.accounts[0]?.agreements.length,
      view?.premises[0]?.servicePoints.map(({ meter: one }) => one?.serial ?? null),
    ],
  };
};

describe('a point that is taken back', () => {
  it('was one like any other before', async () => {
    expect(await read()).toEqual({ account: [2, undefined], list: [false, false], view: [2, [null, 'RT-1']] });
  });

  it('is none in any view: what was agreed of it waits and is told to staff, its meter stays where it was', async () => {
    const factId = factIdOf('field', 'svp-2');
    await tell(
      system,
      sent(
        'oops',
        'premise.service-point.retracted.v1',
        '2026-07-01T08:00:00.000Z',
        { factId, reason: 'Not there.' },
        'field',
      ),
    );
    expect(await read()).toEqual({ account: [1, 1], list: [false, true], view: [1, ['RT-1']] });
    expect(await read(customer)).toMatchObject({ account: [1, undefined], list: [false] });
    const { installations, disputed } = await showMeter(parts(), meter);
    expect([installations.map(({ to }) => to), disputed]).toEqual([[null], undefined]);
    const { body } = await premiseOperations(parts()).readPremise({ ...staff(), subjectId: premise, query: {} });
    expect(body.servicePoints.map(({ meter: one }) => one?.serial)).toEqual(['RT-1']);
  });

  it('is in no dispute', async () => {
    const other = { namespace: 'billing', value: 'other' };
    const claim = { account: other, servicePoint: second, tariff: 'GAS', from: '2026-02-01' };
    await tell(system, sent('agr-3', 'account.agreement.started.v1', '2026-02-01T08:00:00.000Z', claim, 'rotunda'));
    const { answer } = await listDisputes(system.profile, { limit: 20 }, undefined, () => false);
    expect(answer.total).toBe(0);
  });
});
