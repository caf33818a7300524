import * as z from 'zod';
import { LocalDate } from '#shared/vocabulary/instants.ts';
import { Dial, HolidayCalendar, RuleId } from '#shared/vocabulary/reading-rules.ts';

const perMille = z.int().min(0).max(1_000_000);
const count = z.int().min(1).max(10_000);
const weights = z.array(z.int().min(0).max(1_000_000_000)).min(1).max(1440);

/** How a class of customers uses over the day: weights for each step of a day of 24 hours, for days at work and at rest. */
export const ClassProfile = z.strictObject({
  source: z.string().min(1).describe('Where the profile is from.'),
  stepSeconds: z.int().min(60).max(86_400),
  workday: weights,
  restday: weights,
  months: z.array(z.int().min(0).max(1_000_000)).length(12).optional().describe('Weight of each month; even without.'),
  yearWeight: z.int().min(1).describe('Sum of all weights of a year.'),
  annual: z.int().min(0).describe("Estimated use of a year in the register's scale."),
});
export type ClassProfile = z.infer<typeof ClassProfile>;

/**
 * Thresholds of validation and estimation for one register. All defaults are those of docs/vee.md; a register says only what
 * differs. Ratios are in thousandths, times in the unit named, amounts in the register's scale.
 */
export const VeeConfiguration = z.strictObject({
  calendar: HolidayCalendar.optional().describe('Its holidays are like a day of the weekend.'),
  holidays: z.array(LocalDate).default([]).describe('Further dates that are.'),
  weekend: z.array(z.int().min(1).max(7)).default([6, 7]).describe('Days of rest, 1 Monday to 7 Sunday.'),
  off: z.array(RuleId).default([]).describe('Rules that do not judge this register.'),
  ratedPerHour: z
    .int()
    .min(1)
    .optional()
    .describe('Most that can be used in an hour, in whole units (W for Wh, L for L).'),
  dial: Dial.optional(),
  futureTime: z.strictObject({ seconds: z.int().min(0).default(300) }).prefault({}),
  alignment: z.strictObject({ severity: z.enum(['warn', 'reject']).default('reject') }).prefault({}),
  timeDrift: z.strictObject({ seconds: z.int().min(0).default(180) }).prefault({}),
  spike: z
    .strictObject({
      excessPerMille: perMille.default(1800),
      leastExcess: z.int().min(0).default(0),
      leastExcessPerHour: z
        .int()
        .min(0)
        .default(0)
        .describe('The same for an interval of an hour, in whole units (W for Wh): what stands out less is a load.'),
    })
    .prefault({}),
  capacity: z.strictObject({ perMille: perMille.default(1100) }).prefault({}),
  highLow: z
    .strictObject({
      lowPerMille: perMille.default(500),
      highPerMille: perMille.default(2000),
      windowDays: count.max(31).default(7),
      historyDays: count.max(60).default(30),
      leastDays: count.max(31).default(7),
      mostEstimatedPerMille: perMille.default(300),
    })
    .prefault({}),
  zero: z.strictObject({ hours: count.default(48), historyDays: count.max(60).default(28) }).prefault({}),
  identical: z.strictObject({ values: count.min(2).default(12) }).prefault({}),
  sumCheck: z.strictObject({ counts: z.int().min(0).default(2), perMille: perMille.default(5) }).prefault({}),
  rollover: z.strictObject({ highPerMille: perMille.default(2000), dialPerMille: perMille.default(500) }).prefault({}),
  prolonged: z.strictObject({ days: count.max(60).default(7), sharePerMille: perMille.default(500) }).prefault({}),
  estimation: z
    .strictObject({
      lineSeconds: z.int().min(0).default(7200),
      likeDays: count.max(20).default(3),
      likeWithinDays: count.max(56).default(56),
      lastYearLeastDays: count.max(28).default(7),
      mostMissingPerMille: perMille.default(500),
    })
    .prefault({}),
  classProfile: ClassProfile.optional(),
});
export type VeeConfiguration = z.infer<typeof VeeConfiguration>;

/** The configuration of a register about which nothing in particular was said. */
export const defaultConfiguration: VeeConfiguration = VeeConfiguration.parse({});
