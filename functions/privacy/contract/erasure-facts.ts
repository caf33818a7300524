import * as z from 'zod';
import { defineFact } from '#shared/contracts/facts/definition.ts';
import { id } from '#shared/vocabulary/ids.ts';
import { idOrReference } from '#shared/vocabulary/references.ts';
import { ErasureGround } from '#shared/vocabulary/statuses.ts';

const customer = { namespace: 'crm', value: 'C-10023' };
const request = 'fct_0123456789ABCDEFGHJKMNPQRS';

const reason = z
  .string()
  .trim()
  .min(3)
  .max(300)
  .describe('Why, in words that name nobody: it stays when the person is gone.');

const common = {
  category: 'identity',
  severity: 'notable',
  // What staff ask of one another.
  whole: 'internal',
  resolves: { customer: 'customer' },
  ownOnly: true,
} as const;

const ofCustomer = (named: z.infer<ReturnType<typeof idOrReference>>) =>
  [{ kind: 'customer', named, pointer: '/data/customer', family: 'erasure' }] as const;

export const erasureRequested = defineFact({
  ...common,
  type: 'customer.erasure.requested.v1',
  title: 'Erasure of a person asked for',
  description: 'Staff asked for everything that tells who a customer is to be erased. A second person decides.',
  inFold: { kind: 'tells', turn: 'request' },
  data: z.strictObject({ customer: idOrReference('customer'), ground: ErasureGround, reason }),
  marks: { customer: 'plain', ground: 'internal', reason: 'internal' },
  subjects: (data) => ofCustomer(data.customer),
  examples: [
    {
      name: 'the person asked for it',
      data: { customer, ground: 'no-longer-needed', reason: 'Request 2026-118, received by letter.' },
    },
  ],
});

export const erasureDeclined = defineFact({
  ...common,
  type: 'customer.erasure.declined.v1',
  title: 'Erasure of a person declined',
  description: 'A second person declined an erasure: nothing is erased.',
  inFold: { kind: 'names', turn: 'refusal', grounds: { request: 'fact' } },
  data: z.strictObject({
    customer: idOrReference('customer'),
    request: id('fact').describe('The fact that asked for it.'),
    reason,
  }),
  marks: { customer: 'plain', request: 'plain', reason: 'internal' },
  subjects: (data) => ofCustomer(data.customer),
  examples: [{ name: 'still needed', data: { customer, request, reason: 'A claim before a court is open.' } }],
});

export const erasureApproved = defineFact({
  ...common,
  type: 'customer.erasure.approved.v1',
  title: 'Erasure of a person approved',
  description:
    'A second person approved an erasure: it is carried out at once, and from now on nothing more is kept of the person.',
  inFold: { kind: 'names', turn: 'end', grounds: { request: 'fact' } },
  data: z.strictObject({
    customer: idOrReference('customer'),
    request: id('fact').describe('The fact that asked for it.'),
  }),
  marks: { customer: 'plain', request: 'plain' },
  subjects: (data) => ofCustomer(data.customer),
  examples: [{ name: 'approved', data: { customer, request } }],
});

export const erasureCompleted = defineFact({
  ...common,
  type: 'customer.erasure.completed.v1',
  title: 'Person erased',
  description:
    'What told who the customer was is gone from this system; the id stays as a pseudonym. Who else keeps data under this id erases it, too.',
  inFold: { kind: 'tells', turn: 'end' },
  data: z.strictObject({ customer: idOrReference('customer') }),
  marks: { customer: 'plain' },
  subjects: (data) => ofCustomer(data.customer),
  examples: [{ name: 'erased', data: { customer } }],
});

export const erasureFacts = [erasureRequested, erasureDeclined, erasureApproved, erasureCompleted] as const;
