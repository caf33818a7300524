import { isWhole, readViewParts, type ViewItem, type ViewParts } from '#shared/profile/rules/view/view-360.ts';
import { headKey, subjectPartition, wholeViewRange } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';
import { bytesOf, readHead } from './items.ts';
import { readAll } from './subjects.ts';
import { sectionMatches, viewRules } from './view-writes.ts';

/**
 * While a merge is under way an account has digests for before (`x`) and for after (`p`): those that are not shown now are left
 * out. HEAD says which; it is read only then.
 */
const shownNow = async (profile: Table, customer: string, found: readonly Item[]): Promise<readonly Item[]> => {
  if (!found.some(({ p, x }) => p !== undefined || x !== undefined)) return found;
  const item = await profile.get(headKey(customer), { consistent: true });
  const rebuilding = item === undefined ? undefined : readHead(item).rebuilding;
  const before = rebuilding?.flipped === false ? rebuilding.id : undefined;
  return found.filter(({ p, x }) => (p === undefined || p !== before) && (x === undefined || x === before));
};

/** The items of a view were made by other rules than these, which may lay them out otherwise. */
export class ViewOfOtherRules extends Error {
  override readonly name = 'ViewOfOtherRules';
}

const readOnce = async (profile: Table, customer: string) => {
  const all = await readAll(profile, { pk: subjectPartition(customer), ...wholeViewRange, consistent: true });
  const found = await shownNow(profile, customer, all);
  if (found.some(({ r }) => r !== undefined && r !== viewRules)) throw new ViewOfOtherRules();
  const items: ViewItem[] = found.map((item) => ({ sk: item.sk, packed: bytesOf(item, 'b') }));
  return { items, parts: readViewParts(items) };
};

/**
 * The view's parts with one consistent Query; read once more where the sections are not of one commit. Throws ViewOfOtherRules
 * where other rules made them.
 */
export const readView = async (profile: Table, customer: string): Promise<ViewParts | undefined> => {
  const first = await readOnce(profile, customer);
  const parts = isWhole(first.items, first.parts, sectionMatches)
    ? first.parts
    : (await readOnce(profile, customer)).parts;
  return parts.identity === undefined ? undefined : parts;
};
