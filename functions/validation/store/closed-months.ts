import type { ClosedMonth } from '#functions/validation/rules/closed-month.ts';
import { numberOf, textOf } from '#shared/profile/store/items.ts';
import { closedMonthKey, closedMonthOf } from '#shared/table/keys.ts';
import type { Item, Table } from '#shared/table/table.ts';

/** A month of one register of a service point, as it was issued last; amounts in 10^powerOfTen of the unit. */
export interface IssuedMonth {
  readonly servicePoint: string;
  readonly register: string;
  /** Counts the issues. */
  readonly issue: number;
  readonly unit: string;
  readonly powerOfTen: number;
  /** When the last meter ceased to measure in the month; its end where one measured on. Unix seconds. */
  readonly until: number;
  readonly closed: ClosedMonth;
}

/** Reads an item of a closed month, e.g. from the table's feed; undefined where it is none. */
export const issuedMonthOf = (item: Item): IssuedMonth | undefined => {
  const place = closedMonthOf(item);
  if (place === undefined) return undefined;
  const closed: ClosedMonth = JSON.parse(textOf(item, 'b'));
  const { servicePoint, register } = place;
  const [issue, powerOfTen] = [numberOf(item, 'version'), numberOf(item, 'powerOfTen')];
  // Those issued first did not say.
  const until = typeof item.until === 'number' ? item.until : closed.to;
  return { servicePoint, register, issue, unit: textOf(item, 'unit'), powerOfTen, until, closed };
};

/** A month as it was issued last, read consistently; undefined where it was not closed yet. */
export const readIssuedMonth = async (
  readings: Table,
  servicePoint: string,
  register: string,
  month: string,
): Promise<IssuedMonth | undefined> => {
  const item = await readings.get(closedMonthKey(servicePoint, register, month), { consistent: true });
  return item === undefined ? undefined : issuedMonthOf(item);
};

/** Puts a month's next issue where nobody issued it since; throws ConditionFailed where somebody did. */
export const putIssuedMonth = async (readings: Table, month: IssuedMonth): Promise<void> => {
  const { servicePoint, register, issue, unit, powerOfTen, until, closed } = month;
  await readings.commit([
    {
      put: {
        ...closedMonthKey(servicePoint, register, closed.month),
        version: issue,
        unit,
        powerOfTen,
        until,
        b: JSON.stringify(closed),
      },
      when: issue === 1 ? { kind: 'absent' } : { kind: 'version', is: issue - 1 },
      mayRepeat: true,
    },
  ]);
};
