import type { Condition, Item, Key, Query, Value, Write } from '#shared/table/table.ts';
import { compareText } from '#shared/table/table-checks.ts';

/** The simplest table: a map, searched from end to end. What the bodies of a table are held against. */
export class TableModel {
  readonly #items = new Map<string, Item>();

  readonly #place = (key: Key): string => JSON.stringify([key.pk, key.sk]);

  get(key: Key): Item | undefined {
    return this.#items.get(this.#place(key));
  }

  /** Indexes of the writes whose condition fails; where there is none, the writes are made. */
  commit(writes: readonly Write[]): readonly number[] {
    const failed = writes.flatMap((write, index) => (this.#holds(write) ? [] : [index]));
    if (failed.length > 0) return failed;
    for (const write of writes) {
      if ('put' in write) this.#items.set(this.#place(write.put), write.put);
      if ('remove' in write) this.#items.delete(this.#place(write.remove));
    }
    return [];
  }

  put(items: readonly Item[]): void {
    for (const item of items) this.#items.set(this.#place(item), item);
  }

  query(query: Query): readonly Item[] {
    const sortOf = (item: Item): string => (query.index === undefined ? item.sk : String(item.queueSort));
    const found = [...this.#items.values()]
      .filter((item) =>
        query.index === undefined
          ? item.pk === query.pk
          : item.queue === query.pk && typeof item.queueSort === 'string',
      )
      .filter((item) => query.prefix === undefined || sortOf(item).startsWith(query.prefix))
      .filter((item) => query.from === undefined || compareText(sortOf(item), query.from) >= 0)
      .filter((item) => query.to === undefined || compareText(sortOf(item), query.to) <= 0)
      .sort((left, right) => compareText(sortOf(left), sortOf(right)));
    return query.descending === true ? found.reverse() : found;
  }

  #holds(write: Write): boolean {
    const item = this.get('put' in write ? write.put : 'remove' in write ? write.remove : write.check);
    return write.when === undefined || holds(write.when, item);
  }
}

const sameScalar = (held: Value | undefined, is: string | number | Uint8Array): boolean =>
  held instanceof Uint8Array && is instanceof Uint8Array
    ? held.length === is.length && held.every((byte, place) => byte === is[place])
    : held === is;

const holds = (when: Condition, item: Item | undefined): boolean => {
  switch (when.kind) {
    case 'absent':
      return item === undefined;
    case 'present':
      return item !== undefined;
    case 'version':
      return item?.version === when.is;
    case 'equals':
      return item !== undefined && sameScalar(item[when.attribute], when.is);
  }
};
