import { type Drawn, fitted, joined, type LabelledLine, labelled, type ScreenLine, some } from './screen-lines.ts';
import type { ShownView } from './shown-view.ts';
import { barsText, lagText, minuteText, moneyText, quantityText } from './words.ts';

type Account = ShownView['accounts'][number];
type Alert = ShownView['alerts'][number];
type Premise = ShownView['premises'][number];
type Usage = ShownView['usage'][number];

/** At most these of each kind are drawn, so that the view stays on one screen. */
const oneScreen = { contact: 4, accounts: 4, premises: 4, points: 4, usage: 4, interactions: 4 };
const everything = {
  contact: Number.POSITIVE_INFINITY,
  accounts: Number.POSITIVE_INFINITY,
  premises: Number.POSITIVE_INFINITY,
  points: Number.POSITIVE_INFINITY,
  usage: Number.POSITIVE_INFINITY,
  interactions: Number.POSITIVE_INFINITY,
};
type Most = typeof oneScreen;
const mostLines = 40;

/** What a home is called among several: its address up to the town. */
const homeName = ({ address, id }: Premise): string => address?.split(',').slice(0, 1).join('') ?? id;

/** The home that an id is of: of a premise, of one of its service points, of an outage there; none where the view has but one. */
const homeOf = ({ premises, service }: ShownView, id: string): string | undefined => {
  if (premises.length < 2) return undefined;
  const outage = [...service.openOutages, ...service.lastResolved].find((one) => one.id === id);
  const home = premises.find(
    (premise) => premise.id === (outage?.premiseId ?? id) || premise.servicePoints.some((point) => point.id === id),
  );
  return home && homeName(home);
};

const headLines = ({ customer }: ShownView): readonly LabelledLine[] => [
  {
    text: joined(
      customer.name ?? '(name not shown)',
      customer.kind,
      customer.status,
      customer.since && `since ${customer.since}`,
    ),
    style: 'strong',
  },
  { text: joined(customer.id, customer.version !== undefined && `version ${customer.version}`) },
];

const ownText = (view: ShownView, { evidence }: Alert): string | undefined => {
  const account = view.accounts.length > 1 && view.accounts.find(({ id }) => evidence.includes(id));
  return account ? account.id : evidence.flatMap((id) => homeOf(view, id) ?? [])[0];
};

const alertLines = (view: ShownView): readonly ScreenLine[] =>
  view.alerts.map((alert) => ({ text: joined(`! ${alert.text}`, ownText(view, alert)), style: 'alarm' }));

const contactLines = ({ contact }: ShownView, most: Most) => {
  const points = some(contact.points, most.contact, (point) => [
    joined(point.value, point.kind, point.label, point.preferred && 'preferred', !point.verified && 'not verified'),
  ]);
  return [...points, ...(contact.restrictions.length > 0 ? [`restrictions: ${contact.restrictions.join(', ')}`] : [])];
};

const actorText = ({ customerId, role, from, to }: NonNullable<Account['actors']>[number]): string =>
  `${customerId} (${role} from ${from}${to === null ? '' : ` to ${to}`})`;

const accountLines = (account: Account): Drawn => {
  const { balance, overdue, lastBill, nextDue, lastPayments } = account;
  const isOverdue = (overdue?.amountMinor ?? 0) > 0;
  const [payment] = lastPayments;
  const money = joined(
    balance && `balance ${moneyText(balance)}`,
    isOverdue && overdue && `OVERDUE ${moneyText(overdue)}`,
    nextDue &&
      `${moneyText(nextDue.amount)} due ${nextDue.dueOn}${nextDue.bills === 1 ? '' : ` (${nextDue.bills} bills)`}`,
  );
  const bill =
    lastBill &&
    `last bill ${lastBill.number ?? ''} ${moneyText(lastBill.amount)} of ${lastBill.issuedOn}, due ${lastBill.dueOn}`.replace(
      '  ',
      ' ',
    );
  const paid =
    payment &&
    `last payment ${moneyText(payment.amount)} on ${payment.receivedOn} by ${payment.method}${payment.reversed === true ? ' (reversed)' : ''}`;
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
    ...(money === '' ? [] : [isOverdue ? { text: `  ${money}`, style: 'alarm' as const } : `  ${money}`]),
    ...[bill, paid, others].flatMap((line) => (line ? [`  ${line}`] : [])),
  ];
};

const premiseLines = (premise: Premise, most: Most): Drawn => [
  joined(premise.address ?? premise.id, premise.address === undefined ? undefined : premise.id),
  ...some(premise.servicePoints, most.points, ({ commodity, connection, meter, planned }) => [
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

const usageLines = (view: ShownView, usage: Usage): Drawn => {
  const { register, flow, unit, powerOfTen, asOf } = usage;
  const months = inOrder(usage.months, ({ month }) => month);
  const recentDays = inOrder(usage.recentDays, ({ date }) => date);
  const month = months.at(-1);
  const day = recentDays.at(-1);
  return [
    joined(
      homeOf(view, usage.servicePointId),
      `register ${register} ${flow === 'reverse' ? 'export' : flow}`,
      month &&
        `${barsText(months.map(({ value }) => value))} ${month.month} ${quantityText(month.value, unit, powerOfTen)}`,
      day &&
        `${barsText(recentDays.map(({ value }) => value))} ${day.date} ${day.value === null ? 'gap' : quantityText(day.value, unit, powerOfTen)}`,
      asOf && `as of ${minuteText(asOf)}`,
    ),
  ];
};

const serviceLines = (view: ShownView): Drawn => [
  ...view.service.openOutages.map((outage) => ({
    text: joined(
      'OUTAGE',
      outage.commodity,
      homeOf(view, outage.id),
      `since ${minuteText(outage.startedAt)}`,
      outage.expectedBy && `expected back ${minuteText(outage.expectedBy)}`,
    ),
    style: 'alarm' as const,
  })),
  ...view.service.openCases.map((text) => `case ${text}`),
  ...view.service.lastResolved
    .slice(0, 1)
    .map((outage) =>
      joined(
        'last outage',
        outage.commodity,
        homeOf(view, outage.id),
        minuteText(outage.startedAt),
        outage.restoredAt && `restored ${minuteText(outage.restoredAt)}`,
      ),
    ),
];

const interactionLines = ({ interactions }: ShownView, most: Most): Drawn =>
  some(interactions.recent, most.interactions, (one) => [
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

/**
 * The 360 view as lines for a terminal.
 * @param all everything the view has, instead of what fits one screen
 */
export const viewScreen = (view: ShownView, width: number, all = false): readonly ScreenLine[] => {
  const most = all ? everything : oneScreen;
  const { more = 0 } = view.contact;
  const leftOut = [...(more > 0 ? [`contact points: ${more} more`] : []), ...view.omitted];
  const masked = view.masked ?? [];
  const lines = fitted(
    [
      ...headLines(view),
      ...labelled('alerts', alertLines(view)),
      ...labelled('contact', contactLines(view, most)),
      ...labelled('accounts', some(view.accounts, most.accounts, accountLines)),
      ...labelled(
        'premises',
        some(view.premises, most.premises, (premise) => premiseLines(premise, most)),
      ),
      ...labelled(
        'usage',
        some(view.usage, most.usage, (usage) => usageLines(view, usage)),
      ),
      ...labelled('service', serviceLines(view)),
      ...labelled('recent', interactionLines(view, most)),
      ...labelled('next', view.nextSteps),
      ...labelled('fresh', freshLines(view)),
      ...(leftOut.length > 0 ? labelled('left out', [{ text: leftOut.join(', '), style: 'faint' }]) : []),
      ...(masked.length > 0 ? labelled('masked', [{ text: masked.join(', '), style: 'faint' }]) : []),
    ],
    width,
  );
  return all || lines.length <= mostLines
    ? lines
    : [
        ...lines.slice(0, mostLines - 1),
        { text: `… ${lines.length - mostLines + 1} lines more (--all)`, style: 'faint' },
      ];
};
