import * as z from 'zod';
import type { DigestTable, digest } from '#shared/contracts/local/ops.ts';
import { ContentSum } from '#shared/facts/content-sum.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import type { Table } from '#shared/table/table.ts';
import { type IsOver, readPlace, type Step, writePlace } from './step.ts';
import { digestOf, walkProfile, walkReadings } from './store/digest.ts';

export interface DigestParts {
  readonly profile: Table;
  readonly readings: Table;
  readonly sealer: Sealer;
}

type Answer = z.output<typeof digest.answer>;

const Place = z.strictObject({
  done: z.array(z.strictObject({ table: z.enum(['profile', 'readings']), sha256: z.string(), items: z.int() })),
  sum: z.string().optional(),
  after: z.string().optional(),
});
type Place = z.infer<typeof Place>;

const walk = (
  parts: DigestParts,
  table: DigestTable,
  { sum: text, after }: Pick<Place, 'sum' | 'after'>,
  isOver: IsOver,
) => {
  const sum = new ContentSum(text);
  const from = after === undefined ? { sum } : { sum, after };
  return table === 'profile' ? walkProfile(parts, from, isOver) : walkReadings(parts.readings, from, isOver);
};

/** SHA-256 of what the tables say. A table in the middle of its walk is in the answer only when it is through. */
export const digestTables = async (
  parts: DigestParts,
  input: z.output<typeof digest.input>,
  from: string | undefined,
  isOver: IsOver,
): Promise<Step<Answer>> => {
  const tables = input.table === undefined ? (['profile', 'readings'] as const) : [input.table];
  let place: Place = from === undefined ? { done: [] } : readPlace(Place, from);
  for (let table = tables[place.done.length]; table !== undefined; table = tables[place.done.length]) {
    const { sum, after } = await walk(parts, table, place, isOver);
    const { done } = place;
    place = after === undefined ? { done: [...done, { table, ...digestOf(sum) }] } : { done, sum: sum.text(), after };
    if (place.done.length < tables.length && isOver())
      return { answer: { digests: place.done }, next: writePlace(place) };
  }
  return { answer: { digests: place.done } };
};
