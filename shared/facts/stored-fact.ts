import { readFact, type StoredFact, textOf, textsOf } from '#shared/profile/store/items.ts';
import { factIdKey, factKey } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';

/** A fact by its id, as the partition of its primary subject holds it; undefined where there is none. */
export const readStoredFact = async (profile: Table, id: string): Promise<StoredFact | undefined> => {
  const place = await profile.get(factIdKey(id), { consistent: true });
  const [subject, family] = place === undefined ? [] : [textsOf(place, 'subjects')[0], textsOf(place, 'families')[0]];
  if (place === undefined || subject === undefined || family === undefined) return undefined;
  const item = await profile.get(factKey(subject, family, textOf(place, 'order')), { consistent: true });
  return item === undefined ? undefined : readFact(item);
};
