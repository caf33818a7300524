import type { AnswerOf } from '#functions/routes.ts';
import type { Operations } from '#shared/edge/operation.ts';
import type { Objects } from '#shared/messaging/ports.ts';
import { readReport } from './dry-run.ts';
import { listErrors } from './list-errors.ts';
import { ownImport } from './own-import.ts';
import { askUndo, type StartedImport, type StartImportParts, startImport } from './start-import.ts';
import { type ImportItem, isAtWork } from './store/imports.ts';

export interface ImportsParts extends StartImportParts {
  readonly objects: Objects;
  /** Hears of an import that has work to do. */
  readonly wake: (id: string) => Promise<void>;
}

const answerOf = ({ item, upload }: Pick<StartedImport, 'item' | 'upload'>): AnswerOf<'readImport'> => ({
  id: item.id,
  state: item.state,
  format: item.format,
  createMissing: item.createMissing,
  force: item.force,
  dryRun: item.dryRun,
  bytes: item.bytes,
  sha256: item.sha256,
  run: item.run,
  createdAt: item.createdAt,
  updatedAt: item.updatedAt,
  ...(item.startedBy === undefined ? {} : { startedBy: item.startedBy }),
  ...(item.undoneBy === undefined ? {} : { undoneBy: item.undoneBy }),
  ...(item.undoReason === undefined ? {} : { undoReason: item.undoReason }),
  stateSince: item.stateSince,
  readBytes: item.readBytes,
  counts: item.counts,
  ...(item.state === 'uploaded' && item.points.looked
    ? { points: { of: item.points.of, made: item.points.made } }
    : {}),
  ...(item.waitsFor === '' ? {} : { waitsFor: item.waitsFor }),
  ...(item.failure === undefined || item.state !== 'failed'
    ? {}
    : { failure: item.failure, ...(item.seen === undefined ? {} : { seen: item.seen }) }),
  ...(upload === undefined ? {} : { upload }),
});

/** Routes of imports. */
export const importOperations = (parts: ImportsParts) => {
  const wakeFor = async (item: ImportItem): Promise<void> => {
    if (isAtWork(item)) await parts.wake(item.id);
  };
  return {
    startImport: async ({ body, query, audit }) => {
      const { mapping, ...rest } = body;
      const asked = { ...rest, dryRun: query.dryRun === 'true', ...(mapping === undefined ? {} : { mapping }) };
      const started = await startImport(parts, asked, audit);
      const { item, audited } = started;
      await wakeFor(item);
      const location = `/v1/imports/${item.id}`;
      return { status: 202, body: answerOf(started), location, subjects: [item.id], audited };
    },
    readImport: async ({ call, params }) => {
      const item = await ownImport(parts.profile, params.id ?? '', call.actor);
      const series = item.dryRun && item.state === 'done' ? await readReport(parts.objects, item.id) : undefined;
      const body = { ...answerOf({ item }), ...(series === undefined ? {} : { series: [...series] }) };
      return { body, subjects: [item.id] };
    },
    listImportErrors: async ({ call, params, query }) => {
      const item = await ownImport(parts.profile, params.id ?? '', call.actor);
      const { errors, next } = await listErrors(parts.objects, item, { limit: query.limit, after: query.cursor });
      return { body: { data: [...errors], next: next ?? null }, subjects: [item.id] };
    },
    undoImport: async ({ call, params, body, audit }) => {
      const own = await ownImport(parts.profile, params.id ?? '', call.actor);
      const { item, audited } = await askUndo(parts, own, body.reason, audit);
      await wakeFor(item);
      return { status: 202, body: answerOf({ item }), subjects: [item.id], audited };
    },
  } satisfies Partial<Operations>;
};
