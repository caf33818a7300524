import * as z from 'zod';
import { nextRetirement } from '#shared/profile/rules/device-certificates.ts';
import { effectivePeriods } from '#shared/profile/rules/effective-periods.ts';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import { meterKey, queuePartition, queueShardOf, queueShards, referenceKey } from '#shared/table/keys.ts';
import type { Item, Table, Write } from '#shared/table/table.ts';
import { id } from '#shared/vocabulary/ids.ts';
import type { MeterGround } from '#shared/vocabulary/measures.ts';
import { Register } from '#shared/vocabulary/measures.ts';
import { Reference } from '#shared/vocabulary/references.ts';

/** As it was told at a premise: by which source and when, where that is known. */
const ToldInstallation = z.object({
  servicePoint: id('servicePoint'),
  premise: id('premise'),
  from: z.string(),
  to: z.string().nullable(),
  source: z.string().optional(),
  said: z.string().optional(),
  /** Only where sources say different ends. */
  ends: z.array(z.object({ source: z.string(), to: z.string() })).optional(),
});
type ToldInstallation = z.infer<typeof ToldInstallation>;
/** Which point it measures where sources differ, as people decided; the fact is told at the point's premise. */
const SettledInstallation = z.object({
  servicePoint: id('servicePoint'),
  premise: id('premise'),
  from: z.string(),
  to: z.string().nullable(),
  said: z.string(),
  fact: z.string(),
});
export type SettledInstallation = z.infer<typeof SettledInstallation>;
/** A meter measures a service point from an instant to another (RFC 3339, milliseconds); open where `to` is null. */
export type MeterInstallation = Pick<ToldInstallation, 'servicePoint' | 'premise' | 'from' | 'to'>;

/** A certificate issued to the meter; one from before the time of issue was written down counts as old. */
const Certificate = z.object({
  fingerprint: z.string(),
  notAfter: z.string(),
  issuedAt: z.string().default('1970-01-01T00:00:00.000Z'),
  /** Why the meter got it, where that was asked: by an exchange of its key. */
  reason: z.string().optional(),
});

/** The item `MTR#<id>`: what a meter is, and where it was told to be installed. `version` counts its writes. */
const StoredMeter = z.object({
  version: z.int().min(1),
  id: id('meter'),
  serial: z.string(),
  references: z.array(Reference),
  registers: z.array(Register),
  zone: z.string().nullable(),
  thing: z.string(),
  /** Oldest first. */
  certificates: z.array(Certificate),
  /** When the meter was announced last: a device may then be provisioned for it by a claim certificate. */
  announcedAt: z.string().optional(),
  /** When all its certificates were revoked; gone once it is registered again. */
  revokedAt: z.string().optional(),
  installations: z.array(ToldInstallation),
  settled: z.array(SettledInstallation).optional(),
});
export interface MeterItem extends Omit<z.infer<typeof StoredMeter>, 'installations' | 'settled'> {
  /** Where it measures and when: one point at a time. */
  readonly installations: readonly MeterInstallation[];
  /** What was told of that, across premises; left out where the one is the other. */
  readonly told?: readonly ToldInstallation[];
  /** What people decided of that; left out where nothing was. */
  readonly settled?: readonly SettledInstallation[];
}

type Said = Pick<ToldInstallation, 'from' | 'said'>;
const bySaid = (one: Said, other: Said): number => {
  const [left, right] = [one.said ?? one.from, other.said ?? other.from];
  return left < right ? -1 : left > right ? 1 : 0;
};

const byDecision = (one: SettledInstallation, other: SettledInstallation): number =>
  bySaid(one, other) || (one.fact < other.fact ? -1 : 1);

/** Who says which point a meter measures, across premises. */
const claimedPlaces = (told: readonly ToldInstallation[], settled: readonly SettledInstallation[] = []) =>
  effectivePeriods(
    told.toSorted(bySaid).map((one) => ({ ...one, holder: one.servicePoint, source: one.source ?? '' })),
    () => '',
    settled.toSorted(byDecision).map(({ servicePoint, from, to }) => ({ thing: '', holder: servicePoint, from, to })),
  );

/** When sources say that a meter measures different points, and who says so; without what was settled since. */
export const disputedPlaces = (meter: Pick<MeterItem, 'told' | 'installations' | 'settled'>) =>
  claimedPlaces(toldPlaces(meter), meter.settled).disputed;

/** The same, whether or not people settled it. */
export const disputedBySources = (meter: Pick<MeterItem, 'told' | 'installations'>) =>
  claimedPlaces(toldPlaces(meter)).disputed;

/** Which point a meter measured when; told again while it is there, it goes on. */
const placesOf = (
  told: readonly ToldInstallation[],
  settled: readonly SettledInstallation[] | undefined,
): readonly MeterInstallation[] => {
  const places: MeterInstallation[] = [];
  for (const { servicePoint, premise, from, to } of claimedPlaces(told, settled).held) {
    const before = places.at(-1);
    if (before?.servicePoint === servicePoint && before.to === from) places[places.length - 1] = { ...before, to };
    else places.push({ servicePoint, premise, from, to });
  }
  return places;
};

/** All that was told of where a meter measures, also what is in dispute. */
export const toldPlaces = ({
  told,
  installations,
}: Pick<MeterItem, 'told' | 'installations'>): readonly ToldInstallation[] => told ?? installations;

/** What a block or a read is held against: it is kept also while it is in dispute which point the meter measures. */
export const meterGround = (meter: Pick<MeterItem, 'registers' | 'told' | 'installations'>): MeterGround => ({
  registers: meter.registers,
  installations: toldPlaces(meter),
});

/** The namespace of the reference that a meter's serial number makes. */
export const serialNamespace = 'serial';

/** All references that name a meter: its serial number first. */
export const meterReferences = (meter: Pick<MeterItem, 'serial' | 'references'>): readonly Reference[] => [
  { namespace: serialNamespace, value: meter.serial },
  ...meter.references.filter(({ namespace, value }) => namespace !== serialNamespace || value !== meter.serial),
];

/** Meters of which a certificate has to go some day, by that day. */
const certificateQueue = 'certificates';

const queuedOf = (meter: MeterItem) => {
  const due = nextRetirement(meter.certificates);
  if (due === undefined) return {};
  return { queue: queuePartition(certificateQueue, queueShardOf(meter.id)), queueSort: `${due}#${meter.id}` };
};

const itemOf = ({ announcedAt, revokedAt, told, settled, ...meter }: MeterItem): Item => ({
  ...meterKey(meter.id),
  ...meter,
  ...(settled === undefined || settled.length === 0 ? {} : { settled: settled.map((one) => ({ ...one })) }),
  installations: (told ?? meter.installations).map(({ source, said, ends, ...installation }: ToldInstallation) => ({
    ...installation,
    ...(ends === undefined ? {} : { ends: ends.map((one) => ({ ...one })) }),
    ...(source === undefined ? {} : { source }),
    ...(said === undefined ? {} : { said }),
  })),
  ...queuedOf(meter),
  certificates: meter.certificates.map(({ reason, ...certificate }) => ({
    ...certificate,
    ...(reason === undefined ? {} : { reason }),
  })),
  ...(announcedAt === undefined ? {} : { announcedAt }),
  ...(revokedAt === undefined ? {} : { revokedAt }),
  registers: meter.registers.map(({ acceptFrom, retentionDays, ...register }) => ({
    ...register,
    ...(acceptFrom === undefined ? {} : { acceptFrom }),
    ...(retentionDays === undefined ? {} : { retentionDays }),
  })),
});

/** Reads an item of a meter, e.g. from the table's feed. */
export const meterFromItem = (item: Item): MeterItem => {
  const { installations: told, settled, ...stored } = StoredMeter.parse(item);
  const meter = { ...stored, ...(settled === undefined ? {} : { settled }) };
  const installations = placesOf(told, settled);
  return canonicalJson(installations) === canonicalJson(told)
    ? { ...meter, installations }
    : { ...meter, installations, told };
};

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

/** The write that gives a meter its installations, all of them, where nobody changed the meter since `before`. */
export const installationWrites = (
  before: MeterItem,
  told: readonly ToldInstallation[],
  settled: readonly SettledInstallation[] = before.settled ?? [],
): Write => ({
  put: itemOf({ ...before, told, settled, version: before.version + 1 }),
  when: { kind: 'version', is: before.version },
});

/** What was told of a meter when that at one premise is as given and that elsewhere stays; ordered by their start. */
export const installationsWith = (
  before: MeterItem,
  premise: string,
  there: readonly ToldInstallation[],
): readonly ToldInstallation[] =>
  [...toldPlaces(before).filter((installation) => installation.premise !== premise), ...there].sort((left, right) =>
    left.from < right.from ? -1 : left.from > right.from ? 1 : 0,
  );

/** What was decided of a meter when that told at one premise is as given and that elsewhere stays; ordered by when. */
export const settledWith = (
  { settled = [] }: MeterItem,
  premise: string,
  there: readonly SettledInstallation[],
): readonly SettledInstallation[] => [...settled.filter((one) => one.premise !== premise), ...there].sort(byDecision);

/** Ids of meters of which a certificate has to go by `now`; the index may be a moment behind. */
export async function* metersWithDueCertificates(profile: Table, now: string): AsyncGenerator<string> {
  for (let shard = 0; shard < queueShards; shard += 1) {
    let cursor: string | undefined;
    do {
      const page = await profile.query({
        pk: queuePartition(certificateQueue, shard),
        index: 'queue',
        to: `${now}~`,
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const item of page.items) yield meterFromItem(item).id;
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
}
