import type { Fact } from '#shared/contracts/facts/fact.ts';
import { unsealFact } from '#shared/profile/store/subjects.ts';
import type { Table } from '#shared/table/table.ts';
import type { Sealer } from './seal.ts';
import { readStoredFact } from './stored-fact.ts';

/** A fact by its id, with what is sealed in it; undefined where there is none. */
export const openFact = async (profile: Table, sealer: Sealer, id: string): Promise<Fact | undefined> => {
  const stored = await readStoredFact(profile, id);
  return stored === undefined ? undefined : unsealFact(sealer, stored);
};
