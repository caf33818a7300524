import { type Grounds, nobody, onAccount, oneDay, row, type Spoken, type SpokenRow } from '#shared/access/spoken.ts';
import type { Fact, FactOf } from '#shared/contracts/facts/fact.ts';
import { dayOf } from '#shared/profile/rules/fact-data.ts';
import type { Period } from '#shared/profile/rules/periods.ts';
import { addDays } from '#shared/vocabulary/time.ts';

const always: Period = { from: '', to: null };

/** One customer's role on an account. */
const ofRole = <Told extends FactOf<'account.role.granted.v1' | 'account.role.ended.v1'>>(
  daysOf: (fact: Told) => Period | undefined,
): ((fact: Told, grounds: Grounds) => Spoken | undefined) => {
  const onItsAccount = onAccount<Told>('account', daysOf);
  return (fact, grounds) => {
    const spoken = onItsAccount(fact, grounds);
    const { customer: holder, role } = fact.data;
    if (spoken?.of !== 'account' || holder === undefined || role === undefined) return undefined;
    return { ...spoken, holder, role };
  };
};

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

/** What facts of accounts and of money speak of. */
export const accountSpoken: readonly SpokenRow[] = [
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
  row('billing.bill.issued.v1', onAccount('bills', billed)),
  row('billing.payment.received.v1', onAccount('bills', paidOn)),
  row('billing.payment.reversed.v1', ofPayment),
  // What staff ask of one another: as a whole it is told to no customer.
  row('billing.reversal.requested.v1', ofPayment),
  row('billing.reversal.declined.v1', ofPayment),
];
