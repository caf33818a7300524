import { quality } from '#shared/vocabulary/measures.ts';
import { holds } from '#shared/vocabulary/ranges.ts';
import type { RuleId } from '#shared/vocabulary/reading-rules.ts';
import { type DayRule, spanOf, stretchesOf } from './day-context.ts';
import { identical, zero } from './equal-rules.ts';
import { highLow, prolongedEstimation } from './history-rules.ts';
import type { Violation } from './judgement.ts';
import { isNotable, meetsOutage, poweredOff } from './power.ts';
import { isSettled } from './read-day.ts';
import { capacity, duplicate, negative, reverseEnergy, spike } from './value-rules.ts';

/** Intervals that should be there and are not. Where the power was off, flagged on both sides, it is no fault of the meter. */
const missingIntervals: DayRule = (day, { events }) => {
  const off = poweredOff(events);
  return stretchesOf(day.slots, (slot) => slot.expected && slot.value === null).map((slots): Violation => {
    const dark = slots.filter((slot) => meetsOutage(off, slot)).length;
    return {
      ...spanOf(slots),
      severity: dark === slots.length ? 'warn' : 'fail',
      evidence: { missing: slots.length, withoutPower: dark },
    };
  });
};

/** The meter told of a loss of power, tampering, reverse rotation, or a clock that ran off. */
const meterEvent: DayRule = (day, { events, ground }) =>
  events
    .filter(
      (event) => isNotable(event, ground.configuration.timeDrift.seconds) && day.from <= event.at && event.at < day.to,
    )
    .map(({ kind, at, value }): Violation => {
      const slot = day.slots.find(({ from, to }) => from <= at && at < to);
      const evidence = { event: kind, ...(value === undefined ? {} : { value }) };
      return { from: at, to: slot?.to ?? day.to, severity: 'warn', evidence };
    });

/** Use while the meter was not installed or disconnected, where that became known after the block had been taken in. */
const inactiveDevice: DayRule = (day, { ground: { installed, disconnected, exchanged = [] } }) =>
  stretchesOf(
    day.slots,
    ({ from, to, value, code }) =>
      value !== null &&
      value !== 0 &&
      !isSettled({ code }) &&
      ((!holds(installed, from) && !exchanged.some((at) => from < at && at < to)) || holds(disconnected, from)),
  ).map((slots): Violation => {
    const total = slots.reduce((sum, { value }) => sum + (value ?? 0), 0);
    return {
      ...spanOf(slots),
      severity: 'fail',
      quality: quality.questionable,
      evidence: { intervals: slots.length, total },
    };
  });

/** Another register of the meter has nothing of a day this one has. */
const siblingMissing: DayRule = (day, { siblings }) => {
  if (day.slots.every(({ value }) => value === null)) return [];
  const absent = siblings.filter(({ present }) => present === 0).map(({ register }) => register);
  if (absent.length === 0) return [];
  return [{ from: day.from, to: day.to, severity: 'warn', evidence: { absent: absent.toSorted() } }];
};

/** The rules that judge a day, in the order in which they run; which of them wins says the pack. */
export const dayRules: readonly (readonly [RuleId, DayRule])[] = [
  ['inactive-device', inactiveDevice],
  ['duplicate', duplicate],
  ['negative', negative],
  ['capacity', capacity],
  ['spike', spike],
  ['missing-intervals', missingIntervals],
  ['reverse-energy', reverseEnergy],
  ['high-low', highLow],
  ['zero', zero],
  ['identical', identical],
  ['meter-event', meterEvent],
  ['prolonged-estimation', prolongedEstimation],
  ['sibling-missing', siblingMissing],
];
