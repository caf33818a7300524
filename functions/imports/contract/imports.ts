import * as z from 'zod';
import { Instant, listMarks, Masked, page, paging } from '#shared/contracts/api/common.ts';
import { defineRoute } from '#shared/contracts/api/definition.ts';
import { classBytes } from '#shared/contracts/api/limits.ts';
import { mostFileBytes } from '#shared/vocabulary/file-size.ts';
import { ImportFormat, ImportState } from '#shared/vocabulary/statuses.ts';

const ImportBody = z.strictObject({
  format: ImportFormat,
  mapping: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('How a CSV file is laid out (docs/import.md); needed with `csv`, refused with other formats.'),
  createMissing: z
    .boolean()
    .default(false)
    .describe('Makes a premise, service point and meter for every reference that nobody knows.'),
  force: z
    .boolean()
    .default(false)
    .describe('Reads the file though its dates look as if month and day were swapped (`file.dates-swapped`).'),
  bytes: z.int().min(1).max(mostFileBytes).describe('Size of the file as it is handed in, packed with gzip or not.'),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'must be a SHA-256 in 64 hex digits')
    .describe('SHA-256 of the file as it is handed in.'),
});

const Series = z.object({
  namespace: z.string(),
  reference: z.string(),
  register: z.string(),
  unit: z.string(),
  zone: z.string().optional().describe("Zone of the file's local times."),
  powerOfTen: z.int(),
  count: z.int().describe('Intervals with a value.'),
  sum: z.string().describe('Their sum in the unit, a decimal.'),
  first: Instant.nullable().describe('Starts of the first and the last of them.'),
  last: Instant.nullable(),
  gaps: z.int(),
  overlaps: z.int(),
  quality: z.record(z.string(), z.int()).describe('Intervals by ESPI quality code.'),
  reads: z.int().optional().describe('What dials stood at: how many reads.'),
  cost: z.string().optional().describe('Sum of costs in the currency of the file, a decimal.'),
});

const count = (what: string) => z.int().describe(what);

const Import = z.object({
  id: z.string(),
  state: ImportState.describe(
    '`new` until the file came; `uploaded`, `reading`, `settling` at work; `done`, `failed`; `undoing`, `undone`.',
  ),
  format: ImportFormat,
  createMissing: z.boolean(),
  force: z.boolean(),
  dryRun: z.boolean(),
  bytes: z.int(),
  sha256: z.string(),
  run: z.int().describe('How often the file was read from its beginning.'),
  createdAt: Instant,
  updatedAt: Instant,
  stateSince: Instant,
  startedBy: z.string().optional().describe('Whose import it is, as their token says.'),
  undoneBy: z.string().optional().describe('Who had it taken back last.'),
  undoReason: z.string().optional().describe('Why.'),
  readBytes: z.int().describe('Bytes of the file that are worked off.'),
  counts: z.object({
    read: count('Intervals with a value.'),
    sent: count('Of those, sent to be stored.'),
    unchanged: count('Of those, stored before with the same value and quality, or told again later in the file.'),
    aside: count('Of those, kept aside in quarantine: nothing here is known by their reference, or cannot hold them.'),
    byReads: count('Of those, stored as the register reads they lie between, not as readings of their own.'),
    missing: count('Intervals of which the file says that there is no value.'),
    registerReads: z
      .object({
        read: count('Register reads.'),
        sent: count('Of those, sent to be stored.'),
        unchanged: count('Of those, stored before with the same value and quality.'),
        aside: count('Of those, kept aside in quarantine.'),
      })
      .describe('What dials stood at.'),
    costs: count('Costs and tiers of intervals, and summaries of bills: kept aside, readings hold none.'),
    blocks: count('Blocks that were sent.'),
    errors: count('Entries of the list of errors.'),
  }),
  series: z.array(Series).optional().describe('What the file holds, once a dry run is done; the first 10,000 series.'),
  points: z
    .object({ of: z.int(), made: z.int() })
    .optional()
    .describe('Points of the file that nobody knew, while they are made known.'),
  waitsFor: z
    .string()
    .optional()
    .describe('The import that it waits for, because both tell the same registers; it goes on by itself.'),
  failure: z.string().optional().describe('Why it failed: a code of docs/import.md, "Failures".'),
  seen: z.string().optional().describe('What was seen that made it fail, where the code alone does not say it.'),
  upload: z
    .object({
      url: z.string().describe('Where to PUT the file, with these headers.'),
      headers: z.record(z.string(), z.string()),
      expiresAt: Instant,
    })
    .optional()
    .describe('Where the file is not here yet.'),
  masked: Masked,
});

const importMarks = {
  id: 'plain',
  state: 'plain',
  format: 'plain',
  createMissing: 'plain',
  force: 'plain',
  dryRun: 'plain',
  series: 'plain',
  bytes: 'plain',
  sha256: 'plain',
  run: 'plain',
  createdAt: 'plain',
  updatedAt: 'plain',
  stateSince: 'plain',
  startedBy: 'plain',
  undoneBy: 'plain',
  undoReason: 'plain',
  readBytes: 'plain',
  counts: 'plain',
  points: 'plain',
  waitsFor: 'plain',
  failure: 'plain',
  seen: 'plain',
  upload: 'plain',
  masked: 'plain',
} as const;

const ImportError = z.object({
  line: z.int().describe('From 1.'),
  column: z.int().describe('From 1: a field of a table, else a character.'),
  code: z.string(),
  message: z.string(),
});

export const importRoutes = [
  defineRoute({
    operationId: 'startImport',
    method: 'POST',
    path: '/v1/imports',
    reason: 'optional',
    capability: 'imports',
    summary: 'Begin the import of a file of meter data',
    description:
      'Answers where to PUT the file; once it is there it is read without another call. The same file of the same importer, read in the same way, is one import: asked for again it is answered as it stands, and read again only where it failed, was taken back, or rows of it were kept aside.',
    act: 'imports.write',
    subject: 'none',
    personal: true,
    query: z.strictObject({
      dryRun: z
        .enum(['true', 'false'])
        .optional()
        .describe('`true`: the file is read and nothing is stored; the import then says what it holds.'),
    }),
    body: ImportBody,
    // A mapping is read by its own contract; here it is of any size.
    bodyBytes: classBytes.bulk,
    response: Import,
    marks: importMarks,
    status: 202,
  }),
  defineRoute({
    operationId: 'readImport',
    method: 'GET',
    path: '/v1/imports/{id}',
    capability: 'imports',
    summary: 'Read where an import stands',
    description: 'Of an import of their own, for programs; of any, for supervisors.',
    act: 'imports.read',
    subject: 'none',
    coveredByVersion: false,
    personal: true,
    response: Import,
    marks: importMarks,
  }),
  defineRoute({
    operationId: 'listImportErrors',
    method: 'GET',
    path: '/v1/imports/{id}/errors',
    capability: 'imports',
    summary: 'List what an import did not take as it stands in the file',
    description: 'In the order of the file. A page may hold fewer entries than asked for though more follow.',
    act: 'imports.read',
    subject: 'none',
    personal: true,
    list: true,
    query: z.strictObject(paging),
    response: page(ImportError),
    marks: listMarks({ line: 'plain', column: 'plain', code: 'plain', message: 'plain' }),
  }),
  defineRoute({
    operationId: 'undoImport',
    method: 'POST',
    path: '/v1/imports/{id}/undo',
    reason: 'body',
    capability: 'imports',
    summary: 'Take an import back',
    description:
      'Takes out the readings and register reads that it brought and that nobody has written over since, and the rows it kept aside. Other imports that found stored what they had to say of the same registers are read again. Premises, service points and meters that it made known stay. Programs take back what they imported, supervisors any import.',
    act: 'imports.undo',
    subject: 'none',
    personal: true,
    body: z.strictObject({
      reason: z
        .string()
        .trim()
        .min(3)
        .max(500)
        .describe('Why it is taken back. Names nobody: it stands with the import.'),
    }),
    response: Import,
    marks: importMarks,
    status: 202,
  }),
];
