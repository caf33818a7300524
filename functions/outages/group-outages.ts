import { ownSource } from '#shared/contracts/facts/sources.ts';
import { isKept } from '#shared/facts/fact-outcome.ts';
import type { Sender } from '#shared/facts/placing/placement.ts';
import type { SubmitFacts } from '#shared/facts/submit-facts.ts';
import { premise as premises } from '#shared/profile/rules/premise.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import type { Table } from '#shared/table/table.ts';
import { isErased, ownSystem } from '#shared/vocabulary/fact.ts';
import { Commodity } from '#shared/vocabulary/statuses.ts';
import { type Area, areaOf, groupOutage } from './rules/area-outages.ts';
import { type Outage, outage as outages } from './rules/outages.ts';
import {
  claimOutage,
  type GroupedOutage,
  membersAround,
  noteOutage,
  proposeOnce,
  putMember,
  putPart,
  readGrouped,
  removeMember,
  reportedAt,
} from './store/area-outages.ts';

export interface GroupOutagesDeps {
  readonly profile: Table;
  readonly submit: SubmitFacts;
}

const sender: Sender = { actor: 'system:follow', speaksFor: ownSource, supervisor: false };

/** Keeps a fact about outages that follows from others; what it says once it says always. Throws where it was not kept. */
export const keepOwn = async (
  deps: GroupOutagesDeps,
  type: string,
  event: string,
  at: string,
  data: object,
): Promise<void> => {
  const fact = { type, source: { system: ownSystem, channel: 'system' }, sourceEventId: event, occurredAt: at, data };
  const [outcome] = await deps.submit([fact], sender);
  if (!isKept(outcome))
    throw new Error(`a fact about an area's outage was not kept: ${outcome?.status ?? 'no result'}`);
};

const areaOfPremise = async (profile: Table, id: string): Promise<Area | undefined> => {
  const { states } = await loadSubject(profile, id);
  const { region, address } = stateOf(states, premises).state;
  const known = address === null || isErased(address) ? undefined : address;
  return areaOf({ region, postcode: known?.postcode, country: known?.country ?? '' });
};

/** Makes one outage part of an area's, wherever an earlier try stopped. */
const join = async (deps: GroupOutagesDeps, outage: string, areaOutage: string): Promise<void> => {
  const claimed = await claimOutage(deps.profile, outage, areaOutage);
  if (claimed?.areaOutage === undefined) return;
  const data = { outage, premise: claimed.premise, areaOutage: claimed.areaOutage };
  const after = new Date(Date.parse(claimed.reportedAt) + 1).toISOString();
  await keepOwn(deps, 'service.outage.joined.v1', `area:${outage}`, after, data);
  const { states } = await loadSubject(deps.profile, outage);
  const known = stateOf(states, outages).state.outages.find(({ id }) => id === outage);
  await putPart(deps.profile, claimed.areaOutage, outage, claimed.premise, known?.restoredAt ?? null);
  await putMember(deps.profile, claimed);
};

/** The id of the area's outage that is proposed; what was proposed in the same hour before stands. */
const propose = async (deps: GroupOutagesDeps, grouped: GroupedOutage, startedAt: string): Promise<string> => {
  const { area } = grouped;
  const standing = await proposeOnce(deps.profile, grouped, { startedAt });
  const event = `area:${grouped.commodity}:${area.kind}:${area.value}:${standing.startedAt.slice(0, 13)}`;
  const data = { area, commodity: Commodity.parse(grouped.commodity), startedAt: standing.startedAt };
  await keepOwn(deps, 'service.area-outage.proposed.v1', event, standing.startedAt, data);
  return mintedId('outage', factIdOf(ownSystem, event));
};

/** Looks at the area of an outage, and joins it, and those near it that are alone, to the largest outage of the area. */
const group = async (deps: GroupOutagesDeps, grouped: GroupedOutage): Promise<void> => {
  const members = await membersAround(deps.profile, grouped);
  const grouping = groupOutage(members, Date.parse(grouped.startedAt));
  if (grouping.kind === 'alone') return;
  const areaOutage = grouping.kind === 'join' ? grouping.areaOutage : await propose(deps, grouped, grouping.startedAt);
  const alone = members.flatMap((one) => (one.areaOutage === undefined ? [one.outage] : []));
  for (const outage of new Set([grouped.outage, ...alone])) await join(deps, outage, areaOutage);
};

/** Notes an outage for grouping; undefined where its premise is in no area that is known. */
const noted = async (deps: GroupOutagesDeps, id: string, known: Outage): Promise<GroupedOutage | undefined> => {
  const area = await areaOfPremise(deps.profile, known.premise);
  if (area === undefined) return undefined;
  return noteOutage(deps.profile, {
    outage: id,
    premise: known.premise,
    commodity: known.commodity,
    startedAt: known.startedAt,
    reportedAt: (await reportedAt(deps.profile, id)) ?? known.startedAt,
    area,
  });
};

/**
 * Groups an outage of a premise as it is now (undefined where it was taken back) with others of its area. May be done again and
 * in any order: who is part of what is claimed once, and what an earlier try left undone is done.
 */
export const followOutage = async (deps: GroupOutagesDeps, id: string, known: Outage | undefined): Promise<void> => {
  const before = await readGrouped(deps.profile, id);
  if (known === undefined) {
    if (before !== undefined) await removeMember(deps.profile, before);
    return;
  }
  if (known.planned) return;
  const grouped = before ?? (await noted(deps, id, known));
  if (grouped === undefined) return;
  if (grouped.areaOutage !== undefined) return join(deps, id, grouped.areaOutage);
  await putMember(deps.profile, grouped);
  await group(deps, grouped);
};
