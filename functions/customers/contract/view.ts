import * as z from 'zod';
import { Instant, LocalDate, Masked, Money, MoneySum } from '#shared/contracts/api/common.ts';
import { below, type ResponseMarks } from '#shared/contracts/api/definition.ts';
import {
  AccountStatus,
  Channel,
  Commodity,
  ConnectionState,
  ContactKind,
  CustomerKind,
  CustomerStatus,
  Direction,
  MeterTaskKind,
  PaymentMethod,
  Role,
  Writer,
} from '#shared/vocabulary/statuses.ts';

/** Parts of the 360 view (one document, the same for every channel), each with the marks of its fields. */

export const BillBrief = z.object({
  id: z.string(),
  number: z.string().optional(),
  amount: Money,
  issuedOn: LocalDate,
  dueOn: LocalDate,
});

export const PaymentBrief = z.object({
  id: z.string(),
  amount: Money,
  receivedOn: LocalDate,
  method: PaymentMethod,
  reversed: z.boolean().optional(),
});

export const AgreementBrief = z.object({
  id: z.string(),
  servicePointId: z.string(),
  tariff: z.string(),
  from: LocalDate,
  to: LocalDate.optional(),
  planned: z.literal(true).optional().describe('It is yet to begin.'),
});

export const ContactPointView = z.object({
  id: z.string(),
  kind: ContactKind,
  value: z.string(),
  label: z.string().optional(),
  verified: z.boolean(),
  preferred: z.boolean(),
  source: z.string(),
});
export const contactPointMarks = {
  id: 'plain',
  kind: 'plain',
  value: 'contact',
  label: 'contact',
  verified: 'plain',
  preferred: 'plain',
  source: 'plain',
} as const satisfies ResponseMarks;

export const OutageBrief = z.object({
  id: z.string(),
  premiseId: z.string().optional(),
  commodity: Commodity.optional(),
  startedAt: Instant,
  expectedBy: Instant.optional(),
  restoredAt: Instant.optional(),
  planned: z.boolean().optional(),
});

export const UsageSummary = z.object({
  servicePointId: z.string(),
  register: z.string(),
  flow: z.string(),
  unit: z.string(),
  powerOfTen: z.int().optional(),
  months: z.array(z.object({ month: z.string(), value: z.number(), estimatedShare: z.number() })),
  recentDays: z.array(z.object({ date: LocalDate, value: z.number().nullable() })),
  asOf: Instant.nullable(),
});

export const MeterBrief = z.object({
  id: z.string(),
  serial: z.string().optional(),
  lastReadingAt: Instant.nullable().optional(),
});

export const Attention = z.object({
  exceptions: z.int().describe('Findings in its readings that stand, of the latest 40; gaps are left out.'),
  worst: z.enum(['fail', 'warn']).nullable().describe('`fail`: values are questionable; `warn`: they stand.'),
  tasks: z.array(MeterTaskKind).describe('What is to be done about its meter.'),
});

export const PlannedAtPoint = z
  .object({
    connection: z.object({ to: ConnectionState, at: Instant }).optional(),
    meter: MeterBrief.pick({ id: true, serial: true }).extend({ at: Instant }).optional(),
    removalAt: Instant.optional().describe('When the meter that measures it now is to be taken away.'),
  })
  .describe('What is to become of it, in time that is the own of who reads it; until then it is as it is told.');

export const ServicePointBrief = z.object({
  id: z.string(),
  commodity: Commodity,
  meter: MeterBrief.nullable(),
  connection: ConnectionState.describe('As it is now.'),
  planned: PlannedAtPoint.optional(),
  attention: Attention.optional().describe('What staff should look at; left out where nothing is.'),
});

export const NextDue = z.object({
  amount: MoneySum.describe('What is still owed on the bills of that day.'),
  dueOn: LocalDate,
  bills: z.int().describe('How many bills that is.'),
});

/** What the customer's roles on the account give them (docs/access.md); money only while such a role covers now. */
export const AccountView = z.object({
  id: z.string(),
  roles: z.array(Role).describe('Those that hold today.'),
  plannedRoles: z.array(z.object({ role: Role, from: LocalDate, to: LocalDate.nullable() })).optional(),
  formerRoles: z
    .array(z.object({ role: Role, from: LocalDate, to: LocalDate.nullable() }))
    .optional()
    .describe('Where every role of the customer is over: the account was theirs. Money is that of their time.'),
  from: LocalDate.optional(),
  to: LocalDate.nullable().optional(),
  status: AccountStatus.describe('`closed` once nobody owes what it owes and it takes no service.'),
  balance: MoneySum.nullable().optional(),
  overdue: MoneySum.nullable().optional(),
  lastBill: BillBrief.nullable().optional(),
  previousBill: BillBrief.nullable().optional(),
  lastPayments: z.array(PaymentBrief),
  nextDue: NextDue.nullable().optional(),
  actors: z
    .array(z.object({ customerId: z.string(), role: Role, from: LocalDate, to: LocalDate.nullable() }))
    .optional()
    .describe('Who else may act on it, now or to come; told where the customer owes what it owes.'),
  debtOf: z
    .array(z.object({ customerId: z.string(), role: Role }))
    .optional()
    .describe('Whose debt it is; told where it is that of somebody else.'),
  agreements: z.array(AgreementBrief),
});

export const View360 = z.object({
  customer: z.object({
    id: z.string(),
    kind: CustomerKind,
    name: z.string().optional(),
    status: CustomerStatus,
    since: LocalDate.nullable().optional(),
    version: z.int().describe("Counts the customer's own facts."),
  }),
  contact: z.object({
    points: z.array(ContactPointView),
    preferences: z.record(z.string(), z.unknown()),
    restrictions: z.array(z.string()),
    more: z.int().optional().describe('Points that stand in the profile but not in the view.'),
  }),
  alerts: z.array(
    z.object({
      class: z.string(),
      text: z.string(),
      because: z.array(z.string()),
      evidence: z.array(z.string()),
      since: Instant.or(LocalDate).optional(),
      expires: Instant.or(LocalDate).nullable().optional(),
    }),
  ),
  accounts: z.array(AccountView),
  premises: z.array(
    z.object({
      id: z.string(),
      accountId: z.string().optional(),
      address: z.string().optional(),
      servicePoints: z.array(ServicePointBrief),
    }),
  ),
  usage: z.array(UsageSummary),
  service: z.object({
    openOutages: z.array(OutageBrief),
    openCases: z.array(z.string()),
    patterns: z.array(z.string()),
    lastResolved: z.array(OutageBrief),
  }),
  interactions: z.object({
    recent: z.array(
      z.object({
        id: z.string(),
        at: Instant,
        channel: Channel,
        direction: Direction,
        reason: z.string(),
        summary: z.string().optional(),
        outcome: z.string().optional(),
        writtenBy: Writer.describe("Whose words these are; a customer's are never shown as those of staff."),
      }),
    ),
    counts: z.record(z.string(), z.number()),
    handover: z.object({ text: z.string(), at: Instant }).nullable().optional(),
    more: z.int().optional(),
  }),
  relations: z.array(z.string()),
  nextSteps: z.array(z.string()),
  freshness: z.object({
    asOf: Instant,
    sources: z.array(z.object({ source: z.string(), lastFactAt: Instant, lagSeconds: z.number() })),
  }),
  omitted: z.array(z.string()).describe('What this view leaves out, and why, such as `premises: 2 more`.'),
  masked: Masked,
});
export type View360 = z.input<typeof View360>;

export const accountViewMarks = {
  id: 'plain',
  roles: 'plain',
  plannedRoles: 'plain',
  formerRoles: 'plain',
  from: 'plain',
  to: 'plain',
  status: 'plain',
  balance: 'financial',
  overdue: 'financial',
  lastBill: 'financial',
  previousBill: 'financial',
  lastPayments: 'financial',
  nextDue: 'financial',
  actors: 'plain',
  debtOf: 'plain',
  agreements: 'plain',
} as const satisfies ResponseMarks;

export const servicePointBriefMarks = {
  id: 'plain',
  commodity: 'plain',
  'meter.id': 'plain',
  'meter.serial': 'plain',
  'meter.lastReadingAt': 'lastReading',
  connection: 'plain',
  planned: 'plain',
  attention: 'internal',
} as const satisfies ResponseMarks;

export const view360Marks: ResponseMarks = {
  'customer.id': 'plain',
  'customer.kind': 'plain',
  'customer.name': 'name',
  'customer.status': 'plain',
  'customer.since': 'identity',
  // These count and date what was said of contacts and money, too.
  'customer.version': 'contact',
  'contact.points[]': 'contact',
  ...below('contact.points[]', contactPointMarks),
  'contact.preferences': 'contact',
  'contact.restrictions': 'plain',
  'contact.more': 'contact',
  'alerts[]': {
    by: 'class',
    cases: { special: 'special', financial: 'financial', usage: 'usage' },
    otherwise: 'plain',
  },
  'alerts[].class': 'plain',
  'alerts[].text': {
    by: 'class',
    cases: { special: 'special', financial: 'financial', usage: 'usage' },
    otherwise: 'internal',
  },
  'alerts[].because': 'internal',
  'alerts[].evidence': 'internal',
  'alerts[].since': 'plain',
  'alerts[].expires': 'plain',
  ...below('accounts[]', accountViewMarks),
  'premises[].id': 'plain',
  'premises[].accountId': 'plain',
  'premises[].address': 'contact',
  ...below('premises[].servicePoints[]', servicePointBriefMarks),
  usage: 'usage',
  service: 'plain',
  interactions: 'contact',
  'interactions.recent[].id': 'plain',
  'interactions.recent[].at': 'plain',
  'interactions.recent[].channel': 'plain',
  'interactions.recent[].direction': 'plain',
  'interactions.recent[].reason': 'plain',
  'interactions.recent[].summary': 'freeText',
  'interactions.recent[].outcome': 'plain',
  'interactions.recent[].writtenBy': 'plain',
  'interactions.counts': 'plain',
  'interactions.handover': 'freeText',
  'interactions.more': 'plain',
  relations: 'identity',
  nextSteps: 'freeText',
  'freshness.asOf': 'plain',
  'freshness.sources': 'contact',
  omitted: 'plain',
  masked: 'plain',
};
