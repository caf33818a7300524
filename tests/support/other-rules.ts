import { partOfState } from '#shared/profile/store/items.ts';
import { readAll } from '#shared/profile/store/subjects.ts';
import { subjectPartition, takesPrefix } from '#shared/table/keys.ts';
import type { Item, Table, Write } from '#shared/table/table.ts';

/** States and views of a subject, in one piece, as a version of other rules, and of another shape, might have left them. */
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
    const isOurs = ({ sk }: Item): boolean => partOfState(sk) !== undefined || sk.startsWith(takesPrefix);
    const gone = items.filter(isOurs).map(({ pk, sk }): Write => ({ remove: { pk, sk } }));
    for (let from = 0; from < gone.length; from += 50) await profile.commit(gone.slice(from, from + 50));
    const left = items.filter((item) => !isOurs(item));
    await profile.batchPut(left.map(asOtherRulesLeft).filter((item, at) => item !== left[at]));
  }
};
