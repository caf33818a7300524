import * as z from 'zod';
import { UsageSummary } from '#functions/usage/contract/usage-view.ts';
import { MoneySum } from '#shared/vocabulary/money.ts';

/** What a rehearsal looks at of a 360 view, and compares before and after. */
export const RehearsedView = z.object({
  customer: z.object({ id: z.string(), name: z.string() }),
  accounts: z.array(z.object({ id: z.string(), balance: MoneySum.nullable().optional() })),
  usage: z.array(UsageSummary),
});
export type RehearsedView = z.infer<typeof RehearsedView>;

/** Energy of the days that a view tells, by date. */
export const daysOf = ({ usage }: RehearsedView): ReadonlyMap<string, number> =>
  new Map(
    usage.flatMap(({ recentDays }) => recentDays.flatMap(({ date, value }) => (value === null ? [] : [[date, value]]))),
  );
