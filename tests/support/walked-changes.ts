import { isDeepStrictEqual } from 'node:util';
import type { Change, Item, Table } from '#shared/table/table.ts';

/** Every item of a table. */
export async function* allItems(table: Table): AsyncGenerator<Item> {
  let cursor: string | undefined;
  do {
    const page = await table.scan({ consistent: true, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/**
 * What changed in a table since it was last walked over, for a body whose change feed is no part of the test. Several changes of one
 * item are one, as old and new; what was taken away comes last.
 */
export class WalkedChanges {
  readonly #table: Table;
  #seen: ReadonlyMap<string, Item>;
  #position = 0;

  /** `known`: items whose coming is no news. */
  constructor(table: Table, known: readonly Item[] = []) {
    this.#table = table;
    this.#seen = new Map(known.map((item) => [`${item.pk}\n${item.sk}`, item] as const));
  }

  async next(): Promise<readonly Change[]> {
    const changes: Change[] = [];
    const now = new Map<string, Item>();
    for await (const item of allItems(this.#table)) {
      const key = `${item.pk}\n${item.sk}`;
      now.set(key, item);
      const before = this.#seen.get(key);
      if (before === undefined || !isDeepStrictEqual(before, item)) changes.push(this.#change(before, item, item));
    }
    for (const [key, before] of this.#seen) {
      if (!now.has(key)) changes.push(this.#change(before, undefined, before));
    }
    this.#seen = now;
    return changes;
  }

  #change(before: Item | undefined, after: Item | undefined, { pk, sk }: Item): Change {
    this.#position += 1;
    return { key: { pk, sk }, before, after, position: String(this.#position).padStart(12, '0') };
  }
}
