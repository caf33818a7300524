import type { ChannelName, EqualRun, Trace } from './channels.ts';
import type { Maxima } from './return-score.ts';
import type { CandidateErrors, DayValues } from './season.ts';

/** All that a detector remembers between readings: plain data, bounded, to be kept as JSON or packed (`pack-state.ts`). */
export interface DetectorState {
  /** Days closed so far. */
  days: number;
  /** Instant of the first reading. */
  begun: number | null;
  /** The local day that is open, in days since 1970-01-01. */
  day: number | null;
  /** Values of the last 56 days, oldest first. */
  history: DayValues[];
  errors: CandidateErrors;
  /** Median residual of each of the last days. */
  levels: number[];
  maxima: Partial<Record<ChannelName, Maxima>>;
  /** Maxima of days that do not count yet. */
  waiting: Partial<Record<ChannelName, number[]>>;
  today: { values: (number | null)[]; maxima: Partial<Record<ChannelName, number>> };
  traces: Trace[];
  run: EqualRun | null;
  last: { readonly at: number; readonly value: number } | null;
  /** Instant of the last reading that was unusual. */
  unusualAt: number | null;
}

export const freshState = (): DetectorState => ({
  days: 0,
  begun: null,
  day: null,
  history: [],
  errors: null,
  levels: [],
  maxima: {},
  waiting: {},
  today: { values: [], maxima: {} },
  traces: [],
  run: null,
  last: null,
  unusualAt: null,
});
