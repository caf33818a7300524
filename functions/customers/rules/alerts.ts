import type { AccountDigest } from '#functions/accounts/rules/account-digest.ts';
import { debtOn } from '#functions/accounts/rules/account-digest-today.ts';
import { debtOf, moneyOf } from '#functions/accounts/rules/account-section.ts';
import { dueAt } from '#functions/accounts/rules/due.ts';
import { headlineOf } from '#functions/insight/rules/headlines.ts';
import { showService } from '#functions/outages/rules/outage-section.ts';
import { leakHeadline } from '#functions/premises/rules/told-leaks.ts';
import type { View360 } from '#functions/view.ts';
import { isLiable } from '#shared/access/held-rights.ts';
import { givesRight } from '#shared/access/role-rights.ts';
import { covers, isOver, overFrom } from '#shared/profile/rules/periods.ts';
import { premisesWith, type ViewBasis } from '#shared/profile/rules/view/section.ts';
import type { ViewParts } from '#shared/profile/rules/view/view-360.ts';
import { writeMoney } from '#shared/vocabulary/money.ts';

type Alerts = View360['alerts'];
type Outages = View360['service']['openOutages'];
type MoneyAlert = Alerts[number] & { readonly amount: number };

/** Of whose account an alert about money speaks, where it is not the customer's own debt. */
const ofWhom = (digest: AccountDigest, today: string): string => {
  if (isLiable(digest.roles, today)) return '';
  const as = digest.roles.find((role) => givesRight(role.role, 'owed') && covers(role, today));
  return ` on an account of somebody else (${as?.role ?? 'no role'})`;
};

/** Since when somebody has left an account. */
const leftOn = ({ roles }: AccountDigest, today: string): string =>
  overFrom(roles.filter((role) => isOver(role, today))) ?? today;

/** What a customer still owes on an account that they left, whether it is overdue yet or not: they get no more bills to remind them. */
const formerDebtAlerts = (accounts: ViewParts['accounts'], today: string): readonly MoneyAlert[] =>
  accounts.flatMap(({ id, digest }) => {
    if (debtOn(digest, today) !== 'former' || digest.balance <= 0) return [];
    const { overdue, overdueSince, next } = dueAt(digest.due.days, today);
    const when =
      overdueSince === undefined ? '' : `, ${writeMoney(moneyOf(overdue, digest))} overdue since ${overdueSince}`;
    return [
      {
        class: 'financial',
        text: `${writeMoney(moneyOf(digest.balance, digest))} still owed on a former account${when}`,
        because: [
          `The customer left the account on ${leftOn(digest, today)}, and what was billed for their time is not settled.`,
          ...(next === undefined ? [] : [`${writeMoney(moneyOf(next.amount, digest))} is due on ${next.dueOn}.`]),
        ],
        evidence: [id],
        since: overdueSince ?? leftOn(digest, today),
        amount: digest.balance,
      },
    ];
  });

const overdueAlerts = (accounts: ViewParts['accounts'], today: string): readonly MoneyAlert[] =>
  accounts.flatMap(({ id, digest }) => {
    const due = debtOn(digest, today) === 'account' ? dueAt(digest.due.days, today) : undefined;
    if (due === undefined || due.overdue <= 0 || due.overdueSince === undefined) return [];
    const debtors = debtOf(digest, today).map(({ customerId }) => customerId);
    return [
      {
        class: 'financial',
        text: `${writeMoney(moneyOf(due.overdue, digest))} overdue since ${due.overdueSince}${ofWhom(digest, today)}`,
        because: [
          due.overdueBills === 1
            ? 'A bill is past its due date and not settled.'
            : `${due.overdueBills} bills are past their due dates and not settled.`,
          ...(debtors.length > 0 ? [`The debt is that of ${debtors.join(' and ')}.`] : []),
        ],
        evidence: [id],
        since: due.overdueSince,
        amount: due.overdue,
      },
    ];
  });

const moneyAlerts = (accounts: ViewParts['accounts'], today: string): Alerts =>
  [...overdueAlerts(accounts, today), ...formerDebtAlerts(accounts, today)]
    .toSorted((a, b) => b.amount - a.amount)
    .map(({ amount: _amount, ...alert }) => alert);

const outageAlerts = (open: Outages): Alerts =>
  open.map((outage) => ({
    class: 'service',
    text: `No ${outage.commodity} at a premise since ${outage.startedAt}`,
    because: [
      'An outage was reported and not yet restored.',
      ...(outage.expectedBy === undefined ? [] : [`Service is expected back at ${outage.expectedBy}.`]),
    ],
    evidence: [outage.id],
    since: outage.startedAt,
  }));

const usageAlerts = (premises: ViewParts['premises'], today: string): Alerts => {
  const told = premises
    .flatMap(({ digest }) => digest.insights)
    .filter(({ expires }) => today < expires)
    .map(({ servicePoint, kind, headline, since, sinceOn, expires }) => ({
      class: 'usage',
      text: `${kind === 'meter-leak' ? leakHeadline(headline) : headlineOf(kind, headline)}, since ${sinceOn}`,
      because: [
        kind === 'meter-leak'
          ? 'The meter told of water that never stops, and last then; the events of the service point say when before.'
          : 'Readings of the meter tell it; the insights of the service point say how.',
      ],
      evidence: [servicePoint],
      since,
      expires,
    }));
  return [...new Map(told.map((alert) => [`${alert.evidence[0]}${alert.text}`, alert] as const)).values()];
};

/** Most alerts that a view shows. */
export const mostAlerts = 7;

/**
 * Alerts are computed at reading: money overdue, service interrupted, what readings tell; the weightiest class first.
 */
export const alertsOf = (basis: ViewBasis): Alerts => [
  ...moneyAlerts(basis.shown, basis.today),
  ...outageAlerts(showService(basis).openOutages),
  ...usageAlerts(premisesWith(basis, 'use'), basis.today),
];

/** The alerts that a 360 view has room for. */
export const showAlerts = (alerts: Alerts): Alerts => alerts.slice(0, mostAlerts);

/** What of the customer's accounts is in dispute between sources, whoever has it by now. */
const disputedOf = ({ parts, shown }: ViewBasis) => {
  const digests = parts.premises.flatMap(({ account, digest }) =>
    shown.some(({ id }) => id === account) ? [digest] : [],
  );
  return { service: digests.some((one) => one.disputed), meter: digests.some((one) => one.meterDisputed) };
};

/**
 * What to say or do next, one step for each class of alerts that holds; money that somebody else owes has a step of its own, and so
 * have service that sources say two accounts take, and a meter that they say is at two points.
 */
export const showNextSteps = (basis: ViewBasis, alerts: Alerts): string[] => {
  const { shown, today } = basis;
  const disputed = disputedOf(basis);
  const overdue = new Set(alerts.flatMap((alert) => (alert.class === 'financial' ? alert.evidence : [])));
  const of = (is: (digest: AccountDigest) => boolean): boolean =>
    shown.some(({ id, digest }) => overdue.has(id) && is(digest));
  const own = of((digest) => isLiable(digest.roles, today));
  const former = of((digest) => debtOn(digest, today) === 'former');
  const others = of((digest) => !isLiable(digest.roles, today) && debtOn(digest, today) !== 'former');
  return [
    ...(showService(basis).openOutages.length > 0
      ? ['Say what is known of the outage and when service is expected back.']
      : []),
    ...(own ? ['Ask about the overdue amount; offer to take a payment now.'] : []),
    ...(former
      ? ['Ask where the final bill of the former account went; take a payment on it, or agree on how it is paid.']
      : []),
    ...(disputed.service
      ? [
          'Sources say that another account takes service here, too: ask what was agreed, and have a supervisor settle it.',
        ]
      : []),
    ...(disputed.meter
      ? [
          'Sources say that the meter here is at another point, too: ask for its serial number, and have a supervisor settle it.',
        ]
      : []),
    ...(others ? ['Money is overdue on an account of somebody else: speak of it as their debt.'] : []),
  ];
};
