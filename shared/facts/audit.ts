import { createHash } from 'node:crypto';
import * as z from 'zod';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import { newId } from '#shared/runtime/identify.ts';
import { auditKey, auditPartition } from '#shared/table/keys.ts';
import { ConditionFailed, type Item, type Key, limits, type Table, type Write } from '#shared/table/table.ts';
import type { ActName, AuditedAct } from '#shared/vocabulary/acts.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { longestReason } from '#shared/vocabulary/reason.ts';

/**
 * One look at personal data, or one change of anything. It stands once: with `subject`, else with the first of `named`, else by
 * itself; every further subject in `named` holds a pointer to it. Ids, classes and counts, and the reason as it was given; never a
 * value of a person.
 */
export const AuditEntry = z.strictObject({
  /** RFC 3339 UTC with milliseconds: when the request came. */
  at: z.string(),
  id: z.string().regex(/^[0-9A-HJKMNP-TV-Z]{26}$/),
  actor: z.string(),
  actorKind: z.enum(['staff', 'customer', 'machine', 'system', 'anonymous']),
  act: z.string(),
  purpose: z.string().optional(),
  /** Why, in the words of who made a change. */
  reason: z.string().max(longestReason).optional(),
  requestId: z.string(),
  route: z.string(),
  /** Where the past was asked for: as it was then, and by what was known then. Stored form. */
  asOf: z.string().optional(),
  knownAt: z.string().optional(),
  /** `begun`, `allowed`, `replayed`, `failed`, or `refused:<code>`. */
  outcome: z.string(),
  /** Of attempts that were refused: how many of the kind the actor had made this day. */
  times: z.int().min(1).optional(),
  /** Fact types that the actor was refused. */
  types: z.array(z.string()).max(100).optional(),
  /** Marks of the fields that were shown. */
  fields: z.array(z.string()),
  /** Things named in the answer. */
  count: z.int().min(0),
  subject: z.string().optional(),
  named: z.array(z.string()).max(400),
});
export type AuditEntry = z.infer<typeof AuditEntry>;

/** An entry as it is written: its act has a name here. What is read may be of another version. */
export type NewEntry = AuditEntry & { readonly act: AuditedAct };

/** Where an entry stands: with its subject, else with the first of those it names, else by itself. */
export const entryKey = (entry: Pick<AuditEntry, 'at' | 'id' | 'subject' | 'named'>): Key =>
  auditKey(entry.subject ?? entry.named[0] ?? entry.id, entry.at, entry.id);

/** Keys of the pointers of an entry, one for each further subject. */
export const pointerKeys = (entry: AuditEntry): readonly Key[] =>
  [...new Set(entry.named)]
    .map((subject) => auditKey(subject, entry.at, entry.id))
    .filter((key) => key.pk !== entryKey(entry).pk);

const itemOf = (entry: NewEntry): Item => {
  const { purpose, reason, subject, asOf, knownAt, times, types, ...rest } = entry;
  return {
    ...entryKey(entry),
    kind: 'entry',
    ...rest,
    ...(purpose === undefined ? {} : { purpose }),
    ...(reason === undefined ? {} : { reason, reasonSalt: newId() }),
    ...(times === undefined ? {} : { times }),
    ...(subject === undefined ? {} : { subject }),
    ...(asOf === undefined ? {} : { asOf }),
    ...(knownAt === undefined ? {} : { knownAt }),
    ...(types === undefined ? {} : { types }),
  };
};

/** The entry in an item of the audit table, or undefined where the item is a pointer, a chain or a seal. */
export const entryOf = (item: Item): AuditEntry | undefined => {
  if (item.kind !== 'entry') return undefined;
  const { pk: _pk, sk: _sk, kind: _kind, reasonSalt: _salt, reasonDigest: _digest, ...rest } = item;
  const parsed = AuditEntry.safeParse(rest);
  return parsed.success ? parsed.data : undefined;
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** An entry without the words of its reason: in their place stands what tells that they were these, to who still has them. */
const withoutWords = ({ reason, reasonSalt, ...item }: Item): Item =>
  typeof reason === 'string' && typeof reasonSalt === 'string'
    ? { ...item, reasonDigest: sha256(`${reasonSalt} ${reason}`) }
    : { ...item, ...(reason === undefined ? {} : { reason }) };

/**
 * SHA-256 of an entry's item, keys included: what the chains seal. Hexadecimal. Of the words of a reason it holds a salted digest, so
 * that it stays the same when they are taken out. Entries from before 2026-12-02 have no salt: their words are sealed as they stand.
 */
export const entryDigest = (item: Item): string => sha256(canonicalJson(withoutWords(item)));

/** Where a pointer leads, or undefined where the item is none. */
export const pointerTarget = (item: Item): Key | undefined =>
  item.kind === 'pointer' && typeof item.entryPk === 'string' && typeof item.entrySk === 'string'
    ? { pk: item.entryPk, sk: item.entrySk }
    : undefined;

/** Writes of an entry and its pointers, to stand in the commit of what they tell of. Each is put if absent. */
export const auditItems = (entry: NewEntry): readonly Write[] => {
  const place = entryKey(entry);
  const pointers = pointerKeys(entry).map(
    (key): Write => ({
      in: 'audit',
      put: { ...key, kind: 'pointer', entryPk: place.pk, entrySk: place.sk },
      when: { kind: 'absent' },
    }),
  );
  return [...pointers, { in: 'audit', put: itemOf(entry), when: { kind: 'absent' } }];
};

/** Pieces of one transaction each; the entry comes last, so that pointers of a request that died lead nowhere. */
const inPieces = (writes: readonly Write[]): Write[][] => {
  const pieces: Write[][] = [];
  for (let at = 0; at < writes.length; at += limits.transactionItems) {
    pieces.push(writes.slice(at, at + limits.transactionItems));
  }
  return pieces;
};

/** Puts a piece; one that stands already (in the commit itself, or after a lost answer) counts as put: the id is its own. */
const putPiece = async (audit: Table, piece: readonly Write[]): Promise<void> => {
  try {
    await audit.commit(piece);
  } catch (error) {
    if (!(error instanceof ConditionFailed)) throw error;
    for (const write of piece) {
      if (!('put' in write)) continue;
      const standing = await audit.get({ pk: write.put.pk, sk: write.put.sk }, { consistent: true });
      if (standing === undefined) throw error;
    }
  }
};

/** What a caller is told where an entry cannot be written: nothing may leave then. */
export const auditUnavailable = (cause: unknown): DomainError =>
  new DomainError('unavailable', 'audit.unavailable', 'Nothing can be shown that cannot be recorded; try again.', {
    cause,
    retryAfterSeconds: 1,
  });

/** Records a look before its answer leaves; DomainError (503) where that cannot be done, and then nothing may leave. */
export const recordAccess = async (audit: Table, entry: NewEntry): Promise<void> => {
  try {
    for (const piece of inPieces(auditItems(entry))) await putPiece(audit, piece);
  } catch (cause) {
    throw auditUnavailable(cause);
  }
};

/** Acts whose reason is looked at before they are done. */
const namingNobody: ReadonlySet<string> = new Set<ActName>(['erasure.request', 'erasure.decide']);

const isSeenToNameNobody = ({ act, outcome }: AuditEntry): boolean => namingNobody.has(act) && outcome === 'allowed';

/**
 * Takes the words of reasons out of the entries in the log of somebody who is erased: people write names into them. That it was done,
 * by whom and when stays, and so do the chains. An erasure that was asked for or decided keeps its reason, which was seen to name
 * nobody; one that was refused, or only looked at, does not.
 * @returns how many entries had words
 */
export const forgetReasons = async (audit: Table, subject: string): Promise<number> => {
  let forgotten = 0;
  let cursor: string | undefined;
  do {
    const query = { pk: auditPartition(subject), consistent: true };
    const page = await audit.query(cursor === undefined ? query : { ...query, cursor });
    for (const item of page.items) {
      const target = pointerTarget(item);
      const standing = target === undefined ? item : await audit.get(target, { consistent: true });
      const entry = standing === undefined ? undefined : entryOf(standing);
      if (standing?.reasonSalt === undefined || entry === undefined || isSeenToNameNobody(entry)) continue;
      await audit.commit([{ put: withoutWords(standing) }]);
      forgotten += 1;
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return forgotten;
};
