import { setTimeout as wait } from 'node:timers/promises';
import { type AuditEntry, entryDigest, entryOf } from '#shared/facts/audit.ts';
import type { Metrics } from '#shared/runtime/logger.ts';
import { sealKey } from '#shared/table/keys.ts';
import {
  type Change,
  ConditionFailed,
  type Table,
  Throttled,
  TransactionConflict,
  Unanswered,
  type Write,
} from '#shared/table/table.ts';
import { chainOf, lastLink, linkEntries, linkItem, nextLink, type Sealed } from './chain.ts';

export interface SealDeps {
  readonly audit: Table;
  readonly metrics: Metrics;
}

interface ToSeal {
  readonly entry: AuditEntry;
  readonly sealed: Sealed;
}

/** The entry a change put, as it was put; undefined for pointers, links and seals. */
const putEntry = ({ before, after }: Change): ToSeal | undefined => {
  if (before !== undefined || after === undefined) return undefined;
  const entry = entryOf(after);
  return entry === undefined ? undefined : { entry, sealed: [after.pk, after.sk, entryDigest(after)] };
};

/** Entries are only ever put: any other change of one is somebody at work who should not be. */
const countMeddling = (changes: readonly Change[], metrics: Metrics): void => {
  const meddled = changes.filter(({ before }) => before !== undefined && before.kind === 'entry').length;
  if (meddled > 0) metrics.count('audit.meddled', {}, meddled);
};

const attempts = 10;
/** How often silence is met in one piece: behind each lie the client's own tries. */
const silences = 3;

/** Another sealer was first; the chain is read anew. */
const isLost = (error: unknown): boolean => error instanceof ConditionFailed || error instanceof TransactionConflict;
/** Nobody answered, or too much was asked: the same may pass in a moment. */
const isSilence = (error: unknown): boolean => error instanceof Throttled || error instanceof Unanswered;

const pause = (attempt: number): Promise<void> => wait(Math.random() * Math.min(500, 10 * 2 ** attempt));

/** Each read is tried again for itself: one of forty that fails does not undo the others. */
const isSealed = async (audit: Table, entry: AuditEntry): Promise<boolean> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return (await audit.get(sealKey(entry.id), { consistent: true })) !== undefined;
    } catch (error) {
      if (!isSilence(error) || attempt === silences) throw error;
      await pause(attempt);
    }
  }
};

const notYetSealed = async (audit: Table, entries: readonly ToSeal[]): Promise<readonly ToSeal[]> => {
  const sealed = await Promise.all(entries.map(({ entry }) => isSealed(audit, entry)));
  return entries.filter((_, index) => sealed[index] === false);
};

const putLink = async (audit: Table, chain: number, entries: readonly ToSeal[]): Promise<void> => {
  const link = nextLink(
    chain,
    await lastLink(audit, chain),
    entries.map(({ sealed }) => sealed),
  );
  const seals = entries.map(
    ({ entry }): Write => ({
      put: { ...sealKey(entry.id), kind: 'seal', chain, sequence: link.sequence },
      when: { kind: 'absent' },
    }),
  );
  await audit.commit([{ put: linkItem(link), when: { kind: 'absent' } }, ...seals]);
};

/** Seals entries as one link; those that another delivery has sealed, or a try whose answer was lost, are left out. */
const sealPiece = async (audit: Table, chain: number, piece: readonly ToSeal[]): Promise<void> => {
  let left = piece;
  let silent = 0;
  for (let attempt = 1; left.length > 0; attempt += 1) {
    try {
      await putLink(audit, chain, left);
      return;
    } catch (error) {
      if (isSilence(error)) silent += 1;
      else if (!isLost(error)) throw error;
      if (attempt === attempts || silent === silences) throw error;
      await pause(attempt);
      left = await notYetSealed(audit, left);
    }
  }
};

/**
 * Consumer of the audit table's changes: seals each new entry into its chain, once however often it is delivered. Throws where
 * a batch cannot be sealed, so that it is delivered again.
 */
export const sealChanges = async (deps: SealDeps, changes: readonly Change[]): Promise<void> => {
  countMeddling(changes, deps.metrics);
  const byChain = new Map<number, Map<string, ToSeal>>();
  for (const found of changes.map(putEntry)) {
    if (found === undefined) continue;
    const chain = chainOf(found.entry.id);
    byChain.set(chain, (byChain.get(chain) ?? new Map<string, ToSeal>()).set(found.entry.id, found));
  }
  for (const [chain, found] of byChain) {
    const entries = [...found.values()];
    for (let at = 0; at < entries.length; at += linkEntries) {
      await sealPiece(deps.audit, chain, entries.slice(at, at + linkEntries));
    }
  }
};
