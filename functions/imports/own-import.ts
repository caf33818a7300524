import type { Table } from '#shared/table/table.ts';
import type { Actor } from '#shared/vocabulary/actor.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { type ImportItem, readImport } from './store/imports.ts';

export const unknownImport = (): DomainError =>
  new DomainError('not-found', 'import.unknown', 'There is no such import.');

/** Whether an import is for somebody: the program that began it, or any supervisor. One of unknown beginner is a supervisor's alone. */
const isFor = ({ startedBy }: ImportItem, actor: Actor): boolean =>
  actor.kind === 'machine'
    ? startedBy === actor.id
    : actor.kind === 'staff' && actor.roles.some((role) => role === 'supervisor');

/** An import as it stands. Throws DomainError('not-found', 'import.unknown') where there is none, or none for whoever asks. */
export const ownImport = async (profile: Table, id: string, actor: Actor): Promise<ImportItem> => {
  const item = await readImport(profile, id);
  if (item === undefined || !isFor(item, actor)) throw unknownImport();
  return item;
};
