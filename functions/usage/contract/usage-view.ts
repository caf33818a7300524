import * as z from 'zod';
import { Instant, LocalDate } from '#shared/contracts/api/common.ts';
import type { ResponseMarks } from '#shared/contracts/api/definition.ts';

export const UsageSummary = z.object({
  servicePointId: z.string(),
  register: z.string(),
  flow: z.string(),
  unit: z.string(),
  powerOfTen: z.int().optional(),
  months: z.array(z.object({ month: z.string(), value: z.number(), estimatedShare: z.number() })),
  recentDays: z.array(z.object({ date: LocalDate, value: z.number().nullable() })),
  asOf: Instant.nullable(),
});

/** What the 360 view says of usage, by service point and register. */
export const usageInView = { schema: z.array(UsageSummary), marks: { usage: 'usage' } satisfies ResponseMarks };
