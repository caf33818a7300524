import * as z from 'zod';
import { type AreaMember, withinMilliseconds } from '#functions/outages/rules/area-outages.ts';
import { readFact } from '#shared/profile/store/items.ts';
import {
  areaMemberKey,
  areaMemberRange,
  areaPartition,
  areaPartKey,
  areaPartPrefix,
  areaProposalKey,
  factPrefix,
  outageAreasKey,
  subjectPartition,
} from '#shared/table/keys.ts';
import { ConditionFailed, type Item, type Table } from '#shared/table/table.ts';

/** An outage of one premise as it is grouped with others: `areaOutage` once it is claimed for one of an area. */
const Grouped = z.object({
  version: z.int().min(1),
  outage: z.string(),
  premise: z.string(),
  commodity: z.string(),
  startedAt: z.string(),
  /** The instant its report is filed under: what is said of it comes after that. */
  reportedAt: z.string(),
  area: z.object({ kind: z.enum(['region', 'postcode']), value: z.string() }),
  areaOutage: z.string().optional(),
});
export type GroupedOutage = z.infer<typeof Grouped>;

const partitionOf = ({ commodity, area: { kind, value } }: GroupedOutage): string =>
  areaPartition(commodity, kind, value);

const itemOf = ({ areaOutage, ...rest }: GroupedOutage): Item => ({
  ...outageAreasKey(rest.outage),
  ...rest,
  ...(areaOutage === undefined ? {} : { areaOutage }),
});

/** How an outage is grouped; undefined where nobody has looked yet. */
export const readGrouped = async (profile: Table, outage: string): Promise<GroupedOutage | undefined> => {
  const item = await profile.get(outageAreasKey(outage), { consistent: true });
  return item === undefined ? undefined : Grouped.parse(item);
};

const memberItem = (grouped: GroupedOutage): Item => ({
  ...areaMemberKey(partitionOf(grouped), grouped.startedAt, grouped.outage),
  premise: grouped.premise,
  ...(grouped.areaOutage === undefined ? {} : { areaOutage: grouped.areaOutage }),
});

/** Puts an outage down in its area, as it is grouped. May be done twice. */
export const putMember = (profile: Table, grouped: GroupedOutage): Promise<void> =>
  profile.batchPut([memberItem(grouped)]);

/** Takes an outage that was not one out of its area; that the area's had it once stays known. */
export const removeMember = async (profile: Table, grouped: GroupedOutage): Promise<void> => {
  const removed = [memberItem(grouped), outageAreasKey(grouped.outage)].map(({ pk, sk }) => ({ remove: { pk, sk } }));
  const { areaOutage, outage } = grouped;
  const parts = areaOutage === undefined ? [] : [{ put: { ...areaPartKey(areaOutage, outage), takenBack: true } }];
  await profile.commit([...removed, ...parts]);
};

/** Whether the write was the first or stood on the version it was read at. */
const written = async (profile: Table, grouped: GroupedOutage, before: GroupedOutage | undefined): Promise<boolean> => {
  const when = before === undefined ? { kind: 'absent' as const } : { kind: 'version' as const, is: before.version };
  try {
    await profile.commit([{ put: itemOf(grouped), when }]);
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
};

/** The instant that the first fact of an outage is filed under; undefined where it has none. */
export const reportedAt = async (profile: Table, outage: string): Promise<string | undefined> => {
  const prefix = factPrefix('outage');
  const { items } = await profile.query({ pk: subjectPartition(outage), prefix, consistent: true, limit: 1 });
  return items[0]?.sk.slice(prefix.length).split('#')[0];
};

/** A report of an outage: of what, and who said it. */
export interface OutageReport {
  readonly commodity: string;
  readonly actor: string;
}

/** Reports of outages at a premise since an instant, among its first hundred facts about outages since then. */
export const reportsSince = async (
  profile: Table,
  premise: string,
  since: number,
): Promise<readonly OutageReport[]> => {
  const prefix = factPrefix('outage');
  const from = `${prefix}${new Date(since).toISOString()}`;
  const { items } = await profile.query({
    pk: subjectPartition(premise),
    from,
    to: `${prefix}~`,
    consistent: true,
    limit: 100,
  });
  return items
    .map((item) => readFact(item).fact)
    .filter((fact) => fact.type === 'service.outage.reported.v1')
    .map(({ data, source }) => ({ commodity: String(data.commodity), actor: source.actor }));
};

/** Notes an outage for grouping, once; answers how it is grouped now. */
export const noteOutage = async (
  profile: Table,
  outage: Omit<GroupedOutage, 'version' | 'areaOutage'>,
): Promise<GroupedOutage> => {
  const first = { ...outage, version: 1 };
  if (await written(profile, first, undefined)) return first;
  return (await readGrouped(profile, outage.outage)) ?? first;
};

/** Claims an outage for one of an area; the first claim stands. Answers how it is grouped then; undefined where it is gone. */
export const claimOutage = async (
  profile: Table,
  outage: string,
  areaOutage: string,
): Promise<GroupedOutage | undefined> => {
  for (;;) {
    const before = await readGrouped(profile, outage);
    if (before === undefined || before.areaOutage !== undefined) return before;
    const after = { ...before, areaOutage, version: before.version + 1 };
    if (await written(profile, after, before)) return after;
  }
};

/** Most outages of an area that are looked at around one: more say nothing new. */
const mostMembers = 500;

/** Outages in an outage's area that began up to an hour before or after it, itself among them. */
export const membersAround = async (profile: Table, grouped: GroupedOutage): Promise<readonly AreaMember[]> => {
  const at = Date.parse(grouped.startedAt);
  const [from, to] = [at - withinMilliseconds, at + withinMilliseconds].map((one) => new Date(one).toISOString());
  const { items } = await profile.query({
    pk: partitionOf(grouped),
    ...areaMemberRange(from ?? '', to ?? ''),
    consistent: true,
    limit: mostMembers,
  });
  return items.map(({ sk, premise, areaOutage }) => {
    const [, startedAt = '', outage = ''] = sk.split('#');
    return {
      outage,
      startedAt,
      premise: String(premise),
      areaOutage: typeof areaOutage === 'string' ? areaOutage : undefined,
    };
  });
};

/** What was proposed for an area: one in an hour. */
export interface AreaProposal {
  readonly startedAt: string;
}

/** Proposes for an outage's area and an hour, once; answers what stands. */
export const proposeOnce = async (
  profile: Table,
  grouped: GroupedOutage,
  proposal: AreaProposal,
): Promise<AreaProposal> => {
  const key = areaProposalKey(partitionOf(grouped), proposal.startedAt.slice(0, 13));
  try {
    await profile.commit([{ put: { ...key, startedAt: proposal.startedAt }, when: { kind: 'absent' } }]);
    return proposal;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    const item = await profile.get(key, { consistent: true });
    return typeof item?.startedAt === 'string' ? { startedAt: item.startedAt } : proposal;
  }
};

/** Puts down that an outage is part of an area's, and when it is over, where that was said. */
export const putPart = (
  profile: Table,
  areaOutage: string,
  outage: string,
  premise: string,
  restoredAt: string | null,
): Promise<void> => profile.batchPut([{ ...areaPartKey(areaOutage, outage), premise, restoredAt }]);

/**
 * How many premises an area's outage has, and how many have service again at an instant; it is over where none is left without. One
 * that was told before its premises are is not.
 */
export const countParts = async (
  profile: Table,
  areaOutage: string,
  at: string,
): Promise<{ readonly premises: number; readonly restored: number; readonly isOver: boolean }> => {
  const premises = new Map<string, boolean>();
  let hadParts = false;
  let cursor: string | undefined;
  do {
    const page = await profile.query({
      pk: subjectPartition(areaOutage),
      prefix: areaPartPrefix,
      consistent: true,
      ...(cursor === undefined ? {} : { cursor }),
    });
    hadParts ||= page.items.length > 0;
    for (const { premise, restoredAt, takenBack } of page.items) {
      if (takenBack === true) continue;
      const isBack = typeof restoredAt === 'string' && restoredAt <= at;
      premises.set(String(premise), isBack && premises.get(String(premise)) !== false);
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  const restored = [...premises.values()].filter(Boolean).length;
  return { premises: premises.size, restored, isOver: hadParts && restored === premises.size };
};
