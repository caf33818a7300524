import { oneByOne, type TakeChanges } from '#shared/edge/changes.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { readFoldState } from '#shared/profile/store/items.ts';
import { stateKey, subjectKindOf, subjectOfPartition } from '#shared/table/keys.ts';
import type { Item } from '#shared/table/table.ts';
import { endTogether } from './end-together.ts';
import { followOutage, type GroupOutagesDeps } from './group-outages.ts';
import { outage } from './rules/outages.ts';

const outageIn = (item: Item | undefined, id: string) =>
  item === undefined
    ? undefined
    : stateOf(new Map([['outage', readFoldState(item)]]), outage).state.outages.find((one) => one.id === id);

/**
 * Stream of the profile table: an outage of a premise that came, changed or went is grouped with others of its area, and ends with
 * those that tell of the same interruption.
 */
export const areaReader = (deps: GroupOutagesDeps): TakeChanges =>
  oneByOne(async ({ key, before, after }) => {
    const subject = subjectOfPartition(key.pk);
    if (subject === undefined || subjectKindOf(subject) !== 'outage' || key.sk !== stateKey(subject, 'outage').sk)
      return;
    const [was, is] = [outageIn(before, subject), outageIn(after, subject)];
    if (was === undefined && is === undefined) return;
    await followOutage(deps, subject, is);
    if (is !== undefined) await endTogether(deps, is);
  });
