import type { Fact, FactOf, KnownType } from '#shared/contracts/facts/fact.ts';
import { dayOf, instantOr, instantSaid, isOfType } from '#shared/profile/rules/fact-data.ts';
import type { Installation } from '#shared/profile/rules/installations.ts';
import type { Outage } from '#shared/profile/rules/outages.ts';
import type { Period } from '#shared/profile/rules/periods.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import type { Commodity, Role } from '#shared/vocabulary/statuses.ts';
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

/** What facts of one type speak of. */
type Row<Told extends Fact = Fact> = (fact: Told, grounds: Grounds) => Spoken | undefined;

const always: Period = { from: '', to: null };
const record: Row = () => ({ of: 'record' });
const nobody: Row = () => ({ of: 'nobody' });
const merge: Row = (fact) => ({ of: 'merge', records: fact.subjects });

const onAccount =
  <Told extends Fact>(right: Right, daysOf: (fact: Told, grounds: Grounds) => Period | undefined): Row<Told> =>
  (fact, grounds) => {
    const account = fact.subjects.find((subject) => kindOf(subject) === 'account');
    const days = daysOf(fact, grounds);
    return account === undefined || days === undefined ? undefined : { of: 'account', account, right, days };
  };

/** One customer's role on an account. */
const ofRole = <Told extends FactOf<'account.role.granted.v1' | 'account.role.ended.v1'>>(
  daysOf: (fact: Told) => Period | undefined,
): Row<Told> => {
  const onItsAccount = onAccount<Told>('account', daysOf);
  return (fact, grounds) => {
    const spoken = onItsAccount(fact, grounds);
    const { customer: holder, role } = fact.data;
    if (spoken?.of !== 'account' || holder === undefined || role === undefined) return undefined;
    return { ...spoken, holder, role };
  };
};

const oneDay = (from: string): Period => ({ from, to: addDays(from, 1) });
/** The last day of what ends with a date that is no longer in it. */
const lastDay = ({
  data: { to },
}: FactOf<'account.role.ended.v1' | 'account.agreement.ended.v1'>): Period | undefined =>
  to === undefined ? undefined : oneDay(addDays(to, -1));
const billed = (fact: FactOf<'billing.bill.issued.v1'>): Period => {
  const { periodFrom: from, periodTo: to, issuedOn } = fact.data;
  return from !== undefined && to !== undefined ? { from, to } : oneDay(issuedOn ?? dayOf(fact));
};
const paidOn = (fact: Fact): Period =>
  oneDay((fact.type === 'billing.payment.received.v1' ? fact.data.receivedOn : undefined) ?? dayOf(fact));
/** What is made of a payment later is told to those whose payment it was. */
const ofPayment = onAccount<Fact>('bills', (_, { payment }) => payment && paidOn(payment));
const agreed = ({ data: { from, to } }: FactOf<'account.agreement.started.v1'>): Period | undefined =>
  from === undefined ? undefined : { from, to: to ?? null };

type Named = { readonly point?: string; readonly commodity?: Commodity };

const atPlace =
  <Told extends Fact>(
    right: Right,
    share: Share,
    timeOf: (fact: Told, grounds: Grounds) => SpokenTime | undefined,
    named: (fact: Told, grounds: Grounds) => Named | undefined,
  ): Row<Told> =>
  (fact, grounds) => {
    const premise = fact.subjects.find((subject) => kindOf(subject) === 'premise');
    const [time, what] = [timeOf(fact, grounds), named(fact, grounds)];
    return premise === undefined || time === undefined || what === undefined
      ? undefined
      : { of: 'place', premise, ...what, right, time, share };
  };

type OfPoint = Fact & { readonly data: { readonly servicePoint?: string | undefined } };
const thePoint = ({ data: { servicePoint: point } }: OfPoint): Named | undefined =>
  point === undefined ? undefined : { point };
const createdPoint = ({ entity }: Fact): Named | undefined => (entity === undefined ? undefined : { point: entity });
const allPoints = (): Named => ({});

type OutageFact = FactOf<'service.outage.reported.v1' | 'service.outage.restored.v1' | 'service.outage.joined.v1'>;
const ofOutage = (fact: OutageFact, { outage }: Grounds): Named | undefined => {
  const said = fact.type === 'service.outage.reported.v1' ? fact.data.commodity : undefined;
  const commodity = said ?? outage?.commodity;
  return commodity === undefined ? undefined : { commodity };
};

const second = (at: string): SpokenTime => ({ instants: { from: at, to: instantOf(Math.floor(secondsOf(at)) + 1) } });
const when = (fact: Fact): SpokenTime => second(fact.occurredAt);
const at = (fact: FactOf<'premise.service-point.changed.v1' | 'metering.meter.removed.v1'>): SpokenTime =>
  second(instantOr(fact.data.at, fact));
const whole = (): SpokenTime => 'always';
/** From an instant until another, or on where that is null; of the second itself where no end was said. */
const from = (begin: string | undefined, to: string | null | undefined): SpokenTime | undefined => {
  const began = instantSaid(begin);
  if (began === undefined) return undefined;
  return to === undefined ? second(began) : { instants: { from: began, to } };
};
const fromStart = ({
  data: { start, end },
}: FactOf<'metering.exception.raised.v1' | 'metering.insight.found.v1'>): SpokenTime | undefined =>
  from(start, instantSaid(end));

/** Start of what an id of judging names: `<meter or point>.<register>.<kind>.<start>`. */
const startNamed = (id: string | undefined): string | undefined => {
  const start = id?.split('.').at(-1);
  return start !== undefined && /^\d{1,11}$/.test(start) ? instantOf(Number(start)) : undefined;
};
const since = (id: string | undefined): SpokenTime | undefined => {
  const start = startNamed(id);
  return start === undefined ? undefined : second(start);
};
const sinceException = ({ data }: FactOf<'metering.exception.resolved.v1'>): SpokenTime | undefined =>
  since(data.exception);
const sinceInsight = ({ data }: FactOf<'metering.insight.decided.v1'>): SpokenTime | undefined => since(data.insight);
const taskTime = (fact: FactOf<'metering.task.opened.v1' | 'metering.task.closed.v1'>): SpokenTime | undefined =>
  from(fact.data.since, fact.type === 'metering.task.opened.v1' ? null : instantSaid(fact.data.until));
const ended = ({ data: { insight, end: said } }: FactOf<'metering.insight.ended.v1'>): SpokenTime | undefined => {
  const [start, end] = [startNamed(insight), instantSaid(said)];
  if (start === undefined) return undefined;
  return end === undefined ? second(start) : { instants: { from: start, to: end } };
};
const corrected = ({ data }: FactOf<'metering.correction.made.v1'>): SpokenTime | undefined => {
  const { interval, values } = data;
  const begin = instantSaid(data.start);
  if (begin === undefined || interval === undefined || values === undefined) return undefined;
  return { instants: { from: begin, to: instantOf(secondsOf(begin) + interval * values.length) } };
};
const closedMonth = ({ data: { month } }: FactOf<'metering.month.closed.v1'>): SpokenTime | undefined =>
  month === undefined ? undefined : { days: { from: `${month}-01`, to: `${addMonths(month, 1)}-01` } };
/** From the day a meter came until it was taken away, whatever is told of that later. */
const installed = (fact: FactOf<'metering.meter.installed.v1'>, { installations = [] }: Grounds): SpokenTime => {
  const begin = instantOr(fact.data.from, fact);
  const { meter, servicePoint } = fact.data;
  const stay = installations.find(
    (one) => one.meter === meter && one.servicePoint === servicePoint && one.from === begin,
  );
  return { instants: { from: begin, to: stay?.to ?? null } };
};
const interrupted = (fact: OutageFact, { outage }: Grounds): SpokenTime => {
  const said = fact.type === 'service.outage.reported.v1' ? fact.data.startedAt : undefined;
  return { instants: { from: outage?.startedAt ?? instantOr(said, fact), to: outage?.restoredAt ?? null } };
};

/** A row of the table: a type, and what its facts speak of. */
const row = <Type extends KnownType>(type: Type, speaks: Row<FactOf<Type>>): readonly [KnownType, Row] => [
  type,
  (fact, grounds) => (isOfType(fact, type) ? speaks(fact, grounds) : undefined),
];

/** The table: a type that is not here is told to no customer, and stands in no customer's story. */
const rows: ReadonlyMap<string, Row> = new Map([
  row('customer.profile.registered.v1', record),
  row('customer.profile.corrected.v1', record),
  row('customer.contact-point.added.v1', record),
  row('customer.contact-point.changed.v1', record),
  row('customer.contact-point.removed.v1', record),
  row('customer.contact-point.verified.v1', record),
  row('customer.attribute.pinned.v1', record),
  row('customer.identity.merged.v1', merge),
  // That two were one by mistake, and that two are not one, tells each of somebody else.
  row('customer.identity.unmerged.v1', nobody),
  row('customer.identity.distinguished.v1', nobody),
  row('customer.duplicate.claimed.v1', nobody),
  row(
    'account.account.opened.v1',
    onAccount('account', () => always),
  ),
  row(
    'account.role.granted.v1',
    ofRole((fact) => oneDay(fact.data.from ?? dayOf(fact))),
  ),
  row(
    'account.role.ended.v1',
    ofRole((fact) => lastDay(fact)),
  ),
  row('account.agreement.started.v1', onAccount('account', agreed)),
  row('account.agreement.ended.v1', onAccount('account', lastDay)),
  // Which of two accounts has a point, or which point a meter measures, tells each of the other.
  row('account.dispute.settled.v1', nobody),
  row('metering.dispute.settled.v1', nobody),
  row('billing.bill.issued.v1', onAccount('bills', billed)),
  row('billing.payment.received.v1', onAccount('bills', paidOn)),
  row('billing.payment.reversed.v1', ofPayment),
  // What staff ask of one another: as a whole it is told to no customer.
  row('billing.reversal.requested.v1', ofPayment),
  row('billing.reversal.declined.v1', ofPayment),
  row('premise.premise.registered.v1', atPlace('home', 'any', whole, allPoints)),
  row('premise.service-point.registered.v1', atPlace('home', 'any', whole, createdPoint)),
  row('premise.service-point.changed.v1', atPlace('home', 'any', at, thePoint)),
  row('metering.meter.installed.v1', atPlace('home', 'any', installed, thePoint)),
  row('metering.meter.removed.v1', atPlace('home', 'any', at, thePoint)),
  row('metering.event.recorded.v1', atPlace('home', 'any', when, thePoint)),
  row('metering.correction.made.v1', atPlace('use', 'each', corrected, thePoint)),
  row('metering.month.closed.v1', atPlace('use', 'part', closedMonth, thePoint)),
  row('metering.exception.raised.v1', atPlace('use', 'any', fromStart, thePoint)),
  row('metering.exception.resolved.v1', atPlace('use', 'any', sinceException, thePoint)),
  row('metering.insight.found.v1', atPlace('use', 'each', fromStart, thePoint)),
  row('metering.insight.ended.v1', atPlace('use', 'each', ended, thePoint)),
  row('metering.insight.decided.v1', atPlace('use', 'each', sinceInsight, thePoint)),
  row('metering.task.opened.v1', atPlace('home', 'any', taskTime, thePoint)),
  row('metering.task.closed.v1', atPlace('home', 'any', taskTime, thePoint)),
  row('service.outage.reported.v1', atPlace('home', 'any', interrupted, ofOutage)),
  row('service.outage.restored.v1', atPlace('home', 'any', interrupted, ofOutage)),
  row('service.outage.joined.v1', atPlace('home', 'any', interrupted, ofOutage)),
  row('service.area-outage.proposed.v1', nobody),
  row('contact.change-request.made.v1', record),
  row('contact.change-request.settled.v1', record),
  row('contact.interaction.logged.v1', record),
  // What staff ask of one another; who asked for their erasure is told by a letter, and who was erased has no sign-in.
  row('customer.erasure.requested.v1', nobody),
  row('customer.erasure.declined.v1', nobody),
  row('customer.erasure.approved.v1', nobody),
  row('customer.erasure.completed.v1', nobody),
]);

const takesBack = /\.retracted\.v1$/;

/** Whether a fact takes another one back: it speaks of what that one speaks of. */
export const isTakingBack = ({ type }: Pick<Fact, 'type'>): boolean => takesBack.test(type);

/** Types with a row of their own; a retraction has that of what it takes back. */
export const spokenTypes: readonly string[] = [...rows.keys()];

/** What a fact speaks of; undefined where that cannot be told, and then it is nobody's to know. */
export const spokenOf = (fact: Fact, grounds: Grounds): Spoken | undefined => {
  if (!isTakingBack(fact)) return rows.get(fact.type)?.(fact, grounds);
  const { takenBack, ...rest } = grounds;
  return takenBack === undefined || isTakingBack(takenBack) ? undefined : spokenOf(takenBack, rest);
};
