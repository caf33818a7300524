import * as z from 'zod';
import { View360, view360Marks } from '#functions/view.ts';
import {
  accountsNow,
  Instant,
  Kept,
  keptMarks,
  LocalDate,
  listMarks,
  Masked,
  page,
  paging,
  pastMoment,
  references,
  Version,
} from '#shared/contracts/api/common.ts';
import { below, defineRoute, type ResponseMarks } from '#shared/contracts/api/definition.ts';
import {
  CustomerKind,
  CustomerStatus,
  Direction,
  HitAhead,
  Role,
  SearchKey,
  Writer,
} from '#shared/vocabulary/statuses.ts';
import { interactionLogged } from './contact-facts.ts';
import { contactPointAdded } from './contact-point-facts.ts';
import { ContactPointView, contactPointMarks } from './contact-view.ts';
import { Name } from './customer-facts.ts';

const language = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Z]{2})?$/)
  .describe('Language tag, e.g. "en" or "cy-GB".');

/** Without the defaults of the fact: what a caller says and what they leave out are told apart. */
const ContactPointBody = contactPointAdded.data
  .omit({ customer: true })
  .extend({ verified: z.boolean().optional(), preferred: z.boolean().optional() });

const InteractionBody = interactionLogged.data
  .omit({ customer: true, writtenBy: true })
  .extend({ direction: Direction.optional(), references: references.max(5).optional() });

const CustomerBody = z.strictObject({
  kind: CustomerKind,
  name: Name,
  dateOfBirth: LocalDate.optional(),
  language: language.optional(),
  since: LocalDate.optional(),
  references: references.max(10).optional(),
  contactPoints: z.array(ContactPointBody).max(10).optional().describe('First ways to reach the customer.'),
});

const CustomerPatch = z
  .strictObject({
    kind: CustomerKind.optional(),
    name: Name.optional(),
    dateOfBirth: LocalDate.optional(),
    language: language.optional(),
    references: references.max(10).optional().describe('Further ids, added to those known.'),
  })
  .refine((body) => Object.keys(body).length > 0, 'must change something');

const Customer = z.object({
  id: z.string(),
  kind: CustomerKind,
  name: z.string().optional().describe('Name in one line.'),
  nameParts: z
    .object({
      title: z.string().optional(),
      given: z.string().optional(),
      family: z.string().optional(),
      organisation: z.string().optional(),
    })
    .optional(),
  dateOfBirth: LocalDate.optional(),
  language: z.string().optional(),
  status: CustomerStatus,
  since: LocalDate.nullable().optional(),
  references: references.optional(),
  contactPoints: z.array(ContactPointView),
  ...accountsNow,
  erasedAt: Instant.optional().describe('The person was erased then; what is left of them is their id.'),
  version: Version,
  masked: Masked,
});
const customerMarks: ResponseMarks = {
  id: 'plain',
  kind: 'plain',
  name: 'name',
  nameParts: 'name',
  dateOfBirth: 'identity',
  language: 'plain',
  status: 'plain',
  since: 'identity',
  references: 'plain',
  'contactPoints[]': 'contact',
  ...below('contactPoints[]', contactPointMarks),
  accounts: 'plain',
  moreAccounts: 'plain',
  erasedAt: 'plain',
  // It counts what was said of contacts, too.
  version: 'contact',
  masked: 'plain',
};

const Hit = z.object({
  id: z.string(),
  name: z.string().optional(),
  score: z.number().min(0).max(1),
  matchedOn: z
    .array(
      z.object({
        key: SearchKey,
        value: z.string().optional(),
        former: z.literal(true).optional().describe('It was so, and is no more: a name or address of before.'),
      }),
    )
    .describe('Why it matched.'),
  accounts: z.array(z.string()),
  formerAccounts: z.array(z.string()).optional().describe('Those that the customer has left.'),
  address: z.string().optional(),
  unmet: z
    .array(z.string())
    .optional()
    .describe('Words of the question that nothing of this customer met; told where nobody meets all of them.'),
  aheadBy: HitAhead.optional().describe('By what it goes before the next hit; the last one has none.'),
});
const hitMarks: ResponseMarks = {
  id: 'plain',
  name: 'name',
  score: 'plain',
  'matchedOn[].key': 'plain',
  'matchedOn[].former': 'plain',
  'matchedOn[].value': {
    by: 'key',
    cases: {
      phone: 'listed',
      email: 'listed',
      postcode: 'contact',
      address: 'contact',
      name: 'name',
      serial: 'plain',
      account: 'plain',
      bill: 'financial',
      reference: 'plain',
      id: 'plain',
    },
    otherwise: 'identity',
  },
  accounts: 'plain',
  formerAccounts: 'plain',
  address: 'contact',
  'unmet[]': 'plain',
  aheadBy: 'plain',
};

const TimelineEntry = z.object({
  id: z.string().describe('Id of the fact.'),
  type: z.string(),
  title: z.string(),
  family: z.string(),
  category: z.string(),
  severity: z.string(),
  occurredAt: Instant,
  recordedAt: Instant,
  source: z.object({ system: z.string(), channel: z.string().optional(), actor: z.string().optional() }),
  subjects: z.array(z.string()),
  retracted: z.boolean().optional(),
  effect: z
    .literal('none')
    .optional()
    .describe(
      'Told to staff and systems: the fact is kept and changes nothing as things stand. Of each record and family the latest 20 are marked.',
    ),
  writtenBy: Writer.optional().describe('Of an interaction: whose words it holds.'),
  changes: z
    .array(z.object({ field: z.string(), before: z.unknown().optional(), after: z.unknown().optional() }))
    .optional()
    .describe(
      'What the fact changed of the profile and its contact points, each field before and after; null is empty.',
    ),
  data: z.record(z.string(), z.unknown()),
});

const customersRead = { capability: 'customers', personal: true } as const;

export const customerRoutes = [
  defineRoute({
    ...customersRead,
    capability: 'search',
    operationId: 'searchCustomers',
    method: 'GET',
    path: '/v1/customers',
    summary: 'Find customers',
    description:
      'Searches name (any order, typos, accents, sounds-alike), phone in any form, e-mail, postcode, address, meter serial, account and bill number, and references. Each hit says why it matched.',
    act: 'customer.search',
    subject: 'none',
    list: true,
    query: z.strictObject({
      q: z
        .string()
        .trim()
        .min(2)
        .max(200)
        .regex(/^\P{Cc}+$/u, 'must not hold control characters')
        .describe('What is known of the customer.'),
      ...paging,
    }),
    response: page(Hit),
    marks: listMarks(hitMarks),
  }),
  defineRoute({
    ...customersRead,
    operationId: 'createCustomer',
    method: 'POST',
    path: '/v1/customers',
    reason: 'optional',
    summary: 'Register a customer',
    act: 'customer.create',
    subject: 'none',
    body: CustomerBody,
    response: Customer,
    marks: customerMarks,
    status: 201,
    idempotency: 'optional',
  }),
  defineRoute({
    ...customersRead,
    operationId: 'readCustomer',
    method: 'GET',
    path: '/v1/customers/{id}',
    summary: 'Read a customer',
    act: 'customer.read',
    subject: 'customer',
    response: Customer,
    marks: customerMarks,
  }),
  defineRoute({
    ...customersRead,
    operationId: 'changeCustomer',
    method: 'PATCH',
    path: '/v1/customers/{id}',
    reason: 'optional',
    summary: 'Correct a customer',
    description:
      'Customers change their language themselves. What else they send is refused (403, change.by-request) and kept as their request: `interactionId` names it.',
    act: 'customer.change',
    subject: 'customer',
    body: CustomerPatch,
    fromCustomers: ['language'],
    response: Customer,
    marks: customerMarks,
    ifMatch: true,
  }),
  defineRoute({
    ...customersRead,
    operationId: 'read360',
    coveredByVersion: false,
    method: 'GET',
    path: '/v1/customers/{id}/360',
    summary: 'See the whole customer',
    description:
      'The 360 view: one bounded document, the same for every channel. With `asOf` and `knownAt` as it was; asked again, the same to the byte.',
    query: z.strictObject(pastMoment),
    act: 'customer.read',
    subject: 'customer',
    response: View360,
    marks: view360Marks,
  }),
  defineRoute({
    ...customersRead,
    operationId: 'listCustomerAccounts',
    method: 'GET',
    path: '/v1/customers/{id}/accounts',
    summary: 'Roles on accounts, those that are over too',
    description: 'By account: all that the 360 view has no room for. A role stands once for each time it held.',
    act: 'customer.read',
    subject: 'customer',
    list: true,
    query: z.strictObject(paging),
    response: page(
      z.object({
        accountId: z.string(),
        role: Role,
        from: LocalDate,
        to: LocalDate.optional(),
        planned: z.literal(true).optional().describe('It is yet to begin.'),
      }),
    ),
    marks: listMarks({ accountId: 'plain', role: 'plain', from: 'plain', to: 'plain', planned: 'plain' }),
  }),
  defineRoute({
    ...customersRead,
    operationId: 'readTimeline',
    method: 'GET',
    path: '/v1/customers/{id}/timeline',
    summary: 'What happened, newest first',
    description:
      'Facts of the customer and of the accounts and premises of their roles, within the dates of those roles.',
    act: 'customer.read',
    subject: 'customer',
    list: true,
    query: z.strictObject({
      family: z
        .string()
        .regex(/^[a-z]+(,[a-z]+)*$/)
        .max(200)
        .optional()
        .describe('Families, separated by commas.'),
      from: Instant.optional(),
      to: Instant.optional(),
      ...paging,
    }),
    response: page(TimelineEntry).extend({
      omitted: z
        .array(z.string())
        .optional()
        .describe('What is left out whatever the page: of very many accounts and premises the first are told of.'),
    }),
    marks: {
      omitted: 'plain',
      ...listMarks({
        id: 'plain',
        type: 'plain',
        title: 'plain',
        family: 'plain',
        category: 'plain',
        severity: 'plain',
        occurredAt: 'plain',
        recordedAt: 'plain',
        'source.system': 'plain',
        'source.channel': 'plain',
        'source.actor': 'internal',
        subjects: 'plain',
        retracted: 'plain',
        effect: 'plain',
        writtenBy: 'plain',
        changes: 'shaped',
        data: 'shaped',
      }),
    },
  }),
  defineRoute({
    ...customersRead,
    operationId: 'logInteraction',
    method: 'POST',
    path: '/v1/customers/{id}/interactions',
    reason: 'optional',
    summary: 'Log an interaction',
    description:
      'Customers write what they say themselves: by web or app, inbound, with a reason and a summary. How it ended and what is handed over is for staff to say.',
    act: 'interaction.log',
    subject: 'customer',
    body: InteractionBody,
    fromCustomers: ['channel', 'direction', 'reason', 'summary'],
    response: z.object({ id: z.string(), customerId: z.string(), ...Kept }),
    marks: { id: 'plain', customerId: 'plain', ...keptMarks },
    status: 201,
    idempotency: 'optional',
  }),
  defineRoute({
    ...customersRead,
    operationId: 'addContactPoint',
    method: 'POST',
    path: '/v1/customers/{id}/contact-points',
    reason: 'optional',
    summary: 'Add a way to reach a customer',
    description:
      'Customers add up to ten of their own, none of them verified; a verified one is theirs to ask for (403, change.by-request).',
    act: 'contact.change',
    subject: 'customer',
    body: ContactPointBody,
    fromCustomers: ['kind', 'value', 'label', 'preferred'],
    response: ContactPointView.extend({ version: Version, masked: Masked }),
    marks: { ...contactPointMarks, version: 'plain', masked: 'plain' },
    status: 201,
    idempotency: 'optional',
  }),
  defineRoute({
    ...customersRead,
    operationId: 'changeContactPoint',
    method: 'PATCH',
    path: '/v1/customers/{id}/contact-points/{pointId}',
    reason: 'optional',
    summary: 'Change a way to reach a customer',
    description:
      'Customers change label and preference. Another value is another contact point: they remove this one and add that.',
    act: 'contact.change',
    subject: 'customer',
    body: ContactPointBody.omit({ kind: true })
      .partial()
      .refine((body) => Object.values(body).some((value) => value !== undefined), 'must change something'),
    fromCustomers: ['label', 'preferred'],
    response: ContactPointView.extend({ version: Version, masked: Masked }),
    marks: { ...contactPointMarks, version: 'plain', masked: 'plain' },
    ifMatch: true,
  }),
  defineRoute({
    ...customersRead,
    operationId: 'removeContactPoint',
    method: 'DELETE',
    path: '/v1/customers/{id}/contact-points/{pointId}',
    reason: 'optional',
    summary: 'Remove a way to reach a customer',
    description: 'The last verified one goes only by request of the customer (403, change.by-request).',
    act: 'contact.change',
    subject: 'customer',
    response: z.undefined(),
    marks: {},
    status: 204,
    ifMatch: true,
  }),
];
