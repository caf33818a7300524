import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Table } from '#shared/table/table.ts';
import { Register } from '#shared/vocabulary/measures.ts';
import { isPlain } from '#shared/vocabulary/plain-text.ts';
import { Reference } from '#shared/vocabulary/references.ts';
import { registerIdOf, registerUnitOf } from './registers.ts';
import { type Found, SeriesTargets } from './series-targets.ts';
import type { SurveyedSeries } from './survey-file.ts';

/**
 * A point of a file at which nothing measures yet, or only the meter that an earlier file made known and from later on: its
 * registers, and when they measured first (Unix seconds).
 */
export const MissingPoint = z.object({
  reference: Reference,
  registers: z.array(Register).min(1),
  first: z.int(),
});
export type MissingPoint = z.infer<typeof MissingPoint>;

/** Serial number of the meter that is made known for a reference. */
export const serialOf = ({ namespace, value }: Reference): string => {
  const serial = `${namespace}-${value}`;
  return /^[A-Za-z0-9][A-Za-z0-9._:-]{0,39}$/.test(serial)
    ? serial
    : `${namespace}-${createHash('sha256').update(value).digest('hex').slice(0, 24)}`
        .slice(-40)
        .replace(/^[^A-Za-z0-9]+/, '');
};

/** Whether a meter is to measure from `first` on: none is there, or the own one, and nothing before it. */
const isMissing = (found: Found, own: string, first: number): boolean =>
  'none' in found
    ? ['unknown-point', 'no-meter'].includes(found.none.code)
    : found.targets.every(({ meter, from }) => meter.serial === own && first < from);

/** A register that holds the values of a series exactly; undefined where no register can. */
const newRegister = (surveyed: SurveyedSeries, zone: string): Register | undefined => {
  const { series, powerOfTen, intervalSeconds, hasNegative } = surveyed;
  const unit = registerUnitOf(series.unit);
  const commodity =
    series.commodity ?? (unit === 'Wh' || unit === 'varh' ? 'electricity' : unit === 'L' ? 'water' : 'gas');
  const read = Register.safeParse({
    id: registerIdOf(series.register),
    commodity,
    flow: series.flow ?? (hasNegative ? 'net' : 'forward'),
    unit,
    powerOfTen,
    intervalSeconds,
    zone: series.zone ?? zone,
  });
  return read.success && intervalSeconds % 60 === 0 ? read.data : undefined;
};

/** The points of a file at which nothing measures yet, with the registers that its series need. */
export const missingPoints = async (
  profile: Table,
  zone: string,
  surveyed: readonly SurveyedSeries[],
): Promise<readonly MissingPoint[]> => {
  const targets = new SeriesTargets(profile);
  const points = new Map<string, MissingPoint>();
  for (const one of surveyed) {
    const { namespace, reference: value } = one.series;
    const reference = Reference.safeParse({ namespace, value });
    const register = newRegister(one, zone);
    // What would steer whoever reads its name is no name: its rows are kept aside.
    if (!reference.success || !isPlain(value) || register === undefined) continue;
    const found = await targets.of(one.series);
    if (!isMissing(found, serialOf(reference.data), one.first)) continue;
    const key = `${namespace}:${value}`;
    const point = points.get(key) ?? { reference: reference.data, registers: [], first: one.first };
    points.set(key, { ...point, first: Math.min(point.first, one.first) });
    if (point.registers.every(({ id }) => id !== register.id)) point.registers.push(register);
  }
  return [...points.values()];
};
