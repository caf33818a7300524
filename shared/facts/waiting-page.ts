import type { Item, Table } from '#shared/table/table.ts';

/** Entries of a list of what waits for people, the longest waiting first; `next` is the position of the last one, where there are more. */
export const readWaitingPage = async (
  profile: Table,
  pk: string,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
): Promise<{ readonly shown: readonly Item[]; readonly next: string | undefined }> => {
  // A page starts with the entry it goes on behind, where that one still waits.
  const from = after === undefined ? {} : { from: after };
  const { items } = await profile.query({ pk, ...from, limit: limit + 2, consistent: true });
  const behind = items.filter(({ sk }) => after === undefined || sk > after);
  const shown = behind.slice(0, limit);
  return { shown, next: behind.length > limit ? shown.at(-1)?.sk : undefined };
};
