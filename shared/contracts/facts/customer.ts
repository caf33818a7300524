import * as z from 'zod';
import { id } from '#shared/vocabulary/ids.ts';
import { LocalDate } from '#shared/vocabulary/instants.ts';
import { idOrReference, Reference } from '#shared/vocabulary/references.ts';
import { ContactKind, CustomerKind } from '#shared/vocabulary/statuses.ts';
import { defineFact } from './definition.ts';

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
const verified = z
  .array(z.enum(['name', 'dateOfBirth']))
  .min(1)
  .max(2)
  .optional()
  .describe('What was proved by a document.');
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
  inFold: { kind: 'tells', turn: 'subject' },
  category: 'identity',
  severity: 'notable',
  data: z.strictObject({
    kind: CustomerKind,
    name: Name,
    dateOfBirth: LocalDate.optional(),
    language: language.optional(),
    since: LocalDate.optional().describe('First day as a customer; the day of the fact where absent.'),
    references,
    verified,
  }),
  marks: {
    kind: 'plain',
    name: 'identity',
    dateOfBirth: 'identity',
    language: 'plain',
    since: 'plain',
    references: 'plain',
    verified: 'plain',
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
  inFold: { kind: 'names', turn: 'word', grounds: { customer: 'customer' } },
  contends: ({ name, kind, dateOfBirth, language: spoken, clear = [] }) => [
    ...Object.entries({ name, kind, dateOfBirth, language: spoken }).flatMap(([member, value]) =>
      value === undefined ? [] : [member],
    ),
    ...clear,
  ],
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
      clear: z
        .array(z.enum(['dateOfBirth', 'language']))
        .min(1)
        .max(2)
        .optional()
        .describe('What the source takes back: empty from now on. An absent field stays as it is.'),
      verified,
    })
    .refine((data) => data.clear?.every((name) => data[name] === undefined) ?? true, {
      path: ['clear'],
      message: 'must not name what is given',
    })
    .refine((data) => Object.keys(data).length > 1, { message: 'must change something' }),
  marks: {
    customer: 'plain',
    kind: 'plain',
    name: 'identity',
    dateOfBirth: 'identity',
    language: 'plain',
    references: 'plain',
    clear: 'plain',
    verified: 'plain',
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

const reason = z.string().trim().min(3).max(500);

export const attributePinned = defineFact({
  type: 'customer.attribute.pinned.v1',
  title: 'Attribute pinned',
  description: 'Somebody decided what a value is, whatever the sources say, until a day or until the pin is retracted.',
  inFold: { kind: 'names', turn: 'hold', grounds: { customer: 'customer' } },
  contends: ({ name, kind, dateOfBirth, language: spoken }) =>
    Object.entries({ name, kind, dateOfBirth, language: spoken }).flatMap(([member, value]) =>
      value === undefined ? [] : [member],
    ),
  category: 'identity',
  severity: 'notable',
  data: z
    .strictObject({
      customer: idOrReference('customer'),
      name: Name.optional(),
      kind: CustomerKind.optional(),
      dateOfBirth: LocalDate.optional(),
      language: language.optional(),
      reason: reason.describe('Why the sources are not right.'),
      until: LocalDate.optional().describe('First day on which the pin no longer holds.'),
    })
    .refine(
      (data) => [data.name, data.kind, data.dateOfBirth, data.language].filter((one) => one !== undefined).length === 1,
      {
        message: 'must pin one of name, kind, dateOfBirth, language',
      },
    ),
  marks: {
    customer: 'plain',
    name: 'identity',
    kind: 'plain',
    dateOfBirth: 'identity',
    language: 'plain',
    reason: 'freeText',
    until: 'plain',
  },
  subjects: (data) => [{ kind: 'customer', named: data.customer, pointer: '/data/customer', family: 'identity' }],
  resolves: { customer: 'customer' },
  ownOnly: true,
  examples: [
    {
      name: 'name as in the passport',
      data: {
        customer: { namespace: 'crm', value: 'C-10023' },
        name: { given: 'Amara', family: 'Okafor' },
        reason: 'Passport seen; billing cuts the name.',
        until: '2027-06-01',
      },
    },
  ],
});

const customerNamed = (named: z.infer<ReturnType<typeof idOrReference>>, pointer: string) =>
  ({ kind: 'customer', named, pointer, family: 'links' }) as const;

export const identityMerged = defineFact({
  type: 'customer.identity.merged.v1',
  title: 'Customers merged',
  description:
    'Two records turned out to be one customer. The survivor holds both; the other id keeps answering for it.',
  inFold: { kind: 'tells', turn: 'thing' },
  category: 'identity',
  severity: 'notable',
  data: z.strictObject({
    survivor: idOrReference('customer'),
    alias: idOrReference('customer').describe('The record whose id becomes another name of the survivor.'),
    reason: reason.describe('Why they are one.'),
  }),
  marks: { survivor: 'plain', alias: 'plain', reason: 'freeText' },
  subjects: (data) => [customerNamed(data.survivor, '/data/survivor'), customerNamed(data.alias, '/data/alias')],
  creates: 'merge',
  resolves: { survivor: 'customer', alias: 'customer' },
  ownOnly: true,
  examples: [
    {
      name: 'two systems, one person',
      data: {
        survivor: { namespace: 'crm', value: 'C-10023' },
        alias: { namespace: 'billing', value: 'B-7781' },
        reason: 'Same name, birth date and phone.',
      },
    },
  ],
});

export const identityUnmerged = defineFact({
  type: 'customer.identity.unmerged.v1',
  title: 'Merge undone',
  description: 'Two records that had been merged are two customers after all; each gets back what is its own.',
  inFold: { kind: 'names', turn: 'end', grounds: { merge: 'merge' } },
  category: 'identity',
  severity: 'notable',
  data: z.strictObject({
    merge: id('merge').describe('The merge that is undone.'),
    survivor: idOrReference('customer').optional().describe('As the merge says; filled where absent.'),
    alias: idOrReference('customer').optional().describe('As the merge says; filled where absent.'),
    reason: reason.describe('Why they are two.'),
  }),
  marks: { survivor: 'plain', alias: 'plain', merge: 'plain', reason: 'freeText' },
  subjects: ({ survivor, alias }) =>
    survivor === undefined || alias === undefined
      ? []
      : [customerNamed(survivor, '/data/survivor'), customerNamed(alias, '/data/alias')],
  resolves: { survivor: 'customer', alias: 'customer' },
  fills: { survivor: 'survivor-of-merge', alias: 'alias-of-merge' },
  ownOnly: true,
  examples: [
    {
      name: 'father and son',
      data: {
        merge: 'mrg_0123456789ABCDEFGHJKMNPQRS',
        survivor: { namespace: 'crm', value: 'C-10023' },
        alias: { namespace: 'billing', value: 'B-7781' },
        reason: 'Father and son of one name.',
      },
    },
  ],
});

export const identityDistinguished = defineFact({
  type: 'customer.identity.distinguished.v1',
  title: 'Customers told apart',
  description: 'Somebody decided that two records are not one customer; they are not proposed as duplicates again.',
  inFold: { kind: 'word', turn: 'word' },
  category: 'identity',
  severity: 'routine',
  data: z.strictObject({
    customer: idOrReference('customer'),
    other: idOrReference('customer'),
    reason: reason.optional().describe('What tells them apart.'),
  }),
  marks: { customer: 'plain', other: 'plain', reason: 'freeText' },
  subjects: (data) => [customerNamed(data.customer, '/data/customer'), customerNamed(data.other, '/data/other')],
  resolves: { customer: 'customer', other: 'customer' },
  ownOnly: true,
  examples: [
    {
      name: 'twins',
      data: {
        customer: { namespace: 'crm', value: 'C-10023' },
        other: { namespace: 'crm', value: 'C-10024' },
        reason: 'Twins at one address.',
      },
    },
  ],
});

export const duplicateClaimed = defineFact({
  type: 'customer.duplicate.claimed.v1',
  title: 'Duplicate claimed',
  description:
    'A system says that two records are one customer. Nothing is merged by it: the pair is put to a supervisor, who decides.',
  inFold: { kind: 'word', turn: 'word' },
  category: 'identity',
  severity: 'routine',
  data: z.strictObject({
    customer: idOrReference('customer'),
    other: idOrReference('customer'),
    reason: reason.describe('Why the system takes them for one.'),
  }),
  marks: { customer: 'plain', other: 'plain', reason: 'freeText' },
  // Nobody is told of another customer because a system takes them for one.
  whole: 'internal',
  subjects: (data) => [customerNamed(data.customer, '/data/customer'), customerNamed(data.other, '/data/other')],
  resolves: { customer: 'customer', other: 'customer' },
  examples: [
    {
      name: 'merged in the CRM',
      data: {
        customer: { namespace: 'crm', value: 'C-10023' },
        other: { namespace: 'billing', value: 'B-7781' },
        reason: 'Merged in the CRM: same name, birth date and phone.',
      },
    },
  ],
});

export const customerFacts = [
  customerRegistered,
  customerCorrected,
  contactPointAdded,
  contactPointChanged,
  contactPointRemoved,
  contactPointVerified,
  attributePinned,
  identityMerged,
  identityUnmerged,
  identityDistinguished,
  duplicateClaimed,
] as const;
