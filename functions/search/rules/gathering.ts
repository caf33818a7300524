import { isFormer, type Reason } from './reasons.ts';

/** Most values that one entry names. */
const mostReasons = 4;

const compare = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

/** Gathers reasons under keys, so that each key stands once. */
export class Gathering<Key> {
  readonly #found = new Map<string, { readonly key: Key; readonly says: Map<string, Reason> }>();

  add(name: string, key: Key, reason: Reason): void {
    const entry = this.#found.get(name) ?? { key, says: new Map<string, Reason>() };
    this.#found.set(name, entry);
    entry.says.set(reason.join(' '), reason);
  }

  sorted(): readonly (Key & { readonly says: readonly Reason[] })[] {
    return [...this.#found.entries()]
      .sort(([left], [right]) => compare(left, right))
      .map(([, { key, says }]) => ({
        ...key,
        says: [...says.entries()]
          .sort(
            ([left, one], [right, other]) => Number(isFormer(one)) - Number(isFormer(other)) || compare(left, right),
          )
          .map(([, reason]) => reason)
          .slice(0, mostReasons),
      }));
  }
}
