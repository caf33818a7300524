import * as z from 'zod';
import { defineFact } from '#shared/contracts/facts/definition.ts';
import { LocalDate } from '#shared/vocabulary/instants.ts';
import { idOrReference, Reference } from '#shared/vocabulary/references.ts';
import { CustomerKind } from '#shared/vocabulary/statuses.ts';

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

export const customerFacts = [customerRegistered, customerCorrected, attributePinned] as const;
