import * as z from 'zod';
import { Name } from '#functions/customers/contract/customer-facts.ts';
import { Instant, Kept, keptMarks, LocalDate, Masked, pastMoment, Version } from '#shared/contracts/api/common.ts';
import { defineRoute } from '#shared/contracts/api/definition.ts';
import { CustomerKind } from '#shared/vocabulary/statuses.ts';

const Source = z.object({
  source: z.string().describe('System that said it.'),
  factId: z.string(),
  occurredAt: Instant,
  actor: z.string().optional().describe('Who sent the fact, as verified.'),
  channel: z.string().optional(),
});

const Verdict = z
  .object({ verdict: z.enum(['warned', 'rejected']), codes: z.array(z.string()) })
  .describe('What the validators said of the value when it came in.');

const Explanation = z.object({
  field: z.string(),
  value: z.unknown().optional(),
  rule: z.object({ id: z.string(), strategy: z.string(), version: z.int() }),
  winner: Source.extend({
    reason: z.string().optional().describe('Where a supervisor settled what sources dispute: why.'),
  })
    .nullable()
    .describe('The fact that the value comes from; null where it is computed or nobody said it.'),
  losing: z
    .array(
      Source.extend({
        value: z.unknown().optional(),
        reason: z.string(),
        because: z.string(),
        verdict: Verdict.optional(),
      }),
    )
    .describe('What was said as well and does not stand, newest first, with the reason as a code and in words.'),
  moreLosing: z.int().optional().describe('How many more there were, older than those that are listed.'),
  pin: Source.extend({
    value: z.unknown().optional(),
    until: LocalDate.nullable(),
    reason: z.string().optional(),
  }).optional(),
  verdict: Verdict.optional(),
  formula: z.string().optional().describe('How a computed value comes about.'),
  inputs: z
    .array(z.object({ what: z.string(), factId: z.string().optional(), value: z.unknown().optional() }))
    .optional()
    .describe('What it was computed from.'),
  masked: Masked,
});

const text = z.string().trim().min(3).max(500).describe('Why the sources are not right.');
const until = LocalDate.optional().describe('First day on which the pin no longer holds.');
const pinOf = <Field extends string, Value extends z.ZodType>(field: Field, value: Value) =>
  z.strictObject({ field: z.literal(field), value, reason: text, until });

const PinBody = z.discriminatedUnion('field', [
  pinOf('customer.name', Name),
  pinOf('customer.kind', CustomerKind),
  pinOf('customer.dateOfBirth', LocalDate),
  pinOf('contact.preferences.language', z.string().regex(/^[a-z]{2,3}(-[A-Z]{2})?$/)),
]);

const explain = { capability: 'explain', subject: 'customer', personal: true } as const;

export const explainRoutes = [
  defineRoute({
    ...explain,
    operationId: 'explainField',
    coveredByVersion: false,
    method: 'GET',
    path: '/v1/customers/{id}/explain',
    summary: 'Explain a value of the 360 view',
    description:
      'Why a value is what it is: the rule, the fact that won, what lost and why, or the formula and what it was computed from. With `asOf` and `knownAt` as it was explained then, of the view as it was; asked again, the same to the byte.',
    act: 'customer.read',
    query: z.strictObject({
      field: z
        .string()
        .min(1)
        .max(300)
        .regex(/^\P{Cc}+$/u, 'must not hold control characters')
        .describe(
          'Path in the 360 view; entries of lists by place or id, e.g. `customer.name`, `contact.points[0].value`, `accounts[acc_…].balance`.',
        ),
      ...pastMoment,
    }),
    response: Explanation,
    marks: {
      field: 'plain',
      value: 'shaped',
      rule: 'plain',
      'winner.source': 'plain',
      'winner.factId': 'plain',
      'winner.occurredAt': 'plain',
      'winner.actor': 'internal',
      'winner.channel': 'plain',
      'winner.reason': 'freeText',
      'losing[].value': 'shaped',
      'losing[].source': 'plain',
      'losing[].factId': 'plain',
      'losing[].occurredAt': 'plain',
      'losing[].actor': 'internal',
      'losing[].channel': 'plain',
      'losing[].reason': 'plain',
      'losing[].because': 'plain',
      'losing[].verdict': 'plain',
      moreLosing: 'plain',
      'pin.value': 'shaped',
      'pin.until': 'plain',
      'pin.reason': 'freeText',
      'pin.source': 'plain',
      'pin.factId': 'plain',
      'pin.occurredAt': 'plain',
      'pin.actor': 'internal',
      'pin.channel': 'plain',
      verdict: 'plain',
      formula: 'plain',
      inputs: 'shaped',
      masked: 'plain',
    },
  }),
  defineRoute({
    ...explain,
    operationId: 'pinAttribute',
    method: 'POST',
    path: '/v1/customers/{id}/pins',
    reason: 'body',
    summary: 'Pin a value against all sources',
    description: 'Holds a value fast, whatever the systems say, until a day or until the pin is taken back.',
    act: 'attribute.pin',
    body: PinBody,
    response: z.object({
      ...Kept,
      field: z.string(),
      value: z.unknown().optional().describe('What stands now.'),
      until: LocalDate.nullable(),
      version: Version,
      masked: Masked,
    }),
    marks: {
      ...keptMarks,
      field: 'plain',
      value: { by: 'field', cases: { 'customer.name': 'name', 'customer.kind': 'plain' }, otherwise: 'identity' },
      until: 'plain',
      version: 'plain',
      masked: 'plain',
    },
    status: 201,
    ifMatch: true,
  }),
  defineRoute({
    ...explain,
    operationId: 'unpinAttribute',
    method: 'DELETE',
    path: '/v1/customers/{id}/pins/{factId}',
    reason: 'header',
    summary: 'Take a pin back',
    description: 'Retracts the fact of the pin: what the sources say counts again.',
    act: 'attribute.pin',
    response: z.undefined(),
    marks: {},
    status: 204,
    ifMatch: true,
  }),
];
