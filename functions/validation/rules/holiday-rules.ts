/** Holidays of a place by rule, and what was or will be otherwise, date by date. */
export interface HolidayRules {
  /** Whose word the rules are. */
  readonly source: string;
  /** A date that falls on a weekend gives the next day that is neither weekend nor holiday. */
  readonly yearly: readonly HolidayRule[];
  /** Days that are moved, and days that come once. */
  readonly moved: Readonly<Record<string, string>>;
  readonly once: readonly string[];
}

/** When a holiday comes every year: on a date, some days from Easter Sunday, or on the first or last Monday of a month (1 to 12). */
export type HolidayRule =
  | { readonly month: number; readonly day: number }
  | { readonly easter: number }
  | { readonly monday: 'first' | 'last'; readonly month: number };
