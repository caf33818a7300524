import * as z from 'zod';
import { id } from '#shared/vocabulary/ids.ts';
import { Register } from '#shared/vocabulary/measures.ts';
import { Reference } from '#shared/vocabulary/references.ts';
import { meterKey, referenceKey } from './keys.ts';
import type { Item, Table, Write } from './table.ts';

/** A meter measures a service point from an instant to another (RFC 3339, milliseconds); open where `to` is null. */
const Installation = z.object({
  servicePoint: id('servicePoint'),
  premise: id('premise'),
  from: z.string(),
  to: z.string().nullable(),
});
export type MeterInstallation = z.infer<typeof Installation>;

/** A certificate issued to the meter. */
const Certificate = z.object({ fingerprint: z.string(), notAfter: z.string() });

/** The item `MTR#<id>`: what a meter is, and where it is and was installed. `version` counts its writes. */
const MeterItem = z.object({
  version: z.int().min(1),
  id: id('meter'),
  serial: z.string(),
  references: z.array(Reference),
  registers: z.array(Register),
  zone: z.string().nullable(),
  thing: z.string(),
  certificates: z.array(Certificate),
  installations: z.array(Installation),
});
export type MeterItem = z.infer<typeof MeterItem>;

/** The namespace of the reference that a meter's serial number makes. */
export const serialNamespace = 'serial';

/** All references that name a meter: its serial number first. */
export const meterReferences = (meter: Pick<MeterItem, 'serial' | 'references'>): readonly Reference[] => [
  { namespace: serialNamespace, value: meter.serial },
  ...meter.references.filter(({ namespace, value }) => namespace !== serialNamespace || value !== meter.serial),
];

const itemOf = (meter: MeterItem): Item => ({
  ...meterKey(meter.id),
  ...meter,
  registers: meter.registers.map(({ acceptFrom, retentionDays, ...register }) => ({
    ...register,
    ...(acceptFrom === undefined ? {} : { acceptFrom }),
    ...(retentionDays === undefined ? {} : { retentionDays }),
  })),
});

/** Reads an item of a meter, e.g. from the table's feed. */
export const meterFromItem = (item: Item): MeterItem => MeterItem.parse(item);

/** The meter, read consistently; undefined where there is none. */
export const readMeter = async (profile: Table, meter: string): Promise<MeterItem | undefined> => {
  const item = await profile.get(meterKey(meter), { consistent: true });
  return item === undefined ? undefined : meterFromItem(item);
};

/** Puts a new meter where there is none and claims its references; a reference that another meter holds fails the commit. */
export const newMeterWrites = (meter: MeterItem): readonly Write[] => [
  { put: itemOf(meter), when: { kind: 'absent' } },
  ...meterReferences(meter).map(
    (reference): Write => ({
      put: { ...referenceKey('meter', reference), id: meter.id },
      when: { kind: 'absent' },
    }),
  ),
];

/** Puts a meter that changed, where nobody changed it since `before`; claims references it did not have. */
export const changedMeterWrites = (before: MeterItem, after: MeterItem): readonly Write[] => {
  const held = new Set(meterReferences(before).map(({ namespace, value }) => `${namespace}:${value}`));
  const claims = meterReferences(after).filter(({ namespace, value }) => !held.has(`${namespace}:${value}`));
  return [
    { put: itemOf({ ...after, version: before.version + 1 }), when: { kind: 'version', is: before.version } },
    ...claims.map(
      (reference): Write => ({
        put: { ...referenceKey('meter', reference), id: after.id },
        when: { kind: 'absent' },
      }),
    ),
  ];
};

/** The write that gives a meter its installations, all of them, where nobody changed the meter since `before` (rule K6). */
export const installationWrites = (before: MeterItem, installations: readonly MeterInstallation[]): Write => ({
  put: itemOf({ ...before, installations: [...installations], version: before.version + 1 }),
  when: { kind: 'version', is: before.version },
});

/** A meter's installations when those at one premise are as given and those elsewhere stay; ordered by their start. */
export const installationsWith = (
  before: MeterItem,
  premise: string,
  there: readonly MeterInstallation[],
): readonly MeterInstallation[] =>
  [...before.installations.filter((installation) => installation.premise !== premise), ...there].sort((left, right) =>
    left.from < right.from ? -1 : left.from > right.from ? 1 : 0,
  );
