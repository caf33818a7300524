/** What a hit shows of a customer. */
export interface Described {
  readonly id: string;
  readonly name: string;
  readonly accounts: readonly string[];
  /** Accounts that they have left. */
  readonly former: readonly string[];
  readonly address: string | undefined;
}

/** What a caller may see of each customer, read once. */
export const describing = ({
  describe,
}: {
  describe(customers: readonly string[]): Promise<readonly Described[]>;
}): ((ids: readonly string[]) => Promise<ReadonlyMap<string, Described>>) => {
  const known = new Map<string, Described>();
  return async (ids) => {
    const unknown = ids.filter((id) => !known.has(id));
    if (unknown.length > 0) for (const described of await describe(unknown)) known.set(described.id, described);
    return known;
  };
};
