import { setTimeout as wait } from 'node:timers/promises';
import type { Metrics } from '#shared/runtime/logger.ts';
import { type AuditEntry, entryDigest, entryOf } from '#shared/store/audit.ts';
import { sealKey } from '#shared/store/keys.ts';
import { type Change, ConditionFailed, type Table, TransactionConflict, type Write } from '#shared/store/table.ts';
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

const notYetSealed = async (audit: Table, entries: readonly ToSeal[]): Promise<readonly ToSeal[]> => {
  const seals = await Promise.all(entries.map(({ entry }) => audit.get(sealKey(entry.id), { consistent: true })));
  return entries.filter((_, index) => seals[index] === undefined);
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

const attempts = 10;

/** Seals entries as one link; those that another delivery has sealed are left out. */
const sealPiece = async (audit: Table, chain: number, piece: readonly ToSeal[]): Promise<void> => {
  let left = piece;
  for (let attempt = 1; left.length > 0; attempt += 1) {
    try {
      await putLink(audit, chain, left);
      return;
    } catch (error) {
      const lost = error instanceof ConditionFailed || error instanceof TransactionConflict;
      if (!lost || attempt === attempts) throw error;
      await wait(Math.random() * Math.min(500, 10 * 2 ** attempt));
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
