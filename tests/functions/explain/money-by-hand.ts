import type { KeptFact } from '#shared/vocabulary/fact.ts';

/** What is owed on an account, worked out once more from its bills and payments alone. */

/** Reads a member of the data of a fact that must be an amount in minor units. */
const amountOf = ({ data }: KeptFact): number => {
  const { amount } = data;
  const minor =
    typeof amount === 'object' && amount !== null && 'amountMinor' in amount ? amount.amountMinor : undefined;
  if (typeof minor !== 'number') throw new Error('a fact of money without an amount');
  return minor;
};

export interface Owed {
  readonly fact: string;
  readonly dueOn: string;
  readonly left: number;
}

export interface Ledger {
  readonly balance: number;
  /** Ids of the facts that make the balance. */
  readonly facts: readonly string[];
  /** Bills not settled, oldest due first. */
  readonly owed: readonly Owed[];
}

/** Money received settles the bill that was due first, whichever it was sent for. */
export const ledgerOf = (standing: readonly KeptFact[], account: string): Ledger => {
  const ofType = (type: string) => standing.filter((fact) => fact.type === type && fact.data.account === account);
  const bills = ofType('billing.bill.issued.v1');
  const received = ofType('billing.payment.received.v1');
  const reversals = ofType('billing.payment.reversed.v1');
  const reversed = new Set(reversals.map(({ data }) => data.payment));
  const paid = received.filter(({ entity }) => !reversed.has(entity)).reduce((sum, fact) => sum + amountOf(fact), 0);
  let available = paid;
  const owed: Owed[] = [];
  const byDue = bills.toSorted((a, b) => (String(a.data.dueOn) < String(b.data.dueOn) ? -1 : 1));
  for (const bill of byDue) {
    const settled = Math.min(available, amountOf(bill));
    available -= settled;
    if (amountOf(bill) > settled)
      owed.push({ fact: bill.id, dueOn: String(bill.data.dueOn), left: amountOf(bill) - settled });
  }
  return {
    balance: bills.reduce((sum, fact) => sum + amountOf(fact), 0) - paid,
    facts: [...bills, ...received, ...reversals].map(({ id }) => id),
    owed,
  };
};
