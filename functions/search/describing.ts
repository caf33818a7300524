import { describeCustomers } from '#shared/profile/store/describe-customers.ts';
import type { Table } from '#shared/table/table.ts';

/** What a hit shows of a customer. */
export interface Described {
  readonly id: string;
  readonly name: string;
  readonly accounts: readonly string[];
  /** Accounts that they have left. */
  readonly former: readonly string[];
  readonly address: string | undefined;
}

/** Customers as hits show them, by id. What was read stays known, so the stored view of each is read once in a search. */
export interface Describing {
  /** Those read so far. */
  readonly known: ReadonlyMap<string, Described>;
  /** Reads the views of those not known yet, one Query each, and answers all that are known; those who are no more are left out. */
  describe(ids: readonly string[]): Promise<ReadonlyMap<string, Described>>;
}

/**
 * @param table the profile table
 * @param today local date: accounts and addresses are told as they are on it
 */
export const describing = (table: Table, today: string): Describing => {
  const known = new Map<string, Described>();
  return {
    known,
    async describe(ids) {
      const unknown = ids.filter((id) => !known.has(id));
      for (const described of await describeCustomers(table, today, unknown)) known.set(described.id, described);
      return known;
    },
  };
};
