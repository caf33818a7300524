import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { Objects } from '#shared/messaging/ports.ts';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Table } from '#shared/table/table.ts';
import { chainCount, lastLink } from './chain.ts';

const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** Where each chain stood at an instant; kept where it cannot be changed, so that a cut or rewritten chain shows. */
export const Checkpoint = z.strictObject({
  number: z.int().min(1),
  at: z.iso.datetime({ precision: 3 }),
  chains: z.array(z.strictObject({ chain: z.int(), sequence: z.int(), hash, total: z.int() })),
  /** SHA-256 of the checkpoint before. */
  previous: hash.optional(),
});
export type Checkpoint = z.infer<typeof Checkpoint>;

export const checkpointFolder = 'audit/checkpoints/';
/** Objects are locked so long, in days. */
const lockedDays = 365;

const nameOf = (number: number): string => `${checkpointFolder}${String(number).padStart(9, '0')}.json`;

/** SHA-256 of a checkpoint as the next one names it. */
export const checkpointHash = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Reads a checkpoint; undefined where the bytes are none. */
export const parseCheckpoint = (bytes: Uint8Array): Checkpoint | undefined => {
  try {
    return Checkpoint.parse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  } catch {
    return undefined;
  }
};

const newest = async (
  objects: Objects,
): Promise<{ readonly checkpoint: Checkpoint; readonly hash: string } | undefined> => {
  const names = await objects.list(checkpointFolder);
  const name = [...names].sort().at(-1);
  const bytes = name === undefined ? undefined : await objects.get(name);
  if (name === undefined || bytes === undefined) return undefined;
  const checkpoint = parseCheckpoint(bytes);
  if (checkpoint === undefined) throw new Error(`the audit checkpoint ${name} is damaged`);
  return { checkpoint, hash: checkpointHash(bytes) };
};

export interface CheckpointDeps {
  readonly audit: Table;
  readonly objects: Objects;
  readonly clock: Clock;
}

/** Writes down where the chains stand; every 15 minutes and at stop. Undefined where nothing moved since the last one. */
export const takeCheckpoint = async ({ audit, objects, clock }: CheckpointDeps): Promise<Checkpoint | undefined> => {
  const chains: Checkpoint['chains'] = [];
  for (let chain = 0; chain < chainCount; chain += 1) {
    const link = await lastLink(audit, chain);
    if (link !== undefined) chains.push({ chain, sequence: link.sequence, hash: link.hash, total: link.total });
  }
  const last = await newest(objects);
  if (canonicalJson(last?.checkpoint.chains ?? []) === canonicalJson(chains)) return undefined;
  const now = clock.now();
  const checkpoint: Checkpoint = {
    number: (last?.checkpoint.number ?? 0) + 1,
    at: new Date(now).toISOString(),
    chains,
    ...(last === undefined ? {} : { previous: last.hash }),
  };
  await objects.put(nameOf(checkpoint.number), Buffer.from(JSON.stringify(checkpoint)), {
    ifAbsent: true,
    retainUntil: new Date(now + lockedDays * 86_400_000).toISOString(),
  });
  return checkpoint;
};
