import { offsetAt } from '#shared/vocabulary/zones.ts';

/** Numbers in [0, 1) that depend on the meter and the instant alone. */
const noise = (meter: string, instant: number): number => {
  let held = 0x811c9dc5 ^ instant;
  for (let index = 0; index < meter.length; index += 1) held = Math.imul(held ^ meter.charCodeAt(index), 0x01000193);
  held = Math.imul(held ^ (held >>> 15), 0x2c1b3c6d);
  held = Math.imul(held ^ (held >>> 12), 0x297a2d39);
  return ((held ^ (held >>> 15)) >>> 0) / 4_294_967_296;
};

const peak = (hour: number, at: number, width: number): number => Math.exp(-(((hour - at) / width) ** 2));

/**
 * The sensor of a simulated household: watt-hours of an interval, with a base load, a morning, an evening, and chance. The same
 * meter and instant give the same value.
 */
export const householdLoad =
  (meter: string, zone: string) =>
  (start: number, seconds: number): number => {
    const hour = ((((start + offsetAt(zone, start)) % 86_400) + 86_400) % 86_400) / 3600;
    const size = 0.6 + noise(meter, 0);
    const watts = size * (120 + 500 * peak(hour, 7.5, 1.2) + 1100 * peak(hour, 19, 2)) * (0.5 + noise(meter, start));
    return Math.round((watts * seconds) / 3600);
  };
