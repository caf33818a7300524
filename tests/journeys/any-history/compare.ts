import fc from 'fast-check';
import { expect } from 'vitest';
import {
  accountAnswer,
  customerAnswer,
  groundlessAnswer,
  meterAnswer,
  premiseAnswer,
  timelineAnswer,
  viewAnswer,
} from '#tests/support/model/answers.ts';
import { keptOf, standingOf, type Told } from '#tests/support/model/told.ts';
import { askAt, toldByItself, toldTo } from './asked.ts';
import { accounts, anyHistory, customers, type History, meters, premises } from './history.ts';

/** Holds what a system answers at its routes against a model that knows nothing but the facts and the rules as they are written. */

type Asked = ReturnType<typeof askAt>;
type Answer<Name extends keyof Asked> = Awaited<ReturnType<Asked[Name]>>;
type View = Exclude<Answer<'view'>, string>;
type Money = { readonly amountMinor: number } | null | undefined;

const span = (from: string, to: string | undefined | null): string => `${from} to ${to ?? 'open'}`;
const minor = (amount: Money): number | undefined => amount?.amountMinor;
const sorted = (texts: readonly string[]): readonly string[] => texts.toSorted();

const moneyShown = ({ balance, overdue, nextDue }: Pick<Answer<'account'>, 'balance' | 'overdue' | 'nextDue'>) => ({
  balance: minor(balance),
  overdue: minor(overdue),
  nextDue: nextDue === null || nextDue === undefined ? null : { ...nextDue, amount: nextDue.amount.amountMinor },
});
const paymentsShown = (payments: Answer<'account'>['lastPayments']): readonly string[] =>
  payments.map(
    ({ id, amount, receivedOn, reversed }) =>
      `${id} ${amount.amountMinor} ${receivedOn}${reversed === true ? ' reversed' : ''}`,
  );
const agreementsShown = (agreements: Answer<'account'>['agreements']): readonly string[] =>
  sorted(
    agreements.map(
      ({ id, servicePointId, tariff, from, to, planned }) =>
        `${id} ${servicePointId} ${tariff} ${span(from, to)}${planned === true ? ' planned' : ''}`,
    ),
  );

const accountShown = (answer: Answer<'account'>) => ({
  holders: sorted(
    answer.holders.map(
      ({ customerId, role, from, to, planned }) =>
        `${customerId} ${role} ${span(from, to)}${planned === true ? ' planned' : ''}`,
    ),
  ),
  agreements: agreementsShown(answer.agreements),
  withoutPoint: answer.agreementsWithoutPoint ?? 0,
  differing: sorted(
    (answer.endsThatDiffer ?? []).map(({ agreementId, customerId, role, from, ends }) => {
      const words = sorted(ends.map(({ source, to }) => `${source} ${to}`)).join(', ');
      return `${agreementId ?? `${customerId} ${role}`} ${from}: ${words}`;
    }),
  ),
  withoutStart: answer.endsWithoutStart ?? 0,
  ...moneyShown(answer),
  lastBill: answer.lastBill?.id ?? null,
  lastPayments: paymentsShown(answer.lastPayments),
});

const customerShown = (answer: Answer<'customer'>) => ({
  kind: answer.kind,
  name: answer.name ?? '',
  dateOfBirth: answer.dateOfBirth ?? '',
  language: answer.language ?? '',
  since: answer.since ?? '',
  status: answer.status,
  contactPoints: sorted(
    answer.contactPoints.map(({ id, value, label, verified, preferred, source }) =>
      [id, value, label ?? '-', verified, preferred, source].join(' '),
    ),
  ),
  accounts: sorted(answer.accounts),
});

const viewShown = (view: View) => ({
  customer: {
    kind: view.customer.kind,
    name: view.customer.name ?? '',
    status: view.customer.status,
    since: view.customer.since ?? '',
  },
  language: view.contact.preferences.language ?? '',
  points: sorted(view.contact.points.map(({ value }) => value)),
  accounts: view.accounts
    .map((account) => ({
      id: account.id,
      roles: sorted(account.roles),
      planned: sorted((account.plannedRoles ?? []).map(({ role, from, to }) => `${role} ${span(from, to)}`)),
      ...(account.balance === undefined ? {} : moneyShown(account)),
      ...(account.lastBill === undefined ? {} : { lastBill: account.lastBill?.id ?? null }),
      lastPayments: paymentsShown(account.lastPayments),
      agreements: agreementsShown(account.agreements),
    }))
    .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  servicePoints: sorted(
    view.premises.flatMap(({ accountId, servicePoints }) => servicePoints.map(({ id }) => `${accountId} ${id}`)),
  ),
  openOutages: sorted(
    view.service.openOutages.map(
      ({ id, commodity, startedAt, expectedBy }) => `${id} ${commodity} ${startedAt} ${expectedBy ?? 'open'}`,
    ),
  ),
  recent: view.interactions.recent.map(({ id }) => id),
  counts: view.interactions.counts,
  handover: view.interactions.handover?.text ?? '',
  overdue: sorted(view.alerts.flatMap((alert) => (alert.class === 'financial' ? alert.evidence : []))),
});

/** What is expected, without what a view leaves out for want of room: never the first. That it says so is held to elsewhere. */
const withinRoom = (expected: ReturnType<typeof viewAnswer>, view: View) => ({
  ...expected,
  recent: expected.recent.slice(0, Math.max(1, view.interactions.recent.length)),
  points: (view.contact.more ?? 0) > 0 ? sorted(view.contact.points.map(({ value }) => value)) : expected.points,
  accounts: expected.accounts.map((account) => {
    const shown = view.accounts.find(({ id }) => id === account.id);
    return { ...account, lastPayments: account.lastPayments.slice(0, Math.max(1, shown?.lastPayments.length ?? 0)) };
  }),
});

const premiseShown = (answer: Answer<'premise'>, expected: ReturnType<typeof premiseAnswer>) => ({
  points: answer.servicePoints
    .map(({ id, connection, planned, meter }) => {
      const known = expected.points.find((point) => point.id === id)?.meters ?? [];
      return {
        id,
        connection,
        plannedConnection:
          planned?.connection === undefined ? undefined : `${planned.connection.to} ${planned.connection.at}`,
        meters: meter === null ? [] : known.includes(meter.id) ? known : [meter.id],
      };
    })
    .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
  openOutages: sorted(
    answer.openOutages.map(
      ({ id, commodity, startedAt, expectedBy }) => `${id} ${commodity} ${startedAt} ${expectedBy ?? 'open'}`,
    ),
  ),
  disputed: sorted(
    (answer.disputed ?? []).map(
      ({ servicePointId, from, to, claims }) =>
        `${servicePointId} ${span(from, to)}: ${sorted(claims.map(({ agreementId }) => agreementId)).join(', ')}`,
    ),
  ),
});

const meterShown = (answer: Answer<'meter'>) => ({
  installations: answer.installations.map(({ servicePointId, from, to }) => `${servicePointId} ${span(from, to)}`),
  disputed: (answer.disputed ?? []).map(
    ({ from, to, claims }) =>
      `${sorted([...new Set(claims.map(({ servicePointId }) => servicePointId))]).join(' ')} ${span(from, to)}`,
  ),
});

const isKnown = (kept: readonly Told[], thing: string): boolean => kept.some(({ makes }) => makes === thing);

const laters = [
  '2026-11-24T13:00:00.000Z',
  '2026-12-20T00:00:00.000Z',
  '2027-02-02T00:00:00.000Z',
  '2029-01-01T12:00:00.000Z',
];
const pasts = ['2026-03-01T08:00:00.000Z', '2026-05-10T00:00:00.000Z', '2026-10-01T00:00:00.000Z'];

const compareNow = async (asked: Asked, kept: readonly Told[], now: string): Promise<void> => {
  const [facts, today] = [standingOf(kept), now.slice(0, 10)];
  for (const account of accounts.filter((id) => isKnown(kept, id)))
    expect({ now, account, ...accountShown(await asked.account(account)) }).toEqual({
      now,
      account,
      ...accountAnswer(facts, account, today),
    });
  for (const customer of customers.filter((id) => isKnown(kept, id))) {
    expect({ now, customer, ...customerShown(await asked.customer(customer)) }).toEqual({
      now,
      customer,
      ...customerAnswer(facts, customer, today),
    });
    const view = await asked.view(customer);
    if (typeof view === 'string') throw new Error(`${customer}: ${view}`);
    expect({ now, view: viewShown(view) }).toEqual({ now, view: withinRoom(viewAnswer(facts, customer, now), view) });
  }
  for (const premise of premises.filter((id) => isKnown(kept, id))) {
    const expected = premiseAnswer(facts, premise, now);
    expect({ now, premise, ...premiseShown(await asked.premise(premise), expected) }).toEqual({
      now,
      premise,
      ...expected,
    });
  }
};

const comparePast = async (
  asked: Asked,
  kept: readonly Told[],
  moment: { asOf: string; knownAt: string },
): Promise<void> => {
  const [facts, today] = [standingOf(kept, moment.asOf), moment.asOf.slice(0, 10)];
  for (const account of accounts.filter((id) => isKnown(kept, id)))
    expect({ moment, account, ...accountShown(await asked.account(account, moment)) }).toEqual({
      moment,
      account,
      ...accountAnswer(facts, account, today),
    });
  for (const customer of customers) {
    const view = await asked.view(customer, moment);
    const isThere = facts.some(
      ({ type, makes, data }) =>
        (makes === customer || data.customer === customer) && /^customer\.(profile|attribute)/.test(type),
    );
    if (typeof view === 'string') expect([moment, view, isThere]).toEqual([moment, 'not-found', false]);
    else
      expect({ moment, view: viewShown(view) }).toEqual({
        moment,
        view: withinRoom(viewAnswer(facts, customer, moment.asOf), view),
      });
  }
};

export const compare = async (history: History): Promise<void> => {
  const { system, knownAt } = await toldTo(history);
  try {
    const own = await toldByItself(system);
    const kept = (told: readonly Told[]) => keptOf([...new Map(told.map((fact) => [fact.id, fact])).values()]);
    const all = kept([...history.told, ...own]);
    const before = kept([
      ...history.told.slice(0, history.known),
      ...own.filter(({ recordedAt }) => recordedAt <= knownAt),
    ]);
    const now = new Date(system.clock.now()).toISOString();
    for (const later of [now, ...laters.slice(1)]) await compareNow(askAt(system, later), all, later);
    const asked = askAt(system, now);
    for (const asOf of pasts) {
      await comparePast(asked, all, { asOf, knownAt: now });
      await comparePast(asked, before, { asOf, knownAt });
    }
    const facts = standingOf(all);
    for (const meter of meters)
      expect({ meter, ...meterShown(await asked.meter(meter)) }).toEqual({ meter, ...meterAnswer(facts, meter) });
    const groundless = groundlessAnswer(facts, customers, accounts);
    const { records } = await asked.groundless();
    if (records.every(({ count, latest }) => count === latest.length)) {
      const listed = [...new Set(records.flatMap(({ latest }) => latest.map(({ type, id }) => `${type} ${id}`)))];
      expect(sorted(listed)).toEqual(groundless);
    }
    for (const customer of customers.filter((id) => isKnown(all, id))) {
      const { data } = await asked.timeline(customer);
      const shown = data.map(({ type, id, retracted, effect }) =>
        [type, id, retracted === true ? 'retracted' : '', effect ?? ''].join(' ').trim(),
      );
      expect(sorted(shown)).toEqual(timelineAnswer(all, groundless, customer));
    }
  } finally {
    await system.store.close();
  }
};

/** Checks that many histories of at most so many facts each. */
export const checkHistories = (runs: number, most: number): Promise<void> =>
  fc.assert(fc.asyncProperty(anyHistory(most), compare), { numRuns: runs });
