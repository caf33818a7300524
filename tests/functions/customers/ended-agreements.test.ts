import { expect, it } from 'vitest';
import { show360 } from '#shared/profile/store/show-360.ts';
import {
  agreed,
  billed,
  entityOf,
  granted,
  mpan,
  opened,
  person,
  point,
  registered,
  sent,
  tell,
  uprn,
} from '#tests/functions/told-household.ts';
import { openProfileSystem } from '#tests/support/profile-system.ts';

/** Agreements that end by their dates on days on which nothing is written. */

const gas = { namespace: 'gas', value: '77' };
const gasPoint = sent(
  'svp-gas',
  point.type,
  point.occurredAt,
  { premise: uprn, commodity: 'gas', zone: 'Europe/London', references: [gas] },
  'field',
);
const agreement = (event: string, servicePoint: object, from: string, to?: string) =>
  sent(event, 'account.agreement.started.v1', '2026-11-01T08:00:00.000Z', {
    account: billed,
    servicePoint,
    tariff: event,
    from,
    ...(to === undefined ? {} : { to }),
  });

const viewOf = async (...facts: Parameters<typeof tell>[1][]) => {
  const system = await openProfileSystem({ start: '2026-11-24T12:00:00.000Z' });
  const [customer] = await tell(
    system,
    person('ana'),
    opened,
    granted('ana', 'holder'),
    registered,
    point,
    gasPoint,
    ...facts,
  );
  return async (today: string) => {
    const now = () => Date.parse(`${today}T12:00:00.000Z`);
    const view = await show360({ profile: system.profile, now, today: () => today }, entityOf(customer));
    return {
      tariffs: view?.accounts[0]?.agreements.map(({ tariff }) => tariff),
      points: view?.premises.flatMap(({ servicePoints }) => servicePoints.map(({ commodity }) => commodity)),
    };
  };
};

it('a tariff that another one follows is told of until that one begins, and no longer', async () => {
  const view = await viewOf(agreement('OLD', mpan, '2026-01-01'), agreement('NEW', mpan, '2026-12-15'));
  expect((await view('2026-12-14')).tariffs?.toSorted()).toEqual(['NEW', 'OLD']);
  expect((await view('2026-12-15')).tariffs).toEqual(['NEW']);
});

it('a point that is taken no more is no part of the home, though another there is', async () => {
  const view = await viewOf(agreed(), agreement('GAS', gas, '2026-01-01', '2026-12-15'));
  expect((await view('2026-12-14')).points?.toSorted()).toEqual(['electricity', 'gas']);
  expect((await view('2026-12-15')).points).toEqual(['electricity']);
});
