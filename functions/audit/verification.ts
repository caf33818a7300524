import type { AuditFault } from '#shared/contracts/local/ops.ts';
import { type AuditEntry, entryDigest, entryOf, pointerKeys, pointerTarget } from '#shared/facts/audit.ts';
import { chainPartition, isRefusalsKey } from '#shared/table/keys.ts';
import type { Item, Key, Table } from '#shared/table/table.ts';
import { chainOf, genesis, type Link, linkHash, linkOf } from './chain.ts';
import type { Checkpoint } from './checkpoint.ts';

interface Place {
  readonly chain: number;
  readonly sequence: number;
}

interface SealedEntry extends Place {
  readonly digest: string;
}

const keyText = (key: Key): string => `${key.pk}\u0000${key.sk}`;
/** Id of an entry from the end of its sort key. */
export const idOfSortKey = (sk: string): string => sk.slice(sk.lastIndexOf('#') + 1);

/** Every item of a partition. */
export async function* itemsOf(audit: Table, pk: string): AsyncGenerator<Item> {
  let cursor: string | undefined;
  do {
    const page = await audit.query({ pk, consistent: true, ...(cursor === undefined ? {} : { cursor }) });
    yield* page.items;
    cursor = page.cursor;
  } while (cursor !== undefined);
}

/** An entry may be so much older than its seal: the longest request and the stream behind it. */
const graceMs = 120_000;

/** Collects faults and what is known of the sealed entries while the table is walked. */
export class Verification {
  readonly faults: AuditFault[] = [];
  readonly links: (readonly (Link | undefined)[])[] = [];
  readonly sealed = new Map<string, SealedEntry>();
  readonly seen = new Set<string>();
  readonly seals = new Map<string, Place>();
  readonly pointers = new Map<string, string>();
  readonly expectedPointers = new Map<string, { readonly entry: string; readonly target: string }>();
  readonly late = new Set<string>();
  unsealed: { readonly entry: AuditEntry; readonly key: string }[] = [];

  fault(place: Place, kind: AuditFault['kind'], message: string, entry?: string): void {
    this.faults.push({ ...place, kind, message, ...(entry === undefined ? {} : { entry }) });
  }

  /** Walks one chain: places without a gap, each hash over the one before. */
  async readChain(audit: Table, chain: number): Promise<void> {
    const links: (Link | undefined)[] = [];
    let previous: string | undefined = genesis(chain);
    for await (const item of itemsOf(audit, chainPartition(chain))) {
      const place = Number(item.sk);
      if (!/^[0-9]{12}$/.test(item.sk) || place < 1) {
        this.fault({ chain, sequence: 0 }, 'inserted', `the item ${item.sk.slice(0, 40)} is no place of a chain`);
        continue;
      }
      for (let gone = links.length + 1; gone < place; gone += 1) {
        this.fault({ chain, sequence: gone }, 'deleted', 'the link is gone');
        links.push(undefined);
        previous = undefined;
      }
      previous = this.checkLink(item, { chain, sequence: place }, previous);
      links.push(linkOf(item));
    }
    this.links[chain] = links;
  }

  /** Checks one link; the hash the next one must name, or undefined where that cannot be told. */
  checkLink(item: Item, place: Place, previous: string | undefined): string | undefined {
    const link = linkOf(item);
    if (link === undefined) {
      this.fault(place, 'edited', 'the link cannot be read');
      return undefined;
    }
    if (link.chain !== place.chain || link.sequence !== place.sequence) {
      this.fault(place, 'swapped', `the link is that of place ${link.sequence} of chain ${link.chain}`);
      return undefined;
    }
    const holds = linkHash(link) === link.hash;
    if (!holds) this.fault(place, 'edited', 'the hash of the link does not hold');
    else if (previous !== undefined && link.previous !== previous) {
      this.fault(place, 'edited', 'the link does not follow the one before: one of the two was made anew');
    }
    for (const [pk, sk, digest] of link.entries) {
      const key = keyText({ pk, sk });
      if (this.sealed.has(key)) this.fault(place, 'inserted', 'an entry is sealed twice', idOfSortKey(sk));
      else this.sealed.set(key, { ...place, digest });
    }
    return holds ? link.hash : undefined;
  }

  see(item: Item): void {
    if (item.kind === 'seal') {
      const { chain, sequence } = item;
      if (typeof chain === 'number' && typeof sequence === 'number') {
        this.seals.set(item.pk.slice('SEAL#'.length), { chain, sequence });
      }
      return;
    }
    if (item.kind === 'link' || isRefusalsKey(item)) return;
    const target = pointerTarget(item);
    if (target === undefined) this.seeEntry(item);
    else this.pointers.set(keyText(item), keyText(target));
  }

  seeEntry(item: Item): void {
    const key = keyText(item);
    const id = idOfSortKey(item.sk);
    const sealed = this.sealed.get(key);
    const entry = entryOf(item);
    if (sealed === undefined) {
      if (entry !== undefined) this.unsealed.push({ entry, key });
      else this.fault({ chain: chainOf(id), sequence: 0 }, 'inserted', 'an item stands there that is no entry', id);
      return;
    }
    this.seen.add(key);
    if (entryDigest(item) === sealed.digest) {
      if (entry === undefined) return;
      for (const pointer of pointerKeys(entry)) this.expectedPointers.set(keyText(pointer), { entry: id, target: key });
      return;
    }
    const moved = typeof item.id === 'string' && item.id !== id;
    this.fault(
      sealed,
      moved ? 'swapped' : 'edited',
      moved ? `the entry is that of ${item.id}` : 'the entry is not as it was sealed',
      id,
    );
  }

  /** After the walk: what is gone, and what nobody sealed. */
  compare(lastCheckpoint: Checkpoint | undefined): void {
    for (const [key, sealed] of this.sealed) {
      const id = idOfSortKey(key);
      if (!this.seen.has(key)) this.fault(sealed, 'deleted', 'the entry is gone', id);
      const seal = this.seals.get(id);
      if (seal === undefined) this.fault(sealed, 'deleted', 'the seal of the entry is gone', id);
      else if (seal.chain !== sealed.chain || seal.sequence !== sealed.sequence) {
        this.fault(sealed, 'edited', 'the seal of the entry names another place', id);
      }
    }
    this.comparePointers();
    this.compareUnsealed(lastCheckpoint);
  }

  comparePointers(): void {
    for (const [key, { entry, target }] of this.expectedPointers) {
      const place = this.sealed.get(target) ?? { chain: chainOf(entry), sequence: 0 };
      const found = this.pointers.get(key);
      if (found === undefined) this.fault(place, 'deleted', 'a pointer to the entry is gone', entry);
      else if (found !== target) this.fault(place, 'edited', 'a pointer to the entry leads elsewhere', entry);
    }
    for (const [key, target] of this.pointers) {
      const place = this.sealed.get(target);
      // A pointer to what was never sealed is of a request still writing, or that died: it shows nobody anything.
      if (place === undefined || this.expectedPointers.has(key)) continue;
      // Where the entry itself is at fault, that has been said.
      if (this.faults.some((known) => known.entry === idOfSortKey(target))) continue;
      this.fault(place, 'inserted', 'a pointer stands there that the entry has not', idOfSortKey(key));
    }
  }

  /** Reads the links that came while the table was walked: what they sealed is unsealed as far as this verification goes. */
  async readLate(audit: Table): Promise<void> {
    for (const [chain, links] of this.links.entries()) {
      for await (const item of itemsOf(audit, chainPartition(chain))) {
        if (Number(item.sk) <= links.length) continue;
        for (const [, sk] of linkOf(item)?.entries ?? []) this.late.add(idOfSortKey(sk));
      }
    }
  }

  compareUnsealed(lastCheckpoint: Checkpoint | undefined): void {
    const known = new Set([...this.sealed.keys()].map(idOfSortKey));
    const left: Verification['unsealed'] = [];
    for (const one of this.unsealed) {
      const { id, at } = one.entry;
      const seal = this.seals.get(id);
      if (known.has(id)) this.fault(this.placeOf(id), 'inserted', 'the entry stands in two places', id);
      else if (this.late.has(id)) left.push(one);
      else if (seal !== undefined) this.fault(seal, 'truncated', 'the link that sealed the entry is gone', id);
      else if (lastCheckpoint !== undefined && Date.parse(at) < Date.parse(lastCheckpoint.at) - graceMs) {
        this.fault(this.wouldStand(one.entry), 'inserted', 'the entry was never sealed, though later ones were', id);
      } else left.push(one);
    }
    this.unsealed = left;
    const standing = new Set([...known, ...this.unsealed.map(({ entry }) => entry.id)]);
    for (const [id, place] of this.seals) {
      if (!standing.has(id) && !this.late.has(id) && !this.faults.some((fault) => fault.entry === id)) {
        this.fault(place, 'truncated', 'a seal stands whose entry and link are gone', id);
      }
    }
  }

  placeOf(id: string): Place {
    for (const [key, place] of this.sealed) if (idOfSortKey(key) === id) return place;
    return { chain: chainOf(id), sequence: 0 };
  }

  /** The link in which an entry of that time would have been sealed. */
  wouldStand({ id, at }: AuditEntry): Place {
    const chain = chainOf(id);
    const links = this.links[chain] ?? [];
    const index = links.findIndex((link) => link?.entries.some(([, sk]) => sk > at) === true);
    return { chain, sequence: index < 0 ? links.length + 1 : index + 1 };
  }
}
