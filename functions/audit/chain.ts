import { createHash } from 'node:crypto';
import * as z from 'zod';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import { chainKey, chainPartition } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';

/** Entries are sealed into so many chains, each entry into the one its id says. */
export const chainCount = 8;

/** Most entries of one link; with their seals they fit one transaction. */
export const linkEntries = 40;

/** An entry as a link holds it: key and SHA-256 of the item. */
const Sealed = z.tuple([z.string(), z.string(), z.string().regex(/^[0-9a-f]{64}$/)]);
export type Sealed = z.infer<typeof Sealed>;

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** One link of a chain: `hash` = SHA-256 of the hash before and of what the link holds. `total` counts entries up to here. */
export const Link = z.strictObject({
  chain: z.int().min(0),
  sequence: z.int().min(1),
  previous: hash,
  entries: z.array(Sealed).min(1),
  total: z.int().min(1),
  hash,
});
export type Link = z.infer<typeof Link>;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** What the first link of a chain follows. */
export const genesis = (chain: number): string => sha256(`rotunda audit chain ${chain}`);

/** Chain of an entry. */
export const chainOf = (entryId: string): number =>
  createHash('sha256').update(entryId).digest().readUInt8(0) % chainCount;

/** Hash of a link from the one before and all it holds. */
export const linkHash = (link: Omit<Link, 'hash'>): string =>
  sha256(`${link.previous}${canonicalJson([link.chain, link.sequence, link.total, link.entries])}`);

/** The link that follows another (or the start of a chain) with entries. */
export const nextLink = (chain: number, last: Link | undefined, entries: readonly Sealed[]): Link => {
  const link = {
    chain,
    sequence: (last?.sequence ?? 0) + 1,
    previous: last?.hash ?? genesis(chain),
    entries: [...entries],
    total: (last?.total ?? 0) + entries.length,
  };
  return { ...link, hash: linkHash(link) };
};

/** The item of a link. */
export const linkItem = (link: Link): Item => ({ ...chainKey(link.chain, link.sequence), kind: 'link', ...link });

/** The link in an item, or undefined where it is damaged. */
export const linkOf = (item: Item): Link | undefined => {
  const { pk: _pk, sk: _sk, kind, ...rest } = item;
  const parsed = Link.safeParse(rest);
  return kind === 'link' && parsed.success ? parsed.data : undefined;
};

/** The last link of a chain. Throws where it is damaged: nothing may be sealed onto it. */
export const lastLink = async (audit: Table, chain: number): Promise<Link | undefined> => {
  const { items } = await audit.query({ pk: chainPartition(chain), descending: true, limit: 1, consistent: true });
  const [item] = items;
  if (item === undefined) return undefined;
  const link = linkOf(item);
  if (link === undefined) throw new Error(`the last link of audit chain ${chain} is damaged`);
  return link;
};
