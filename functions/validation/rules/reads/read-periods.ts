import { exceptionOf, type RegisterGround, type VeeException } from '#functions/validation/rules/judgement.ts';
import type { ReadDay } from '#functions/validation/rules/read-day.ts';
import { quality } from '#shared/vocabulary/measures.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { type MeterExchange, type RegisterRead, registerDifference } from './register-reads.ts';

/** A stretch between two reads whose use is known. */
export interface ReadPeriod extends Range {
  readonly total: number;
  readonly countSize: number;
}

/** Periods between reads that follow each other, and what is wrong with them. */
export interface ReadPeriods {
  readonly periods: readonly ReadPeriod[];
  readonly exceptions: readonly VeeException[];
}

/** Whether a meter stayed where it was from one instant to another: what it counted elsewhere is of another place. */
const isOneStay = ({ installed }: RegisterGround, start: number, end: number): boolean =>
  installed.some(({ from, to }) => from <= start && end <= to);

/** The periods between reads of a register; none where the configuration names no dial. */
export const periodsOf = (
  ground: RegisterGround,
  reads: readonly RegisterRead[],
  exchanges: readonly MeterExchange[],
  usualPerDay: number | undefined,
): ReadPeriods => {
  const { dial, rollover } = ground.configuration;
  if (dial === undefined) return { periods: [], exceptions: [] };
  const [periods, exceptions]: [ReadPeriod[], VeeException[]] = [[], []];
  const ordered = reads.toSorted((left, right) => left.at - right.at);
  ordered.slice(1).forEach((end, index) => {
    const start = ordered[index];
    if (start === undefined || start.at === end.at || !isOneStay(ground, start.at, end.at)) return;
    const range = { from: start.at, to: end.at };
    const found = registerDifference(start, end, {
      register: ground.register,
      dial,
      rollover,
      exchanges,
      usualPerDay,
    });
    if ('fault' in found) {
      const evidence = { ...found.evidence, fault: found.fault };
      exceptions.push(exceptionOf(ground, 'register-backwards', { ...range, severity: 'fail', evidence }));
      return;
    }
    if (found.rollovers > 0) {
      const violation = { ...range, severity: 'warn', evidence: found.evidence } as const;
      exceptions.push(exceptionOf(ground, 'register-rollover', violation));
    }
    periods.push({ ...range, total: found.total, countSize: found.countSize });
  });
  return { periods, exceptions };
};

/** Intervals of days that lie in a range, and whether they fill it to the second. */
export const slotsWithin = (days: readonly ReadDay[], range: Range) => {
  const slots = days.flatMap((day) => day.slots).filter(({ from, to }) => range.from <= from && to <= range.to);
  const covered = slots.reduce((sum, { from, to }) => sum + to - from, 0);
  return { slots, fills: covered === range.to - range.from };
};

/**
 * The sum check: intervals must add up to what the register says, within 2 counts or 0.5 %. While some are missing the others
 * must not exceed it. Periods that the days do not fill, or whose ends fall within an interval, are not judged.
 */
export const sumCheck = (
  ground: RegisterGround,
  days: readonly ReadDay[],
  periods: readonly ReadPeriod[],
): readonly VeeException[] => {
  const { counts, perMille } = ground.configuration.sumCheck;
  return periods.flatMap(({ from, to, total, countSize }) => {
    const { slots, fills } = slotsWithin(days, { from, to });
    if (!fills) return [];
    const missing = slots.filter(({ value }) => value === null).length;
    // What is missing of a net register may have either sign.
    if (missing > 0 && ground.register.flow === 'net') return [];
    const sum = slots.reduce((all, { value }) => all + (value ?? 0), 0);
    const excess = missing === 0 ? Math.abs(sum - total) : sum - total;
    if (excess <= counts * countSize || excess * 1000 <= perMille * Math.abs(total)) return [];
    const evidence = { sum, register: total, missing, difference: sum - total };
    return [exceptionOf(ground, 'sum-check', { from, to, severity: 'fail', quality: quality.questionable, evidence })];
  });
};
