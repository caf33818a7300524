import * as z from 'zod';
import { Instant } from '#shared/vocabulary/instants.ts';

/** What subscribers get of every fact: ids and names of changed fields, never personal values. */
export const OutgoingDetail = z.strictObject({
  metadata: z.strictObject({
    eventId: z.string().describe('The fact id: the same fact published twice has the same.'),
    subjectType: z.string(),
    subjectId: z.string().describe('The primary subject; of a merged record, the survivor.'),
    addressedTo: z.string().optional().describe('The merged record the fact was addressed to, where it was one.'),
    sequence: z.int().min(1).describe("Counts the subject's published facts, without gaps."),
    occurredAt: Instant,
    publishedAt: Instant,
    correlationId: z.string().optional(),
    causationId: z.string().optional(),
    actor: z.string(),
    schemaVersion: z.int(),
    dataClassification: z.literal('internal'),
    replay: z.boolean().optional().describe('Published again on purpose; subscribers may have had it.'),
  }),
  data: z.strictObject({
    subjects: z.array(z.string()),
    entityId: z.string().optional().describe('Id of what the fact created.'),
    fields: z.array(z.string()).describe('Names of the fields the fact holds; fetch the fact for their values.'),
    factId: z.string().optional().describe('Of a retraction: the fact it takes out.'),
  }),
});
export type OutgoingDetail = z.infer<typeof OutgoingDetail>;

/** `source` of a published fact: `rotunda.` and the first word of its type. */
export const outgoingSource = (type: string): string => `rotunda.${type.split('.', 1)[0]}`;

/** Major version of a type. */
export const schemaVersionOf = (type: string): number => Number(/\.v(\d+)$/.exec(type)?.[1] ?? '1');
