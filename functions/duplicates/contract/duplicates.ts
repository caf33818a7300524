import * as z from 'zod';
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
} from '#shared/contracts/api/common.ts';
import { defineRoute, type ResponseMarks } from '#shared/contracts/api/definition.ts';
import { CustomerKind } from '#shared/vocabulary/statuses.ts';

const Band = z.enum(['auto', 'steward', 'separate']);

const DuplicateCustomer = z.object({
  id: z.string(),
  kind: CustomerKind,
  name: z.string().optional(),
  dateOfBirth: LocalDate.optional(),
  since: LocalDate.nullable().optional(),
  contactPoints: z.array(z.object({ kind: z.string(), value: z.string(), verified: z.boolean(), source: z.string() })),
  ...accountsNow,
  sources: z.array(z.string()).describe('Systems that know the customer.'),
});

const Duplicate = z.object({
  id: z.string(),
  band: Band.describe(
    'auto: nearly sure, agrees in two independent things and contradicts itself in none. steward: a person looks. separate: a veto parts them.',
  ),
  probability: z.number().describe('That both are one customer, 0 to 1.'),
  score: z.number().describe('Bits that speak for one customer: `before` and the weights of all comparisons.'),
  before: z
    .number()
    .describe('Bits before anything was compared: how rare it is that two records are of one customer.'),
  comparisons: z.array(
    z.object({
      field: z.string().describe('What was compared, e.g. "family name".'),
      agreement: z.string().describe('How far both agree, e.g. "one letter differs, or a short form".'),
      weight: z.number().describe('Bits for one customer, or against.'),
      text: z.string().describe('All of it in one line.'),
    }),
  ),
  vetoes: z.array(z.object({ code: z.string(), text: z.string() })).describe('Why they are two, however alike.'),
  claimedBy: z
    .array(z.string())
    .describe('Systems that say themselves that both are one: a claim is put to a person, whatever its score.'),
  customers: z.array(DuplicateCustomer).describe('Both records, the older one first.'),
  foundAt: Instant,
});

const duplicateMarks: ResponseMarks = {
  id: 'plain',
  band: 'plain',
  probability: 'plain',
  score: 'plain',
  before: 'plain',
  comparisons: 'identity',
  vetoes: 'identity',
  claimedBy: 'plain',
  'customers[].id': 'plain',
  'customers[].kind': 'plain',
  'customers[].name': 'name',
  'customers[].dateOfBirth': 'identity',
  'customers[].since': 'plain',
  'customers[].contactPoints[].kind': 'plain',
  'customers[].contactPoints[].value': 'contact',
  'customers[].contactPoints[].verified': 'plain',
  'customers[].contactPoints[].source': 'plain',
  'customers[].accounts': 'plain',
  'customers[].moreAccounts': 'plain',
  'customers[].sources': 'plain',
  foundAt: 'plain',
};

const Decision = z
  .strictObject({
    decision: z.enum(['same', 'different']),
    reason: z.string().trim().min(3).max(500).describe('Why they are one, or what tells them apart.'),
    survivor: z
      .string()
      .max(64)
      .optional()
      .describe('With "same": id of the record that holds both; the older one where absent.'),
  })
  .refine(({ decision, survivor }) => decision === 'same' || survivor === undefined, {
    path: ['survivor'],
    message: 'belongs to "same" alone',
  });

const Decided = z.object({
  id: z.string(),
  decision: z.enum(['same', 'different']),
  customers: z.array(z.string()).describe('Ids of both records.'),
  mergeId: z.string().optional().describe('With "same": the merge, for its undoing.'),
  survivor: z.string().optional().describe('With "same": the id that both answer to first.'),
  ...Kept,
  masked: Masked,
});

export const duplicateRoutes = [
  defineRoute({
    operationId: 'listDuplicates',
    method: 'GET',
    path: '/v1/duplicates',
    capability: 'duplicates',
    summary: 'List customers that may be one',
    description: 'The likeliest first. What a veto parts is listed only with band=separate.',
    act: 'duplicate.read',
    subject: 'none',
    personal: true,
    list: true,
    query: z.strictObject({
      band: Band.optional().describe('Only this band; auto and steward where absent.'),
      ...paging,
    }),
    response: page(Duplicate),
    marks: listMarks(duplicateMarks),
  }),
  defineRoute({
    operationId: 'decideDuplicate',
    method: 'POST',
    path: '/v1/duplicates/{id}/decision',
    reason: 'body',
    capability: 'duplicates',
    summary: 'Decide whether two are one customer',
    description: '"same" merges both records, which can be undone; "different" keeps them from being proposed again.',
    act: 'duplicate.decide',
    subject: 'duplicate',
    body: Decision,
    response: Decided,
    marks: {
      id: 'plain',
      decision: 'plain',
      customers: 'plain',
      mergeId: 'plain',
      survivor: 'plain',
      ...keptMarks,
      masked: 'plain',
    },
    status: 201,
    idempotency: 'optional',
    personal: true,
  }),
];
