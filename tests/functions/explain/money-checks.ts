import type { View360 } from '#shared/contracts/api/view.ts';
import { byFormula, type Check, type Ground, same, unless } from './check.ts';
import { ledgerOf } from './money-by-hand.ts';

const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });

export const balance: Check = ({ id, names, value }, told, { kept }) => {
  const { balance: sum, facts } = ledgerOf(kept, id);
  const listed = (told.inputs ?? []).flatMap(({ factId }) => factId ?? []);
  const amounts = (told.inputs ?? []).map(
    (one) => (one.value as { amountMinor?: number } | undefined)?.amountMinor ?? NaN,
  );
  return (
    unless((told.formula ?? '').length > 10, told.formula) ??
    unless(same(listed.toSorted(), facts.toSorted()), { facts }) ??
    unless(amounts.reduce((all, one) => all + one, 0) === sum, { amounts }) ??
    unless(value === (names.at(-1) === 'currency' ? 'GBP' : sum), { sum })
  );
};

const late = (ground: Ground, account: string) =>
  ledgerOf(ground.kept, account).owed.filter(({ dueOn }) => dueOn < ground.today);
const asInputs = (owed: ReturnType<typeof late>) => owed.map(({ fact, left }) => ({ factId: fact, value: gbp(left) }));

export const overdue: Check = ({ id, names, value }, told, ground) => {
  const owed = late(ground, id);
  const sum = owed.reduce((all, { left }) => all + left, 0);
  return byFormula(told, asInputs(owed), value === (names.at(-1) === 'currency' ? 'GBP' : sum), { sum });
};

export const nextDue: Check = ({ id, names, value }, told, { kept, today }) => {
  const coming = ledgerOf(kept, id).owed.filter(({ dueOn }) => dueOn >= today);
  const next = coming.filter(({ dueOn }) => dueOn === coming[0]?.dueOn);
  const members: Readonly<Record<string, unknown>> = {
    amountMinor: next.reduce((sum, { left }) => sum + left, 0),
    currency: 'GBP',
    dueOn: next[0]?.dueOn,
    bills: next.length,
    nextDue: null,
  };
  const right = next.length === 0 ? value === null : same(members[names.at(-1) ?? ''], value);
  return byFormula(told, asInputs(next), right, { next });
};

export const alert: Check = ({ entries: [shown], names, value }, told, ground) => {
  const { evidence } = { ...(shown as View360['alerts'][number]) };
  const owed = late(ground, evidence[0] ?? '');
  const right = names.at(-1) !== 'since' || value === owed[0]?.dueOn;
  return unless(owed.length > 0, 'nothing is overdue') ?? byFormula(told, asInputs(owed), right, { owed });
};

export const noAlert: Check = (_, told, ground) => {
  const { accounts, service } = ground.view;
  const owed = accounts.flatMap(({ id }) => late(ground, id));
  return byFormula(told, [], owed.length + service.openOutages.length === 0, { owed });
};
