import { dayOf, instant, optionalInstant, text } from '#shared/profile/rules/fact-data.ts';
import type { Installation } from '#shared/profile/rules/installations.ts';
import type { Outage } from '#shared/profile/rules/outages.ts';
import type { Period } from '#shared/profile/rules/periods.ts';
import type { Fact } from '#shared/vocabulary/fact.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import { Commodity, Role } from '#shared/vocabulary/statuses.ts';
import { addDays, addMonths, instantOf, secondsOf } from '#shared/vocabulary/time.ts';
import type { Right } from './role-rights.ts';

/** A time that something speaks of: local dates of the place, instants (stored form or RFC 3339), or all there is. */
export type SpokenTime = { readonly days: Period } | { readonly instants: Period } | 'always';

/**
 * How much of the time must be somebody's own for them to be told: `each` of it; `any` of it, then what it says of use is told only
 * where all of it is; or each is told their `part`.
 */
export type Share = 'each' | 'any' | 'part';

/** What a fact speaks of: whose it is to know. Never when it was recorded. */
export type Spoken =
  /** A customer's own record: whose partition it lies in. */
  | { readonly of: 'record' }
  /** That two records are one customer: told while they are. */
  | { readonly of: 'merge'; readonly records: readonly string[] }
  /** Nothing that is any customer's to know. */
  | { readonly of: 'nobody' }
  /** An account over local dates; `holder` and `role` where it is one customer's role. */
  | {
      readonly of: 'account';
      readonly account: string;
      readonly right: Right;
      readonly days: Period;
      readonly holder?: string;
      readonly role?: Role;
    }
  /** A place: one service point of it, those of a commodity, or all. */
  | {
      readonly of: 'place';
      readonly premise: string;
      readonly point?: string;
      readonly commodity?: Commodity;
      readonly right: Right;
      readonly time: SpokenTime;
      readonly share: Share;
    };

/** What a fact rests on that it does not say itself. */
export interface Grounds {
  /** Of a retraction: what it takes back. */
  readonly takenBack?: Fact | undefined;
  /** The payment it names. */
  readonly payment?: Fact | undefined;
  /** The outage it names, as it is known now. */
  readonly outage?: Pick<Outage, 'commodity' | 'startedAt' | 'restoredAt'> | undefined;
  /** Meters of its premise, as they came and went. */
  readonly installations?: readonly Installation[] | undefined;
}

type Row = (fact: Fact, grounds: Grounds) => Spoken | undefined;

const always: Period = { from: '', to: null };
const record: Row = () => ({ of: 'record' });
const nobody: Row = () => ({ of: 'nobody' });
const merge: Row = (fact) => ({ of: 'merge', records: fact.subjects });

const onAccount =
  (right: Right, daysOf: (fact: Fact, grounds: Grounds) => Period | undefined): Row =>
  (fact, grounds) => {
    const account = fact.subjects.find((subject) => kindOf(subject) === 'account');
    const days = daysOf(fact, grounds);
    return account === undefined || days === undefined ? undefined : { of: 'account', account, right, days };
  };

/** One customer's role on an account. */
const ofRole = (daysOf: (fact: Fact) => Period | undefined): Row => {
  const row = onAccount('account', daysOf);
  return (fact, grounds) => {
    const spoken = row(fact, grounds);
    const [holder, role] = [text(fact, 'customer'), Role.safeParse(fact.data.role).data];
    if (spoken?.of !== 'account' || holder === undefined || role === undefined) return undefined;
    return { ...spoken, holder, role };
  };
};

const oneDay = (from: string): Period => ({ from, to: addDays(from, 1) });
const dayNamed = (fact: Fact, field: string): string => text(fact, field) ?? dayOf(fact);
/** The last day of what ends with a date that is no longer in it. */
const lastDay = (fact: Fact): Period | undefined => {
  const to = text(fact, 'to');
  return to === undefined ? undefined : oneDay(addDays(to, -1));
};
const billed = (fact: Fact): Period => {
  const [from, to] = [text(fact, 'periodFrom'), text(fact, 'periodTo')];
  return from !== undefined && to !== undefined ? { from, to } : oneDay(dayNamed(fact, 'issuedOn'));
};
const paidOn = (fact: Fact): Period => oneDay(dayNamed(fact, 'receivedOn'));
/** What is made of a payment later is told to those whose payment it was. */
const ofPayment = onAccount('bills', (_, { payment }) => payment && paidOn(payment));
const agreed = (fact: Fact): Period | undefined => {
  const from = text(fact, 'from');
  return from === undefined ? undefined : { from, to: text(fact, 'to') ?? null };
};

type Named = { readonly point?: string; readonly commodity?: Commodity };

const atPlace =
  (
    right: Right,
    share: Share,
    timeOf: (fact: Fact, grounds: Grounds) => SpokenTime | undefined,
    named: (fact: Fact, grounds: Grounds) => Named | undefined,
  ): Row =>
  (fact, grounds) => {
    const premise = fact.subjects.find((subject) => kindOf(subject) === 'premise');
    const [time, what] = [timeOf(fact, grounds), named(fact, grounds)];
    return premise === undefined || time === undefined || what === undefined
      ? undefined
      : { of: 'place', premise, ...what, right, time, share };
  };

const thePoint = (fact: Fact): Named | undefined => {
  const point = text(fact, 'servicePoint');
  return point === undefined ? undefined : { point };
};
const createdPoint = ({ entity }: Fact): Named | undefined => (entity === undefined ? undefined : { point: entity });
const allPoints = (): Named => ({});
const ofOutage = (fact: Fact, { outage }: Grounds): Named | undefined => {
  const said = Commodity.safeParse(fact.data.commodity);
  const commodity = said.success ? said.data : outage?.commodity;
  return commodity === undefined ? undefined : { commodity };
};

const second = (at: string): SpokenTime => ({ instants: { from: at, to: instantOf(Math.floor(secondsOf(at)) + 1) } });
const when = (fact: Fact): SpokenTime => second(fact.occurredAt);
const at = (fact: Fact): SpokenTime => second(instant(fact, 'at'));
const whole = (): SpokenTime => 'always';
const from = (fact: Fact, field: string, to: string | null | undefined): SpokenTime | undefined => {
  const begin = optionalInstant(fact, field);
  if (begin === undefined) return undefined;
  return to === undefined ? second(begin) : { instants: { from: begin, to } };
};

/** Start of what an id of judging names: `<meter or point>.<register>.<kind>.<start>`. */
const startNamed = (fact: Fact, field: string): string | undefined => {
  const start = text(fact, field)?.split('.').at(-1);
  return start !== undefined && /^\d{1,11}$/.test(start) ? instantOf(Number(start)) : undefined;
};
const since = (fact: Fact, field: string): SpokenTime | undefined => {
  const start = startNamed(fact, field);
  return start === undefined ? undefined : second(start);
};
const ended = (fact: Fact): SpokenTime | undefined => {
  const [start, end] = [startNamed(fact, 'insight'), optionalInstant(fact, 'end')];
  if (start === undefined) return undefined;
  return end === undefined ? second(start) : { instants: { from: start, to: end } };
};
const corrected = (fact: Fact): SpokenTime | undefined => {
  const { interval, values } = fact.data;
  const begin = optionalInstant(fact, 'start');
  if (begin === undefined || typeof interval !== 'number' || !Array.isArray(values)) return undefined;
  return { instants: { from: begin, to: instantOf(secondsOf(begin) + interval * values.length) } };
};
const closedMonth = (fact: Fact): SpokenTime | undefined => {
  const month = text(fact, 'month');
  return month === undefined ? undefined : { days: { from: `${month}-01`, to: `${addMonths(month, 1)}-01` } };
};
/** From the day a meter came until it was taken away, whatever is told of that later. */
const installed = (fact: Fact, { installations = [] }: Grounds): SpokenTime => {
  const begin = instant(fact, 'from');
  const stay = installations.find(
    (one) => one.meter === fact.data.meter && one.servicePoint === fact.data.servicePoint && one.from === begin,
  );
  return { instants: { from: begin, to: stay?.to ?? null } };
};
const interrupted = (fact: Fact, { outage }: Grounds): SpokenTime => ({
  instants: { from: outage?.startedAt ?? instant(fact, 'startedAt'), to: outage?.restoredAt ?? null },
});

/** The table: a type that is not here is told to no customer, and stands in no customer's story. */
const rows: Readonly<Record<string, Row>> = {
  'customer.profile.registered.v1': record,
  'customer.profile.corrected.v1': record,
  'customer.contact-point.added.v1': record,
  'customer.contact-point.changed.v1': record,
  'customer.contact-point.removed.v1': record,
  'customer.contact-point.verified.v1': record,
  'customer.attribute.pinned.v1': record,
  'customer.identity.merged.v1': merge,
  // That two were one by mistake, and that two are not one, tells each of somebody else.
  'customer.identity.unmerged.v1': nobody,
  'customer.identity.distinguished.v1': nobody,
  'customer.duplicate.claimed.v1': nobody,
  'account.account.opened.v1': onAccount('account', () => always),
  'account.role.granted.v1': ofRole((fact) => oneDay(dayNamed(fact, 'from'))),
  'account.role.ended.v1': ofRole(lastDay),
  'account.agreement.started.v1': onAccount('account', agreed),
  'account.agreement.ended.v1': onAccount('account', lastDay),
  // Which of two accounts has a point, or which point a meter measures, tells each of the other.
  'account.dispute.settled.v1': nobody,
  'metering.dispute.settled.v1': nobody,
  'billing.bill.issued.v1': onAccount('bills', billed),
  'billing.payment.received.v1': onAccount('bills', paidOn),
  'billing.payment.reversed.v1': ofPayment,
  // What staff ask of one another: as a whole it is told to no customer.
  'billing.reversal.requested.v1': ofPayment,
  'billing.reversal.declined.v1': ofPayment,
  'premise.premise.registered.v1': atPlace('home', 'any', whole, allPoints),
  'premise.service-point.registered.v1': atPlace('home', 'any', whole, createdPoint),
  'premise.service-point.changed.v1': atPlace('home', 'any', at, thePoint),
  'metering.meter.installed.v1': atPlace('home', 'any', installed, thePoint),
  'metering.meter.removed.v1': atPlace('home', 'any', at, thePoint),
  'metering.event.recorded.v1': atPlace('home', 'any', when, thePoint),
  'metering.correction.made.v1': atPlace('use', 'each', corrected, thePoint),
  'metering.month.closed.v1': atPlace('use', 'part', closedMonth, thePoint),
  'metering.exception.raised.v1': atPlace(
    'use',
    'any',
    (fact) => from(fact, 'start', optionalInstant(fact, 'end')),
    thePoint,
  ),
  'metering.exception.resolved.v1': atPlace('use', 'any', (fact) => since(fact, 'exception'), thePoint),
  'metering.insight.found.v1': atPlace(
    'use',
    'each',
    (fact) => from(fact, 'start', optionalInstant(fact, 'end')),
    thePoint,
  ),
  'metering.insight.ended.v1': atPlace('use', 'each', ended, thePoint),
  'metering.insight.decided.v1': atPlace('use', 'each', (fact) => since(fact, 'insight'), thePoint),
  'metering.task.opened.v1': atPlace('home', 'any', (fact) => from(fact, 'since', null), thePoint),
  'metering.task.closed.v1': atPlace(
    'home',
    'any',
    (fact) => from(fact, 'since', optionalInstant(fact, 'until')),
    thePoint,
  ),
  'service.outage.reported.v1': atPlace('home', 'any', interrupted, ofOutage),
  'service.outage.restored.v1': atPlace('home', 'any', interrupted, ofOutage),
  'service.outage.joined.v1': atPlace('home', 'any', interrupted, ofOutage),
  'service.area-outage.proposed.v1': nobody,
  'contact.change-request.made.v1': record,
  'contact.change-request.settled.v1': record,
  'contact.interaction.logged.v1': record,
  // What staff ask of one another; who asked for their erasure is told by a letter, and who was erased has no sign-in.
  'customer.erasure.requested.v1': nobody,
  'customer.erasure.declined.v1': nobody,
  'customer.erasure.approved.v1': nobody,
  'customer.erasure.completed.v1': nobody,
};

const takesBack = /\.retracted\.v1$/;

/** Whether a fact takes another one back: it speaks of what that one speaks of. */
export const isTakingBack = ({ type }: Pick<Fact, 'type'>): boolean => takesBack.test(type);

/** Types with a row of their own; a retraction has that of what it takes back. */
export const spokenTypes: readonly string[] = Object.keys(rows);

/** What a fact speaks of; undefined where that cannot be told, and then it is nobody's to know. */
export const spokenOf = (fact: Fact, grounds: Grounds): Spoken | undefined => {
  if (!isTakingBack(fact)) return Object.hasOwn(rows, fact.type) ? rows[fact.type]?.(fact, grounds) : undefined;
  const { takenBack, ...rest } = grounds;
  return takenBack === undefined || isTakingBack(takenBack) ? undefined : spokenOf(takenBack, rest);
};
