import type { Fact } from '#shared/vocabulary/fact.ts';
import type { Sealer } from './seal.ts';
import { readStoredFact } from './stored-fact.ts';
import { unsealFact } from './subjects.ts';
import type { Table } from './table.ts';

/** A fact by its id, with what is sealed in it; undefined where there is none. */
export const openFact = async (profile: Table, sealer: Sealer, id: string): Promise<Fact | undefined> => {
  const stored = await readStoredFact(profile, id);
  return stored === undefined ? undefined : unsealFact(sealer, stored);
};
