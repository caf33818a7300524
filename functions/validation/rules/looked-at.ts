import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import type { DayDigest, DigestedInterval } from './day-digest.ts';
import { dayRules } from './day-rules.ts';
import { type Found, rowRules } from './exception-life.ts';
import type { VeeException } from './judgement.ts';
import type { ReadDay } from './read-day.ts';
import type { RegisterRead } from './reads/register-reads.ts';

const readRules: ReadonlySet<string> = new Set(['register-backwards', 'register-rollover']);
const ofDays: ReadonlySet<string> = new Set(dayRules.map(([ruleId]) => ruleId));

/** A judgement of days, as far as the life of exceptions needs it. */
interface Looked {
  readonly zone: string;
  readonly exceptions: readonly VeeException[];
  readonly days: readonly ReadDay[];
  /** All intervals of the days, filled. */
  readonly intervals: readonly DigestedInterval[];
  readonly last: DayDigest | undefined;
  readonly reads: readonly RegisterRead[];
}

/** Which known exceptions a judgement of days can speak of, and what it found. */
export const foundBy = ({ zone, exceptions, days, intervals, last, reads }: Looked): Found => {
  const [from, to] = [days[0]?.from ?? 0, days.at(-1)?.to ?? 0];
  const readTimes = reads.map(({ at }) => at);
  const within = (known: VeeException, start: number, end: number): boolean => start <= known.from && known.to <= end;
  return {
    exceptions,
    isFilled: (exception) =>
      exception.ruleId === 'missing-intervals' &&
      intervals.every((one) => one.to <= exception.from || exception.to <= one.from || one.value !== null),
    lookedAt: (known) => {
      if (readRules.has(known.ruleId)) return within(known, Math.min(...readTimes), Math.max(...readTimes));
      if (known.ruleId === 'sum-check') return within(known, from, to);
      return ofDays.has(known.ruleId) && known.from < to && from < known.to;
    },
    goesOn: (known) => {
      if (!rowRules.has(known.ruleId) || known.to <= to || last === undefined) return false;
      if (known.ruleId !== 'prolonged-estimation') {
        return last.tail?.from === known.from && (last.tail.value === 0) === (known.ruleId === 'zero');
      }
      return last.estimatedDays > 0 && startOfDate(zone, addDays(last.date, 1 - last.estimatedDays)) === known.from;
    },
    settledIn: (range) =>
      new Set(
        days.flatMap(({ slots }) =>
          slots.flatMap((slot) =>
            slot.value !== null && slot.from < range.to && range.from < slot.to ? [slot.code] : [],
          ),
        ),
      ),
  };
};
