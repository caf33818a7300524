import * as z from 'zod';

/** What readings tell that people should hear of (docs/insight.md, "What is told"). */
export const ToldInsightKind = z.enum([
  'unusual-use',
  'significant-rise',
  'base-load-rise',
  'dead-meter',
  'night-flow',
  'even-flow',
  'high-flow',
  'away-flow',
]);
export type ToldInsightKind = z.infer<typeof ToldInsightKind>;

/** Kinds that tell of something that happened and ends by itself; the others last until they are no longer so. */
export const episodeKinds: ReadonlySet<ToldInsightKind> = new Set<ToldInsightKind>([
  'unusual-use',
  'even-flow',
  'high-flow',
  'away-flow',
]);

/** What people made of it. */
export const InsightState = z.enum(['new', 'seen', 'actioned', 'dismissed']);
export type InsightState = z.infer<typeof InsightState>;

/** Whether its cause stands: it does, it came to its end, or the readings, come late or corrected, no longer say so. */
export const InsightStanding = z.enum(['standing', 'over', 'withdrawn']);
export type InsightStanding = z.infer<typeof InsightStanding>;
