import * as z from 'zod';
import { defineFact } from '#shared/contracts/facts/definition.ts';
import { id } from '#shared/vocabulary/ids.ts';
import { idOrReference } from '#shared/vocabulary/references.ts';

const reason = z.string().trim().min(3).max(500);

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

/** That records are one customer, or are not. */
export const mergeFacts = [identityMerged, identityUnmerged, identityDistinguished, duplicateClaimed] as const;
