import type { ShownView } from './shown-view.ts';
import { barsText, cut, lagText, minuteText, moneyText, quantityText } from './words.ts';

type Account = ShownView['accounts'][number];
type Premise = ShownView['premises'][number];
type Usage = ShownView['usage'][number];

/** At most these of each kind are drawn, so that the view stays on one screen; `--json` has all. */
const shown = { accounts: 4, premises: 4, points: 4, usage: 4, interactions: 4, lines: 40 };

const joined = (...parts: readonly (string | undefined | null | false)[]): string =>
  parts.filter((part) => typeof part === 'string' && part !== '').join(' · ');

const labelled = (label: string, lines: readonly string[]): readonly string[] =>
  lines.map((line, index) => `${(index === 0 ? label : '').padEnd(10)}${line}`);

/** The first lines of a list, and how many more there are. */
const some = <Item>(
  items: readonly Item[],
  most: number,
  draw: (item: Item) => readonly string[],
): readonly string[] => [
  ...items.slice(0, most).flatMap(draw),
  ...(items.length > most ? [`… ${items.length - most} more`] : []),
];

const headLines = ({ customer }: ShownView): readonly string[] => [
  joined(
    customer.name ?? '(name not shown)',
    customer.kind,
    customer.status,
    customer.since && `since ${customer.since}`,
  ),
  joined(customer.id, customer.version !== undefined && `version ${customer.version}`),
];

const contactLines = ({ contact }: ShownView): readonly string[] => {
  const points = some(contact.points, shown.points, (point) => [
    joined(point.value, point.kind, point.label, point.preferred && 'preferred', !point.verified && 'not verified'),
  ]);
  return [...points, ...(contact.restrictions.length > 0 ? [`restrictions: ${contact.restrictions.join(', ')}`] : [])];
};

const actorText = ({ customerId, role, from, to }: NonNullable<Account['actors']>[number]): string =>
  `${customerId} (${role} from ${from}${to === null ? '' : ` to ${to}`})`;

const accountLines = (account: Account): readonly string[] => {
  const { balance, overdue, lastBill, nextDue, lastPayments } = account;
  const [payment] = lastPayments;
  const money = joined(
    balance && `balance ${moneyText(balance)}`,
    overdue && overdue.amountMinor > 0 && `OVERDUE ${moneyText(overdue)}`,
    nextDue &&
      `${moneyText(nextDue.amount)} due ${nextDue.dueOn}${nextDue.bills === 1 ? '' : ` (${nextDue.bills} bills)`}`,
  );
  const last = joined(
    lastBill &&
      `bill ${lastBill.number ?? ''} ${moneyText(lastBill.amount)} of ${lastBill.issuedOn}`.replace('  ', ' '),
    payment &&
      `paid ${moneyText(payment.amount)} on ${payment.receivedOn} by ${payment.method}${payment.reversed === true ? ' (reversed)' : ''}`,
  );
  const others = joined(
    account.debtOf && `debt of ${account.debtOf.map(({ customerId, role }) => `${customerId} (${role})`).join(', ')}`,
    account.actors && `may act: ${account.actors.map(actorText).join(', ')}`,
  );
  const planned = (account.plannedRoles ?? []).map(({ role, from }) => `${role} from ${from}`);
  const former = (account.formerRoles ?? []).map(
    ({ role, from, to }) => `former ${role} ${from}${to === null ? '' : ` to ${to}`}`,
  );
  const agreements = account.agreements.map(
    ({ tariff, from, to }) => `${tariff} from ${from}${to === undefined ? '' : ` to ${to}`}`,
  );
  return [
    joined(
      account.id,
      account.roles.join(', '),
      planned.join(', '),
      former.join(', '),
      account.status,
      ...agreements.slice(0, 2),
    ),
    ...[money, last, others].filter((line) => line !== '').map((line) => `  ${line}`),
  ];
};

const premiseLines = (premise: Premise): readonly string[] => [
  joined(premise.address ?? premise.id, premise.address === undefined ? undefined : premise.id),
  ...some(premise.servicePoints, shown.points, ({ commodity, connection, meter, planned }) => [
    `  ${joined(
      commodity,
      connection,
      meter === null ? 'no meter' : `meter ${meter.serial ?? meter.id}`,
      meter?.lastReadingAt && `last reading ${minuteText(meter.lastReadingAt)}`,
      planned?.connection && `${planned.connection.to} from ${minuteText(planned.connection.at)}`,
      planned?.meter && `meter ${planned.meter.serial ?? planned.meter.id} from ${minuteText(planned.meter.at)}`,
    )}`,
  ]),
];

/** Oldest first, as bars are read. */
const inOrder = <Entry>(entries: readonly Entry[], at: (entry: Entry) => string): readonly Entry[] =>
  [...entries].sort((one, other) => (at(one) < at(other) ? -1 : 1));

const usageLines = (usage: Usage): readonly string[] => {
  const { register, flow, unit, powerOfTen, asOf } = usage;
  const months = inOrder(usage.months, ({ month }) => month);
  const recentDays = inOrder(usage.recentDays, ({ date }) => date);
  const month = months.at(-1);
  const day = recentDays.at(-1);
  return [
    joined(
      `register ${register} ${flow === 'reverse' ? 'export' : flow}`,
      month &&
        `${barsText(months.map(({ value }) => value))} ${month.month} ${quantityText(month.value, unit, powerOfTen)}`,
      day &&
        `${barsText(recentDays.map(({ value }) => value))} ${day.date} ${day.value === null ? 'gap' : quantityText(day.value, unit, powerOfTen)}`,
      asOf && `as of ${minuteText(asOf)}`,
    ),
  ];
};

const serviceLines = ({ service }: ShownView): readonly string[] => [
  ...service.openOutages.map((outage) =>
    joined(
      'OUTAGE',
      outage.commodity,
      `since ${minuteText(outage.startedAt)}`,
      outage.expectedBy && `expected back ${minuteText(outage.expectedBy)}`,
    ),
  ),
  ...service.openCases.map((text) => `case ${text}`),
  ...service.lastResolved
    .slice(0, 1)
    .map((outage) =>
      joined(
        'last outage',
        outage.commodity,
        minuteText(outage.startedAt),
        outage.restoredAt && `restored ${minuteText(outage.restoredAt)}`,
      ),
    ),
];

const interactionLines = ({ interactions }: ShownView): readonly string[] =>
  some(interactions.recent, shown.interactions, (one) => [
    joined(
      `${minuteText(one.at)} ${one.direction} ${one.channel}`,
      one.writtenBy !== 'staff' && `by ${one.writtenBy}`,
      one.reason,
      one.outcome,
      one.summary,
    ),
  ]);

const freshLines = ({ freshness }: ShownView): readonly string[] => [
  joined(
    minuteText(freshness.asOf),
    ...freshness.sources.map(({ source, lagSeconds }) => `${source} ${lagText(lagSeconds)} ago`),
  ),
];

/** The 360 view as lines for one screen of a terminal. */
export const viewScreen = (view: ShownView, width: number): readonly string[] => {
  const { more = 0 } = view.contact;
  const leftOut = [...(more > 0 ? [`contact points: ${more} more`] : []), ...view.omitted];
  const lines = [
    ...headLines(view),
    ...labelled(
      'alerts',
      view.alerts.map(({ text }) => `! ${text}`),
    ),
    ...labelled('contact', contactLines(view)),
    ...labelled('accounts', some(view.accounts, shown.accounts, accountLines)),
    ...labelled('premises', some(view.premises, shown.premises, premiseLines)),
    ...labelled('usage', some(view.usage, shown.usage, usageLines)),
    ...labelled('service', serviceLines(view)),
    ...labelled('recent', interactionLines(view)),
    ...labelled('next', view.nextSteps),
    ...labelled('fresh', freshLines(view)),
    ...(leftOut.length > 0 ? labelled('left out', [leftOut.join(', ')]) : []),
    ...((view.masked ?? []).length > 0 ? labelled('masked', [(view.masked ?? []).join(', ')]) : []),
  ];
  const fitting = lines.length <= shown.lines ? lines : [...lines.slice(0, shown.lines - 1), '… more: --json has all'];
  return fitting.map((line) => cut(line, width));
};
