import { ConditionFailed, type Item, type Table } from '#shared/table/table.ts';
import { packedOf } from './store/readings.ts';

/** Puts that are under way at once. Each is one request, where a batch cannot be conditional. */
const together = 25;

/** Places of items that were not written: `unwritten` to be tried again, `taken` where another content stands. */
export interface PutFirst {
  readonly unwritten: readonly number[];
  readonly taken: readonly number[];
}

/** Puts an item where none stands under its key; answers whether it stands then, as it is. */
const stands = async (table: Table, item: Item): Promise<boolean> => {
  try {
    await table.commit([{ put: item, when: { kind: 'absent' }, mayRepeat: true }]);
    return true;
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    const there = await table.get({ pk: item.pk, sk: item.sk }, { consistent: true });
    return there !== undefined && Buffer.compare(packedOf(there), packedOf(item)) === 0;
  }
};

/**
 * Puts blocks with different keys, each for itself where none stands under its key: the first content stands, and the same again is
 * no other. A table that takes nothing is not asked for each item.
 */
export const putFirst = async (
  table: Table,
  items: readonly Item[],
  onFailure: (error: unknown) => void,
): Promise<PutFirst> => {
  const [unwritten, taken]: [number[], number[]] = [[], []];
  for (let from = 0; from < items.length; from += together) {
    const part = items.slice(from, from + together);
    const results = await Promise.allSettled(part.map((item) => stands(table, item)));
    let answered = 0;
    for (const [place, result] of results.entries()) {
      if (result.status === 'rejected') {
        onFailure(result.reason);
        unwritten.push(from + place);
        continue;
      }
      answered += 1;
      if (!result.value) taken.push(from + place);
    }
    if (answered > 0) continue;
    for (let rest = from + part.length; rest < items.length; rest += 1) unwritten.push(rest);
    break;
  }
  return { unwritten, taken };
};
