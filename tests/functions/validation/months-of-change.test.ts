import { expect, it } from 'vitest';
import { monthsAsked } from '#functions/validation/months-of-change.ts';
import { exceptionWrite } from '#functions/validation/store/reading-exceptions.ts';
import { mintedId } from '#shared/runtime/identify.ts';
import { localMonthAt, secondsOf } from '#shared/vocabulary/time.ts';

const place = { meter: mintedId('meter', 'm1'), register: 'E1' };
const found = (from: string, to: string) => {
  const [begin, end] = [secondsOf(from), secondsOf(to)];
  const exception = {
    id: '',
    ruleId: 'spike',
    version: 1,
    from: begin,
    to: end,
    severity: 'warn',
    evidence: {},
  } as const;
  const write = exceptionWrite(place, { exception, state: 'open' }, undefined);
  if (!('put' in write)) throw new Error('nothing is put');
  return monthsAsked({ position: '1', key: write.put, before: undefined, after: write.put }).map(({ month }) => month);
};

it('what stands over the first hours of a month is counted in it, wherever the service point lies', () => {
  const [from, to] = ['2026-02-28T12:00:00.000Z', '2026-02-28T20:00:00.000Z'];
  for (const zone of ['Pacific/Auckland', 'Europe/London']) {
    expect(found(from, to)).toContain(localMonthAt(zone, secondsOf(from)));
    expect(found(from, to)).toContain(localMonthAt(zone, secondsOf(to)));
  }
  const evening = ['2026-03-01T02:00:00.000Z', '2026-03-01T03:00:00.000Z'] as const;
  expect(found(...evening)).toContain(localMonthAt('America/Los_Angeles', secondsOf(evening[0])));
  expect(found('2026-03-10T00:00:00.000Z', '2026-03-11T00:00:00.000Z')).toEqual(['2026-03']);
});
