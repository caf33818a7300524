import { expect, it } from 'vitest';
import { ownService } from '#shared/profile/rules/own-service.ts';

const role = (from: string, to: string | null, account = 'acc_1') =>
  ({ account, customer: 'cus_1', role: 'holder', from, to }) as const;
const agreement = (from: string, to: string | null, servicePoint = 'svp_1', account = 'acc_1') => ({
  id: 'agr_1',
  account,
  servicePoint,
  premise: 'prm_1',
  tariff: 'STANDARD',
  from,
  to,
});

it.each([
  ['all of an agreement within the role', [role('2025-01-01', null)], ['2025-03-01', '2026-01-01']],
  ['from the day of the role', [role('2025-06-01', null)], ['2025-06-01', '2026-01-01']],
  ['up to the end of the role', [role('2025-01-01', '2025-05-01')], ['2025-03-01', '2025-05-01']],
] as const)('a service was somebody’s own for %s', (_, roles, [from, to]) => {
  expect(ownService(roles, [agreement('2025-03-01', '2026-01-01')], 'svp_1')).toEqual([{ from, to }]);
});

it('is never theirs by another account, at another point, or where role and agreement only touch', () => {
  const agreements = [agreement('2025-03-01', null), agreement('2025-01-01', null, 'svp_2')];
  expect(ownService([role('2025-01-01', null, 'acc_2')], agreements, 'svp_1')).toEqual([]);
  expect(ownService([role('2025-01-01', '2025-03-01')], agreements, 'svp_1')).toEqual([]);
  expect(ownService([role('2025-01-01', null)], agreements, 'svp_3')).toEqual([]);
});

it('is every stay of somebody who came back, and goes on where neither ended', () => {
  const agreements = [agreement('2025-01-01', '2025-02-01'), agreement('2025-06-01', null)];
  expect(ownService([role('2024-01-01', null)], agreements, 'svp_1')).toEqual([
    { from: '2025-01-01', to: '2025-02-01' },
    { from: '2025-06-01', to: null },
  ]);
});
