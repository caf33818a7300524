import { type Range, united } from '#shared/vocabulary/ranges.ts';
import type { MeterEventKind } from '#shared/vocabulary/statuses.ts';

/** One event of a meter; instants in Unix seconds. */
export interface MeterEvent {
  readonly kind: MeterEventKind | 'reverse-rotation';
  readonly at: number;
  /** Of a return of power: when it went, as the meter wrote it down. */
  readonly since?: number;
  /** Of `clock`: seconds the clock was ahead. */
  readonly value?: number;
}

const losses: ReadonlySet<MeterEvent['kind']> = new Set(['power-outage', 'last-gasp']);

const ofPower: ReadonlySet<MeterEvent['kind']> = new Set([...losses, 'power-restoration']);

/** Whether an event tells of power that went or came back. */
export const isOfPower = (kind: MeterEvent['kind']): boolean => ofPower.has(kind);

/**
 * Whether an event is one that somebody should know of with the readings: a loss of power, tampering, reverse rotation, a clock
 * that ran off by more than is allowed (seconds).
 */
export const isNotable = ({ kind, value }: MeterEvent, allowed: number): boolean =>
  losses.has(kind) ||
  kind === 'tamper' ||
  kind === 'reverse-rotation' ||
  (kind === 'clock' && Math.abs(value ?? 0) > allowed);

/**
 * When the power was off and flagged on both sides: from a loss, which the return may repeat, to the return after it. A loss
 * without a return, or a return without a loss, says nothing of how long it was.
 */
export const poweredOff = (events: readonly MeterEvent[]): readonly Range[] => {
  const found: Range[] = [];
  let lost: number | undefined;
  for (const { kind, at, since } of events.toSorted((left, right) => left.at - right.at)) {
    if (losses.has(kind)) lost ??= at;
    if (kind !== 'power-restoration') continue;
    const from = since ?? lost;
    if (from !== undefined) found.push({ from, to: at });
    lost = undefined;
  }
  return united(found);
};

/** Whether the power was off in a part of a range. */
export const meetsOutage = (off: readonly Range[], range: Range): boolean =>
  off.some(({ from, to }) => from < range.to && range.from < to);

/** Whether the power was off for the whole of a range. */
export const isWithoutPower = (off: readonly Range[], range: Range): boolean =>
  off.some(({ from, to }) => from <= range.from && range.to <= to);
