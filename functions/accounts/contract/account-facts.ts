import * as z from 'zod';
import { defineFact } from '#shared/contracts/facts/definition.ts';
import { LocalDate } from '#shared/vocabulary/instants.ts';
import { Currency } from '#shared/vocabulary/money.ts';
import { idOrReference, Reference } from '#shared/vocabulary/references.ts';
import { Role } from '#shared/vocabulary/statuses.ts';
import { ZoneName } from '#shared/vocabulary/zone-name.ts';

const references = z.array(Reference).max(10).default([]).describe('Ids of this thing in other systems.');
const billing = { namespace: 'billing', value: '000123' };
const crm = { namespace: 'crm', value: 'C-10023' };
const electricity = { namespace: 'mpan', value: '1900012345678' };

export const accountOpened = defineFact({
  type: 'account.account.opened.v1',
  title: 'Account opened',
  description: 'A container for bills and payments was opened.',
  inFold: { kind: 'tells', turn: 'subject' },
  category: 'account',
  severity: 'notable',
  data: z.strictObject({
    currency: Currency,
    references,
    openedOn: LocalDate.optional(),
    zone: ZoneName.optional().describe(
      "Zone in which its bills and payments are dated where they say no day; the utility's where absent.",
    ),
  }),
  marks: { currency: 'plain', references: 'plain', openedOn: 'plain', zone: 'plain' },
  subjects: () => [{ kind: 'account', self: true, family: 'account' }],
  creates: 'account',
  resolves: {},
  examples: [
    { name: 'household', data: { currency: 'GBP', references: [billing], openedOn: '2025-10-01' } },
    {
      name: 'of a home in another zone than the utility’s',
      data: { currency: 'NZD', references: [{ namespace: 'billing', value: '000990' }], zone: 'Pacific/Chatham' },
    },
  ],
});

export const roleGranted = defineFact({
  type: 'account.role.granted.v1',
  title: 'Role granted',
  description: 'A customer holds a role on an account from a day on: holder, joint holder, payer and so on.',
  inFold: { kind: 'describes', turn: 'thing' },
  contends: (data) => [[data.customer, data.role, data.from].join(' ')],
  category: 'account',
  severity: 'notable',
  data: z.strictObject({
    account: idOrReference('account'),
    customer: idOrReference('customer'),
    role: Role,
    from: LocalDate.describe('First day of the role.'),
    to: LocalDate.optional().describe('First day no longer in the role.'),
  }),
  marks: { account: 'plain', customer: 'plain', role: 'plain', from: 'plain', to: 'plain' },
  subjects: (data) => [
    { kind: 'account', named: data.account, pointer: '/data/account', family: 'account' },
    { kind: 'customer', named: data.customer, pointer: '/data/customer', family: 'roles' },
  ],
  resolves: { account: 'account', customer: 'customer' },
  examples: [{ name: 'holder', data: { account: billing, customer: crm, role: 'holder', from: '2025-10-01' } }],
});

export const roleEnded = defineFact({
  type: 'account.role.ended.v1',
  title: 'Role ended',
  description: 'A customer no longer holds a role on an account.',
  inFold: { kind: 'describes', turn: 'end' },
  contends: (data) => [[data.customer, data.role].join(' ')],
  category: 'account',
  severity: 'notable',
  data: z.strictObject({
    account: idOrReference('account'),
    customer: idOrReference('customer'),
    role: Role,
    to: LocalDate.describe('First day no longer in the role that was granted last before it.'),
  }),
  marks: { account: 'plain', customer: 'plain', role: 'plain', to: 'plain' },
  subjects: (data) => [
    { kind: 'account', named: data.account, pointer: '/data/account', family: 'account' },
    { kind: 'customer', named: data.customer, pointer: '/data/customer', family: 'roles' },
  ],
  resolves: { account: 'account', customer: 'customer' },
  examples: [{ name: 'moved out', data: { account: billing, customer: crm, role: 'holder', to: '2026-06-30' } }],
});

export const agreementStarted = defineFact({
  type: 'account.agreement.started.v1',
  title: 'Agreement started',
  description: 'An account takes service at a service point on a tariff; at most one agreement holds there at a time.',
  inFold: { kind: 'describes', turn: 'thing' },
  contends: (data) => [[data.servicePoint, data.from].join(' ')],
  category: 'supply',
  severity: 'notable',
  data: z.strictObject({
    account: idOrReference('account'),
    servicePoint: idOrReference('servicePoint'),
    tariff: z.string().min(1).max(40).describe('Code of the tariff.'),
    from: LocalDate.describe('First day, in the zone of the service point.'),
    to: LocalDate.optional().describe('First day no longer covered.'),
    feedIn: z.boolean().optional().describe('Whether what the service point feeds in is agreed, too.'),
    references,
  }),
  marks: {
    account: 'plain',
    servicePoint: 'plain',
    tariff: 'plain',
    from: 'plain',
    to: 'plain',
    feedIn: 'plain',
    references: 'plain',
  },
  subjects: (data) => [
    { kind: 'account', named: data.account, pointer: '/data/account', family: 'account' },
    { kind: 'servicePoint', named: data.servicePoint, pointer: '/data/servicePoint', family: 'supply' },
  ],
  creates: 'agreement',
  resolves: { account: 'account', servicePoint: 'servicePoint' },
  examples: [
    {
      name: 'electricity at home',
      data: { account: billing, servicePoint: electricity, tariff: 'STANDARD', from: '2025-10-01' },
    },
  ],
});

export const agreementEnded = defineFact({
  type: 'account.agreement.ended.v1',
  title: 'Agreement ended',
  description: 'The agreement of an account at a service point ends.',
  inFold: { kind: 'describes', turn: 'end', grounds: { agreement: 'agreement' } },
  contends: (data) => [String(data.servicePoint)],
  category: 'supply',
  severity: 'notable',
  data: z.strictObject({
    account: idOrReference('account'),
    servicePoint: idOrReference('servicePoint'),
    agreement: idOrReference('agreement')
      .optional()
      .describe('Which agreement, also one that is to begin later; the latest that began before the end where absent.'),
    to: LocalDate.describe(
      'First day no longer covered. On or before the first day it cancels the agreement that is named.',
    ),
  }),
  marks: { account: 'plain', servicePoint: 'plain', agreement: 'plain', to: 'plain' },
  subjects: (data) => [
    { kind: 'account', named: data.account, pointer: '/data/account', family: 'account' },
    { kind: 'servicePoint', named: data.servicePoint, pointer: '/data/servicePoint', family: 'supply' },
  ],
  resolves: { account: 'account', servicePoint: 'servicePoint', agreement: 'agreement' },
  examples: [
    { name: 'moved out', data: { account: billing, servicePoint: electricity, to: '2026-06-30' } },
    {
      name: 'cancelled before it began',
      data: {
        account: billing,
        servicePoint: electricity,
        agreement: { namespace: 'billing', value: 'AG-2002' },
        to: '2026-06-30',
      },
    },
  ],
});

export const serviceSettled = defineFact({
  type: 'account.dispute.settled.v1',
  title: 'Dispute of a point settled',
  description:
    'Sources say that different accounts take service at a point on the same days, and a supervisor decided which of them does. It goes before every source until it is taken back. Customers are not told.',
  inFold: { kind: 'tells', turn: 'hold' },
  contends: (data) => [[data.servicePoint, data.from].join(' ')],
  category: 'supply',
  severity: 'notable',
  data: z
    .strictObject({
      servicePoint: idOrReference('servicePoint'),
      account: idOrReference('account').describe('The account that has the point.'),
      from: LocalDate.describe('First day it is settled for.'),
      to: LocalDate.optional().describe('First day it is no longer settled for.'),
      reason: z.string().trim().min(3).max(500),
    })
    .refine(({ from, to }) => to === undefined || from < to, { path: ['to'], message: 'must be after from' }),
  marks: { servicePoint: 'plain', account: 'plain', from: 'plain', to: 'plain', reason: 'freeText' },
  whole: 'internal',
  subjects: (data) => [
    { kind: 'servicePoint', named: data.servicePoint, pointer: '/data/servicePoint', family: 'supply' },
  ],
  resolves: { servicePoint: 'servicePoint', account: 'account' },
  ownOnly: true,
  examples: [
    {
      name: 'by the signed contract',
      data: {
        servicePoint: electricity,
        account: billing,
        from: '2026-03-01',
        to: '2026-04-15',
        reason: 'The signed contract of the tenant says 1 March.',
      },
    },
  ],
});

export const accountFacts = [
  accountOpened,
  roleGranted,
  roleEnded,
  agreementStarted,
  agreementEnded,
  serviceSettled,
] as const;
