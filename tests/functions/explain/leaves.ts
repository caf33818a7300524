/** A value of a document that has nothing below it. */
export interface Leaf {
  readonly path: string;
  /** Names on the way, joined: `accounts.lastBill.dueOn`. */
  readonly pattern: string;
  readonly names: readonly string[];
  readonly value: unknown;
  /** Id of the nearest thing on the way that has one; a meter is told under its service point. */
  readonly id: string;
  /** Entries of lists on the way, outermost first. */
  readonly entries: readonly object[];
}

/** Every value of a document that has nothing below it: texts, numbers, flags, nulls, and lists and objects that are empty. */
export const leavesOf = (
  value: unknown,
  at: Omit<Leaf, 'value' | 'pattern'> = { path: '', names: [], id: '', entries: [] },
): readonly Leaf[] => {
  if (typeof value !== 'object' || value === null || Object.keys(value).length === 0)
    return [{ ...at, pattern: at.names.join('.'), value }];
  if (Array.isArray(value))
    return value.flatMap((one, place) =>
      leavesOf(one, {
        ...at,
        path: `${at.path}[${place}]`,
        entries: typeof one === 'object' && one !== null ? [...at.entries, one] : at.entries,
      }),
    );
  const id = 'id' in value && typeof value.id === 'string' && at.names.at(-1) !== 'meter' ? value.id : at.id;
  return Object.entries(value).flatMap(([name, member]) =>
    leavesOf(member, { ...at, path: at.path === '' ? name : `${at.path}.${name}`, names: [...at.names, name], id }),
  );
};
