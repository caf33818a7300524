import type { AnswerOf } from '#shared/contracts/api/routes.ts';
import { type MeterItem, readMeter } from '#shared/store/meters.ts';
import { resolveNamed } from '#shared/store/references.ts';
import { lastReadingOf } from '#shared/store/series.ts';
import type { Table } from '#shared/store/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { readingTypeOf } from '#shared/vocabulary/measures.ts';

export interface ShowMeterParts {
  readonly profile: Table;
  readonly readings: Table;
}

const shown = ({ fingerprint, notAfter, reason }: MeterItem['certificates'][number]) => ({
  fingerprint,
  notAfter,
  ...(reason === undefined ? {} : { reason }),
});

/** A meter by its id or a reference `namespace:value`. Throws DomainError('not-found', 'meter.unknown'). */
export const showMeter = async (parts: ShowMeterParts, named: string): Promise<AnswerOf<'readMeter'>> => {
  const id = await resolveNamed(parts.profile, 'meter', named);
  const meter = id === undefined ? undefined : await readMeter(parts.profile, id);
  if (meter === undefined) throw new DomainError('not-found', 'meter.unknown', 'there is no such meter');
  const certificate = meter.certificates.at(-1);
  return {
    id: meter.id,
    serial: meter.serial,
    references: meter.references,
    thing: meter.thing,
    registers: meter.registers.map((register) => ({ ...register, readingType: readingTypeOf(register) })),
    installations: meter.installations.map(({ servicePoint, premise, from, to }) => ({
      servicePointId: servicePoint,
      premiseId: premise,
      from,
      to,
    })),
    certificate: certificate === undefined ? null : shown(certificate),
    lastReadingAt: await lastReadingOf(parts.readings, meter),
    version: meter.version,
  };
};
