import * as z from 'zod';
import type { Asker } from '#tests/support/api-client.ts';
import type { StoryWorld } from './world.ts';

const Usage = z.object({
  data: z.array(z.object({ start: z.string(), value: z.number().nullable(), quality: z.number().nullable() })),
  total: z.object({ value: z.number(), count: z.number(), missing: z.number() }),
});
export type SeenUsage = z.infer<typeof Usage>;

/** What is asked of the usage of a service point; half-open, local dates. */
export interface AskedUsage {
  readonly from: string;
  readonly to: string;
  readonly resolution: 'interval' | 'month';
}

/** Usage of a service point as the API tells it. */
export const readUsage = async (
  { ground }: StoryWorld,
  servicePoint: string,
  { from, to, resolution }: AskedUsage,
  as: Asker = { role: 'agent' },
): Promise<SeenUsage> => {
  const path = `/v1/service-points/${servicePoint}/usage?from=${from}&to=${to}&resolution=${resolution}`;
  return Usage.parse((await ground.api.must({ path, as })).json);
};
