import * as z from 'zod';
import { sourceNamed } from '#shared/contracts/facts/sources.ts';
import { doorOf } from '#shared/facts/door-audit.ts';
import { isToBeSentAgain } from '#shared/facts/fact-outcome.ts';
import type { Sender } from '#shared/facts/placing/placement.ts';
import type { SubmitFacts } from '#shared/facts/submit-facts.ts';
import { type MeterItem, readMeter, toldPlaces } from '#shared/profile/store/meters.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import type { Table } from '#shared/table/table.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import type { Reference } from '#shared/vocabulary/references.ts';
import { instantOf } from '#shared/vocabulary/time.ts';
import { MissingPoint, serialOf } from './missing-points.ts';

/** Makes a meter known that has no connection of its own; the same serial number again is the same meter. */
export type RegisterMeter = (meter: {
  readonly serial: string;
  readonly references: readonly Reference[];
  readonly registers: readonly Register[];
}) => Promise<string>;

export interface MakePointsParts {
  readonly profile: Table;
  readonly submit: SubmitFacts;
  readonly registerMeter: RegisterMeter;
}

/** Points that an import asks to be made. */
export const AskedPoints = z.object({ import: z.string(), points: z.array(MissingPoint) });

/** The source of what an import makes known. */
const source = 'imports';
/** An import as sender: it speaks for the source of imports alone. */
export const importSender = (importId: string): Sender => ({
  actor: `system:import:${importId}`,
  speaksFor: (system) => (system === source ? sourceNamed(system) : undefined),
  supervisor: false,
});

const factsOf = ({ reference, registers: [register], first }: MissingPoint, meter: string, withPoint: boolean) => {
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
    `installation:${meter}:${first}`,
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
 * Whether a meter is one that imports made known for a point. One that has a key or is to get one, was cut off, or measures elsewhere
 * is somebody's: its serial number is the same by chance, or by design of who made the file or registered it.
 */
const isMadeHere = (meter: MeterItem, servicePoint: string | undefined): boolean =>
  meter.certificates.length === 0 &&
  meter.announcedAt === undefined &&
  meter.revokedAt === undefined &&
  toldPlaces(meter).every((one) => one.servicePoint === servicePoint);

/**
 * Makes a premise, a service point and a meter for every point that nobody knows, and a meter where a point has none, measuring
 * from its first interval on; the meter that was made before measures from there on too. Said again it is the same. A point whose
 * meter would be somebody's own is not made: its rows are kept aside. Throws where a fact is to be told again.
 */
export const makePoints = async (
  parts: MakePointsParts,
  importId: string,
  points: readonly MissingPoint[],
): Promise<void> => {
  const sender = importSender(importId);
  for (const point of points) {
    const known = await resolveNamed(parts.profile, 'servicePoint', point.reference);
    const meter = await parts.registerMeter({
      serial: serialOf(point.reference),
      references: [],
      registers: point.registers,
    });
    const item = await readMeter(parts.profile, meter);
    if (item === undefined || !isMadeHere(item, known)) continue;
    for (const fact of factsOf(point, meter, known === undefined)) {
      const door = doorOf('import', sender.actor, importId);
      const [outcome] = await parts.submit([fact], sender, { door });
      if (isToBeSentAgain(outcome)) throw new Error(`a point of ${importId} could not be made known yet`);
    }
  }
};
