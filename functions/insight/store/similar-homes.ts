import * as z from 'zod';
import { homeKey, homeOf, homesPartition } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';
import type { PointRegister } from './told-insights.ts';

/** Homes that are alike: of one commodity, in one area. */
export interface HomeGroup {
  readonly commodity: string;
  readonly area: string;
}

/** What a home used a day, in thousandths of the unit, in the four weeks up to a local date. */
export interface HomeUse {
  readonly perDay: number;
  readonly on: string;
}

const Stored = z.object({ perDay: z.int(), on: z.string() });

/** Puts what a home used a day in place of what it used before, and other items in the same batch. */
export const putHomeUse = (
  readings: Table,
  { commodity, area }: HomeGroup,
  { servicePoint, register }: PointRegister,
  { perDay, on }: HomeUse,
  alongside: readonly Item[] = [],
): Promise<void> =>
  readings.batchPut([{ ...homeKey(commodity, area, servicePoint, register), perDay, on }, ...alongside]);

/** Homes of a group that are looked at. Ids have no order, so the first of them are any. */
const mostHomes = 200;

/** What other homes of a group used a day, as told on a date or after: one query. */
export const readHomeUses = async (
  readings: Table,
  { commodity, area }: HomeGroup,
  but: string,
  since: string,
): Promise<readonly number[]> => {
  const { items } = await readings.query({ pk: homesPartition(commodity, area), limit: mostHomes });
  return items.flatMap((item: Item) => {
    const { perDay, on } = Stored.parse(item);
    return homeOf(item.sk).servicePoint === but || on < since ? [] : [perDay];
  });
};
