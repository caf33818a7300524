import { billing } from '#functions/accounts/rules/billing.ts';
import { isReversed } from '#functions/accounts/rules/reversals.ts';
import { contact } from '#functions/customers/rules/contact-points.ts';
import { interactions } from '#functions/customers/rules/interactions.ts';
import { outage } from '#functions/outages/rules/outages.ts';
import { erasure } from '#functions/privacy/rules/erasure.ts';
import { entityOf, retractionType } from '#shared/contracts/facts/catalogue.ts';
import { account as accountFamily } from '#shared/profile/rules/account.ts';
import { effectiveAgreements } from '#shared/profile/rules/agreements.ts';
import { identity } from '#shared/profile/rules/identity.ts';
import { links } from '#shared/profile/rules/links.ts';
import { premise } from '#shared/profile/rules/premise.ts';
import { toldAgreements } from '#shared/profile/rules/service-at.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import { ownSystem } from '#shared/vocabulary/fact.ts';
import type { IdKind } from '#shared/vocabulary/ids.ts';
import { type Sent, sent } from './meters/shared-households.ts';

/** Every type that names what another fact made, with a fact of each: what it names, the one that names it, and what that shows. */
export interface NamingPair {
  /** What is there before both. */
  readonly founding: readonly Sent[];
  /** The n-th fact that makes a thing. */
  readonly thing: (n: number, at: string) => Sent;
  /** The fact that names the n-th thing. */
  readonly naming: (n: number, at: string) => Sent;
  /** The record whose state shows it. */
  readonly shownBy: (n: number) => string;
  /** Whether a state shows what the naming fact says. */
  readonly shows: (states: States, n: number) => boolean;
  /** What names the thing is kept with the state where the thing was taken back: it is not without effect. */
  readonly staysWithout?: true;
}

const start = '2026-01-01T00:00:00.000Z';
const founder = 'founder';
export const factOf = ({ source, sourceEventId }: Pick<Sent, 'source' | 'sourceEventId'>): string =>
  factIdOf(source.system, sourceEventId);
const made = (kind: IdKind, event: string, system = ownSystem): string => mintedId(kind, factIdOf(system, event));

const own = (event: string, type: string, at: string, data: Sent['data']): Sent =>
  sent(event, type, at, data, ownSystem);

const customer = made('customer', `${founder}-customer`);
const account = made('account', `${founder}-account`);
const founding: readonly Sent[] = [
  own(`${founder}-customer`, 'customer.profile.registered.v1', start, { kind: 'person', name: { family: 'Okafor' } }),
  own(`${founder}-account`, 'account.account.opened.v1', start, { currency: 'GBP' }),
  own(`${founder}-premise`, 'premise.premise.registered.v1', start, {
    address: { lines: ['1 Quay Street'], country: 'GB' },
  }),
];

const paid = (n: number, at: string): Sent =>
  own(`paid-${n}`, 'billing.payment.received.v1', at, {
    account,
    amount: { amountMinor: 1000 + n, currency: 'GBP' },
    references: [{ namespace: 'bank', value: `P-${n}` }],
  });
const payment = (n: number): string => made('payment', `paid-${n}`);
const asked = (n: number, at: string): Sent =>
  own(`asked-${n}`, 'billing.reversal.requested.v1', at, {
    account,
    payment: payment(n),
    reason: 'error',
    note: 'A slip.',
  });
const decided = (n: number) => ({
  account,
  payment: payment(n),
  request: factIdOf(ownSystem, `asked-${n}`),
  note: 'As the bank says.',
});
const payments = Array.from({ length: 20 }, (_, n) => paid(n, '2026-02-01T00:00:00.000Z'));
const money = (states: States) => stateOf(states, billing).state;

const added = (n: number, at: string): Sent =>
  own(`added-${n}`, 'customer.contact-point.added.v1', at, {
    customer,
    kind: 'email',
    value: `before-${n}@example.com`,
  });
const point = (n: number): string => made('contactPoint', `added-${n}`);
const pointOf = (states: States, n: number) => stateOf(states, contact).state.points.find(({ id }) => id === point(n));

const person = (n: number): string => made('customer', `person-${n}`);
const registered = (n: number, at: string): Sent =>
  own(`person-${n}`, 'customer.profile.registered.v1', at, {
    kind: 'person',
    name: { family: `Okafor ${n}` },
    language: 'en',
  });

const twins = [0, 1].map((n) => registered(n, start));
const merge = (n: number): string => made('merge', `merged-${n}`);

const servicePoint = (n: number): string => made('servicePoint', `point-${n}`);
const place = (n: number): string => made('premise', `place-${n}`);
const places = Array.from({ length: 20 }, (_, n) =>
  own(`place-${n}`, 'premise.premise.registered.v1', start, { address: { lines: [`${n} Row`], country: 'GB' } }),
);

const interrupted = (n: number): string => made('outage', `dark-${n}`);
const reported = (n: number, at: string): Sent =>
  own(`dark-${n}`, 'service.outage.reported.v1', at, { premise: place(n), commodity: 'electricity' });
const areaOutage = made('outage', `${founder}-area`);
const area = own(`${founder}-area`, 'service.area-outage.proposed.v1', start, {
  area: { kind: 'region', value: 'R-1' },
  commodity: 'electricity',
  startedAt: start,
});
const outageOf = (states: States) => stateOf(states, outage).state.outages[0];

const supplied = made('servicePoint', `${founder}-point`);
/** Agreements of one account and point, each beginning a year after the other. */
const dayOf = (n: number, month: number): string => `${2030 + n}-0${month}-01`;
const agreed = (n: number, at: string): Sent =>
  own(`agreed-${n}`, 'account.agreement.started.v1', at, {
    account,
    servicePoint: supplied,
    tariff: 'STANDARD',
    from: dayOf(n, 3),
  });
const agreement = (n: number): string => made('agreement', `agreed-${n}`);
const service: readonly Sent[] = [
  ...founding,
  own(`${founder}-point`, 'premise.service-point.registered.v1', start, {
    premise: made('premise', `${founder}-premise`),
    commodity: 'electricity',
    zone: 'Europe/London',
  }),
];
const heldBy = (states: States, n: number) =>
  effectiveAgreements(toldAgreements(states, accountFamily.name)).agreements.find(({ id }) => id === agreement(n));

const wish = (n: number, at: string): Sent =>
  own(`wish-${n}`, 'contact.change-request.made.v1', at, { customer, channel: 'web', kind: 'organisation' });
const wished = (n: number): string => made('interaction', `wish-${n}`);

const erasable = Array.from({ length: 20 }, (_, n) => registered(n, start));
const erasureAsked = (n: number, at: string): Sent =>
  own(`erase-${n}`, 'customer.erasure.requested.v1', at, {
    customer: person(n),
    ground: 'objection',
    reason: 'Request 7.',
  });

const atCustomer = { founding, shownBy: () => customer } as const;
const atAccount = { shownBy: () => account } as const;

export const namingPairs: Readonly<Record<string, readonly NamingPair[]>> = {
  'account.agreement.ended.v1': [
    {
      ...atAccount,
      founding: service,
      thing: agreed,
      naming: (n, at) =>
        own(`over-${n}`, 'account.agreement.ended.v1', at, {
          account,
          servicePoint: supplied,
          agreement: agreement(n),
          to: dayOf(n, 6),
        }),
      shows: (states, n) => heldBy(states, n)?.to === dayOf(n, 6),
      staysWithout: true,
    },
    {
      ...atAccount,
      founding: service,
      thing: agreed,
      // Before its first day: such an end cancels what it names, and could mean nothing by its date.
      naming: (n, at) =>
        own(`off-${n}`, 'account.agreement.ended.v1', at, {
          account,
          servicePoint: supplied,
          agreement: agreement(n),
          to: dayOf(n, 2),
        }),
      shows: (states, n) => heldBy(states, n) === undefined,
      staysWithout: true,
    },
  ],
  'billing.payment.reversed.v1': [
    {
      ...atAccount,
      founding,
      thing: paid,
      naming: (n, at) => own(`back-${n}`, 'billing.payment.reversed.v1', at, { account, payment: payment(n) }),
      shows: (states, n) => isReversed(money(states), payment(n)),
    },
    {
      ...atAccount,
      founding: [...founding, ...payments],
      thing: asked,
      naming: (n, at) => own(`back-${n}`, 'billing.payment.reversed.v1', at, decided(n)),
      shows: (states, n) => isReversed(money(states), payment(n)),
    },
  ],
  'billing.reversal.requested.v1': [
    {
      ...atAccount,
      founding,
      thing: paid,
      naming: asked,
      shows: (states, n) => money(states).requests.some((one) => one.payment === payment(n)),
    },
  ],
  'billing.reversal.declined.v1': [
    {
      ...atAccount,
      founding: [...founding, ...payments],
      thing: asked,
      naming: (n, at) => own(`declined-${n}`, 'billing.reversal.declined.v1', at, decided(n)),
      shows: (states, n) => money(states).requests.every((one) => one.payment !== payment(n)),
    },
  ],
  'customer.erasure.declined.v1': [
    {
      founding: erasable,
      thing: erasureAsked,
      naming: (n, at) =>
        own(`spared-${n}`, 'customer.erasure.declined.v1', at, {
          customer: person(n),
          request: factIdOf(ownSystem, `erase-${n}`),
          reason: 'A claim is open.',
        }),
      shownBy: person,
      shows: (states) => stateOf(states, erasure).state.request === null,
    },
  ],
  'customer.contact-point.changed.v1': [
    {
      ...atCustomer,
      thing: added,
      naming: (n, at) =>
        own(`changed-${n}`, 'customer.contact-point.changed.v1', at, {
          customer,
          point: point(n),
          value: `after-${n}@example.com`,
        }),
      shows: (states, n) => pointOf(states, n)?.value === `after-${n}@example.com`,
    },
  ],
  'customer.contact-point.verified.v1': [
    {
      ...atCustomer,
      thing: added,
      naming: (n, at) =>
        own(`verified-${n}`, 'customer.contact-point.verified.v1', at, { customer, point: point(n), method: 'code' }),
      shows: (states, n) => pointOf(states, n)?.verified === true,
    },
  ],
  'customer.contact-point.removed.v1': [
    {
      ...atCustomer,
      thing: added,
      naming: (n, at) => own(`removed-${n}`, 'customer.contact-point.removed.v1', at, { customer, point: point(n) }),
      shows: (states, n) => pointOf(states, n) === undefined,
    },
  ],
  'customer.profile.corrected.v1': [
    {
      founding: [],
      thing: registered,
      naming: (n, at) =>
        own(`corrected-${n}`, 'customer.profile.corrected.v1', at, { customer: person(n), language: 'cy' }),
      shownBy: person,
      shows: (states) => stateOf(states, identity).state.records[ownSystem]?.language?.value === 'cy',
    },
  ],
  'customer.attribute.pinned.v1': [
    {
      founding: [],
      thing: registered,
      naming: (n, at) =>
        own(`pinned-${n}`, 'customer.attribute.pinned.v1', at, {
          customer: person(n),
          language: 'cy',
          reason: 'As they said.',
        }),
      shownBy: person,
      shows: (states) => stateOf(states, identity).state.pins.language?.value === 'cy',
    },
  ],
  'customer.identity.unmerged.v1': [
    {
      founding: twins,
      thing: (n, at) =>
        own(`merged-${n}`, 'customer.identity.merged.v1', at, {
          survivor: person(0),
          alias: person(1),
          reason: 'One person.',
        }),
      naming: (n, at) => own(`parted-${n}`, 'customer.identity.unmerged.v1', at, { merge: merge(n), reason: 'Twins.' }),
      shownBy: () => person(0),
      shows: (states, n) => {
        const { standing, parted } = stateOf(states, links).state;
        return parted.length === 1 && standing.every(([id]) => id !== merge(n));
      },
    },
  ],
  'premise.service-point.changed.v1': [
    {
      founding: places,
      thing: (n, at) =>
        own(`point-${n}`, 'premise.service-point.registered.v1', at, {
          premise: place(n),
          commodity: 'electricity',
          zone: 'Europe/London',
        }),
      naming: (n, at) =>
        own(`off-${n}`, 'premise.service-point.changed.v1', at, {
          servicePoint: servicePoint(n),
          connection: 'physically-disconnected',
        }),
      shownBy: place,
      shows: (states) =>
        stateOf(states, premise).state.servicePoints[0]?.changes?.at(-1)?.connection === 'physically-disconnected',
    },
  ],
  'service.outage.restored.v1': [
    {
      founding: places,
      thing: reported,
      naming: (n, at) => own(`light-${n}`, 'service.outage.restored.v1', at, { outage: interrupted(n) }),
      shownBy: interrupted,
      shows: (states) => typeof outageOf(states)?.restoredAt === 'string',
    },
    {
      founding: places,
      thing: reported,
      naming: (n, at) =>
        own(`light-${n}`, 'service.outage.restored.v1', at, { outage: interrupted(n), premise: place(n) }),
      shownBy: place,
      shows: (states) => typeof outageOf(states)?.restoredAt === 'string',
    },
  ],
  'service.outage.joined.v1': [
    {
      founding: [...places, area],
      thing: reported,
      naming: (n, at) => own(`joined-${n}`, 'service.outage.joined.v1', at, { outage: interrupted(n), areaOutage }),
      shownBy: interrupted,
      shows: (states) => outageOf(states)?.areaOutage === areaOutage,
    },
  ],
  'contact.change-request.settled.v1': [
    {
      ...atCustomer,
      thing: wish,
      naming: (n, at) =>
        own(`settled-${n}`, 'contact.change-request.settled.v1', at, {
          customer,
          request: wished(n),
          outcome: 'declined',
          reason: 'No proof of it.',
        }),
      shows: (states, n) => stateOf(states, interactions).state.requests.settled.some(({ id }) => id === wished(n)),
    },
  ],
};

/** The fact that takes another one back. */
export const takenBack = (fact: Sent): Sent =>
  own(`void-${fact.sourceEventId}`, retractionType(entityOf(fact.type)), '2026-06-01T00:00:00.000Z', {
    factId: factOf(fact),
    reason: 'Entered in error.',
  });
