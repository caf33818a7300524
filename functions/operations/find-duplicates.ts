import * as z from 'zod';
import type { findDuplicates } from '#shared/contracts/local/ops.ts';
import { subjectKindOf, subjectOfPartition } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { writeScanCursor } from '#shared/table/table-cursor.ts';
import { type IsOver, readPlace, type Step, writePlace } from './step.ts';

export interface FindDuplicatesParts {
  readonly profile: Table;
  /** Looks for duplicates of one customer, whether or not anything has changed. */
  readonly findDuplicatesOf: (
    customer: string,
  ) => Promise<{ readonly compared: number; readonly open: readonly string[] }>;
}

type Answer = z.output<typeof findDuplicates.answer>;

const count = z.int().min(0);
const Place = z.strictObject({ after: z.string().optional(), customers: count, compared: count, open: count });
type Place = z.infer<typeof Place>;

const answerOf = ({ customers, compared, open }: Place): Answer => ({ customers, compared, open });

/** Looks for duplicates of every customer, one after the other; stops behind any of them. */
export const findAllDuplicates = async (
  { profile, findDuplicatesOf }: FindDuplicatesParts,
  from: string | undefined,
  isOver: IsOver,
): Promise<Step<Answer>> => {
  let place: Place = from === undefined ? { customers: 0, compared: 0, open: 0 } : readPlace(Place, from);
  let cursor = place.after;
  do {
    const page = await profile.scan({ consistent: true, ...(cursor === undefined ? {} : { cursor }) });
    for (const item of page.items) {
      const customer = item.sk === 'HEAD' ? subjectOfPartition(item.pk) : undefined;
      if (customer === undefined || subjectKindOf(customer) !== 'customer') continue;
      const found = await findDuplicatesOf(customer);
      // Each question counts once, with the first of its two customers.
      const open = found.open.filter((other) => customer < other).length;
      place = { customers: place.customers + 1, compared: place.compared + found.compared, open: place.open + open };
      if (isOver()) return { answer: answerOf(place), next: writePlace({ ...place, after: writeScanCursor(item) }) };
    }
    cursor = page.cursor;
  } while (cursor !== undefined);
  return { answer: answerOf(place) };
};
