import type { Sendable } from '#cli/read-facts.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import { instantOf, localDateAt, startOfDate } from '#shared/vocabulary/time.ts';
import { feedReference } from './feed-api.ts';

/**
 * The facts by which a meter of a file becomes someone's: premise, service point, customer, account, role, agreement, and the
 * meter installed at the start of its first interval, from which on readings are expected. Each is said by the system whose word it is, and
 * named by the reference `feed:<meter>`; sent again they are the same facts.
 */
export const openingFacts = (meter: string, register: Register, firstStart: number): readonly Sendable[] => {
  const { zone, commodity } = register;
  const reference = feedReference(meter);
  const day = localDateAt(zone, firstStart);
  const from = instantOf(startOfDate(zone, day));
  const references = [reference];
  const told: readonly (readonly [string, string, string, Readonly<Record<string, unknown>>])[] = [
    [
      'crm',
      'customer',
      'customer.profile.registered.v1',
      { kind: 'person', name: { family: `Household ${meter}`.slice(0, 200) }, since: day, references },
    ],
    [
      'field',
      'premise',
      'premise.premise.registered.v1',
      { address: { lines: [`Meter ${meter}`.slice(0, 120)], country: 'ZZ' }, references },
    ],
    [
      'field',
      'service-point',
      'premise.service-point.registered.v1',
      { premise: reference, commodity, zone, references },
    ],
    [
      'field',
      'installation',
      'metering.meter.installed.v1',
      { servicePoint: reference, meter: reference, from: instantOf(firstStart) },
    ],
    ['billing', 'account', 'account.account.opened.v1', { currency: 'GBP', openedOn: day, references }],
    [
      'billing',
      'role',
      'account.role.granted.v1',
      { account: reference, customer: reference, role: 'holder', from: day },
    ],
    [
      'billing',
      'agreement',
      'account.agreement.started.v1',
      {
        account: reference,
        servicePoint: reference,
        tariff: 'FEED',
        from: day,
        ...(register.flow === 'reverse' ? { feedIn: true } : {}),
      },
    ],
  ];
  return told.map(([system, name, type, data], index) => ({
    type,
    source: { system },
    sourceEventId: `feed:${meter}:${name}`,
    sourceSequence: index,
    occurredAt: from,
    data,
  }));
};
