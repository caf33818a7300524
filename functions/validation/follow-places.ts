import { familyNamed } from '#functions/profile.ts';
import { claimedService, supply } from '#shared/profile/rules/agreements.ts';
import type { FoldState } from '#shared/profile/rules/fold.ts';
import { effectiveInstallations, type Installation, metering } from '#shared/profile/rules/installations.ts';
import { premise } from '#shared/profile/rules/premise.ts';
import { serviceAt, toldAgreements } from '#shared/profile/rules/service-at.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { familyOfState, partOfState, readFoldState } from '#shared/profile/store/items.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { subjectOfPartition } from '#shared/table/keys.ts';
import type { Change, Item, Table } from '#shared/table/table.ts';
import type { FamilyName } from '#shared/vocabulary/fact.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { united } from '#shared/vocabulary/ranges.ts';
import { addMonths, startOfMonth } from '#shared/vocabulary/time.ts';
import { changedConditions, changedStays, duringStay } from './rules/changed-ground.ts';
import { conditionsOf } from './rules/place-conditions.ts';
import { otherDatesOfChange } from './rules/stays.ts';
import { changedTimeItem } from './store/place-events.ts';

export interface FollowPlacesParts {
  readonly profile: Table;
  readonly readings: Table;
}

type ChangedMeters = ReadonlyMap<string, readonly Range[]>;
type ChangedMonths = ReadonlyMap<string, readonly string[]>;

/** What an item says: the state of a family, or of a part of one as all that is said of its family. */
const statesOf = (item: Item | undefined): ReadonlyMap<FamilyName, FoldState<unknown>> | undefined => {
  const part = item === undefined ? undefined : partOfState(item.sk);
  const family = item === undefined ? undefined : (part?.family ?? familyOfState(item));
  if (item === undefined || family === undefined) return new Map();
  const held = readFoldState(item);
  // A state of other rules says the same in another way, or will be folded anew.
  if (held.rules !== familyNamed(family).rules) return undefined;
  return new Map([[family, part === undefined ? held : { ...held, parts: new Map([[part.part, held]]) }]]);
};

/** When what holds of the points of a premise changed, by the meters that measured them then. */
const byConditions = async (
  { profile }: FollowPlacesParts,
  subject: string,
  family: typeof premise.name | typeof supply.name,
  before: ReadonlyMap<FamilyName, FoldState<unknown>>,
  after: ReadonlyMap<FamilyName, FoldState<unknown>>,
): Promise<ChangedMeters> => {
  const { states } = await loadSubject(profile, subject);
  const [was, is] = [before, after].map((said) => {
    const all = new Map([...states, ...said]);
    if (!said.has(family)) all.delete(family);
    const agreements = claimedService(toldAgreements(all, supply.name));
    const points = stateOf(all, premise).state.servicePoints;
    return new Map(points.map((point) => [point.id, conditionsOf(point, agreements)]));
  });
  const found = new Map<string, readonly Range[]>();
  for (const stay of installationsOf(states)) {
    const [old, now] = [was?.get(stay.servicePoint), is?.get(stay.servicePoint)];
    if (old === undefined || now === undefined) continue;
    const ranges = duringStay(changedConditions(old, now), stay);
    if (ranges.length > 0) found.set(stay.meter, united([...(found.get(stay.meter) ?? []), ...ranges]));
  }
  return found;
};

/** Months in which others take service than was said, by the meters that measured the points then: they are closed anew. */
const monthsOfStays = async (
  { profile }: FollowPlacesParts,
  subject: string,
  before: ReadonlyMap<FamilyName, FoldState<unknown>>,
  after: ReadonlyMap<FamilyName, FoldState<unknown>>,
): Promise<ChangedMonths> => {
  const { states } = await loadSubject(profile, subject);
  const [was, is] = [before, after].map((said) => serviceAt(said).agreements);
  const found = new Map<string, readonly string[]>();
  for (const { id, zone } of stateOf(states, premise).state.servicePoints) {
    const [old = [], now = []] = [was, is].map((all) => all?.filter(({ servicePoint }) => servicePoint === id));
    const months = new Set(otherDatesOfChange(old, now).map((date) => date.slice(0, 7)));
    for (const stay of installationsOf(states)) {
      if (stay.servicePoint !== id) continue;
      const meet = [...months].filter((month) => {
        const range = { from: startOfMonth(zone, month), to: startOfMonth(zone, addMonths(month, 1)) };
        return duringStay([range], stay).length > 0;
      });
      if (meet.length > 0) found.set(stay.meter, [...new Set([...(found.get(stay.meter) ?? []), ...meet])].sort());
    }
  }
  return found;
};

const installationsOf = (states: ReadonlyMap<FamilyName, FoldState<unknown>>): readonly Installation[] =>
  effectiveInstallations(stateOf(states, metering).state.installations);

/**
 * On a change of a premise: where its meters came or went, were told of anew, or where what holds of its points changed, it is noted
 * beside the readings which time of which meter that speaks of; and where others take service, which months. Work for each change: the premise's states, one put for each meter.
 */
export const followPlaces = async (parts: FollowPlacesParts, change: Change): Promise<void> => {
  const subject = change.key.pk.startsWith('PRM#') ? subjectOfPartition(change.key.pk) : undefined;
  if (subject === undefined || !change.key.sk.startsWith('STATE#')) return;
  const [before, after] = [statesOf(change.before), statesOf(change.after)];
  if (before === undefined || after === undefined) return;
  const family = partOfState(change.key.sk)?.family ?? familyOfState({ ...change.key });
  // The state itself says nothing that its parts do not.
  if (family === 'supply' && partOfState(change.key.sk) === undefined) return;
  const changed =
    family === 'metering'
      ? changedStays(installationsOf(before), installationsOf(after))
      : family === 'premise' || family === 'supply'
        ? await byConditions(parts, subject, family, before, after)
        : new Map<string, readonly Range[]>();
  const months = family === 'supply' ? await monthsOfStays(parts, subject, before, after) : new Map<string, string[]>();
  const items = [...new Set([...changed.keys(), ...months.keys()])].map((meter) => {
    const told = { ranges: changed.get(meter) ?? [], months: months.get(meter) ?? [] };
    return changedTimeItem(subject, meter, told, change.position);
  });
  if (items.length > 0) await parts.readings.batchPut(items);
};
