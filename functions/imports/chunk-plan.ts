import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { RegisterRead } from '#functions/readings/contract/register-read.ts';
import { UsageBlock } from '#functions/readings/contract/usage-block.ts';
import type { Objects } from '#shared/messaging/ports.ts';
import { ImportCounts } from './store/imports.ts';

/**
 * What one chunk of a file brings, written down before any of it is sent: whoever takes the work up again does exactly this once
 * more, and an undoing knows what to take back.
 */
const ChunkPlan = z.object({
  /** Blocks and errors of the file that are worked off with it, and bytes; and whether the file ends here. */
  events: z.int(),
  readBytes: z.int(),
  last: z.boolean(),
  /** Blocks to send, each with the sort key it will be stored under. */
  writes: z.array(z.object({ sk: z.string(), block: UsageBlock })),
  /** Register reads to send, each with the sort key it will be stored under. */
  reads: z.array(z.object({ sk: z.string(), read: RegisterRead })),
  /** Entries in quarantine that hold the rows kept aside. */
  entries: z.array(z.string()),
  errors: z.array(z.object({ line: z.int(), column: z.int(), code: z.string(), message: z.string() })),
  /** What it adds to the counts of the import. */
  counts: ImportCounts,
});
export type ChunkPlan = z.infer<typeof ChunkPlan>;

/** The folder of all that is kept of an import. */
export const folderOf = (importId: string): string => `imports/${importId}`;
export const fileNameOf = (importId: string): string => `${folderOf(importId)}/file`;
/** The import whose file has a name; undefined where it is another object's. */
export const importOfFile = (name: string): string | undefined => /^imports\/(imp_[0-9A-Z]{26})\/file$/.exec(name)?.[1];
const planNameOf = (importId: string, chunk: number): string =>
  `${folderOf(importId)}/chunks/${String(chunk).padStart(8, '0')}.json.gz`;

/** The plan of a chunk; undefined where none was made. */
export const readPlan = async (objects: Objects, importId: string, chunk: number): Promise<ChunkPlan | undefined> => {
  const bytes = await objects.get(planNameOf(importId, chunk));
  return bytes === undefined ? undefined : ChunkPlan.parse(JSON.parse(gunzipSync(bytes).toString('utf8')));
};

/** Writes a plan down where there is none; answers the plan that stands. */
export const keepPlan = async (
  objects: Objects,
  importId: string,
  chunk: number,
  plan: ChunkPlan,
): Promise<ChunkPlan> => {
  try {
    await objects.put(planNameOf(importId, chunk), gzipSync(JSON.stringify(plan), { level: 1 }), { ifAbsent: true });
    return plan;
  } catch (error) {
    const there = await readPlan(objects, importId, chunk);
    if (there === undefined) throw error;
    return there;
  }
};
