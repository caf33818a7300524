import type { AnswerOf } from '#shared/contracts/api/routes.ts';
import { type MeterItem, readMeter } from '#shared/store/meters.ts';
import { lastReadingAt } from '#shared/store/readings.ts';
import { resolveNamed } from '#shared/store/references.ts';
import type { Table } from '#shared/store/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { instantOf } from '#shared/vocabulary/time.ts';

export interface ShowMeterParts {
  readonly profile: Table;
  readonly readings: Table;
}

/** End of a meter's last interval with a value over all its registers, RFC 3339; null where it has none. */
export const lastReadingOf = async (
  readings: Table,
  meter: Pick<MeterItem, 'id' | 'registers'>,
): Promise<string | null> => {
  const ends = await Promise.all(meter.registers.map((register) => lastReadingAt(readings, meter.id, register.id)));
  const last = Math.max(0, ...ends.map((end) => end ?? 0));
  return last === 0 ? null : instantOf(last);
};

/** A meter by its id or a reference `namespace:value`. Throws DomainError('not-found', 'meter.unknown'). */
export const showMeter = async (parts: ShowMeterParts, named: string): Promise<AnswerOf<'readMeter'>> => {
  const id = await resolveNamed(parts.profile, 'meter', named);
  const meter = id === undefined ? undefined : await readMeter(parts.profile, id);
  if (meter === undefined) throw new DomainError('not-found', 'meter.unknown', 'there is no such meter');
  return {
    id: meter.id,
    serial: meter.serial,
    references: meter.references,
    thing: meter.thing,
    registers: meter.registers,
    installations: meter.installations.map(({ servicePoint, premise, from, to }) => ({
      servicePointId: servicePoint,
      premiseId: premise,
      from,
      to,
    })),
    certificate: meter.certificates.at(-1) ?? null,
    lastReadingAt: await lastReadingOf(parts.readings, meter),
    version: meter.version,
  };
};
