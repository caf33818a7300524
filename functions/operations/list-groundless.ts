import * as z from 'zod';
import { familyNames } from '#functions/profile.ts';
import type { groundless } from '#shared/contracts/local/ops.ts';
import { familyOfState, optionalText, partOfState, readFoldState } from '#shared/profile/store/items.ts';
import { factIdKey, subjectOfPartition } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { type IsOver, readPlace, type Step, writePlace } from './step.ts';

type Answer = z.output<typeof groundless.answer>;

/** Facts named of one record and family, the latest. */
const namedOfOne = 5;

const count = z.int().min(0);
const Found = z.strictObject({
  subject: z.string(),
  family: z.string(),
  count,
  latest: z.array(z.string()),
});
type Found = z.infer<typeof Found>;

const Place = z.strictObject({
  after: z.string().optional(),
  total: count,
  counts: z.array(z.tuple([z.string(), count])),
  most: z.array(Found),
});

const foundIn = (item: Item): Found | undefined => {
  const subject = item.sk.startsWith('STATE#') ? subjectOfPartition(item.pk) : undefined;
  const family = familyOfState(item) ?? partOfState(item.sk)?.family;
  if (subject === undefined || family === undefined) return undefined;
  const held = readFoldState(item).groundless;
  return held.count === 0
    ? undefined
    : { subject, family, count: held.count, latest: held.latest.slice(-namedOfOne).toReversed() };
};

const mostFirst = (a: Found, b: Found): number =>
  b.count - a.count || (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : a.family < b.family ? -1 : 1);

const listedOf = async (profile: Table, { latest, ...found }: Found): Promise<Answer['records'][number]> => {
  const places = await Promise.all(latest.map((id) => profile.get(factIdKey(id), { consistent: true })));
  return {
    ...found,
    latest: latest.map((id, n) => {
      const place = places[n];
      return { id, type: (place === undefined ? undefined : optionalText(place, 'type')) ?? 'unknown' };
    }),
  };
};

const unknownFamily = (): DomainError =>
  new DomainError('invalid', 'query.invalid', 'There is no such family: see errors.', {
    errors: [
      { pointer: '/query/family', code: 'field.invalid-value', message: `is none of ${familyNames.join(', ')}` },
    ],
  });

/**
 * Facts that are kept and change nothing, for want of what they speak of: how many of each family, and the records that have most.
 * A record folded by other rules is not counted; a replay folds it anew.
 */
export const listGroundless = async (
  profile: Table,
  { family, limit }: z.output<typeof groundless.input>,
  from: string | undefined,
  isOver: IsOver,
): Promise<Step<Answer>> => {
  if (family !== undefined && !familyNames.includes(family)) throw unknownFamily();
  const place = from === undefined ? { total: 0, counts: [], most: [] } : readPlace(Place, from);
  const counts = new Map(place.counts);
  let { total, most } = place;
  let cursor = place.after;
  const answer = async (): Promise<Answer> => ({
    total,
    families: [...counts]
      .map(([name, facts]) => ({ family: name, count: facts }))
      .sort((a, b) => (a.family < b.family ? -1 : 1)),
    records: await Promise.all(most.map((one) => listedOf(profile, one))),
  });
  do {
    const page = await profile.scan({ consistent: true, ...(cursor === undefined ? {} : { cursor }) });
    const found = page.items.flatMap((item) => foundIn(item) ?? []);
    for (const one of found) {
      if (family !== undefined && one.family !== family) continue;
      total += one.count;
      counts.set(one.family, (counts.get(one.family) ?? 0) + one.count);
      most.push(one);
    }
    most = most.toSorted(mostFirst).slice(0, limit);
    cursor = page.cursor;
    if (cursor !== undefined && isOver())
      return { answer: await answer(), next: writePlace({ after: cursor, total, counts: [...counts], most }) };
  } while (cursor !== undefined);
  return { answer: await answer() };
};
