import { describe, expect, it } from 'vitest';
import { minutesBetween, minutesRetried } from '#functions/manifest/schedule-rate.ts';
import { scheduledFunctionNames } from '#functions/manifest.ts';
import { millisecondsBetween, scheduledRuns } from '#local/schedules.ts';

describe('what runs by the clock', () => {
  it('runs on one machine as often as deployed; imports are worked off by a worker of their own', () => {
    const minutes = Object.fromEntries(scheduledRuns.map(({ name, milliseconds }) => [name, milliseconds / 60_000]));
    expect(minutes).toEqual({
      'audit-checkpoint': 15,
      'meter-certificates': 1440,
      'operations-replay': 5,
      'silent-meters': 60,
    });
    const apart = scheduledFunctionNames.filter((name) => !Object.hasOwn(minutes, name));
    expect(apart).toEqual(['imports-work']);
  });

  it.each([
    ['rate(5 minutes)', 5, 5],
    ['rate(1 hour)', 60, 60],
    ['rate(7 days)', 10_080, 1200],
    ['cron(17 3 * * ? *)', 1440, 1200],
  ] as const)('%s is every %i minutes, and a missed run is tried again for %i', (expression, between, retried) => {
    expect([minutesBetween(expression), minutesRetried(expression)]).toEqual([between, retried]);
  });

  it('is not by a rate that no timer keeps', () => {
    expect(() => minutesBetween('rate(0 minutes)')).toThrow(RangeError);
    expect(() => minutesBetween('rate(1.5 hours)')).toThrow(RangeError);
    expect(millisecondsBetween('rate(24 days)')).toBe(24 * 86_400_000);
    expect(() => millisecondsBetween('rate(25 days)')).toThrow('24 days at most');
  });
});
