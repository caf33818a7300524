/**
 * Offsets of zones, fast enough for millions of intervals: an IANA zone's offsets are looked up with Intl once for each
 * stretch of about a year and kept as a short table; a fixed offset such as `+10:00` (which Intl refuses) is arithmetic.
 */

/** A stretch of time with one offset: [from, to) in Unix seconds, offset in seconds east of UTC. */
export interface OffsetSpan {
  readonly from: number;
  readonly to: number;
  readonly offset: number;
}

/** Seconds of one table: 2^25, about 388 days. */
const stretch = 33_554_432;
/** Zones keep an offset for longer than this (the shortest of the tz database since 1970 is Morocco's Ramadan, 4 weeks). */
const probeStep = 3 * 86_400;

const fixedOffset = /^([+-])(0\d|1[0-4]):([0-5]\d)$/;

/** Offset in seconds of a fixed-offset zone, or undefined where the text is no such zone. */
export const fixedOffsetOf = (zone: string): number | undefined => {
  const match = fixedOffset.exec(zone);
  if (match === null) return undefined;
  const seconds = Number(match[2]) * 3600 + Number(match[3]) * 60;
  return match[1] === '-' ? -seconds : seconds;
};

type ZoneTable =
  | { readonly fixed: OffsetSpan }
  | { readonly format: Intl.DateTimeFormat; readonly stretches: Map<number, readonly OffsetSpan[]> };

const zones = new Map<string, ZoneTable>();

const tableOf = (zone: string): ZoneTable => {
  const known = zones.get(zone);
  if (known !== undefined) return known;
  const fixed = fixedOffsetOf(zone);
  if (fixed === undefined && !/^[A-Za-z]/.test(zone)) throw new RangeError(`not a time zone: ${zone}`);
  const table: ZoneTable =
    fixed === undefined
      ? {
          format: new Intl.DateTimeFormat('en-US', {
            timeZone: zone,
            calendar: 'gregory',
            numberingSystem: 'latn',
            hourCycle: 'h23',
            year: 'numeric',
            month: 'numeric',
            day: 'numeric',
            hour: 'numeric',
            minute: 'numeric',
            second: 'numeric',
          }),
          stretches: new Map(),
        }
      : { fixed: { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY, offset: fixed } };
  zones.set(zone, table);
  return table;
};

/** Whether the text is an IANA zone this machine knows, or a fixed offset of up to 14 hours. */
export const isZone = (text: string): boolean => {
  try {
    tableOf(text);
    return true;
  } catch {
    return false;
  }
};

const askIntl = (format: Intl.DateTimeFormat, instant: number): number => {
  const part = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
  for (const { type, value } of format.formatToParts(instant * 1000)) {
    if (type in part) part[type as keyof typeof part] = Number(value);
  }
  const local = Date.UTC(part.year, part.month - 1, part.day, part.hour, part.minute, part.second);
  return local / 1000 - instant;
};

/** First second in (low, high] whose offset is not that of `low`. */
const changeBetween = (format: Intl.DateTimeFormat, low: number, high: number, offset: number): number => {
  let [before, after] = [low, high];
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2);
    if (askIntl(format, middle) === offset) before = middle;
    else after = middle;
  }
  return after;
};

const spansOf = (format: Intl.DateTimeFormat, index: number): readonly OffsetSpan[] => {
  const [first, last] = [index * stretch, (index + 1) * stretch];
  const spans: OffsetSpan[] = [];
  let from = first;
  let offset = askIntl(format, first);
  let probe = first;
  while (probe < last) {
    const next = Math.min(probe + probeStep, last);
    // Several changes within one step are found one after the other.
    if (askIntl(format, next) === offset) {
      probe = next;
      continue;
    }
    const change = changeBetween(format, probe, next, offset);
    if (change >= last) break;
    spans.push({ from, to: change, offset });
    from = change;
    offset = askIntl(format, change);
    probe = change;
  }
  spans.push({ from, to: last, offset });
  return spans;
};

/** The stretch of one offset that holds an instant (Unix seconds); a long one may be given in parts. Throws RangeError. */
export const spanAt = (zone: string, instant: number): OffsetSpan => {
  const table = tableOf(zone);
  if ('fixed' in table) return table.fixed;
  const index = Math.floor(instant / stretch);
  let spans = table.stretches.get(index);
  if (spans === undefined) {
    spans = spansOf(table.format, index);
    table.stretches.set(index, spans);
  }
  for (const span of spans) if (instant < span.to) return span;
  throw new RangeError(`not an instant: ${instant}`);
};

/** Seconds east of UTC at an instant (Unix seconds) in an IANA zone or a fixed offset. Throws RangeError. */
export const offsetAt = (zone: string, instant: number): number => spanAt(zone, instant).offset;
