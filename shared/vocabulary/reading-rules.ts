import * as z from 'zod';
import { Unit } from './measures.ts';

/** Ids of the rules of validation. What each tests, and where it is from, stands in docs/vee.md. */
export const RuleId = z.enum([
  'future-time',
  'interval-size',
  'alignment',
  'unit-of-measure',
  'too-old',
  'inactive-device',
  'sum-check',
  'register-backwards',
  'duplicate',
  'multiplier',
  'negative',
  'capacity',
  'spike',
  'time-drift',
  'missing-intervals',
  'register-rollover',
  'reverse-energy',
  'high-low',
  'zero',
  'identical',
  'meter-event',
  'prolonged-estimation',
  'sibling-missing',
]);
export type RuleId = z.infer<typeof RuleId>;

/** The dial of a meter: how many digits it shows, and what one count is. A read is counts; counts times multiplier are usage. */
export const Dial = z.strictObject({
  digits: z.int().min(1).max(12).describe('Digits of the dial; it goes from all nines to zero.'),
  powerOfTen: z
    .int()
    .min(-6)
    .max(6)
    .describe("One count is 10^powerOfTen of the register's unit, before the multiplier."),
  multiplier: z.int().min(1).max(1_000_000).default(1).describe('Ratio of the instrument transformers.'),
});
export type Dial = z.infer<typeof Dial>;

/** How gas is turned into energy at a place and time. The source of both figures is part of it. */
export const GasConversion = z.strictObject({
  kilojoulesPerM3: z.int().min(1).max(1_000_000).describe('Calorific value, kJ for each m3 at reference conditions.'),
  correctionPerMillion: z
    .int()
    .min(1)
    .max(100_000_000)
    .describe('Volume at reference conditions for each million of measured volume (temperature, pressure).'),
  source: z.string().min(1).max(80).describe('Who published the figures, and for when.'),
});
export type GasConversion = z.infer<typeof GasConversion>;

/** Calendars of holidays by name; their dates and sources stand in the policy (`functions/validation/rules/validation-policy.ts`). */
export const HolidayCalendar = z.enum(['england-and-wales']);
export type HolidayCalendar = z.infer<typeof HolidayCalendar>;

/** Profiles of classes of customers by name; their weights and sources stand in the policy. */
export const ClassProfileName = z.enum(['flat', 'homes-nsw']);
export type ClassProfileName = z.infer<typeof ClassProfileName>;

/** An amount in whole units: energy of a gas register may be said in Wh where it is known how gas becomes energy. */
export const Amount = z.strictObject({ value: z.int().min(1).max(1_000_000_000_000), unit: Unit });
export type Amount = z.infer<typeof Amount>;

const within = (least: number, most: number) => z.int().min(least).max(most).optional();
const perMille = within(0, 1_000_000);
const count = within(1, 10_000);

/** Parameters of rules and of estimation that a register may have otherwise than the pack of its commodity. */
export const RuleParameters = z.strictObject({
  'futureTime.seconds': within(0, 86_400),
  'timeDrift.seconds': within(0, 86_400),
  'spike.excessPerMille': perMille,
  'spike.leastExcess': within(0, 1_000_000_000),
  'spike.leastExcessPerHour': within(0, 1_000_000_000),
  'capacity.perMille': perMille,
  'highLow.lowPerMille': perMille,
  'highLow.highPerMille': perMille,
  'highLow.windowDays': within(1, 31),
  'highLow.historyDays': within(1, 60),
  'highLow.leastDays': within(1, 31),
  'highLow.mostEstimatedPerMille': perMille,
  'zero.hours': count,
  'zero.historyDays': within(1, 60),
  'identical.values': within(2, 10_000),
  'sumCheck.counts': within(0, 10_000),
  'sumCheck.perMille': perMille,
  'rollover.highPerMille': perMille,
  'rollover.dialPerMille': perMille,
  'prolonged.days': within(1, 60),
  'prolonged.sharePerMille': perMille,
  'estimation.lineSeconds': within(0, 86_400),
  'estimation.likeDays': within(1, 20),
  'estimation.likeWithinDays': within(1, 56),
  'estimation.lastYearLeastDays': within(1, 28),
  'estimation.mostMissingPerMille': within(0, 1000),
});
export type RuleParameters = z.infer<typeof RuleParameters>;

/** How one register is judged and estimated, where that differs from the pack of its commodity and direction. */
export const RegisterValidation = z.strictObject({
  off: z.array(RuleId).max(23).optional().describe('Rules that do not judge this register.'),
  on: z.array(RuleId).max(23).optional().describe('Rules that judge it although the pack leaves them out.'),
  parameters: RuleParameters.optional(),
  dial: Dial.optional(),
  rated: Amount.optional().describe('Most that the supply can carry in an hour.'),
  gas: GasConversion.optional(),
  calendar: HolidayCalendar.optional().describe('Holidays that are like a day of the weekend.'),
  profile: z
    .strictObject({ name: ClassProfileName, annual: Amount.describe('Estimated use of a year.') })
    .optional()
    .describe('What holes are filled from where nothing else is known.'),
});
export type RegisterValidation = z.infer<typeof RegisterValidation>;
