import { describe, expect, it } from 'vitest';
import { effectiveInstallations, metering } from '#shared/profile/rules/installations.ts';
import { foldAll, house, idOf, minute, supplyPoint, told } from './told-facts.ts';

const of = { subjects: [house], system: 'field' };

const [oldMeter, newMeter] = [idOf('meter', 'old'), idOf('meter', 'new')];
const installed = (meter: string, from?: string, at = minute(1)) =>
  told(
    'metering.meter.installed.v1',
    { servicePoint: supplyPoint, meter, serial: 'RT-00041', ...(from === undefined ? {} : { from }) },
    { ...of, at },
  );
const removed = (meter: string, at: string, servicePoint = supplyPoint) =>
  told('metering.meter.removed.v1', { servicePoint, meter, at }, of);
const metersOf = (...facts: Parameters<typeof foldAll>[1]) => {
  const { state, groundless } = foldAll(metering, facts);
  return [
    effectiveInstallations(state.installations).map(({ meter, from, to }) => [meter, from, to]),
    groundless.count,
  ];
};

describe('a meter', () => {
  it('measures from the instant that was told, in whatever offset, else from that of the fact', () => {
    expect(metersOf(installed(oldMeter, '2025-10-01T09:00:00+01:00'))).toEqual([
      [[oldMeter, '2025-10-01T08:00:00.000Z', null]],
      0,
    ]);
    expect(metersOf(installed(oldMeter, undefined, minute(7)))).toEqual([[[oldMeter, minute(7), null]], 0]);
  });

  it('that is exchanged ends where the next begins', () => {
    expect(
      metersOf(installed(oldMeter, minute(1)), removed(oldMeter, minute(5)), installed(newMeter, minute(5))),
    ).toEqual([
      [
        [oldMeter, minute(1), minute(5)],
        [newMeter, minute(5), null],
      ],
      0,
    ]);
  });

  it('that is told twice is one; told from two instants it is removed whole', () => {
    expect(metersOf(installed(oldMeter, minute(1)), installed(oldMeter, minute(1)))).toEqual([
      [[oldMeter, minute(1), null]],
      0,
    ]);
    const [installations] = metersOf(
      installed(oldMeter, minute(1)),
      installed(oldMeter, minute(3)),
      removed(oldMeter, minute(5)),
    );
    expect(installations).toEqual([[oldMeter, minute(1), minute(5)]]);
  });

  it('that was never there, not there yet, or elsewhere, is not removed', () => {
    expect(
      metersOf(
        installed(oldMeter, minute(5)),
        removed(newMeter, minute(6)),
        removed(oldMeter, minute(4)),
        removed(oldMeter, minute(6), idOf('servicePoint', 'elsewhere')),
      ),
    ).toEqual([[[oldMeter, minute(5), null]], 0]);
  });
});
