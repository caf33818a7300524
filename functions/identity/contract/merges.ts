import * as z from 'zod';
import { Instant, LocalDate, Masked } from '#shared/contracts/api/common.ts';
import { defineRoute, type ResponseMarks } from '#shared/contracts/api/definition.ts';
import { ContactKind, Role } from '#shared/vocabulary/statuses.ts';
import { identityMerged, identityUnmerged } from './merge-facts.ts';

/** Why a value does not stand; `superseded`: the same source has said something else since. */
export const LosingReasons = z.enum([
  'pinned',
  'not-verified',
  'warned',
  'lower-rank',
  'older',
  'less-frequent',
  'later',
  'tie',
  'superseded',
]);

const Said = {
  value: z.string().nullable().describe('As it is shown; null where it was cleared or erased.'),
  source: z.string().optional().describe('Source system; absent for a value that people hold fast.'),
  at: Instant.describe('When it came to be so.'),
  of: z.string().describe('The record it was said of.'),
};

const RecordToBe = z.object({
  customer: z.string(),
  aliases: z.array(z.string()).describe('Further ids that would lead here.'),
  values: z.array(
    z.object({
      attribute: z.enum(['name', 'kind', 'dateOfBirth', 'language']),
      stands: z.object({ ...Said, pinned: z.boolean().optional(), until: LocalDate.nullable().optional() }).nullable(),
      loses: z.array(z.object({ ...Said, reason: LosingReasons })),
    }),
  ),
  contactPoints: z.array(
    z.object({
      id: z.string(),
      kind: ContactKind,
      value: z.string(),
      source: z.string(),
      of: z.string(),
      shown: z.boolean().describe('False where another point says the same, or the value cannot be.'),
    }),
  ),
  accounts: z.array(z.object({ id: z.string(), roles: z.array(Role), of: z.array(z.string()) })),
  premises: z.array(z.object({ id: z.string(), accountId: z.string() })),
  more: z.object({ accounts: z.int().min(0) }).describe('What is left out here.'),
});
const said = (path: string): ResponseMarks => ({
  [`${path}.value`]: 'identity',
  [`${path}.source`]: 'plain',
  [`${path}.at`]: 'plain',
  [`${path}.of`]: 'plain',
});

const Merge = z.object({
  id: z.string().optional().describe('Id of the merge (mrg_…); absent where nothing was written.'),
  survivor: z.string().describe('As the merge names it; where that is an alias itself, its id leads on.'),
  alias: z.string(),
  status: z
    .enum(['done', 'rebuilding', 'preview'])
    .describe('`rebuilding`: it is kept and goes on by itself; until it is done both are shown as before.'),
  stays: z
    .array(z.string())
    .optional()
    .describe('With `dryRun=true` of an undoing: records that stay one, first the one whose id leads on for all.'),
  leaves: z
    .array(z.string())
    .optional()
    .describe(
      'With `dryRun=true` of an undoing: records that leave, likewise; none where another merge still joins both.',
    ),
  preview: z.array(RecordToBe).optional().describe('With `dryRun=true`: each customer as they would be.'),
  masked: Masked,
});
const mergeMarks: ResponseMarks = {
  id: 'plain',
  survivor: 'plain',
  alias: 'plain',
  status: 'plain',
  stays: 'plain',
  leaves: 'plain',
  'preview[].customer': 'plain',
  'preview[].aliases': 'plain',
  'preview[].values[].attribute': 'plain',
  ...said('preview[].values[].stands'),
  'preview[].values[].stands.pinned': 'plain',
  'preview[].values[].stands.until': 'plain',
  ...said('preview[].values[].loses[]'),
  'preview[].values[].loses[].reason': 'plain',
  'preview[].contactPoints[].id': 'plain',
  'preview[].contactPoints[].kind': 'plain',
  'preview[].contactPoints[].value': 'contact',
  'preview[].contactPoints[].source': 'plain',
  'preview[].contactPoints[].of': 'plain',
  'preview[].contactPoints[].shown': 'plain',
  'preview[].accounts': 'plain',
  'preview[].premises': 'plain',
  'preview[].more': 'plain',
  masked: 'plain',
};

const dryRun = z.strictObject({
  dryRun: z.enum(['true', 'false']).optional().describe('`true`: answers what would come of it and writes nothing.'),
});

const merge = {
  capability: 'identity',
  act: 'customer.merge',
  dryRunAct: 'customer.merge-preview',
  query: dryRun,
  response: Merge,
  marks: mergeMarks,
  status: 201,
  idempotency: 'optional',
  personal: true,
} as const;

export const mergeRoutes = [
  defineRoute({
    ...merge,
    operationId: 'mergeCustomers',
    method: 'POST',
    path: '/v1/merges',
    reason: 'body',
    summary: 'Merge two customers',
    description:
      'Two records turned out to be one customer. Whoever holds the survivor holds both from then on; the id of the other leads there. It keeps the ids as they are named, so that it stands also where other merges are undone; two that are one by others may be merged, too, and two by a merge of their own may not (422). Can be undone. With `dryRun=true` nothing is written, and the answer (200) says what would stand and what would lose.',
    subject: 'none',
    bodySubject: { member: 'survivor', kind: 'customer' },
    body: identityMerged.data,
  }),
  defineRoute({
    ...merge,
    operationId: 'undoMerge',
    method: 'POST',
    path: '/v1/merges/{id}/undo',
    reason: 'body',
    summary: 'Undo a merge',
    description:
      'Two records that had been merged are two customers after all. Each gets what was said of it, before the merge and since, and whatever other merges join with it. Where others still join the two, they stay one. With `dryRun=true` nothing is written, and the answer (200) says who leaves, who stays, and what each would be.',
    subject: 'merge',
    body: identityUnmerged.data.pick({ reason: true }),
  }),
];
