import { openBills, owedOn } from './billing.ts';
import { type HeldRole, holdsOn, isOver, rolesHeld } from './roles.ts';
import { type Told, text } from './told.ts';

/** Roles of those who owe what an account owes. */
const liable: readonly string[] = ['holder', 'joint', 'executor'];
const isLiable = ({ role }: HeldRole): boolean => liable.includes(role);

/** Roles of a customer on an account; of who owed and left, to the day on which somebody else comes to owe. */
const rolesInMoney = (facts: readonly Told[], account: string, customer: string): readonly HeldRole[] => {
  const onAccount = rolesHeld(facts).filter((role) => role.account === account);
  const others = onAccount.filter((role) => role.customer !== customer && isLiable(role));
  return onAccount
    .filter((role) => role.customer === customer)
    .map((role) => {
      const { to } = role;
      if (to === undefined || !isLiable(role) || others.some((other) => holdsOn(other, to))) return role;
      const [next] = others.flatMap(({ from }) => (from > to ? [from] : [])).sort();
      return { ...role, to: next };
    });
};

const rolesOn = (facts: readonly Told[], account: string, customer: string): readonly HeldRole[] =>
  rolesHeld(facts).filter((role) => role.account === account && role.customer === customer);

/** Whether a customer owed what an account owes, and does no longer. */
export const hasOwed = (facts: readonly Told[], account: string, customer: string, today: string): boolean => {
  const own = rolesOn(facts, account, customer).filter(isLiable);
  return !own.some((role) => holdsOn(role, today)) && own.some((role) => isOver(role, today));
};

/** Accounts on which every role of a customer is over, of which one was of somebody who owed. */
export const accountsLeft = (facts: readonly Told[], customer: string, today: string): readonly string[] => {
  const accounts = new Set(rolesHeld(facts).flatMap((role) => (role.customer === customer ? [role.account] : [])));
  return [...accounts].filter((account) => {
    const own = rolesOn(facts, account, customer);
    return own.some(isLiable) && own.every((role) => isOver(role, today));
  });
};

/** Roles of whose time a customer is told on a day: who owed keeps what was theirs, who acted for another has it while they act. */
export const rolesTold = (
  facts: readonly Told[],
  account: string,
  customer: string,
  today: string,
): readonly HeldRole[] =>
  rolesInMoney(facts, account, customer).filter(
    (role) => role.from <= today && (isLiable(role) || !isOver(role, today)),
  );

/** Whether a customer is told of bills: by a role that holds and shows them, or since they owed. */
export const toldOfBills = (
  facts: readonly Told[],
  account: string,
  customer: string,
  today: string,
  showing: readonly string[],
): boolean =>
  rolesOn(facts, account, customer).some(
    (role) => showing.includes(role.role) && (isLiable(role) ? role.from <= today : holdsOn(role, today)),
  );

/** What is still open on bills of the time in which a customer owed; in credit they are while nobody else owes. */
export const leftOwing = (facts: readonly Told[], account: string, customer: string, today: string) => {
  const time = rolesInMoney(facts, account, customer).filter(isLiable);
  const isTheirs = (day: string): boolean => time.some((role) => holdsOn(role, day));
  const owed = openBills(facts, account).filter(({ bill }) => isTheirs(text(bill, 'issuedOn') ?? ''));
  const sumOf = (some: typeof owed): number => some.reduce((total, { open }) => total + open, 0);
  const dueOn = ({ bill }: (typeof owed)[number]): string => text(bill, 'dueOn') ?? '';
  const [next] = owed
    .map(dueOn)
    .filter((day) => day >= today)
    .sort();
  const falling = owed.filter((one) => dueOn(one) === next);
  const credit = isTheirs(today) ? Math.min(0, owedOn(facts, account, today).balance) : 0;
  return {
    balance: sumOf(owed) > 0 ? sumOf(owed) : credit,
    overdue: sumOf(owed.filter((one) => dueOn(one) < today)),
    nextDue: next === undefined ? null : { amount: sumOf(falling), dueOn: next, bills: falling.length },
  };
};
