import * as z from 'zod';
import { Instant } from '#shared/contracts/api/common.ts';
import { below, type ResponseMarks } from '#shared/contracts/api/definition.ts';
import { Channel, ContactKind, Direction, Writer } from '#shared/vocabulary/statuses.ts';

export const ContactPointView = z.object({
  id: z.string(),
  kind: ContactKind,
  value: z.string(),
  label: z.string().optional(),
  verified: z.boolean(),
  preferred: z.boolean(),
  source: z.string(),
});

export const contactPointMarks = {
  id: 'plain',
  kind: 'plain',
  value: 'contact',
  label: 'contact',
  verified: 'plain',
  preferred: 'plain',
  source: 'plain',
} as const satisfies ResponseMarks;

/** What the 360 view says of how the customer is reached. */
export const contactInView = {
  schema: z.object({
    points: z.array(ContactPointView),
    preferences: z.record(z.string(), z.unknown()),
    restrictions: z.array(z.string()),
    more: z.int().optional().describe('Points that stand in the profile but not in the view.'),
  }),
  marks: {
    'contact.points[]': 'contact',
    ...below('contact.points[]', contactPointMarks),
    'contact.preferences': 'contact',
    'contact.restrictions': 'plain',
    'contact.more': 'contact',
  } satisfies ResponseMarks,
};

/** What the 360 view says of conversations. */
export const interactionsInView = {
  schema: z.object({
    recent: z.array(
      z.object({
        id: z.string(),
        at: Instant,
        channel: Channel,
        direction: Direction,
        reason: z.string(),
        summary: z.string().optional(),
        outcome: z.string().optional(),
        writtenBy: Writer.describe("Whose words these are; a customer's are never shown as those of staff."),
      }),
    ),
    counts: z.record(z.string(), z.number()),
    handover: z.object({ text: z.string(), at: Instant }).nullable().optional(),
    more: z.int().optional(),
  }),
  marks: {
    interactions: 'contact',
    'interactions.recent[].id': 'plain',
    'interactions.recent[].at': 'plain',
    'interactions.recent[].channel': 'plain',
    'interactions.recent[].direction': 'plain',
    'interactions.recent[].reason': 'plain',
    'interactions.recent[].summary': 'freeText',
    'interactions.recent[].outcome': 'plain',
    'interactions.recent[].writtenBy': 'plain',
    'interactions.counts': 'plain',
    'interactions.handover': 'freeText',
    'interactions.more': 'plain',
  } satisfies ResponseMarks,
};
