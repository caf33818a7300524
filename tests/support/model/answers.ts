import { agreementEndsWithoutStart, differingAgreements, serviceAt, takenBy, takenWithoutPoint } from './agreements.ts';
import { lastBill, lastPayments, ledgerOf, owedOn } from './billing.ts';
import { groundlessPoints, pointsOf } from './contact-points.ts';
import { accountsLeft, hasOwed, leftOwing, rolesTold, toldOfBills } from './former.ts';
import { groundlessWords, sinceOf, valueOn } from './identity.ts';
import { contactCounts, groundlessDecisions, handoverTo, recentContacts } from './interactions.ts';
import { placesOf } from './meters.ts';
import { groundlessEnds, openOutages } from './outages.ts';
import { groundlessChanges, pointAt, pointsAt } from './premises.ts';
import { differingRoles, holdsOn, isOver, roleEndsWithoutStart, rolesHeld } from './roles.ts';
import { inOrder, isRetraction, type Told, text } from './told.ts';

/** Answers as texts and plain lists: what is compared is what is said, not how it is packed. */

const span = (from: string, to: string | undefined | null): string => `${from} to ${to ?? 'open'}`;
const owing: readonly string[] = ['holder', 'joint', 'payer', 'guarantor'];
const seeingBills: readonly string[] = ['holder', 'joint', 'payer'];
const atHome: readonly string[] = ['holder', 'joint', 'landlord'];

const billText = (bill: Told | undefined) => bill?.makes ?? null;

const moneyOn = (facts: readonly Told[], account: string, today: string) => {
  const { balance, overdue, nextDue } = owedOn(facts, account, today);
  return { balance, overdue, nextDue };
};
const billsOf = (facts: readonly Told[], account: string, isTold?: (day: string) => boolean) => ({
  lastBill: billText(lastBill(facts, account, isTold)),
  lastPayments: lastPayments(facts, account, isTold).map(
    ({ id, amount, on, isReversed }) => `${id} ${amount} ${on}${isReversed ? ' reversed' : ''}`,
  ),
});
const taken = (facts: readonly Told[], account: string, today: string): readonly string[] =>
  takenBy(facts, account)
    .filter((one) => !isOver(one, today))
    .map(
      ({ id, servicePoint, tariff, from, to }) =>
        `${id} ${servicePoint} ${tariff} ${span(from, to)}${from > today ? ' planned' : ''}`,
    )
    .sort();

export const accountAnswer = (facts: readonly Told[], account: string, today: string) => ({
  holders: rolesHeld(facts)
    .filter((role) => role.account === account && !isOver(role, today))
    .map(({ customer, role, from, to }) => `${customer} ${role} ${span(from, to)}${from > today ? ' planned' : ''}`)
    .sort(),
  agreements: taken(facts, account, today),
  withoutPoint: takenWithoutPoint(facts, account).filter((one) => !isOver(one, today)).length,
  differing: [...differingAgreements(facts, account), ...differingRoles(facts, account)].sort(),
  withoutStart: agreementEndsWithoutStart(facts, account) + roleEndsWithoutStart(facts, account),
  ...moneyOn(facts, account, today),
  ...billsOf(facts, account),
});

const nameText = (name: unknown): string => {
  if (typeof name !== 'object' || name === null) return '';
  const parts = new Map(Object.entries(name));
  return ['given', 'family'].flatMap((part) => parts.get(part) ?? []).join(' ');
};

const statusOn = (facts: readonly Told[], customer: string, today: string): string => {
  const held = rolesHeld(facts).filter((role) => role.customer === customer);
  if (held.some((role) => holdsOn(role, today))) return 'active';
  return held.some(({ from }) => from <= today) ? 'former' : 'prospect';
};

export const customerAnswer = (facts: readonly Told[], customer: string, today: string) => ({
  kind: valueOn(facts, customer, 'kind', today) ?? 'person',
  name: nameText(valueOn(facts, customer, 'name', today)),
  dateOfBirth: valueOn(facts, customer, 'dateOfBirth', today) ?? '',
  language: valueOn(facts, customer, 'language', today) ?? '',
  since: sinceOf(facts, customer) ?? '',
  status: statusOn(facts, customer, today),
  contactPoints: pointsOf(facts, customer)
    .map(({ id, value, label, isVerified, isPreferred, source }) =>
      [id, value, label ?? '-', isVerified, isPreferred, source].join(' '),
    )
    .sort(),
  accounts: [
    ...new Set(
      rolesHeld(facts).flatMap((role) => (role.customer === customer && holdsOn(role, today) ? [role.account] : [])),
    ),
  ].sort(),
});

/** An outage at the home of somebody who takes what failed there now. */
const outagesFor = (facts: readonly Told[], customer: string, today: string, now: string): readonly string[] => {
  const accounts = rolesHeld(facts).flatMap((role) =>
    role.customer === customer && atHome.includes(role.role) && holdsOn(role, today) ? [role.account] : [],
  );
  const points = accounts.flatMap((account) =>
    takenBy(facts, account).flatMap((one) => (holdsOn(one, today) ? [one.servicePoint] : [])),
  );
  const found = points.flatMap((point) => {
    const maker = facts.find(({ makes }) => makes === point);
    if (maker === undefined) return [];
    return openOutages(facts, text(maker, 'premise') ?? '', now).filter(
      (one) => one.split(' ')[1] === text(maker, 'commodity'),
    );
  });
  return [...new Set(found)].sort();
};

export const viewAnswer = (facts: readonly Told[], customer: string, now: string) => {
  const today = now.slice(0, 10);
  const { kind, name, status, since } = customerAnswer(facts, customer, today);
  const roles = rolesHeld(facts).filter((role) => role.customer === customer && !isOver(role, today));
  const left = accountsLeft(facts, customer, today);
  const accounts = [...new Set([...roles.map(({ account }) => account), ...left])].sort();
  const isFormer = (account: string): boolean => hasOwed(facts, account, customer, today);
  // Bills and payments are told of the time in which somebody had a role that shows them.
  const begun = accounts.flatMap((account) =>
    rolesTold(facts, account, customer, today).filter(({ role }) => seeingBills.includes(role)),
  );
  const owes = (account: string): boolean =>
    roles.some((role) => role.account === account && owing.includes(role.role) && holdsOn(role, today));
  return {
    customer: { kind, name, status, since },
    language: valueOn(facts, customer, 'language', today) ?? '',
    points: [...new Set(pointsOf(facts, customer).map(({ value }) => value))].sort(),
    accounts: accounts.map((account) => {
      const own = roles.filter((role) => role.account === account);
      const now = own.filter((role) => holdsOn(role, today));
      return {
        id: account,
        roles: now.map(({ role }) => role).sort(),
        planned: own
          .filter(({ from }) => from > today)
          .map(({ role, from, to }) => `${role} ${span(from, to)}`)
          .sort(),
        ...(owes(account) ? moneyOn(facts, account, today) : {}),
        ...(!owes(account) && isFormer(account) ? leftOwing(facts, account, customer, today) : {}),
        ...(toldOfBills(facts, account, customer, today, seeingBills)
          ? billsOf(facts, account, (day) => begun.some((role) => role.account === account && holdsOn(role, day)))
          : { lastPayments: [] }),
        agreements: left.includes(account) ? [] : taken(facts, account, today),
      };
    }),
    servicePoints: roles
      .filter(({ role }) => atHome.includes(role))
      .map(({ account }) => account)
      .filter((account, n, all) => all.indexOf(account) === n)
      .flatMap((account) => [
        ...new Set(
          takenBy(facts, account).flatMap((one) => (isOver(one, today) ? [] : [`${account} ${one.servicePoint}`])),
        ),
      ])
      .sort(),
    openOutages: outagesFor(facts, customer, today, now),
    recent: recentContacts(facts, customer).slice(0, 5),
    counts: contactCounts(facts, customer),
    handover: handoverTo(facts, customer) ?? '',
    overdue: accounts
      .flatMap((account) => {
        if (owes(account)) return owedOn(facts, account, today).overdue > 0 ? [account] : [];
        return isFormer(account) && leftOwing(facts, account, customer, today).balance > 0 ? [account] : [];
      })
      .sort(),
  };
};

export const premiseAnswer = (facts: readonly Told[], premise: string, now: string) => ({
  points: pointsAt(facts, premise)
    .map((id) => ({ id, ...pointAt(facts, id, now) }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  openOutages: openOutages(facts, premise, now),
  disputed: pointsAt(facts, premise)
    .flatMap((point) =>
      serviceAt(facts, point).flatMap(({ from, to, ids, isDisputed }) =>
        isDisputed ? [`${point} ${span(from, to)}: ${ids.join(', ')}`] : [],
      ),
    )
    .sort(),
});

export const meterAnswer = (facts: readonly Told[], meter: string) => {
  const places = placesOf(facts, meter);
  return {
    installations: places
      .filter(({ isDisputed }) => !isDisputed)
      .map(({ point, from, to }) => `${point} ${span(from, to)}`),
    disputed: places.filter(({ isDisputed }) => isDisputed).map(({ point, from, to }) => `${point} ${span(from, to)}`),
  };
};

/** Facts that are kept and change nothing. */
export const groundlessAnswer = (facts: readonly Told[], customers: readonly string[], accounts: readonly string[]) =>
  [
    ...accounts.flatMap((account) => ledgerOf(facts, account).groundless),
    ...customers.flatMap((customer) => groundlessWords(facts, customer)),
    ...groundlessPoints(facts),
    ...groundlessDecisions(facts),
    ...groundlessEnds(facts),
    ...groundlessChanges(facts),
  ]
    .map(({ type, id }) => `${type} ${id}`)
    .sort();

const ownTypes = /^(customer\.(profile|contact-point|attribute)|contact\.)/;

/** What was told of a customer themselves, newest first, with what was taken back marked. */
export const timelineAnswer = (kept: readonly Told[], groundless: readonly string[], customer: string) => {
  const taken = new Set(kept.filter(isRetraction).map((fact) => text(fact, 'factId')));
  const isTheirs = (fact: Told): boolean => {
    const about = isRetraction(fact) ? kept.find(({ id }) => id === text(fact, 'factId')) : fact;
    return (
      about !== undefined &&
      ownTypes.test(about.type) &&
      (about.makes === customer || text(about, 'customer') === customer)
    );
  };
  return inOrder(kept)
    .filter(isTheirs)
    .map((fact) => {
      const marks = [
        taken.has(fact.id) ? 'retracted' : '',
        groundless.includes(`${fact.type} ${fact.id}`) ? 'none' : '',
      ];
      return [fact.type, fact.id, ...marks].join(' ').trim();
    })
    .sort();
};
