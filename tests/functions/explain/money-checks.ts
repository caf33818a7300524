import type { View360 } from '#functions/view.ts';
import { byFormula, type Check, type Ground, same, unless } from './check.ts';
import { ledgerOf } from './money-by-hand.ts';

const gbp = (amountMinor: number) => ({ amountMinor, currency: 'GBP' });

const asInputs = (owed: ReturnType<typeof ledgerOf>['owed']) =>
  owed.map(({ fact, left }) => ({ factId: fact, value: gbp(left) }));

/** Of an account that the customer left, and nobody has taken over: what is still owed on it, one by one. */
const leftBehind: Check = ({ id, names, value }, told, { kept }) => {
  const { balance: sum, owed } = ledgerOf(kept, id);
  return byFormula(told, asInputs(owed), value === (names.at(-1) === 'currency' ? 'GBP' : sum), { sum });
};

export const balance: Check = (leaf, told, ground) => {
  const { id, names, value } = leaf;
  const { kept, view } = ground;
  if (view.accounts.find((one) => one.id === id)?.formerRoles !== undefined) return leftBehind(leaf, told, ground);
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
  const account = ground.view.accounts.find(({ id }) => id === evidence[0]);
  const overdue = late(ground, evidence[0] ?? '');
  const left = account?.formerRoles;
  const owed = left === undefined ? overdue : ledgerOf(ground.kept, evidence[0] ?? '').owed;
  const right = names.at(-1) !== 'since' || value === (overdue[0]?.dueOn ?? left?.at(-1)?.to);
  return unless(owed.length > 0, 'nothing is overdue') ?? byFormula(told, asInputs(owed), right, { owed });
};

export const noAlert: Check = (_, told, ground) => {
  const { accounts, service } = ground.view;
  const owed = accounts.flatMap(({ id, formerRoles }) =>
    formerRoles === undefined ? late(ground, id) : ledgerOf(ground.kept, id).owed,
  );
  return byFormula(told, [], owed.length + service.openOutages.length === 0, { owed });
};
