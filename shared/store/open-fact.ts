import type { Fact } from '#shared/vocabulary/fact.ts';
import { readFact, type StoredFact, textOf, textsOf } from './items.ts';
import { factIdKey, factKey } from './keys.ts';
import type { Sealer } from './seal.ts';
import { unsealFact } from './subjects.ts';
import type { Table } from './table.ts';

/** A fact as its primary subject's partition holds it, by its id: two consistent reads. Undefined where there is none. */
export const readStoredFact = async (profile: Table, id: string): Promise<StoredFact | undefined> => {
  const place = await profile.get(factIdKey(id), { consistent: true });
  const [subject, family] = place === undefined ? [] : [textsOf(place, 'subjects')[0], textsOf(place, 'families')[0]];
  if (place === undefined || subject === undefined || family === undefined) return undefined;
  const item = await profile.get(factKey(subject, family, textOf(place, 'order')), { consistent: true });
  return item === undefined ? undefined : readFact(item);
};

/** As `readStoredFact`, with what is sealed in it. */
export const openFact = async (profile: Table, sealer: Sealer, id: string): Promise<Fact | undefined> => {
  const stored = await readStoredFact(profile, id);
  return stored === undefined ? undefined : unsealFact(sealer, stored);
};
