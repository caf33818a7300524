import { offsetAt, spanAt } from '#shared/vocabulary/zones.ts';

/** LocalTimeParameters of ESPI (TimeConfiguration): offsets in seconds, rules as eight hexadecimal digits. */
interface LocalTimeParameters {
  readonly tzOffset: number;
  readonly dstOffset: number;
  readonly dstStartRule: string;
  readonly dstEndRule: string;
}

/** A change of clocks, by the clock on the wall before it. */
interface Change {
  readonly before: number;
  readonly after: number;
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  /** 1 Monday to 7 Sunday. */
  readonly weekday: number;
  /** Seconds since midnight. */
  readonly seconds: number;
}

const noRule = 'FFFFFFFF';
/** Years before and after that a rule is held against. */
const [yearsBefore, yearsAfter] = [2, 5];

const changesOf = (zone: string, year: number): readonly Change[] => {
  const changes: Change[] = [];
  const [first, end] = [year, year + 1].map(
    (one) => Date.UTC(one, 0, 1) / 1000 - offsetAt(zone, Date.UTC(one, 0, 1) / 1000),
  );
  if (first === undefined || end === undefined) return [];
  for (let span = spanAt(zone, first); span.to < end; ) {
    const next = spanAt(zone, span.to);
    if (next.offset !== span.offset) {
      const local = new Date((span.to + span.offset) * 1000);
      changes.push({
        before: span.offset,
        after: next.offset,
        year,
        month: local.getUTCMonth() + 1,
        day: local.getUTCDate(),
        weekday: local.getUTCDay() || 7,
        seconds: local.getUTCHours() * 3600 + local.getUTCMinutes() * 60 + local.getUTCSeconds(),
      });
    }
    span = next;
  }
  return changes;
};

interface Rule {
  readonly operator: number;
  readonly day: number;
}

const daysOfMonth = ({ year, month }: Change): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** Whether a rule for the month, weekday and time of a change names its day. */
const names = ({ operator, day }: Rule, change: Change): boolean => {
  if (operator === 0) return change.day === day;
  if (operator === 1) return change.day >= day && change.day < day + 7;
  if (operator === 7) return change.day > daysOfMonth(change) - 7;
  return Math.ceil(change.day / 7) === operator - 1;
};

/**
 * The rule that holds for the change of a year, and for as many years around it as any does. The day of the month alone always
 * holds for the year itself.
 */
const ruleOf = (change: Change, around: readonly Change[]): Rule => {
  const alike = around.filter(
    ({ month, weekday, seconds }) => month === change.month && weekday === change.weekday && seconds === change.seconds,
  );
  const nth = Math.ceil(change.day / 7) + 1;
  const earliest = Math.min(...alike.map(({ day }) => day));
  const rules = [
    { operator: 7, day: 0 },
    { operator: nth, day: 0 },
    { operator: 1, day: earliest },
    { operator: 0, day: change.day },
  ].filter((rule) => names(rule, change));
  const held = rules.map((rule) => alike.filter((other) => names(rule, other)).length);
  return rules[held.indexOf(Math.max(...held))] ?? { operator: 0, day: change.day };
};

/** Bits: 28-31 month, 25-27 operator, 20-24 day of the month, 17-19 weekday, 12-16 hours, 0-11 seconds (DstRuleType). */
const encoded = (change: Change, { operator, day }: Rule): string => {
  const weekday = operator === 0 ? 0 : change.weekday;
  const hours = Math.floor(change.seconds / 3600);
  const low = (operator << 25) | (day << 20) | (weekday << 17) | (hours << 12) | (change.seconds % 3600);
  return (change.month * 2 ** 28 + low).toString(16).toUpperCase().padStart(8, '0');
};

/**
 * What ESPI's LocalTimeParameters say of a zone in the year of an instant (Unix seconds): standard time, how much summer time is
 * ahead of it, and the rules of both changes. A zone that does not change twice in that year has no rules (FFFFFFFF).
 */
export const localTimeParametersOf = (zone: string, instant: number): LocalTimeParameters => {
  const year = new Date((instant + offsetAt(zone, instant)) * 1000).getUTCFullYear();
  const changes = changesOf(zone, year);
  const start = changes.find(({ before, after }) => after > before);
  const end = changes.find(({ before, after }) => after < before);
  if (changes.length !== 2 || start === undefined || end === undefined || start.after !== end.before)
    return { tzOffset: offsetAt(zone, instant), dstOffset: 0, dstStartRule: noRule, dstEndRule: noRule };
  const around: Change[] = [];
  for (let other = year - yearsBefore; other <= year + yearsAfter; other += 1) around.push(...changesOf(zone, other));
  const rule = (change: Change): string =>
    encoded(
      change,
      ruleOf(
        change,
        around.filter(({ before, after }) => after - before === change.after - change.before),
      ),
    );
  return {
    tzOffset: start.before,
    dstOffset: start.after - start.before,
    dstStartRule: rule(start),
    dstEndRule: rule(end),
  };
};
