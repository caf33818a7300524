import * as z from 'zod';
import { Instant } from '#shared/contracts/api/common.ts';
import type { ResponseMarks } from '#shared/contracts/api/definition.ts';
import { Commodity } from '#shared/vocabulary/statuses.ts';

export const OutageBrief = z.object({
  id: z.string(),
  premiseId: z.string().optional(),
  commodity: Commodity.optional(),
  startedAt: Instant,
  expectedBy: Instant.optional(),
  restoredAt: Instant.optional(),
  planned: z.boolean().optional(),
});

/** What the 360 view says of service: outages that are open, and the last that are over. */
export const serviceInView = {
  schema: z.object({
    openOutages: z.array(OutageBrief),
    openCases: z.array(z.string()),
    patterns: z.array(z.string()),
    lastResolved: z.array(OutageBrief),
  }),
  marks: { service: 'plain' } satisfies ResponseMarks,
};
