import * as z from 'zod';
import { defineFact } from '#shared/contracts/facts/definition.ts';
import { id } from '#shared/vocabulary/ids.ts';
import { Instant, LocalDate } from '#shared/vocabulary/instants.ts';
import { idOrReference, Reference } from '#shared/vocabulary/references.ts';
import { Channel, ContactKind, CustomerKind, Direction, Writer } from '#shared/vocabulary/statuses.ts';
import { Name } from './customer-facts.ts';

export const interactionLogged = defineFact({
  type: 'contact.interaction.logged.v1',
  title: 'Interaction logged',
  description: 'One exchange with a customer on any channel, with its reason, what was said and how it ended.',
  inFold: { kind: 'tells', turn: 'thing' },
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
    writtenBy: Writer.optional().describe(
      "Whose words these are; by the source where absent. A customer's are never taken for those of staff.",
    ),
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
    writtenBy: 'plain',
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

/** What customers may ask for and not do themselves: members of their profile, or something about one contact point. */
const askedMembers = {
  name: Name.optional(),
  kind: CustomerKind.optional(),
  dateOfBirth: LocalDate.optional(),
  references: z.array(Reference).min(1).max(10).optional().describe('Further ids in other systems.'),
  contactPoint: z
    .strictObject({
      id: id('contactPoint').optional().describe('The one in question; a new one where absent.'),
      kind: ContactKind.optional(),
      value: z.string().max(300).optional(),
      label: z.string().max(60).optional(),
      verified: z.boolean().optional(),
      preferred: z.boolean().optional(),
      removed: z.literal(true).optional().describe('It is to be taken away.'),
    })
    .optional(),
};

/** What a request for a change asks for. */
export const AskedChange = z.strictObject(askedMembers);
export type AskedChange = z.infer<typeof AskedChange>;

export const changeRequestMade = defineFact({
  type: 'contact.change-request.made.v1',
  title: 'Change asked for',
  description: 'A customer asked for a change of their record that they may not make themselves.',
  inFold: { kind: 'tells', turn: 'thing' },
  category: 'contact',
  severity: 'notable',
  data: z
    .strictObject({ customer: idOrReference('customer'), channel: Channel, ...askedMembers })
    .refine((data) => Object.keys(askedMembers).some((name) => Object.hasOwn(data, name)), {
      message: 'must ask for something',
    }),
  whole: 'contact',
  marks: {
    customer: 'plain',
    channel: 'plain',
    name: 'identity',
    kind: 'plain',
    dateOfBirth: 'identity',
    references: 'plain',
    contactPoint: 'contact',
  },
  subjects: (data) => [{ kind: 'customer', named: data.customer, pointer: '/data/customer', family: 'interactions' }],
  creates: 'interaction',
  resolves: { customer: 'customer' },
  ownOnly: true,
  examples: [
    {
      name: 'new family name',
      data: {
        customer: { namespace: 'crm', value: 'C-10023' },
        channel: 'web',
        name: { given: 'Amara', family: 'Okafor-Lind' },
      },
    },
    {
      name: 'an address to be verified',
      data: {
        customer: { namespace: 'crm', value: 'C-10023' },
        channel: 'web',
        contactPoint: { id: 'cpt_0123456789ABCDEFGHJKMNPQRS', verified: true },
      },
    },
  ],
});

export const changeRequestSettled = defineFact({
  type: 'contact.change-request.settled.v1',
  title: 'Change request settled',
  description: 'Somebody decided on a change that a customer had asked for.',
  inFold: { kind: 'names', turn: 'end', grounds: { request: 'interaction' } },
  category: 'contact',
  severity: 'routine',
  data: z
    .strictObject({
      customer: idOrReference('customer'),
      request: id('interaction').describe('The request, by the interaction it is.'),
      outcome: z.enum(['done', 'declined']),
      reason: z.string().trim().min(3).max(500).describe('Why, in words that the customer may read.'),
      correction: id('fact').optional().describe('With "done": the fact that made the change.'),
    })
    .refine((data) => (data.outcome === 'done') === (data.correction !== undefined), {
      path: ['correction'],
      message: 'belongs to "done", and to nothing else',
    }),
  whole: 'contact',
  marks: {
    customer: 'plain',
    request: 'plain',
    outcome: 'plain',
    // The customer reads it too, which notes of staff are not meant for.
    reason: 'contact',
    correction: 'plain',
  },
  subjects: (data) => [{ kind: 'customer', named: data.customer, pointer: '/data/customer', family: 'interactions' }],
  resolves: { customer: 'customer' },
  ownOnly: true,
  examples: [
    {
      name: 'name changed',
      data: {
        customer: { namespace: 'crm', value: 'C-10023' },
        request: 'int_0123456789ABCDEFGHJKMNPQRS',
        outcome: 'done',
        reason: 'Marriage certificate seen.',
        correction: 'fct_0123456789ABCDEFGHJKMNPQRS',
      },
    },
    {
      name: 'no proof',
      data: {
        customer: { namespace: 'crm', value: 'C-10023' },
        request: 'int_0123456789ABCDEFGHJKMNPQRS',
        outcome: 'declined',
        reason: 'The birth date in the passport is the one on record.',
      },
    },
  ],
});

export const contactFacts = [interactionLogged, changeRequestMade, changeRequestSettled] as const;
