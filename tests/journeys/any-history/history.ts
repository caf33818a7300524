import fc from 'fast-check';
import { factIdOf, mintedId } from '#shared/runtime/identify.ts';
import type { IdKind } from '#shared/vocabulary/ids.ts';
import type { Told } from '#tests/support/model/told.ts';

/** Histories by chance: facts of every family, told by several sources, many at one instant, some before what they speak of. */

/** A fact of a history, with the name its source gives it. */
export interface Event extends Told {
  readonly event: string;
  /** Whether the source says no sequence. */
  readonly isUnnumbered: boolean;
}

const id = (kind: IdKind, source: string, event: string): string => mintedId(kind, factIdOf(source, event));
export const customers = [0, 1, 2].map((n) => id('customer', 'crm', `customer-${n}`));
export const accounts = [0, 1, 2].map((n) => id('account', 'billing', `account-${n}`));
export const premises = [0, 1].map((n) => id('premise', 'field', `premise-${n}`));
export const points = [0, 1, 2].map((n) => id('servicePoint', 'field', `point-${n}`));
export const meters = [0, 1].map((n) => id('meter', 'field', `meter-${n}`));

const founded = '2026-01-05T08:00:00.000Z';
const told = (
  event: string,
  source: string,
  type: string,
  at: string,
  data: Told['data'],
  { makes, sequence = 0, actor = `machine:${source}` }: { makes?: IdKind; sequence?: number; actor?: string } = {},
): Event => {
  const fact = factIdOf(source, event);
  return {
    event,
    id: fact,
    type,
    source,
    actor,
    sequence,
    isUnnumbered: sequence === 0,
    at,
    data,
    ...(makes === undefined ? {} : { makes: mintedId(makes, fact) }),
  };
};

/** The customers, accounts, premises and service points that a history is about. */
export const founding: readonly Event[] = [
  ...customers.map((_, n) =>
    told(
      `customer-${n}`,
      'crm',
      'customer.profile.registered.v1',
      founded,
      { kind: 'person', name: { given: `Given${n}`, family: `Family${n}` }, language: 'en' },
      { makes: 'customer' },
    ),
  ),
  ...accounts.map((_, n) =>
    told(
      `account-${n}`,
      'billing',
      'account.account.opened.v1',
      founded,
      { currency: n === 2 ? 'EUR' : 'GBP' },
      { makes: 'account' },
    ),
  ),
  ...premises.map((_, n) =>
    told(
      `premise-${n}`,
      'field',
      'premise.premise.registered.v1',
      founded,
      { address: { lines: [`${n} Quay Street`], country: 'GB' } },
      { makes: 'premise' },
    ),
  ),
  ...points.map((_, n) =>
    told(
      `point-${n}`,
      'field',
      'premise.service-point.registered.v1',
      founded,
      { premise: premises[n === 2 ? 1 : 0], commodity: n === 1 ? 'gas' : 'electricity', zone: 'UTC' },
      { makes: 'servicePoint' },
    ),
  ),
];

/** Money that comes once the opening of its account was taken back is kept aside, by when it comes: no rule of the fold. */
const retractable = founding.filter(({ type }) => type !== 'account.account.opened.v1');

const instants = [
  '2026-02-01T08:00:00.000Z',
  '2026-03-01T07:59:00.000Z',
  '2026-03-01T08:00:00.000Z',
  '2026-03-01T08:02:00.000Z',
  '2026-04-15T08:00:00.000Z',
  '2026-06-15T12:00:00.000Z',
  '2026-09-01T08:00:00.000Z',
  '2026-11-20T08:00:00.000Z',
  // Before anything was there.
  '2025-12-31T08:00:00.000Z',
];
const days = [
  '2026-01-10',
  '2026-02-01',
  '2026-03-01',
  '2026-04-01',
  '2026-05-01',
  '2026-07-01',
  '2026-09-01',
  '2026-12-15',
  '2027-02-01',
];
const hours = days.map((day) => `${day}T10:00:00.000Z`);
/** What a history may be about: mostly a few families, so that their facts meet. */
const kinds = {
  roles: ['role', 'roleEnd'],
  agreements: ['agreement', 'agreement', 'agreementEnd'],
  money: ['bill', 'payment', 'payment', 'reversal', 'request', 'decline'],
  ways: ['point', 'pointChange', 'pointChange', 'pointProof', 'pointEnd'],
  names: ['correction', 'correction', 'pin'],
  talks: ['contact', 'contact', 'wish', 'decision'],
  places: ['connection', 'meter', 'meter', 'meterEnd'],
  outages: ['outage', 'outageEnd'],
} as const;
type Family = keyof typeof kinds;
const families: readonly Family[] = ['roles', 'agreements', 'money', 'ways', 'names', 'talks', 'places', 'outages'];
type Kind = (typeof kinds)[Family][number] | 'retraction';

interface Act {
  readonly kind: Kind;
  readonly at: string;
  readonly sequence: number;
  readonly n: readonly number[];
}

const actOf = (about: readonly Family[]): fc.Arbitrary<Act> =>
  fc.record({
    kind: fc.constantFrom<Kind>(...about.flatMap((family) => kinds[family]), 'retraction'),
    at: fc.constantFrom(...instants),
    sequence: fc.constantFrom(0, 0, 0, 1, 2),
    n: fc.array(fc.nat({ max: 11 }), { minLength: 7, maxLength: 7 }),
  });

const pick = <Value>(values: readonly Value[], n = 0): Value => {
  const value = values[n % values.length];
  if (value === undefined) throw new Error('nothing to pick from');
  return value;
};

const sourcesOf: Readonly<Record<Kind, readonly string[]>> = {
  role: ['billing', 'crm', 'billing', 'rotunda'],
  roleEnd: ['billing', 'crm', 'billing', 'rotunda'],
  agreement: ['billing', 'rotunda', 'billing'],
  agreementEnd: ['billing', 'rotunda', 'billing'],
  bill: ['billing'],
  payment: ['billing', 'payments', 'rotunda', 'rotunda'],
  reversal: ['billing', 'payments', 'rotunda'],
  request: ['rotunda'],
  decline: ['rotunda'],
  point: ['crm', 'billing', 'portal'],
  pointChange: ['crm', 'portal', 'billing'],
  pointProof: ['crm', 'rotunda'],
  pointEnd: ['crm', 'portal'],
  correction: ['crm', 'billing', 'portal', 'rotunda'],
  pin: ['rotunda'],
  contact: ['crm', 'portal', 'field'],
  wish: ['rotunda'],
  decision: ['rotunda'],
  connection: ['field', 'rotunda'],
  meter: ['field', 'imports', 'rotunda'],
  meterEnd: ['field', 'rotunda', 'field'],
  outage: ['field', 'head-end'],
  outageEnd: ['field', 'head-end'],
  retraction: ['crm'],
};
const makesOf: Partial<Readonly<Record<Kind, IdKind>>> = {
  agreement: 'agreement',
  bill: 'bill',
  payment: 'payment',
  point: 'contactPoint',
  contact: 'interaction',
  wish: 'interaction',
  outage: 'outage',
};

const reason = 'As it was told.';

/** Facts of acts: those that name another one's thing choose among all of the history, whether it is before or after them. */
const eventsOf = (acts: readonly Act[]): readonly Event[] => {
  const named = acts.map((one, place) => ({ ...one, event: `e${place}`, source: pick(sourcesOf[one.kind], one.n[0]) }));
  const among = (kind: Kind, n: number | undefined) => {
    const all = named.filter((one) => one.kind === kind);
    return all.length === 0 ? undefined : pick(all, n);
  };
  const thing = (kind: Kind, n: number | undefined): string | undefined => {
    const [one, made] = [among(kind, n), makesOf[kind]];
    return one === undefined || made === undefined ? undefined : id(made, one.source, one.event);
  };
  const staff = (n: number | undefined): string => `staff:${pick(['ann', 'bob', 'cy'], n)}`;
  const write = ({
    kind,
    event,
    source,
    at,
    sequence,
    n: [, a = 0, b = 0, c = 0, d = 0, e = 0, f = 0],
  }: (typeof named)[number]): Event[] => {
    const makes = makesOf[kind];
    const actor = source === 'rotunda' ? staff(e) : `machine:${source}`;
    const fact = (type: string, data: Told['data']): Event[] => [
      told(event, source, type, at, data, { sequence, actor, ...(makes === undefined ? {} : { makes }) }),
    ];
    const optional = (member: string, isSaid: boolean, value: unknown) => (isSaid ? { [member]: value } : {});
    // Mostly of the first customer and account, so that facts meet.
    const few = <Value>(values: readonly Value[], n: number): Value => pick(values, n < 7 ? 0 : n);
    const [customer, account, point] = [few(customers, a), few(accounts, b), few(points, c)];
    const money = { amountMinor: 100 * (1 + d), currency: account === accounts[2] || f === 11 ? 'EUR' : 'GBP' };
    const role = few(['holder', 'joint', 'payer', 'landlord'], c);
    switch (kind) {
      case 'role':
        return fact('account.role.granted.v1', {
          account,
          customer,
          role,
          from: pick(days, d),
          ...optional('to', e < 3, pick(days, d + 1 + f)),
        });
      case 'roleEnd':
        return fact('account.role.ended.v1', { account, customer, role, to: pick(days, d) });
      case 'agreement':
        return fact('account.agreement.started.v1', {
          account,
          servicePoint: point,
          tariff: pick(['DAY', 'NIGHT'], a),
          from: pick(days, d),
          ...optional('to', e < 3, pick(days, d + 1 + f)),
        });
      case 'agreementEnd': {
        const one = e < 6 ? among('agreement', f) : undefined;
        if (one === undefined)
          return fact('account.agreement.ended.v1', { account, servicePoint: point, to: pick(days, d) });
        const [, , of = 0, there = 0] = one.n;
        return fact('account.agreement.ended.v1', {
          account: few(accounts, of),
          servicePoint: few(points, there),
          agreement: id('agreement', one.source, one.event),
          to: pick(days, d),
        });
      }
      case 'bill':
        return fact('billing.bill.issued.v1', {
          account,
          amount: { ...money, amountMinor: a === 0 ? -150 : money.amountMinor },
          issuedOn: pick(days, d),
          dueOn: pick(days, e),
        });
      case 'payment':
        return fact('billing.payment.received.v1', {
          account,
          amount: money,
          method: 'card',
          ...optional('receivedOn', source !== 'payments' && e < 6, pick(days, c)),
        });
      case 'reversal': {
        const one = among('payment', c);
        const asked = e < 4 ? among('request', d) : undefined;
        return one === undefined
          ? []
          : fact('billing.payment.reversed.v1', {
              account: few(accounts, f === 0 ? b : (one.n[2] ?? 0)),
              payment: thing('payment', c),
              ...optional(
                'request',
                asked !== undefined,
                asked === undefined ? '' : factIdOf(asked.source, asked.event),
              ),
            });
      }
      case 'request':
        return among('payment', c) === undefined
          ? []
          : fact('billing.reversal.requested.v1', {
              account: few(accounts, among('payment', c)?.n[2] ?? 0),
              payment: thing('payment', c),
              reason: 'error',
              note: reason,
            });
      case 'decline': {
        const asked = among('request', c);
        const one = asked === undefined ? undefined : among('payment', asked.n[3]);
        return asked === undefined || one === undefined
          ? []
          : fact('billing.reversal.declined.v1', {
              account: few(accounts, one.n[2] ?? 0),
              payment: thing('payment', asked.n[3]),
              request: factIdOf(asked.source, asked.event),
              note: reason,
            });
      }
      case 'point':
        return fact('customer.contact-point.added.v1', {
          customer,
          kind: 'email',
          value: d === 0 ? 'nobody' : `${event}@example.com`,
          verified: source === 'crm' && d > 8,
          preferred: d > 0 && e > 6,
        });
      case 'pointChange': {
        const one = among('point', c);
        if (one === undefined) return [];
        const says = {
          ...optional('value', d < 4, d === 0 ? 'nobody' : `${event}@example.com`),
          ...optional('label', d > 9, event),
          ...optional('preferred', e > 3, e > 6),
          ...optional('verified', source === 'crm' && f > 7, f > 8),
        };
        return fact('customer.contact-point.changed.v1', {
          customer: few(customers, one.n[1] ?? 0),
          point: thing('point', c),
          ...(Object.keys(says).length === 0 ? { label: event } : says),
        });
      }
      case 'pointProof':
      case 'pointEnd': {
        const one = among('point', c);
        if (one === undefined) return [];
        const names = { customer: few(customers, one.n[1] ?? 0), point: thing('point', c) };
        return kind === 'pointEnd'
          ? fact('customer.contact-point.removed.v1', names)
          : fact('customer.contact-point.verified.v1', { ...names, method: 'code' });
      }
      case 'correction':
      case 'pin': {
        const values = [
          { name: { family: `Named-${event}` } },
          { dateOfBirth: pick(['1984-05-02', '1884-05-02', '1990-01-01'], e) },
          { language: pick(['cy', 'fr', 'en'], e) },
          { kind: pick(['organisation', 'person'], e) },
        ];
        const said = source === 'portal' ? { language: pick(['cy', 'fr', 'en'], e) } : pick(values, d);
        if (kind === 'pin')
          return fact('customer.attribute.pinned.v1', {
            customer,
            ...said,
            reason,
            ...optional('until', f < 6, pick(days, e)),
          });
        if (f === 0)
          return fact('customer.profile.corrected.v1', {
            customer,
            clear: [source === 'portal' ? 'language' : pick(['dateOfBirth', 'language'], e)],
          });
        const proof = (source === 'crm' || source === 'rotunda') && f > 8 && ('name' in said || 'dateOfBirth' in said);
        return fact('customer.profile.corrected.v1', {
          customer,
          ...said,
          ...optional('verified', proof, [Object.keys(said)[0]]),
        });
      }
      case 'contact':
        return fact('contact.interaction.logged.v1', {
          customer,
          channel: source === 'portal' ? 'web' : pick(['phone', 'email', 'web'], d),
          reason: 'billing.query',
          ...optional('handover', source !== 'portal' && e < 4, `Next ${event}`),
        });
      case 'wish':
        return fact('contact.change-request.made.v1', { customer, channel: 'web', kind: 'organisation' });
      case 'decision': {
        const one = among('wish', c);
        return one === undefined
          ? []
          : fact('contact.change-request.settled.v1', {
              customer: few(customers, one.n[1] ?? 0),
              request: thing('wish', c),
              outcome: 'declined',
              reason,
            });
      }
      case 'connection':
        return fact('premise.service-point.changed.v1', {
          servicePoint: point,
          connection: pick(['logically-disconnected', 'connected', 'physically-disconnected'], d),
          ...optional('at', e < 8, pick(hours, f)),
        });
      case 'meter':
        return fact('metering.meter.installed.v1', {
          servicePoint: point,
          meter: few(meters, b),
          ...optional('from', e < 8, pick(hours, f)),
        });
      case 'meterEnd':
        return fact('metering.meter.removed.v1', {
          servicePoint: point,
          meter: few(meters, b),
          ...optional('at', e < 8, pick(hours, f)),
        });
      case 'outage':
        return fact('service.outage.reported.v1', {
          premise: few(premises, a),
          commodity: few(['electricity', 'gas'], c),
          planned: d < 4,
          ...optional('startedAt', e < 4, pick(hours, f)),
        });
      case 'outageEnd': {
        const one = among('outage', c);
        return one === undefined
          ? []
          : fact('service.outage.restored.v1', {
              outage: thing('outage', c),
              premise: few(premises, one.n[1] ?? 0),
              ...optional('restoredAt', e < 4, pick(hours, f)),
            });
      }
      case 'retraction':
        return [];
    }
  };
  const events = named.flatMap(write);
  const retractions = named.flatMap(({ kind, event, at, sequence, n: [, a = 0, b = 0] }) => {
    const taken = events.length > 0 && a > 0 ? pick(events, a * 12 + b) : pick(retractable, b);
    const entity = taken.type.split('.', 2).join('.');
    return kind === 'retraction'
      ? told(event, taken.source, `${entity}.retracted.v1`, at, { factId: taken.id, reason }, { sequence })
      : [];
  });
  return [...events, ...retractions];
};

export interface History {
  /** All that is told, in the order in which it comes, some of it twice. */
  readonly told: readonly Event[];
  /** How many come in each batch. */
  readonly batches: readonly number[];
  /** How many are told before the first look at what is known. */
  readonly known: number;
}

/** Histories of at most so many facts beside the founding ones. */
export const anyHistory = (most: number): fc.Arbitrary<History> =>
  fc
    .tuple(
      fc
        .oneof(fc.subarray([...families], { minLength: 1, maxLength: 3 }), fc.constant(families))
        .chain((about) => fc.array(actOf(about), { minLength: 1, maxLength: most, size: 'max' })),
      fc.array(fc.nat(), { minLength: 97, maxLength: 97 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 4, maxLength: 4 }),
      fc.nat({ max: 100 }),
      fc.constantFrom('founded', 'mixed'),
    )
    .map(([acts, order, batches, known, start]) => {
      const events = eventsOf(acts);
      const all = start === 'founded' ? events : [...founding, ...events];
      const twice = all.filter((_, n) => (order[n % order.length] ?? 0) % 10 === 0);
      const mixed = [...all, ...twice]
        .map((fact, n) => ({ fact, key: ((order[n % order.length] ?? 0) * (n + 1) * 2_654_435_761) % 4_294_967_291 }))
        .toSorted((a, b) => a.key - b.key)
        .map(({ fact }) => fact);
      const told = start === 'founded' ? [...founding, ...mixed] : mixed;
      return { told, batches, known: Math.floor((told.length * known) / 100) };
    });
