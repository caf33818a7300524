import * as z from 'zod';
import { quarantine } from '#shared/facts/quarantine.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import type { Table } from '#shared/table/table.ts';
import { QuarantineReason } from '#shared/vocabulary/statuses.ts';

/** Rows of a file that have no place here, for one entry in quarantine: why, and what was read, a line of JSON for each part. */
export const AsideRows = z.object({ reason: QuarantineReason, code: z.string(), text: z.string() });
export type AsideRows = z.infer<typeof AsideRows>;

/** Rows that an import asks to be kept; `receivedAt` in milliseconds. */
export const AskedRows = z.object({ import: z.string(), receivedAt: z.number(), rows: z.array(AsideRows) });

/** Puts rows into quarantine; the same rows again are the entries they are. Answers their ids. */
export const keepRows = async (
  parts: { readonly profile: Table; readonly sealer: Sealer },
  importId: string,
  rows: readonly AsideRows[],
  receivedAt: number,
): Promise<readonly string[]> => {
  const entries: string[] = [];
  for (const { reason, code, text } of rows) {
    const detail = { import: importId, code };
    const refused = { kind: 'rows', reason, source: importId, receivedAt, raw: Buffer.from(text), detail } as const;
    entries.push(await quarantine(parts.profile, parts.sealer, refused));
  }
  return entries;
};
