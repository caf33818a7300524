import type { Objects } from '#shared/messaging/ports.ts';
import { readPlan } from './chunk-plan.ts';
import type { SourceError } from './rules/interval-series.ts';
import { importExpired } from './start-import.ts';
import type { ImportItem } from './store/imports.ts';

/** Chunks that one page looks through: most chunks of a good file have no error. */
const chunksOfPage = 40;

interface Place {
  readonly chunk: number;
  readonly index: number;
}

const placeOf = (position: string | undefined, { runFrom }: ImportItem): Place => {
  const match = /^(\d{1,9})\.(\d{1,9})$/.exec(position ?? '');
  return match === null ? { chunk: runFrom, index: 0 } : { chunk: Number(match[1]), index: Number(match[2]) };
};

/**
 * Errors of an import's last run, in the order of the file; `next` goes on behind the last one. Throws
 * DomainError('conflict', 'import.expired') where they are written down no longer.
 */
export const listErrors = async (
  objects: Objects,
  item: ImportItem,
  page: { readonly limit: number; readonly after: string | undefined },
): Promise<{ readonly errors: readonly SourceError[]; readonly next: string | undefined }> => {
  const errors: SourceError[] = [];
  let { chunk, index } = placeOf(page.after, item);
  for (let looked = 0; looked < chunksOfPage && chunk < item.chunk; looked += 1) {
    const plan = await readPlan(objects, item.id, chunk);
    if (plan === undefined) throw importExpired();
    const here = plan.errors.slice(index, index + page.limit - errors.length);
    errors.push(...here);
    index += here.length;
    if (errors.length >= page.limit) break;
    [chunk, index] = [chunk + 1, 0];
  }
  return { errors, next: chunk < item.chunk ? `${chunk}.${index}` : undefined };
};
