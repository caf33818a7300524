import type { Range } from '#shared/domain/metering/ranges.ts';

/** What a meter may tell of itself. */
export type MeterEventKind = 'power-off' | 'power-on' | 'tamper' | 'reverse-rotation';

/** One event of a meter; `at` in Unix seconds. */
export interface MeterEvent {
  readonly kind: MeterEventKind;
  readonly at: number;
}

/**
 * When the power was off and flagged on both sides: from a loss to the return after it. A loss without a return, or a return
 * without a loss, says nothing of how long it was.
 */
export const poweredOff = (events: readonly MeterEvent[]): readonly Range[] => {
  const found: Range[] = [];
  let since: number | undefined;
  for (const { kind, at } of events.toSorted((left, right) => left.at - right.at)) {
    if (kind === 'power-off') since ??= at;
    if (kind === 'power-on' && since !== undefined) {
      found.push({ from: since, to: at });
      since = undefined;
    }
  }
  return found;
};

/** Whether the power was off in a part of a range. */
export const meetsOutage = (off: readonly Range[], range: Range): boolean =>
  off.some(({ from, to }) => from < range.to && range.from < to);

/** Whether the power was off for the whole of a range. */
export const isWithoutPower = (off: readonly Range[], range: Range): boolean =>
  off.some(({ from, to }) => from <= range.from && range.to <= to);
