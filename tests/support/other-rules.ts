import { subjectPartition } from '#shared/store/keys.ts';
import { readAll } from '#shared/store/subjects.ts';
import type { Item, Table } from '#shared/store/table.ts';

/** States and views of a subject as a version of other rules, and of another shape, might have left them. */
const asOtherRulesLeft = (item: Item): Item => {
  if (item.sk.startsWith('STATE#'))
    return { ...item, rules: 0, b: JSON.stringify({ sources: {}, groundless: [], state: { of: 'another shape' } }) };
  // Usage has no facts and no rules.
  if (item.sk.startsWith('VIEW#') && item.r !== undefined) return { ...item, r: 0, b: new Uint8Array([7]) };
  return item;
};

/** Puts what a version of other rules might have left in place of the states and views of some subjects. */
export const leaveByOtherRules = async (profile: Table, subjects: readonly string[]): Promise<void> => {
  for (const subject of subjects) {
    const items = await readAll(profile, { pk: subjectPartition(subject), consistent: true });
    await profile.batchPut(items.map(asOtherRulesLeft).filter((item, at) => item !== items[at]));
  }
};
