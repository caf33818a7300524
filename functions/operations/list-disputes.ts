import * as z from 'zod';
import type { disputes } from '#shared/contracts/local/ops.ts';
import { supply } from '#shared/profile/rules/agreements.ts';
import { serviceAt } from '#shared/profile/rules/service-at.ts';
import { partOfState, readFoldState } from '#shared/profile/store/items.ts';
import { disputedPlaces, meterFromItem } from '#shared/profile/store/meters.ts';
import { premiseOfServicePoint } from '#shared/profile/store/references.ts';
import { meterOfPartition } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';
import { DisputeKind } from '#shared/vocabulary/statuses.ts';
import { type IsOver, readPlace, type Step, writePlace } from './step.ts';

type Answer = z.output<typeof disputes.answer>;

const count = z.int().min(0);
const Found = z.strictObject({
  kind: DisputeKind,
  subject: z.string(),
  from: z.string(),
  to: z.string().nullable(),
  claims: z.array(z.strictObject({ holder: z.string(), source: z.string() })),
});
type Found = z.infer<typeof Found>;

const Place = z.strictObject({
  after: z.string().optional(),
  counts: z.array(z.tuple([DisputeKind, count])),
  first: z.array(Found),
});

const claimsOf = (all: readonly { readonly holder: string; readonly source: string }[]): Found['claims'] =>
  all.map(({ holder, source }) => ({ holder, source }));

const disputesOfState = (item: Item): readonly Found[] => {
  const held = readFoldState(item);
  // A state of other rules says the same in another way; a replay folds it anew.
  if (held.rules !== supply.rules) return [];
  const { disputed } = serviceAt(new Map([[supply.name, { ...held, parts: new Map([['', held]]) }]]));
  return disputed.map(({ from, to, claims }) => ({
    kind: 'service',
    subject: claims[0]?.servicePoint ?? '',
    from,
    to,
    claims: claimsOf(claims),
  }));
};

const disputesOfMeter = (item: Item): readonly Found[] => {
  const meter = meterFromItem(item);
  return disputedPlaces(meter).map(({ from, to, claims }) => ({
    kind: 'meter',
    subject: meter.id,
    from,
    to,
    claims: claimsOf(claims),
  }));
};

const disputesIn = (item: Item): readonly Found[] => {
  if (partOfState(item.sk)?.family === supply.name) return disputesOfState(item);
  return meterOfPartition(item.pk) === undefined ? [] : disputesOfMeter(item);
};

/** What was agreed of a point that was taken back holds for nobody, and is in no dispute. */
const isOfWhatStands = async (profile: Table, { kind, subject }: Found): Promise<boolean> =>
  kind === 'meter' || (await premiseOfServicePoint(profile, subject)) !== undefined;

const oldestFirst = (a: Found, b: Found): number =>
  a.from !== b.from ? (a.from < b.from ? -1 : 1) : a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : 0;

/** What sources say otherwise of who has a point or where a meter is, and nobody has settled: how many, and the oldest. */
export const listDisputes = async (
  profile: Table,
  { kind, limit }: z.output<typeof disputes.input>,
  from: string | undefined,
  isOver: IsOver,
): Promise<Step<Answer>> => {
  const place = from === undefined ? { counts: [], first: [] } : readPlace(Place, from);
  const counts = new Map(place.counts);
  let { first } = place;
  let cursor = place.after;
  const answer = (): Answer => ({
    total: [...counts.values()].reduce((sum, one) => sum + one, 0),
    kinds: DisputeKind.options.flatMap((name) => {
      const found = counts.get(name);
      return found === undefined ? [] : [{ kind: name, count: found }];
    }),
    disputes: first,
  });
  do {
    const page = await profile.scan({ consistent: true, ...(cursor === undefined ? {} : { cursor }) });
    const told = page.items.flatMap(disputesIn).filter((one) => kind === undefined || one.kind === kind);
    const found: Found[] = [];
    for (const one of told) if (await isOfWhatStands(profile, one)) found.push(one);
    for (const one of found) counts.set(one.kind, (counts.get(one.kind) ?? 0) + 1);
    first = [...first, ...found].sort(oldestFirst).slice(0, limit);
    cursor = page.cursor;
    if (cursor !== undefined && isOver())
      return { answer: answer(), next: writePlace({ after: cursor, counts: [...counts], first }) };
  } while (cursor !== undefined);
  return { answer: answer() };
};
