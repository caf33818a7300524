import { privacyOperations } from '#functions/privacy/api.ts';
import { newId } from '#shared/runtime/identify.ts';
import { localToday } from '#shared/runtime/today.ts';
import { type Table, tableNames } from '#shared/table/table.ts';
import type { ErasurePolicy } from '#shared/vocabulary/erasure-policy.ts';
import { standardErasurePolicy } from '#shared/vocabulary/erasure-policy.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { ErasureGround } from '#shared/vocabulary/statuses.ts';
import {
  agreed,
  bill,
  billed,
  crm,
  ended,
  granted,
  minute,
  opened,
  payment,
  point,
  registered,
  sent,
  unagreed,
} from '#tests/functions/told-household.ts';
import { operationRequest } from '#tests/support/operation-request.ts';
import { machine, openProfileSystem, type ProfileSystem } from '#tests/support/profile-system.ts';
import { scanAll } from '#tests/support/raw-items.ts';

/** What tells who Zelda is, each said at another place. */
export const markers = {
  given: 'Zeldamarker',
  family: 'Qwertzfamily',
  born: '1971-02-13',
  phone: '+441632960987',
  email: 'zelda.marker@example.com',
  post: '77 Hiddenmarker Lane',
  label: 'Grandmalabel',
  summary: 'Summarymarker about her cat',
  handover: 'Handovermarker to call back',
  note: 'Notemarker paid by neighbour',
  outage: 'Outagemarker at her door',
  pin: 'Pinmarker seen passport',
} as const;

const registeredZelda = sent('cus-zelda', 'customer.profile.registered.v1', '2025-01-01T08:00:00.000Z', {
  kind: 'person',
  name: { given: markers.given, family: markers.family },
  dateOfBirth: markers.born,
  references: [crm('zelda')],
});

const contactPoint = (event: string, kind: string, value: string, label?: string) =>
  sent(event, 'customer.contact-point.added.v1', minute(1), {
    customer: crm('zelda'),
    kind,
    value,
    ...(label === undefined ? {} : { label }),
  });

/** Of a person who lived at a place, said a lot, and left it with nothing owed. */
export const story = (leaves = true) => [
  registeredZelda,
  opened,
  granted('zelda', 'holder'),
  registered,
  point,
  agreed(),
  contactPoint('cp-1', 'phone', markers.phone, markers.label),
  contactPoint('cp-2', 'email', markers.email),
  contactPoint('cp-3', 'post', markers.post),
  sent('call', 'contact.interaction.logged.v1', minute(2), {
    customer: crm('zelda'),
    channel: 'phone',
    direction: 'inbound',
    reason: 'billing.question',
    summary: markers.summary,
    handover: markers.handover,
  }),
  sent(
    'pin',
    'customer.attribute.pinned.v1',
    minute(3),
    {
      customer: crm('zelda'),
      name: { given: markers.given, family: markers.family },
      reason: markers.pin,
    },
    'rotunda',
  ),
  bill('bill-1', '2026-01-10T08:00:00.000Z', 5000),
  payment('pay-1', '2026-01-11T08:00:00.000Z', 5000),
  payment('pay-2', '2026-01-12T08:00:00.000Z', 700),
  sent('rev-2', 'billing.payment.reversed.v1', '2026-01-13T08:00:00.000Z', {
    account: billed,
    payment: { namespace: 'pay', value: 'pay-2' },
    reason: 'error',
    note: markers.note,
  }),
  sent(
    'out',
    'service.outage.reported.v1',
    minute(4),
    {
      premise: { namespace: 'uprn', value: '100012345678' },
      commodity: 'electricity',
      startedAt: minute(4),
      description: markers.outage,
    },
    'field',
  ),
  ...(leaves ? [unagreed('2026-02-02'), ended('zelda', 'holder', '2026-02-02', minute(9))] : []),
];

export type Person = 'pam' | 'pat';

/** What became of a call: its answer, or the code of its refusal. */
const outcomeOf = async (asked: Promise<{ readonly status?: number; readonly body: unknown }>) => {
  try {
    const { status, body } = await asked;
    return { status: status ?? 200, body: JSON.parse(JSON.stringify(body)) };
  } catch (failure) {
    if (!(failure instanceof DomainError)) throw failure;
    return { status: failure.code, body: JSON.parse(JSON.stringify(failure.extra ?? {})) };
  }
};

export const why = { ground: 'no-longer-needed' as ErasureGround, reason: 'Request 2026-118, by letter.' };

/** The people of the role privacy, over one system. */
export const privacyDesk = (system: ProfileSystem, erasures: ErasurePolicy = standardErasurePolicy) => {
  const { profile, sealer, prepare, clock } = system;
  const operations = privacyOperations({
    profile,
    sealer,
    prepare,
    now: () => clock.now(),
    today: localToday(clock, 'Europe/London'),
    erasures,
  });
  const requestOf = <Query, Body>(who: Person, customer: string, query: Query, body: Body) => {
    const request = operationRequest({ kind: 'staff', id: who, roles: ['privacy'] });
    const audit = { ...request.audit, id: newId(), at: new Date(clock.now()).toISOString(), subject: customer };
    return { ...request, audit, body, subjectId: customer, query };
  };
  return {
    plan: (customer: string, ground: ErasureGround = 'no-longer-needed') =>
      outcomeOf(operations.requestErasure(requestOf('pam', customer, { dryRun: 'true' as const }, { ...why, ground }))),
    ask: (who: Person, customer: string, asked = why) =>
      outcomeOf(operations.requestErasure(requestOf(who, customer, {}, asked))),
    decide: (
      who: Person,
      customer: string,
      request: string,
      decision: 'approved' | 'declined' = 'approved',
      reason = 'A claim is open.',
    ) =>
      outcomeOf(
        operations.decideErasure(
          requestOf(
            who,
            customer,
            {},
            {
              request,
              decision,
              ...(decision === 'declined' ? { reason } : {}),
            },
          ),
        ),
      ),
    look: (customer: string) => outcomeOf(operations.readErasure(requestOf('pam', customer, {}, undefined))),
    list: async () =>
      outcomeOf(operations.listErasureRequests(requestOf('pam', '', { limit: 25, cursor: undefined }, undefined))),
  };
};

/** Zelda's household, told; her id and that of her account. */
export const openHousehold = async (leaves = true, profile?: (inner: Table) => Table) => {
  const system = await openProfileSystem(profile === undefined ? {} : { profile });
  const told = await system.submit(story(leaves), machine);
  const kept = told.map((one) => (one.status === 'accepted' ? one.fact.entity : JSON.stringify(one)));
  await system.settle();
  const of = (prefix: string) => kept.find((id) => id?.startsWith(prefix)) ?? kept.join('\n');
  return { system, desk: privacyDesk(system), customer: of('cus_'), account: of('acc_'), premise: of('prm_'), told };
};

/** Where a text stands in any item of any table, as text or bytes. */
export const found = async (system: ProfileSystem, text: string): Promise<readonly string[]> => {
  const places: string[] = [];
  for (const name of tableNames)
    for (const item of await scanAll(system.store.table(name)))
      if (Buffer.from(JSON.stringify(item, plainBytes), 'utf8').includes(text))
        places.push(`${name} ${item.pk} ${item.sk}`);
  return places;
};

const plainBytes = (_name: string, value: unknown): unknown =>
  value instanceof Uint8Array ? Buffer.from(value).toString('latin1') : value;
