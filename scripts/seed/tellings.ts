import type { IncomingFact } from '#shared/contracts/facts/envelope.ts';
import type { Reference } from '#shared/vocabulary/references.ts';
import type { Role } from '#shared/vocabulary/statuses.ts';
import { instantOf } from '#shared/vocabulary/time.ts';
import type { Term } from './bills.ts';
import type { StoryCalendar } from './calendar.ts';
import type { StoryMeter } from './meters.ts';
import type { Person } from './people.ts';
import type { Place } from './places.ts';
import { type SupplyPoint, startOfInterval } from './supply.ts';
import type { Teller } from './tell.ts';

/** An account as far as it has a name. */
export interface NamedAccount {
  readonly code: string;
  readonly reference: Reference;
}

/** The facts that make people, accounts and places known, as their systems send them. */

export const registered = (teller: Teller, at: number, person: Person, since?: string): IncomingFact =>
  teller.fact('crm', 'customer.profile.registered.v1', `${person.number}-registered`, at, {
    kind: person.kind,
    name: person.name,
    ...(person.dateOfBirth === undefined ? {} : { dateOfBirth: person.dateOfBirth }),
    language: 'en',
    ...(since === undefined ? {} : { since }),
    references: [person.reference],
  });

/** Name of the event by which a contact point became known; the point's id follows from it. */
export const contactEvent = (person: Person, kind: 'landline' | 'mobile' | 'email' | 'post'): string =>
  `${person.number}-${kind}`;

/** An address in one line, as post is addressed. */
export const written = (place: Place): string =>
  [...place.address.lines, place.address.town, place.address.postcode].filter((part) => part !== undefined).join(', ');

/** Ways to reach a person: e-mail and mobile, for most a landline, and a postal address. */
export const contactPoints = (teller: Teller, at: number, person: Person, place: Place): IncomingFact[] => {
  const point = (
    name: Parameters<typeof contactEvent>[1],
    data: { kind: 'phone' | 'email' | 'post'; value: string; preferred?: boolean; verified?: boolean; label?: string },
  ): IncomingFact =>
    teller.fact('crm', 'customer.contact-point.added.v1', contactEvent(person, name), at, {
      customer: person.reference,
      ...data,
    });
  const prefersPhone = person.number % 4 === 0;
  return [
    point('email', { kind: 'email', value: person.email, verified: person.number % 5 > 0, preferred: !prefersPhone }),
    point('mobile', { kind: 'phone', value: person.mobile, label: 'mobile', preferred: prefersPhone }),
    ...(person.number % 2 === 0 ? [point('landline', { kind: 'phone', value: person.landline, label: 'home' })] : []),
    ...(person.number % 3 === 0 ? [point('post', { kind: 'post', value: written(place) })] : []),
  ];
};

export const accountOpened = (
  teller: Teller,
  at: number,
  account: NamedAccount,
  currency: string,
  openedOn: string,
): IncomingFact =>
  teller.fact('billing', 'account.account.opened.v1', `account-${account.code}`, at, {
    currency,
    references: [account.reference],
    openedOn,
  });

export const roleGranted = (
  teller: Teller,
  at: number,
  account: NamedAccount,
  person: Person,
  role: Role,
  from: string,
): IncomingFact =>
  teller.fact('billing', 'account.role.granted.v1', `account-${account.code}-role-${person.number}`, at, {
    account: account.reference,
    customer: person.reference,
    role,
    from,
  });

export const roleEnded = (
  teller: Teller,
  at: number,
  account: NamedAccount,
  person: Person,
  role: Role,
  to: string,
): IncomingFact =>
  teller.fact('billing', 'account.role.ended.v1', `account-${account.code}-role-${person.number}-end`, at, {
    account: account.reference,
    customer: person.reference,
    role,
    to,
  });

const termEvent = (code: string, term: Term): string => `account-${code}-at-${term.point.reference.value}`;

export const agreementStarted = (teller: Teller, at: number, account: NamedAccount, term: Term): IncomingFact =>
  teller.fact('billing', 'account.agreement.started.v1', termEvent(account.code, term), at, {
    account: account.reference,
    servicePoint: term.point.reference,
    tariff: term.tariff.code,
    from: term.from,
    ...(term.point.registers.some(({ register }) => register.flow === 'reverse') ? { feedIn: true } : {}),
  });

export const agreementEnded = (
  teller: Teller,
  at: number,
  account: NamedAccount,
  term: Term,
  to: string,
): IncomingFact =>
  teller.fact('billing', 'account.agreement.ended.v1', `${termEvent(account.code, term)}-end`, at, {
    account: account.reference,
    servicePoint: term.point.reference,
    to,
  });

export const premiseRegistered = (teller: Teller, at: number, place: Place): IncomingFact =>
  teller.fact('field', 'premise.premise.registered.v1', `place-${place.code}`, at, {
    address: place.address,
    region: place.region,
    references: [place.reference],
  });

export const pointRegistered = (
  teller: Teller,
  at: number,
  place: Place,
  point: SupplyPoint,
  zone: string,
): IncomingFact =>
  teller.fact('field', 'premise.service-point.registered.v1', `place-${place.code}-${point.commodity}`, at, {
    premise: place.reference,
    commodity: point.commodity,
    zone,
    connection: 'connected',
    references: [point.reference],
  });

export const meterInstalled = (
  teller: Teller,
  at: number,
  calendar: StoryCalendar,
  point: SupplyPoint,
  meter: StoryMeter,
): IncomingFact =>
  teller.fact('field', 'metering.meter.installed.v1', `meter-${meter.serial}`, at, {
    servicePoint: point.reference,
    meter: meter.reference,
    serial: meter.serial,
    from: instantOf(startOfInterval(calendar, meter.from)),
  });

export const meterRemoved = (
  teller: Teller,
  at: number,
  calendar: StoryCalendar,
  point: SupplyPoint,
  meter: StoryMeter,
): IncomingFact =>
  teller.fact('field', 'metering.meter.removed.v1', `meter-${meter.serial}-removed`, at, {
    servicePoint: point.reference,
    meter: meter.reference,
    at: instantOf(startOfInterval(calendar, meter.to)),
  });
