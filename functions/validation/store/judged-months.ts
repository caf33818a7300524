import type { DayDigest } from '#functions/validation/rules/day-digest.ts';
import type { Dates } from '#functions/validation/rules/history-needed.ts';
import { packDigests, unpackDigests } from '#functions/validation/rules/pack-digests.ts';
import { bytesOf, numberOf } from '#shared/profile/store/items.ts';
import { judgedMonthKey, judgedMonthPrefix, judgedOf, judgedPartition } from '#shared/table/keys.ts';
import type { Change, Item, Table, Write } from '#shared/table/table.ts';
import { allItemsOf, type RegisterPlace } from './judged-registers.ts';

/** The judged days of one month (`2026-03`); `version` counts the item's writes, 0 where there is none yet. */
export interface JudgedMonth {
  readonly month: string;
  readonly version: number;
  readonly digests: readonly DayDigest[];
}

const monthOfKey = (sk: string): string => `${sk.slice(2, 6)}-${sk.slice(6, 8)}`;

/** Reads an item of judged days, e.g. from the table's feed; undefined where it is none. */
export const judgedMonthOf = (item: Item): (RegisterPlace & JudgedMonth) | undefined => {
  const place = judgedOf(item.pk);
  if (place === undefined || !item.sk.startsWith(judgedMonthPrefix)) return undefined;
  const month = monthOfKey(item.sk);
  return { ...place, month, version: numberOf(item, 'version'), digests: unpackDigests(month, bytesOf(item, 'w')) };
};

/** The dates of a month that a change of its item judged otherwise than before, ascending; none of another item. */
export const datesJudged = ({ before, after }: Change): readonly string[] => {
  const [was, is] = [before, after].map((item) => (item === undefined ? [] : (judgedMonthOf(item)?.digests ?? [])));
  const known = new Map((was ?? []).map((digest) => [digest.date, JSON.stringify(digest)]));
  return (is ?? []).filter((one) => known.get(one.date) !== JSON.stringify(one)).map(({ date }) => date);
};

/** The months that hold dates, read consistently, oldest first: one query. Months of which nothing was judged are left out. */
export const readJudgedMonths = async (
  readings: Table,
  { meter, register }: RegisterPlace,
  { first, last }: Dates,
): Promise<readonly JudgedMonth[]> => {
  const items = await allItemsOf(readings, {
    pk: judgedPartition(meter, register),
    from: judgedMonthKey(meter, register, first.slice(0, 7)).sk,
    to: judgedMonthKey(meter, register, last.slice(0, 7)).sk,
  });
  return items.flatMap((item) => judgedMonthOf(item) ?? []);
};

const outermost = async (
  readings: Table,
  { meter, register }: RegisterPlace,
  descending: boolean,
): Promise<readonly DayDigest[]> => {
  const pk = judgedPartition(meter, register);
  const page = await readings.query({ pk, prefix: judgedMonthPrefix, descending, limit: 1, consistent: true });
  return page.items.flatMap((item) => judgedMonthOf(item)?.digests ?? []);
};

/** The last day of a register that was judged; undefined where none was. */
export const lastDigest = async (readings: Table, place: RegisterPlace): Promise<DayDigest | undefined> =>
  (await outermost(readings, place, true)).at(-1);

/** Its date. */
export const lastJudged = async (readings: Table, place: RegisterPlace): Promise<string | undefined> =>
  (await lastDigest(readings, place))?.date;

/** The first date of a register that was judged; undefined where none was. */
export const firstJudged = async (readings: Table, place: RegisterPlace): Promise<string | undefined> =>
  (await outermost(readings, place, false))[0]?.date;

/** Puts the judged days of a month where nobody judged any of it since it was read. */
export const judgedMonthWrite = (
  { meter, register }: RegisterPlace,
  { month, version, digests }: JudgedMonth,
): Write => ({
  in: 'readings',
  put: { ...judgedMonthKey(meter, register, month), version: version + 1, w: packDigests(digests) },
  when: version === 0 ? { kind: 'absent' } : { kind: 'version', is: version },
  mayRepeat: true,
});
