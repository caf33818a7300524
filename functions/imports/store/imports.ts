import * as z from 'zod';
import { idOfText } from '#shared/runtime/identify.ts';
import { importKey, queuePartition, queueShardOf, queueShards } from '#shared/table/keys.ts';
import { ConditionFailed, type Item, type Table, type Write } from '#shared/table/table.ts';
import { id } from '#shared/vocabulary/ids.ts';
import { ImportFormat, type ImportState, ImportState as State } from '#shared/vocabulary/statuses.ts';

const ReadCounts = z.object({ read: z.int(), sent: z.int(), unchanged: z.int(), aside: z.int() });
const noReads: z.infer<typeof ReadCounts> = { read: 0, sent: 0, unchanged: 0, aside: 0 };

/** What an import did so far; intervals unless said otherwise. */
export const ImportCounts = z.object({
  /** Intervals with a value that the file holds. */
  read: z.int(),
  /** Of those: sent to the stream, there already, kept aside. */
  sent: z.int(),
  unchanged: z.int(),
  aside: z.int(),
  /** Of those: no readings of their own, because register reads say the same. */
  byReads: z.int().default(0),
  /** Intervals of which the file says that there is no value. */
  missing: z.int().default(0),
  /** Register reads that the file holds, and what became of them. */
  registerReads: ReadCounts.default(noReads),
  /** Costs of intervals and summaries of bills, which are kept aside. */
  costs: z.int().default(0),
  /** Blocks that were sent. */
  blocks: z.int(),
  /** Lines of the errors file. */
  errors: z.int(),
});
export type ImportCounts = z.infer<typeof ImportCounts>;
export const noCounts: ImportCounts = {
  read: 0,
  sent: 0,
  unchanged: 0,
  aside: 0,
  byReads: 0,
  missing: 0,
  registerReads: noReads,
  costs: 0,
  blocks: 0,
  errors: 0,
};

/** Adds up what two parts of a file came to. */
export const addCounts = (left: ImportCounts, right: ImportCounts): ImportCounts => {
  const [one, other] = [left.registerReads, right.registerReads];
  return {
    read: left.read + right.read,
    sent: left.sent + right.sent,
    unchanged: left.unchanged + right.unchanged,
    aside: left.aside + right.aside,
    byReads: left.byReads + right.byReads,
    missing: left.missing + right.missing,
    registerReads: {
      read: one.read + other.read,
      sent: one.sent + other.sent,
      unchanged: one.unchanged + other.unchanged,
      aside: one.aside + other.aside,
    },
    costs: left.costs + right.costs,
    blocks: left.blocks + right.blocks,
    errors: left.errors + right.errors,
  };
};

/** The item `IMP#<id>`: a file, how it is read, and how far that is. `version` counts its writes. */
const ImportItem = z.object({
  version: z.int().min(1),
  id: id('import'),
  state: State,
  format: ImportFormat,
  /** How a CSV file is laid out: its mapping as canonical JSON. */
  mapping: z.string().optional(),
  createMissing: z.boolean(),
  /** Whether it is read though its dates look as if month and day were swapped. */
  force: z.boolean().default(false),
  /** Reads the file and says what it holds; nothing of it is sent. */
  dryRun: z.boolean().default(false),
  /** Size and SHA-256 (hex) of the file as it is handed in. */
  bytes: z.int(),
  sha256: z.string(),
  createdAt: z.string(),
  /** When it came into its state, and when it was written last. */
  stateSince: z.string(),
  updatedAt: z.string(),
  /** How often the file was read from its beginning. */
  run: z.int(),
  /** The first chunk of that run. */
  runFrom: z.int(),
  /** Number of the next chunk; counts through all runs. */
  chunk: z.int(),
  /** The last chunk of which all blocks are stored, and the last that was taken back. */
  settled: z.int(),
  undone: z.int(),
  /** The first chunk that is taken back where it is `undoing`. */
  undoFrom: z.int(),
  /** While it is taken back: the last chunk of which was looked whether it came once more, and whether anything of it had. */
  lookedAgain: z.int().default(0),
  foundAgain: z.boolean().default(false),
  /** What the run has worked off: blocks and errors of the file, and its bytes. */
  events: z.int(),
  readBytes: z.int(),
  counts: ImportCounts,
  /** Points that are to be made known before the file is read: whether they were looked for, how many there are, and how many were made. */
  points: z.object({ looked: z.boolean(), of: z.int(), made: z.int() }).default({ looked: false, of: 0, made: 0 }),
  /** The import that holds registers which this one is to tell; nothing of this one is on its way then. Empty where it waits for none. */
  waitsFor: z.string().default(''),
  /** Counts the stretches of work in which it claims registers: what it claimed in an earlier one is void. */
  stint: z.int().default(0),
  /** What it found stored by another import was taken back meanwhile: it is read again once it is through. */
  again: z.boolean().default(false),
  failure: z.string().optional(),
  /** What was seen, where the code of the failure alone does not say it. */
  seen: z.string().optional(),
  /** Whose import it is, and who had it taken back the last time and why: subjects of verified tokens. Older imports say neither. */
  startedBy: z.string().optional(),
  undoneBy: z.string().optional(),
  undoReason: z.string().optional(),
  /** Since when what it was handed in and brought is written down no longer: it told of somebody who was erased. */
  forgottenAt: z.string().optional(),
});
export type ImportItem = z.infer<typeof ImportItem>;

/** A file of an importer, read in one way: the same again is the same import. Whoever else brings it learns nothing of this one. */
export interface ImportedFile {
  readonly startedBy: string;
  readonly sha256: string;
  readonly format: ImportFormat;
  readonly mapping?: string;
  readonly dryRun: boolean;
}

/** Id of the import of a file: SHA-256 over whose it is, its hash, its format, its mapping, and whether it is only looked at. */
export const importIdOf = ({ startedBy, sha256, format, mapping, dryRun }: ImportedFile): string =>
  idOfText(
    'import',
    `${startedBy}\u0000${sha256}\u0000${format}\u0000${mapping ?? ''}${dryRun ? '\u0000dry-run' : ''}`,
  );

const importsQueue = 'imports';
/** States in which something is to be done without anybody asking. */
const working: ReadonlySet<ImportState> = new Set(['uploaded', 'reading', 'settling', 'undoing']);

/** Whether something is to be done for an import without anybody asking. */
export const isAtWork = ({ state }: Pick<ImportItem, 'state'>): boolean => working.has(state);

const itemOf = ({
  mapping,
  failure,
  seen,
  startedBy,
  undoneBy,
  undoReason,
  forgottenAt,
  ...item
}: ImportItem): Item => ({
  ...importKey(item.id),
  ...item,
  ...(mapping === undefined ? {} : { mapping }),
  ...(failure === undefined ? {} : { failure }),
  ...(seen === undefined ? {} : { seen }),
  ...(startedBy === undefined ? {} : { startedBy }),
  ...(undoneBy === undefined ? {} : { undoneBy }),
  ...(undoReason === undefined ? {} : { undoReason }),
  ...(forgottenAt === undefined ? {} : { forgottenAt }),
  ...(isAtWork(item) || item.state === 'new'
    ? { queue: queuePartition(importsQueue, queueShardOf(item.id)), queueSort: `${item.createdAt}#${item.id}` }
    : {}),
});

/** The import, read consistently; undefined where there is none. */
export const readImport = async (profile: Table, importId: string): Promise<ImportItem | undefined> => {
  const item = await profile.get(importKey(importId), { consistent: true });
  return item === undefined ? undefined : ImportItem.parse(item);
};

/** Puts an import where there is none; false where there is one. */
export const putNewImport = async (profile: Table, item: ImportItem): Promise<boolean> => {
  try {
    await profile.commit([{ put: itemOf(item), when: { kind: 'absent' } }]);
    return true;
  } catch (error) {
    if (error instanceof ConditionFailed) return false;
    throw error;
  }
};

/** Puts an import that changed, with what is to stand beside it; undefined where somebody changed it since `before`. */
export const changeImport = async (
  profile: Table,
  before: ImportItem,
  change: Partial<ImportItem>,
  now: number,
  beside: readonly Write[] = [],
): Promise<ImportItem | undefined> => {
  const at = new Date(now).toISOString();
  const stateSince = change.state === undefined || change.state === before.state ? before.stateSince : at;
  const after = { ...before, ...change, stateSince, updatedAt: at, version: before.version + 1 };
  try {
    await profile.commit([{ put: itemOf(after), when: { kind: 'version', is: before.version } }, ...beside]);
    return after;
  } catch (error) {
    if (error instanceof ConditionFailed) return undefined;
    throw error;
  }
};

/**
 * Puts down that an import is forgotten: no text of people stays with it, and what was under way ends as failed. Answers whether it
 * was not so before; false too where there is none.
 */
export const forgetImport = async (profile: Table, importId: string, now: number): Promise<boolean> => {
  for (;;) {
    const item = await readImport(profile, importId);
    if (item === undefined || item.forgottenAt !== undefined) return false;
    const { undoReason: _reason, seen: _seen, ...rest } = item;
    const isUnderWay = isAtWork(item) || item.state === 'new';
    const change: Partial<ImportItem> = {
      ...(isUnderWay ? { state: 'failed', failure: 'import.forgotten' } : {}),
      forgottenAt: new Date(now).toISOString(),
    };
    if ((await changeImport(profile, rest, change, now)) !== undefined) return true;
  }
};

/** Imports that have work to do or wait for their file, the oldest of each shard first; the index may be a moment behind. */
export async function* pendingImports(profile: Table): AsyncGenerator<ImportItem> {
  for (let shard = 0; shard < queueShards; shard += 1) {
    let cursor: string | undefined;
    do {
      const page = await profile.query({
        pk: queuePartition(importsQueue, shard),
        index: 'queue',
        ...(cursor === undefined ? {} : { cursor }),
      });
      for (const item of page.items) yield ImportItem.parse(item);
      cursor = page.cursor;
    } while (cursor !== undefined);
  }
}
