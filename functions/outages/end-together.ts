import { stateOf } from '#shared/profile/rules/states.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { type GroupOutagesDeps, keepOwn } from './group-outages.ts';
import { type Outage, outage as outages } from './rules/outages.ts';
import { endedTogether } from './rules/same-interruption.ts';
import { reportedAt } from './store/area-outages.ts';

/**
 * Ends the outages of a premise that tell of the same interruption as one that is over. Looked at whenever one of them changes, so
 * that it does not matter which came first. One query, and one more and a fact for each that ends.
 */
export const endTogether = async (deps: GroupOutagesDeps, { premise, planned }: Outage): Promise<void> => {
  if (planned) return;
  const { states } = await loadSubject(deps.profile, premise);
  for (const { outage, restoredAt, saidAt, by, isAnew } of endedTogether(stateOf(states, outages).state.outages)) {
    const data = { outage, premise, restoredAt };
    // What is said of an outage comes after its report, which may have come late.
    const reported = Date.parse((await reportedAt(deps.profile, outage)) ?? restoredAt);
    const at = new Date(Math.max(Date.parse(saidAt), reported + 1)).toISOString();
    const event = `together:${outage}:${by}${isAnew ? `:${saidAt}` : ''}`;
    await keepOwn(deps, 'service.outage.restored.v1', event, at, data);
  }
};
