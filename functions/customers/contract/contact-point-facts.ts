import * as z from 'zod';
import { defineFact } from '#shared/contracts/facts/definition.ts';
import { id } from '#shared/vocabulary/ids.ts';
import { idOrReference } from '#shared/vocabulary/references.ts';
import { ContactKind } from '#shared/vocabulary/statuses.ts';

const point = {
  value: z
    .string()
    .trim()
    .min(3)
    .max(300)
    .regex(/^\P{Cc}+$/u, 'must not hold control characters'),
  label: z.string().max(60).optional().describe('What the customer calls it, e.g. "work".'),
  verified: z.boolean().describe('Whether the customer proved that it is theirs.'),
  preferred: z.boolean().describe('Whether the customer wants to be reached here first.'),
};

export const contactPointAdded = defineFact({
  type: 'customer.contact-point.added.v1',
  title: 'Contact point added',
  description: 'A customer can be reached at a phone number, e-mail address or postal address.',
  inFold: { kind: 'tells', turn: 'thing' },
  category: 'contact',
  severity: 'routine',
  data: z.strictObject({
    customer: idOrReference('customer'),
    kind: ContactKind,
    value: point.value,
    label: point.label,
    verified: point.verified.default(false),
    preferred: point.preferred.default(false),
  }),
  marks: {
    customer: 'plain',
    kind: 'plain',
    value: 'contact',
    label: 'contact',
    verified: 'plain',
    preferred: 'plain',
  },
  whole: 'contact',
  subjects: (data) => [{ kind: 'customer', named: data.customer, pointer: '/data/customer', family: 'contact' }],
  creates: 'contactPoint',
  resolves: { customer: 'customer' },
  examples: [
    {
      name: 'mobile',
      data: {
        customer: { namespace: 'crm', value: 'C-10023' },
        kind: 'phone',
        value: '01632 960 123',
        preferred: true,
      },
    },
    {
      name: 'e-mail',
      data: {
        customer: { namespace: 'crm', value: 'C-10023' },
        kind: 'email',
        value: 'amara@example.com',
        verified: true,
      },
    },
  ],
});

export const contactPointChanged = defineFact({
  type: 'customer.contact-point.changed.v1',
  title: 'Contact point changed',
  description: 'The value or standing of a contact point changed; what is not named stays.',
  inFold: { kind: 'names', turn: 'word', grounds: { point: 'contactPoint' } },
  contends: (data) => [data.point],
  category: 'contact',
  severity: 'routine',
  data: z
    .strictObject({
      customer: idOrReference('customer'),
      point: id('contactPoint'),
      value: point.value.optional(),
      label: point.label,
      verified: point.verified.optional(),
      preferred: point.preferred.optional(),
    })
    .refine((data) => Object.keys(data).length > 2, { message: 'must change something' }),
  marks: {
    customer: 'plain',
    point: 'plain',
    value: 'contact',
    label: 'contact',
    verified: 'plain',
    preferred: 'plain',
  },
  whole: 'contact',
  subjects: (data) => [{ kind: 'customer', named: data.customer, pointer: '/data/customer', family: 'contact' }],
  resolves: { customer: 'customer' },
  examples: [
    {
      name: 'new address',
      data: {
        customer: { namespace: 'crm', value: 'C-10023' },
        point: 'cpt_0123456789ABCDEFGHJKMNPQRS',
        value: 'amara.okafor@example.com',
      },
    },
  ],
});

export const contactPointRemoved = defineFact({
  type: 'customer.contact-point.removed.v1',
  title: 'Contact point removed',
  description: 'A customer can no longer be reached there.',
  inFold: { kind: 'names', turn: 'end', grounds: { point: 'contactPoint' } },
  category: 'contact',
  severity: 'routine',
  data: z.strictObject({ customer: idOrReference('customer'), point: id('contactPoint') }),
  marks: { customer: 'plain', point: 'plain' },
  whole: 'contact',
  subjects: (data) => [{ kind: 'customer', named: data.customer, pointer: '/data/customer', family: 'contact' }],
  resolves: { customer: 'customer' },
  examples: [
    {
      name: 'number given up',
      data: { customer: { namespace: 'crm', value: 'C-10023' }, point: 'cpt_0123456789ABCDEFGHJKMNPQRS' },
    },
  ],
});

export const contactPointVerified = defineFact({
  type: 'customer.contact-point.verified.v1',
  title: 'Contact point verified',
  description: 'The customer proved that a contact point is theirs.',
  inFold: { kind: 'names', turn: 'hold', grounds: { point: 'contactPoint' } },
  category: 'contact',
  severity: 'routine',
  data: z.strictObject({
    customer: idOrReference('customer'),
    point: id('contactPoint'),
    method: z.enum(['code', 'link', 'call', 'letter', 'document']).describe('How it was proved.'),
  }),
  marks: { customer: 'plain', point: 'plain', method: 'plain' },
  whole: 'contact',
  subjects: (data) => [{ kind: 'customer', named: data.customer, pointer: '/data/customer', family: 'contact' }],
  resolves: { customer: 'customer' },
  examples: [
    {
      name: 'code sent back',
      data: {
        customer: { namespace: 'crm', value: 'C-10023' },
        point: 'cpt_0123456789ABCDEFGHJKMNPQRS',
        method: 'code',
      },
    },
  ],
});

export const contactPointFacts = [
  contactPointAdded,
  contactPointChanged,
  contactPointRemoved,
  contactPointVerified,
] as const;
