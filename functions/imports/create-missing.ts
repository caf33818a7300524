import { createHash } from 'node:crypto';
import type { Clock } from '#shared/runtime/clock.ts';
import { doorAudit } from '#shared/store/door-audit.ts';
import type { Sender } from '#shared/store/place-fact.ts';
import { resolveNamed } from '#shared/store/references.ts';
import type { SubmitFacts } from '#shared/store/submit-facts.ts';
import type { Table } from '#shared/store/table.ts';
import { Register } from '#shared/vocabulary/measures.ts';
import { Reference } from '#shared/vocabulary/references.ts';
import { instantOf } from '#shared/vocabulary/time.ts';
import { registerIdOf, registerUnitOf } from './registers.ts';
import { SeriesTargets } from './series-targets.ts';
import type { SurveyedSeries } from './survey-file.ts';

/** Makes a meter known that has no connection of its own; the same serial number again is the same meter. */
export type RegisterMeter = (meter: {
  readonly serial: string;
  readonly references: readonly Reference[];
  readonly registers: readonly Register[];
}) => Promise<string>;

export interface CreateMissingParts {
  readonly profile: Table;
  readonly submit: SubmitFacts;
  readonly registerMeter: RegisterMeter;
  readonly clock: Clock;
  /** The utility's zone: that of registers of which the file tells none. */
  readonly zone: string;
}

/** The source of what an import makes known. */
const source = 'imports';
const senderOf = (importId: string): Sender => ({
  actor: `system:import:${importId}`,
  mayUse: (system) => system === source,
  supervisor: false,
});

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

const serialOf = ({ namespace, value }: Reference): string => {
  const serial = `${namespace}-${value}`;
  return /^[A-Za-z0-9][A-Za-z0-9._:-]{0,39}$/.test(serial)
    ? serial
    : `${namespace}-${createHash('sha256').update(value).digest('hex').slice(0, 24)}`
        .slice(-40)
        .replace(/^[^A-Za-z0-9]+/, '');
};

interface NewPoint {
  readonly reference: Reference;
  readonly registers: Register[];
  first: number;
}

/** The points of a file at which nothing measures yet, with the registers that its series need. */
const missingPoints = async (
  parts: CreateMissingParts,
  surveyed: readonly SurveyedSeries[],
): Promise<readonly NewPoint[]> => {
  const targets = new SeriesTargets(parts.profile);
  const points = new Map<string, NewPoint>();
  for (const one of surveyed) {
    const { namespace, reference: value } = one.series;
    const reference = Reference.safeParse({ namespace, value });
    const register = newRegister(one, parts.zone);
    if (!reference.success || register === undefined) continue;
    const found = await targets.of(one.series);
    const isMissing = 'none' in found && ['unknown-point', 'no-meter'].includes(found.none.code);
    if (!isMissing) continue;
    const key = `${namespace}:${value}`;
    const point = points.get(key) ?? { reference: reference.data, registers: [], first: one.first };
    points.set(key, point);
    point.first = Math.min(point.first, one.first);
    if (point.registers.every(({ id }) => id !== register.id)) point.registers.push(register);
  }
  return [...points.values()];
};

const factsOf = ({ reference, registers: [register], first }: NewPoint, meter: string, withPoint: boolean) => {
  const references = [reference];
  const told: readonly (readonly [string, string, Readonly<Record<string, unknown>>])[] = [
    [
      'premise',
      'premise.premise.registered.v1',
      { address: { lines: [`${reference.namespace} ${reference.value}`.slice(0, 120)], country: 'ZZ' }, references },
    ],
    [
      'service-point',
      'premise.service-point.registered.v1',
      { premise: reference, commodity: register?.commodity, zone: register?.zone, references },
    ],
  ];
  const installed = [
    `installation:${meter}`,
    'metering.meter.installed.v1',
    { servicePoint: reference, meter, from: instantOf(first) },
  ] as const;
  return [...(withPoint ? told : []), installed].map(([name, type, data], index) => ({
    type,
    source: { system: source },
    sourceEventId: `${reference.namespace}:${reference.value}:${name}`,
    sourceSequence: index,
    occurredAt: instantOf(first),
    data,
  }));
};

/**
 * Makes a premise, a service point and a meter for every point of a file that nobody knows, and a meter where a point has none,
 * measuring from the first interval on. Said again it is the same. Throws where a fact is to be told again.
 */
export const createMissing = async (
  parts: CreateMissingParts,
  importId: string,
  surveyed: readonly SurveyedSeries[],
): Promise<void> => {
  for (const point of await missingPoints(parts, surveyed)) {
    const known = await resolveNamed(parts.profile, 'servicePoint', point.reference);
    const meter = await parts.registerMeter({
      serial: serialOf(point.reference),
      references: [],
      registers: point.registers,
    });
    for (const fact of factsOf(point, meter, known === undefined)) {
      const sender = senderOf(importId);
      const beside = doorAudit({
        actor: sender.actor,
        requestId: importId,
        route: 'import',
        now: () => parts.clock.now(),
      });
      const [result] = await parts.submit([fact], sender, { beside });
      if (result?.status === 'retry') throw new Error(`a point of ${importId} could not be made known yet`);
    }
  }
};
