import type { AnswerOf } from '#functions/routes.ts';
import { lastReadingOf } from '#functions/validation/store/series.ts';
import { rangeOfTime } from '#shared/access/told-of.ts';
import { isOver } from '#shared/profile/rules/periods.ts';
import { disputedPlaces, type MeterItem, readMeter } from '#shared/profile/store/meters.ts';
import type { OwnTime } from '#shared/profile/store/own-time.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import type { Table } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { readingTypeOf } from '#shared/vocabulary/measures.ts';
import { common, type Range, united } from '#shared/vocabulary/ranges.ts';

export interface ShowMeterParts {
  readonly profile: Table;
  readonly readings: Table;
}

const shown = ({ fingerprint, notAfter, reason }: MeterItem['certificates'][number]) => ({
  fingerprint,
  notAfter,
  ...(reason === undefined ? {} : { reason }),
});

type Installation = MeterItem['installations'][number];

/** Installations in time that is a customer's own: where a meter was before or after is no matter of theirs. */
const installationsIn = async (
  installations: readonly Installation[],
  own: OwnTime,
): Promise<{ readonly installations: readonly Installation[]; readonly seen: readonly Range[] }> => {
  const { today } = await own.ownOn([]);
  const each = await Promise.all(
    installations.map(async (one) => {
      const ranges = await own.rangesOf(one.premise, one.servicePoint, 'home');
      const time = rangeOfTime('UTC', { instants: { from: one.from, to: one.to } });
      const served = await own.servedPoints(one.premise, 'home');
      // Who is to have service soon sees the meter that is there, and nothing of when it measured for others.
      const isTheirs = !isOver(one, today) && served.some(({ id }) => id === one.servicePoint);
      return { one, isTheirs, within: common(ranges, [time]) };
    }),
  );
  return {
    installations: each.flatMap(({ one, isTheirs, within }) => (isTheirs || within.length > 0 ? [one] : [])),
    seen: united(each.flatMap(({ within }) => within)),
  };
};

type ToldToStaff = Pick<AnswerOf<'readMeter'>, 'disputed' | 'settled' | 'endsThatDiffer'>;

const disputedView = (meter: MeterItem): ToldToStaff => {
  const disputed = disputedPlaces(meter);
  if (disputed.length === 0) return {};
  return {
    disputed: disputed.map(({ from, to, claims }) => ({
      from,
      to,
      claims: claims.map(({ servicePoint, premise, source }) => ({
        servicePointId: servicePoint,
        premiseId: premise,
        source,
      })),
    })),
  };
};

/** What sources say of where it measures that staff should ask about, and what was settled of it. */
const contestedView = (meter: MeterItem): ToldToStaff => {
  const { settled = [], told = [] } = meter;
  const differing = told.flatMap(({ servicePoint, premise, from, ends }) =>
    ends === undefined ? [] : [{ servicePointId: servicePoint, premiseId: premise, from, ends }],
  );
  return {
    ...disputedView(meter),
    ...(settled.length === 0
      ? {}
      : {
          settled: settled.map(({ servicePoint, premise, from, to, fact }) => ({
            servicePointId: servicePoint,
            premiseId: premise,
            from,
            to,
            factId: fact,
          })),
        }),
    ...(differing.length === 0 ? {} : { endsThatDiffer: differing }),
  };
};

/**
 * A meter by its id or a reference `namespace:value`. Throws DomainError('not-found', 'meter.unknown').
 * @param own the time of the customer who asks, where one does
 */
export const showMeter = async (
  parts: ShowMeterParts,
  named: string,
  own?: OwnTime,
): Promise<AnswerOf<'readMeter'>> => {
  const id = await resolveNamed(parts.profile, 'meter', named);
  const meter = id === undefined ? undefined : await readMeter(parts.profile, id);
  if (meter === undefined) throw new DomainError('not-found', 'meter.unknown', 'there is no such meter');
  const told = own === undefined ? undefined : await installationsIn(meter.installations, own);
  const certificate = meter.certificates.at(-1);
  return {
    id: meter.id,
    serial: meter.serial,
    references: meter.references,
    thing: meter.thing,
    registers: meter.registers.map((register) => ({ ...register, readingType: readingTypeOf(register) })),
    installations: (told?.installations ?? meter.installations).map(({ servicePoint, premise, from, to }) => ({
      servicePointId: servicePoint,
      premiseId: premise,
      from,
      to,
    })),
    ...(own === undefined ? contestedView(meter) : {}),
    certificate: certificate === undefined ? null : shown(certificate),
    lastReadingAt: await lastReadingOf(parts.readings, meter, told?.seen),
    // How often something was told or settled of it there is nothing for a customer to count.
    version: told === undefined ? meter.version : Math.max(1, told.installations.length),
  };
};
