import * as z from 'zod';
import { id } from '#shared/vocabulary/ids.ts';
import { LocalDate } from '#shared/vocabulary/instants.ts';
import { idOrReference, Reference } from '#shared/vocabulary/references.ts';
import { ContactKind, CustomerKind } from '#shared/vocabulary/statuses.ts';
import { defineFact, type FactDefinition } from './definition.ts';

const nameText = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^\P{Cc}+$/u, 'must not hold control characters');

/** Name of a person (`family` at least) or of an organisation. */
export const Name = z.union([
  z.strictObject({
    title: nameText.max(40).optional(),
    given: nameText.optional().describe('Given names.'),
    family: nameText.describe('Family name, or the only name.'),
  }),
  z.strictObject({ organisation: nameText }),
]);
export type Name = z.infer<typeof Name>;

const references = z.array(Reference).max(10).default([]).describe('Ids of this thing in other systems.');
const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Z]{2})?$/)
  .describe('Language tag, e.g. "en" or "cy-GB".');
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

export const customerRegistered = defineFact({
  type: 'customer.profile.registered.v1',
  title: 'Customer registered',
  description: 'A person or organisation became known to the utility.',
  category: 'identity',
  severity: 'notable',
  data: z.strictObject({
    kind: CustomerKind,
    name: Name,
    dateOfBirth: LocalDate.optional(),
    language: language.optional(),
    since: LocalDate.optional().describe('First day as a customer; the day of the fact where absent.'),
    references,
  }),
  marks: {
    kind: 'plain',
    name: 'identity',
    dateOfBirth: 'identity',
    language: 'plain',
    since: 'plain',
    references: 'plain',
  },
  subjects: () => [{ kind: 'customer', self: true, family: 'identity' }],
  creates: 'customer',
  resolves: {},
  examples: [
    {
      name: 'person',
      data: {
        kind: 'person',
        name: { title: 'Ms', given: 'Amara', family: 'Okafor' },
        dateOfBirth: '1984-05-02',
        language: 'en',
        references: [{ namespace: 'crm', value: 'C-10023' }],
      },
    },
    { name: 'organisation', data: { kind: 'organisation', name: { organisation: 'Harbour Bakery Ltd' } } },
  ],
});

export const customerCorrected = defineFact({
  type: 'customer.profile.corrected.v1',
  title: 'Customer corrected',
  description: 'Details of a customer were put right or changed; what is not named stays.',
  category: 'identity',
  severity: 'routine',
  data: z
    .strictObject({
      customer: idOrReference('customer'),
      kind: CustomerKind.optional(),
      name: Name.optional(),
      dateOfBirth: LocalDate.optional(),
      language: language.optional(),
      references: z.array(Reference).max(10).optional().describe('Further ids, added to those known.'),
    })
    .refine((data) => Object.keys(data).length > 1, { message: 'must change something' }),
  marks: {
    customer: 'plain',
    kind: 'plain',
    name: 'identity',
    dateOfBirth: 'identity',
    language: 'plain',
    references: 'plain',
  },
  subjects: (data) => [{ kind: 'customer', named: data.customer, pointer: '/data/customer', family: 'identity' }],
  resolves: { customer: 'customer' },
  examples: [
    {
      name: 'new family name',
      data: { customer: { namespace: 'crm', value: 'C-10023' }, name: { given: 'Amara', family: 'Okafor-Lind' } },
    },
  ],
});

export const contactPointAdded = defineFact({
  type: 'customer.contact-point.added.v1',
  title: 'Contact point added',
  description: 'A customer can be reached at a phone number, e-mail address or postal address.',
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
  category: 'contact',
  severity: 'routine',
  data: z.strictObject({ customer: idOrReference('customer'), point: id('contactPoint') }),
  marks: { customer: 'plain', point: 'plain' },
  subjects: (data) => [{ kind: 'customer', named: data.customer, pointer: '/data/customer', family: 'contact' }],
  resolves: { customer: 'customer' },
  examples: [
    {
      name: 'number given up',
      data: { customer: { namespace: 'crm', value: 'C-10023' }, point: 'cpt_0123456789ABCDEFGHJKMNPQRS' },
    },
  ],
});

export const customerFacts: readonly FactDefinition[] = [
  customerRegistered,
  customerCorrected,
  contactPointAdded,
  contactPointChanged,
  contactPointRemoved,
];
