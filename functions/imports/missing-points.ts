import * as z from 'zod';
import type { Table } from '#shared/store/table.ts';
import { Register } from '#shared/vocabulary/measures.ts';
import { Reference } from '#shared/vocabulary/references.ts';
import { registerIdOf, registerUnitOf } from './registers.ts';
import { SeriesTargets } from './series-targets.ts';
import type { SurveyedSeries } from './survey-file.ts';

/** A point of a file at which nothing measures yet: its registers, and when they measured first (Unix seconds). */
export const MissingPoint = z.object({
  reference: Reference,
  registers: z.array(Register).min(1),
  first: z.int(),
});
export type MissingPoint = z.infer<typeof MissingPoint>;

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
    if (!reference.success || register === undefined) continue;
    const found = await targets.of(one.series);
    const isMissing = 'none' in found && ['unknown-point', 'no-meter'].includes(found.none.code);
    if (!isMissing) continue;
    const key = `${namespace}:${value}`;
    const point = points.get(key) ?? { reference: reference.data, registers: [], first: one.first };
    points.set(key, { ...point, first: Math.min(point.first, one.first) });
    if (point.registers.every(({ id }) => id !== register.id)) point.registers.push(register);
  }
  return [...points.values()];
};
