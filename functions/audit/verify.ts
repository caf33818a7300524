import type { AuditFault } from '#shared/contracts/local/ops.ts';
import { entryOf } from '#shared/facts/audit.ts';
import type { Objects } from '#shared/messaging/ports.ts';
import { auditPartition, sealKey } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';
import { chainCount } from './chain.ts';
import { type Checkpoint, checkpointFolder, checkpointHash, parseCheckpoint } from './checkpoint.ts';
import { idOfSortKey, itemsOf, Verification } from './verification.ts';

export interface VerifyDeps {
  readonly audit: Table;
  readonly objects: Objects;
  /** Every item of the audit table, where that can be had; without it only partitions that sealed entries name are read. */
  readonly scan?: () => AsyncIterable<Item>;
}

/** What was found. `unsealed` entries came too lately to be sealed; they are no fault. */
export interface AuditReport {
  readonly ok: boolean;
  readonly chains: number;
  readonly entries: number;
  readonly unsealed: number;
  readonly checkpoints: number;
  readonly faults: readonly AuditFault[];
}

interface ReadCheckpoints {
  readonly checkpoints: readonly Checkpoint[];
  readonly count: number;
}

const readCheckpoints = async (objects: Objects, into: Verification): Promise<ReadCheckpoints> => {
  const names = [...(await objects.list(checkpointFolder))].sort();
  const checkpoints: Checkpoint[] = [];
  let previous: string | undefined;
  for (const [index, name] of names.entries()) {
    const bytes = await objects.get(name);
    const checkpoint = bytes === undefined ? undefined : parseCheckpoint(bytes);
    const place = { chain: 0, sequence: 0 };
    if (bytes === undefined || checkpoint === undefined) {
      into.fault(place, 'checkpoint', `the checkpoint ${name} cannot be read`);
      previous = undefined;
      continue;
    }
    if (checkpoint.number !== index + 1) into.fault(place, 'checkpoint', `a checkpoint before ${name} is gone`);
    else if (previous !== undefined && checkpoint.previous !== previous) {
      into.fault(place, 'checkpoint', `the checkpoint ${name} does not follow the one before`);
    }
    previous = checkpointHash(bytes);
    checkpoints.push(checkpoint);
  }
  return { checkpoints, count: names.length };
};

/** Holds the chains against what was written down of them: a chain cut short, or made anew from some place on, shows here. */
const holdAgainst = (checkpoints: readonly Checkpoint[], into: Verification): void => {
  const told = new Set<number>();
  for (const checkpoint of checkpoints) {
    for (const { chain, sequence, hash, total } of checkpoint.chains) {
      if (told.has(chain)) continue;
      const links = into.links[chain] ?? [];
      const link = links[sequence - 1];
      if (links.length < sequence) {
        told.add(chain);
        const missing = { chain, sequence: links.length + 1 };
        into.fault(missing, 'truncated', `the chain had ${sequence} links at ${checkpoint.at}`);
      } else if (link !== undefined && (link.hash !== hash || link.total !== total)) {
        told.add(chain);
        into.fault({ chain, sequence }, 'edited', `the link is not the one that stood there at ${checkpoint.at}`);
      }
    }
  }
};

/** Every item where the table can be scanned; else those of the partitions that sealed entries name, and their seals. */
async function* standing(deps: VerifyDeps, into: Verification): AsyncGenerator<Item> {
  if (deps.scan !== undefined) {
    yield* deps.scan();
    return;
  }
  const partitions = new Set<string>();
  for (const key of into.sealed.keys()) partitions.add(key.slice(0, key.indexOf('\u0000')));
  for (const pk of partitions) {
    for await (const item of itemsOf(deps.audit, pk)) {
      yield item;
      for (const subject of entryOf(item)?.named ?? []) partitions.add(auditPartition(subject));
    }
  }
  for (const key of into.sealed.keys()) {
    const seal = await deps.audit.get(sealKey(idOfSortKey(key)), { consistent: true });
    if (seal !== undefined) yield seal;
  }
}

/**
 * Recomputes every chain against its entries, seals, pointers and checkpoints. Finds any edit, deletion, swap, insertion or
 * truncation of what was sealed, and says where.
 */
export const verifyAudit = async (deps: VerifyDeps): Promise<AuditReport> => {
  const found = new Verification();
  const { checkpoints, count } = await readCheckpoints(deps.objects, found);
  for (let chain = 0; chain < chainCount; chain += 1) await found.readChain(deps.audit, chain);
  for await (const item of standing(deps, found)) found.see(item);
  await found.readLate(deps.audit);
  holdAgainst(checkpoints, found);
  found.compare(checkpoints.at(-1));
  return {
    ok: found.faults.length === 0,
    chains: found.links.filter((links) => links.length > 0).length,
    entries: found.sealed.size,
    unsealed: found.unsealed.length,
    checkpoints: count,
    faults: found.faults,
  };
};
