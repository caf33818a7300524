import type { Clock } from '#shared/runtime/clock.ts';
import type { Table } from '#shared/table/table.ts';
import { changeImport, pendingImports } from './store/imports.ts';

/** A file that was announced and not handed in by then does not come: the address was good for an hour. */
const awaitedMilliseconds = 24 * 3_600_000;

/**
 * Looks after imports by the clock: those whose file never came end as failed, and those that nobody has worked on for so long are
 * answered, to be worked on.
 */
export const lookAfterImports = async (
  { profile, clock }: { readonly profile: Table; readonly clock: Clock },
  idleMilliseconds: number,
): Promise<readonly string[]> => {
  const idle: string[] = [];
  for await (const item of pendingImports(profile)) {
    const now = clock.now();
    const age = now - Date.parse(item.updatedAt);
    if (item.state !== 'new') {
      if (age >= idleMilliseconds) idle.push(item.id);
    } else if (age >= awaitedMilliseconds)
      // Where it changed meanwhile, the file came.
      await changeImport(profile, item, { state: 'failed', failure: 'file.not-sent' }, now);
  }
  return idle;
};
