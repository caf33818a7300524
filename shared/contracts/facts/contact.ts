import * as z from 'zod';
import { Instant } from '#shared/vocabulary/instants.ts';
import { idOrReference, Reference } from '#shared/vocabulary/references.ts';
import { Channel, Direction } from '#shared/vocabulary/statuses.ts';
import { defineFact, type FactDefinition } from './definition.ts';

export const interactionLogged = defineFact({
  type: 'contact.interaction.logged.v1',
  title: 'Interaction logged',
  description: 'One exchange with a customer on any channel, with its reason, what was said and how it ended.',
  category: 'contact',
  severity: 'routine',
  data: z.strictObject({
    customer: idOrReference('customer'),
    channel: Channel,
    direction: Direction.default('inbound'),
    endedAt: Instant.optional(),
    reason: z
      .string()
      .regex(/^[a-z0-9-]{1,40}(\.[a-z0-9-]{1,40})?$/)
      .describe('Reason code, level 1 and 2: "billing.high-bill".'),
    summary: z.string().max(1000).optional(),
    outcome: z.enum(['resolved', 'follow-up', 'transferred', 'abandoned', 'no-answer', 'delivered']).optional(),
    handover: z.string().max(300).optional().describe('What the next agent must know.'),
    references: z.array(Reference).max(5).default([]),
  }),
  marks: {
    customer: 'plain',
    channel: 'plain',
    direction: 'plain',
    endedAt: 'plain',
    reason: 'plain',
    summary: 'freeText',
    outcome: 'plain',
    handover: 'freeText',
    references: 'plain',
  },
  whole: 'contact',
  subjects: (data) => [{ kind: 'customer', named: data.customer, pointer: '/data/customer', family: 'interactions' }],
  creates: 'interaction',
  resolves: { customer: 'customer' },
  examples: [
    {
      name: 'call about a bill',
      data: {
        customer: { namespace: 'crm', value: 'C-10023' },
        channel: 'phone',
        reason: 'billing.high-bill',
        summary: 'Asked why the January bill is higher; explained the cold weeks.',
        outcome: 'resolved',
      },
    },
  ],
});

export const contactFacts: readonly FactDefinition[] = [interactionLogged];
