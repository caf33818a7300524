import { offsetAt } from '#shared/vocabulary/zones.ts';

/** When summer time begins or ends within a year (DstRuleType, ESPI 3.3 and 4.0). */
export interface DstRule {
  /** 1 to 12. */
  readonly month: number;
  /** 0: on the day of the month; 1: on the weekday on or after it; 2 to 6: first to fifth weekday of the month; 7: the last one. */
  readonly operator: number;
  /** 1 to 31, 0 where the operator needs none. */
  readonly day: number;
  /** 1 Monday to 7 Sunday, 0 where the operator needs none. */
  readonly weekday: number;
  /** Seconds of the local day, by the clock before the change. */
  readonly seconds: number;
}

/** What LocalTimeParameters say: seconds east of UTC, and how many more in summer. Without rules there is no summer time. */
export interface LocalTime {
  readonly offset: number;
  readonly summer?: { readonly offset: number; readonly start: DstRule; readonly end: DstRule };
}

const disabled = 0xffffffff;
const bits = (value: number, from: number, count: number): number => (value >>> from) & ((1 << count) - 1);

/** Reads a rule of eight hexadecimal digits: `none` where it says that there is no summer time, undefined where it is no rule. */
const readRule = (text: string): DstRule | 'none' | undefined => {
  if (!/^[0-9A-Fa-f]{8}$/.test(text)) return undefined;
  const value = Number.parseInt(text, 16);
  if (value === disabled) return 'none';
  const rule = {
    month: bits(value, 28, 4),
    operator: bits(value, 25, 3),
    day: bits(value, 20, 5),
    weekday: bits(value, 17, 3),
    seconds: bits(value, 12, 5) * 3600 + bits(value, 0, 12),
  };
  const isDayRule = rule.operator <= 1;
  const isRight =
    rule.month >= 1 &&
    rule.month <= 12 &&
    rule.seconds < 86_400 &&
    (isDayRule ? rule.day > 0 : true) &&
    (rule.operator === 0 || rule.weekday > 0);
  return isRight ? rule : undefined;
};

const wholeSeconds = (text: string | undefined): number | undefined =>
  text !== undefined && /^[+-]?\d{1,6}$/.test(text) ? Number(text) : undefined;

/** Reads LocalTimeParameters; a text where they cannot be right. */
export const readLocalTime = (fields: ReadonlyMap<string, string>): LocalTime | string => {
  const offset = wholeSeconds(fields.get('tzOffset'));
  if (offset === undefined || Math.abs(offset) > 14 * 3600) return 'tzOffset is no offset of a zone';
  const more = wholeSeconds(fields.get('dstOffset') ?? '0');
  if (more === undefined || Math.abs(more) > 7200) return 'dstOffset is no offset of summer time';
  const [startText, endText] = [fields.get('dstStartRule') ?? 'FFFFFFFF', fields.get('dstEndRule') ?? 'FFFFFFFF'];
  const [start, end] = [readRule(startText), readRule(endText)];
  if (start === undefined) return `dstStartRule ${startText.slice(0, 20)} is no rule of eight digits`;
  if (end === undefined) return `dstEndRule ${endText.slice(0, 20)} is no rule of eight digits`;
  return start === 'none' || end === 'none' || more === 0
    ? { offset }
    : { offset, summer: { offset: more, start, end } };
};

/** Seconds on the local clock (as if it were UTC) at which a rule takes effect in a year. */
const localOf = ({ month, operator, day, weekday, seconds }: DstRule, year: number): number => {
  const at = (date: number): number => Date.UTC(year, month - 1, date) / 1000 + seconds;
  if (operator === 0) return at(day);
  const lastDay = new Date(Date.UTC(year, month, 0)).getUTCDate();
  // The week that holds the day: from the day itself, the 1st, 8th ... or the last seven days of the month.
  const first = operator === 1 ? day : operator === 7 ? lastDay - 6 : (operator - 2) * 7 + 1;
  const firstWeekday = new Date(Date.UTC(year, month - 1, first)).getUTCDay() || 7;
  return at(first + ((weekday - firstWeekday + 7) % 7));
};

/** Instants (Unix seconds) at which summer time begins and ends in a year. */
export const summerOf = (
  { offset, summer }: LocalTime,
  year: number,
): { readonly from: number; readonly to: number } | undefined =>
  summer === undefined
    ? undefined
    : {
        from: localOf(summer.start, year) - offset,
        to: localOf(summer.end, year) - offset - summer.offset,
      };

/** Zones that a rule is held against, those of Green Button first; others keep the same time under other names. */
const zones = [
  'America/New_York',
  'America/Chicago',
  'America/Denver',
  'America/Los_Angeles',
  'America/Anchorage',
  'America/Halifax',
  'America/St_Johns',
  'Europe/London',
  'Europe/Paris',
  'Europe/Athens',
  'Australia/Sydney',
  'Australia/Adelaide',
  'Australia/Lord_Howe',
  'Pacific/Auckland',
] as const;

const pad = (value: number): string => String(value).padStart(2, '0');
const offsetText = (offset: number): string | undefined => {
  if (offset % 60 !== 0) return undefined;
  const minutes = Math.abs(offset) / 60;
  return `${offset < 0 ? '-' : '+'}${pad(Math.floor(minutes / 60))}:${pad(minutes % 60)}`;
};

/**
 * The zone that keeps this time in the year of an instant: a fixed offset without summer time, else an IANA zone that changes
 * at the same two instants. Undefined where none of those known does.
 */
export const zoneOf = (time: LocalTime, instant: number): string | undefined => {
  const { offset, summer } = time;
  if (summer === undefined) return offsetText(offset);
  const change = summerOf(time, new Date(instant * 1000).getUTCFullYear());
  if (change === undefined) return undefined;
  const { from, to } = change;
  return zones.find(
    (zone) =>
      offsetAt(zone, from - 1) === offset &&
      offsetAt(zone, from) === offset + summer.offset &&
      offsetAt(zone, to - 1) === offset + summer.offset &&
      offsetAt(zone, to) === offset,
  );
};
