import { auditItems, type NewEntry } from '#shared/facts/audit.ts';
import type { Objects, UploadAddress, Uploads } from '#shared/messaging/ports.ts';
import { canonicalJson } from '#shared/runtime/canonical-json.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Table } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { ImportFormat } from '#shared/vocabulary/statuses.ts';
import { fileNameOf, readPlan } from './chunk-plan.ts';
import { unknownImport } from './own-import.ts';
import { parseMapping } from './read-series.ts';
import { changeImport, type ImportItem, importIdOf, noCounts, putNewImport, readImport } from './store/imports.ts';

export interface StartImportParts {
  readonly profile: Table;
  readonly uploads: Uploads;
  readonly clock: Clock;
}

/** A file and how it is to be read; `sha256` (hex) and `bytes` are of the file as it is handed in. */
export interface AskedImport {
  readonly format: ImportFormat;
  readonly mapping?: unknown;
  readonly createMissing: boolean;
  readonly force?: boolean;
  readonly dryRun: boolean;
  readonly bytes: number;
  readonly sha256: string;
}

/** An import as it stands after somebody asked, and whether the entry of the audit stands with what was changed. */
export interface AskedFor {
  readonly item: ImportItem;
  readonly audited: boolean;
}

export interface StartedImport extends AskedFor {
  /** Where the file is to be put; absent where it is not needed. */
  readonly upload?: UploadAddress;
}

/** Tries at an item that others change at the same time. */
const mostTries = 10;

const busy = (): DomainError =>
  new DomainError('unavailable', 'service.busy', 'The import is being changed by others; try again shortly.', {
    retryAfterSeconds: 1,
  });

/**
 * Changes an import as `to` says, which sees it as it is, with the entry of the audit in the same commit; undefined leaves it. Throws
 * DomainError('not-found', 'import.unknown').
 */
const changed = async (
  { profile, clock }: Pick<StartImportParts, 'profile' | 'clock'>,
  id: string,
  to: (item: ImportItem) => Partial<ImportItem> | undefined,
  entry?: NewEntry,
): Promise<AskedFor> => {
  const beside = entry === undefined ? [] : auditItems({ ...entry, named: [id] });
  for (let tried = 0; tried < mostTries; tried += 1) {
    const item = await readImport(profile, id);
    if (item === undefined) throw unknownImport();
    const change = to(item);
    if (change === undefined) return { item, audited: false };
    const after = await changeImport(profile, item, change, clock.now(), beside);
    if (after !== undefined) return { item: after, audited: entry !== undefined };
  }
  throw busy();
};

const newItem = (
  asked: AskedImport,
  { id, mapping, startedBy }: { readonly id: string; readonly mapping: string | undefined; readonly startedBy: string },
  now: number,
): ImportItem => {
  const at = new Date(now).toISOString();
  const { format, createMissing, force = false, dryRun, bytes, sha256 } = asked;
  return {
    version: 1,
    id,
    state: 'new',
    format,
    ...(mapping === undefined ? {} : { mapping }),
    createMissing,
    force,
    dryRun,
    bytes,
    sha256,
    createdAt: at,
    stateSince: at,
    updatedAt: at,
    run: 0,
    runFrom: 1,
    chunk: 1,
    settled: 0,
    undone: 0,
    undoFrom: 1,
    lookedAgain: 0,
    foundAgain: false,
    events: 0,
    readBytes: 0,
    counts: noCounts,
    points: { looked: false, of: 0, made: 0 },
    waitsFor: '',
    again: false,
    stint: 0,
    startedBy,
  };
};

const mappingOf = ({ format, mapping }: AskedImport): string | undefined => {
  if (format === 'csv') return canonicalJson(parseMapping(mapping));
  if (mapping === undefined) return undefined;
  throw new DomainError('invalid', 'mapping.invalid', 'A mapping goes with the format csv alone.', {
    errors: [{ pointer: '/mapping', code: 'unexpected', message: 'goes with the format csv' }],
  });
};

/** Whether an import that rests is worth reading again: it was taken back, it failed, or some of its rows had no place. */
const mayRunAgain = ({ state, counts }: ImportItem): boolean =>
  state === 'undone' || state === 'failed' || (state === 'done' && counts.aside + counts.registerReads.aside > 0);

/**
 * Begins the import of a file, or finds it: the same file of the same importer, read in the same way, is one import. One that is
 * done stays as it is; one whose rows had no place, that failed or that was taken back is read again.
 * @param entry of the request in the audit; its actor is whose import it is
 */
export const startImport = async (
  parts: StartImportParts,
  asked: AskedImport,
  entry: NewEntry,
): Promise<StartedImport> => {
  const mapping = mappingOf(asked);
  const { sha256, format, bytes, createMissing, force = false, dryRun } = asked;
  const startedBy = entry.actor;
  const id = importIdOf({ startedBy, sha256, format, dryRun, ...(mapping === undefined ? {} : { mapping }) });
  await putNewImport(parts.profile, newItem(asked, { id, mapping, startedBy }, parts.clock.now()));
  const name = fileNameOf(id);
  const isHere = await parts.uploads.has(name);
  const begun = await changed(
    parts,
    id,
    (before) => {
      if (before.forgottenAt !== undefined) throw importForgotten();
      const again = before.state === 'new' || mayRunAgain(before);
      return again ? { state: isHere ? 'uploaded' : 'new', createMissing, force, bytes } : undefined;
    },
    entry,
  );
  if (begun.item.state !== 'new') return begun;
  return { ...begun, upload: await parts.uploads.address(name, { bytes, sha256 }) };
};

const importForgotten = (): DomainError =>
  new DomainError(
    'conflict',
    'import.forgotten',
    'The file told of somebody who was erased since. Hand in one without them; what it told of others is kept.',
  );

/** The file of an import came; does nothing where it was known. */
export const fileArrived = async (
  parts: Pick<StartImportParts, 'profile' | 'clock'>,
  id: string,
): Promise<ImportItem> =>
  (await changed(parts, id, ({ state }) => (state === 'new' ? { state: 'uploaded' } : undefined))).item;

export const importExpired = (): DomainError =>
  new DomainError('conflict', 'import.expired', 'What the import brought is written down no longer: its time is over.');

/**
 * Asks for an import to be taken back. Throws DomainError('conflict'): `import.running` while it is read, because what was sent has
 * to be stored before it can be taken out; `import.expired` where what it brought is written down no longer.
 * @param entry of the request in the audit; its actor is who has it taken back
 */
export const askUndo = async (
  parts: Pick<StartImportParts, 'profile' | 'clock'> & { readonly objects: Objects },
  { id, state: now, undone: last, chunk, forgottenAt }: ImportItem,
  reason: string,
  entry: NewEntry,
): Promise<AskedFor> => {
  if (forgottenAt !== undefined) throw importForgotten();
  const isToDo = (now === 'done' || now === 'failed') && last + 1 < chunk;
  if (isToDo && (await readPlan(parts.objects, id, last + 1)) === undefined) throw importExpired();
  const again = { lookedAgain: 0, foundAgain: false, undoneBy: entry.actor, undoReason: reason };
  const toUndo = ({ state, undone, stint }: ImportItem): Partial<ImportItem> | undefined => {
    if (state === 'undoing' || state === 'undone') return undefined;
    if (state === 'done' || state === 'failed')
      return { state: 'undoing', undoFrom: undone + 1, stint: stint + 1, ...again };
    throw new DomainError('conflict', 'import.running', `The import is ${state}; it can be taken back once it rests.`);
  };
  return changed(parts, id, toUndo, entry);
};
