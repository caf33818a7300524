/** A time as a file writes it: seconds of the clock as if it were UTC, and its offset where it has one. */
export interface WrittenTime {
  readonly local: number;
  readonly offset?: number;
}

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Parts of a format and what they match; longer ones first. `Z` is Z or an offset such as +0100 or +01:00. */
const parts = {
  YYYY: '\\d{4}',
  MMM: '[A-Za-z]{3}',
  MM: '\\d{2}',
  M: '\\d{1,2}',
  DD: '\\d{2}',
  D: '\\d{1,2}',
  HH: '\\d{2}',
  H: '\\d{1,2}',
  mm: '\\d{2}',
  ss: '\\d{2}(?:\\.0+)?',
  Z: 'Z|[+-]\\d{2}:?\\d{2}',
} as const;
const anyPart = /YYYY|MMM|MM|M|DD|D|HH|H|mm|ss|Z/g;

/** Reads one time format, e.g. `DD/MM/YYYY HH:mm`. */
export class TimeFormat {
  readonly #pattern: RegExp;
  /** Parts in the order of the format: groups of the pattern from 1. */
  readonly #parts: readonly string[];

  constructor(format: string) {
    this.#parts = format.match(anyPart) ?? [];
    const escaped = format.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
    const matched: ReadonlyMap<string, string> = new Map(Object.entries(parts));
    this.#pattern = new RegExp(`^${escaped.replaceAll(anyPart, (part) => `(${matched.get(part)})`)}$`);
  }

  /** Whether a format names year, month and day once each, and no part twice. */
  static isWhole(format: string): boolean {
    const found = format.match(anyPart) ?? [];
    const kinds = found.map((part) => (part === 'mm' || part === 'ss' ? part : part.slice(0, 1)));
    const has = (kind: string): boolean => kinds.includes(kind);
    return new Set(kinds).size === kinds.length && has('Y') && has('M') && has('D') && (has('mm') ? has('H') : true);
  }

  /** Undefined where the text is no such time, or none that there is: 30 February, 24:01. 24:00 is the next midnight. */
  read(text: string): WrittenTime | undefined {
    const found = this.#pattern.exec(text);
    if (found === null) return undefined;
    const told = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 };
    let offset: number | undefined;
    for (let at = 0; at < this.#parts.length; at += 1) {
      const [part, written] = [this.#parts[at] ?? '', found[at + 1] ?? ''];
      if (part === 'Z') offset = offsetOf(written);
      else if (part === 'MMM') told.month = months.indexOf(written.toLowerCase()) + 1;
      else told[meanings[part] ?? 'second'] = Number(written);
    }
    return timeOf(told, offset);
  }
}

type Civil = Record<'year' | 'month' | 'day' | 'hour' | 'minute' | 'second', number>;
const meanings: Readonly<Record<string, keyof Civil>> = {
  YYYY: 'year',
  MM: 'month',
  M: 'month',
  DD: 'day',
  D: 'day',
  HH: 'hour',
  H: 'hour',
  mm: 'minute',
  ss: 'second',
};

const timeOf = (
  { year, month, day, hour, minute, second }: Civil,
  offset: number | undefined,
): WrittenTime | undefined => {
  const time = hour * 3600 + minute * 60 + second;
  if (minute > 59 || second > 59 || time > 86_400 || month < 1 || year < 1900 || year > 2199) return undefined;
  const midnight = Date.UTC(year, month - 1, day);
  const date = new Date(midnight);
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined;
  const local = midnight / 1000 + time;
  return offset === undefined ? { local } : { local, offset };
};

const offsetOf = (text: string): number => {
  if (text === 'Z') return 0;
  const seconds = Number(text.slice(1, 3)) * 3600 + Number(text.slice(-2)) * 60;
  return text.startsWith('-') ? -seconds : seconds;
};
