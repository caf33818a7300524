import { type IntervalRun, marksFromCodes } from '#functions/readings/rules/runs.ts';
import { quality } from '#shared/vocabulary/measures.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import type { RuleId } from '#shared/vocabulary/reading-rules.ts';
import type { DayContext } from './day-context.ts';
import { dayRules } from './day-rules.ts';
import { exceptionOf, type VeeException } from './judgement.ts';
import { isSettled, type ReadDay, type Slot } from './read-day.ts';
import { firstOf, ruleVersions, severities, type Verdict, verdictOf } from './rule-pack.ts';

/** An interval as judged. */
export interface JudgedInterval extends Range {
  readonly value: number | null;
  /** ESPI code; null where there is no value. */
  readonly quality: number | null;
  readonly verdict: Verdict;
  /** Ids of the exceptions that speak of it, the one that decided first. */
  readonly exceptions: readonly string[];
}

/** Judged intervals that follow each other, as a run. */
export const runOfIntervals = (intervals: readonly JudgedInterval[], interval: number): IntervalRun => {
  const values = intervals.map(({ value }) => value);
  const marks = marksFromCodes(
    intervals.map(({ quality: code }) => code ?? 0),
    values,
  );
  const run = { start: intervals[0]?.from ?? 0, interval, values };
  return marks === undefined ? run : { ...run, quality: marks };
};

/** What one rule said of the day as a whole. */
export interface RuleVerdict {
  readonly ruleId: RuleId;
  readonly version: number;
  readonly verdict: Verdict;
}

export interface ValidatedDay {
  readonly date: string;
  readonly intervals: readonly JudgedInterval[];
  readonly rules: readonly RuleVerdict[];
  readonly exceptions: readonly VeeException[];
}

/** A raw value that no rule questions is a validated one; any other keeps the code it came with. */
const passed = (code: number): number => (code === quality.raw ? quality.validated : code);

const noIds: readonly string[] = [];

/** The exceptions that speak of an interval, the one that decides first. */
const touching = (slot: Slot, exceptions: readonly VeeException[]): readonly VeeException[] =>
  exceptions.length === 0
    ? exceptions
    : exceptions.filter((one) => one.from < slot.to && slot.from < one.to).sort(firstOf);

/** An interval under the exceptions that speak of it. */
export const judgedInterval = (slot: Slot, exceptions: readonly VeeException[]): JudgedInterval => {
  const ordered = touching(slot, exceptions);
  const [first] = ordered;
  const changed = ordered.find((one) => one.quality !== undefined)?.quality;
  const code = isSettled(slot) ? slot.code : (changed ?? passed(slot.code));
  return {
    from: slot.from,
    to: slot.to,
    value: slot.value,
    quality: slot.value === null ? null : code,
    verdict: first === undefined ? 'pass' : verdictOf(first.severity),
    exceptions: first === undefined ? noIds : ordered.map(({ id }) => id),
  };
};

/** The verdict on a day by one rule: the worst of what it found. */
const ruleVerdict = (ruleId: RuleId, found: readonly VeeException[]): RuleVerdict => {
  const worst = severities.find((severity) => found.some((one) => one.ruleId === ruleId && one.severity === severity));
  return { ruleId, version: ruleVersions[ruleId], verdict: worst === undefined ? 'pass' : verdictOf(worst) };
};

/** Rules whose exceptions stand over a day: those of blocks and of register reads. */
const standingRules: readonly RuleId[] = [
  'sum-check',
  'register-backwards',
  'register-rollover',
  'multiplier',
  'time-drift',
];

/** Judges a day by every rule of the pack that is not off for the register. The first failing severity wins an interval. */
export const validateDay = (day: ReadDay, context: DayContext): ValidatedDay => {
  const { off } = context.ground.configuration;
  const rules = dayRules.filter(([ruleId]) => !off.includes(ruleId));
  const found = rules.flatMap(([ruleId, rule]) =>
    rule(day, context).map((violation) => exceptionOf(context.ground, ruleId, violation)),
  );
  const meets = (one: Range): boolean => one.from < day.to && day.from < one.to;
  const standing = context.standing.filter(meets);
  const all = [...found, ...standing];
  const meeting = all.filter(meets);
  return {
    date: day.date,
    intervals: day.slots.map((slot) => judgedInterval(slot, all)),
    rules: [...rules.map(([ruleId]) => ruleId), ...standingRules.filter((ruleId) => !off.includes(ruleId))].map(
      (ruleId) => ruleVerdict(ruleId, meeting),
    ),
    exceptions: found.toSorted((left, right) => left.from - right.from || firstOf(left, right)),
  };
};
