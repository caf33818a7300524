import { balanceOf, billing } from '#functions/accounts/rules/billing.ts';
import type { AnswerOf } from '#functions/routes.ts';
import { liableRoles } from '#shared/access/role-rights.ts';
import { namesErased } from '#shared/facts/erased-owners.ts';
import { account } from '#shared/profile/rules/account.ts';
import { isOver } from '#shared/profile/rules/periods.ts';
import { rolesHeld } from '#shared/profile/rules/roles.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { type LoadedSubject, loadSubject, readAll } from '#shared/profile/store/subjects.ts';
import { subjectPartition } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import type { ErasurePolicy } from '#shared/vocabulary/erasure-policy.ts';
import type { ErasureGround } from '#shared/vocabulary/statuses.ts';
import { othersFacts } from './others-facts.ts';

type Erasure = AnswerOf<'readErasure'>;
export type ErasurePlan = Pick<Erasure, 'records' | 'goes' | 'stays' | 'blockers'>;

interface PlanParts {
  readonly profile: Table;
  readonly today: () => string;
  readonly erasures: ErasurePolicy;
}

/** What of one account stands against erasing a customer who owes or owed there. */
const blockersOf = async (
  { profile, today }: PlanParts,
  records: readonly string[],
  accountId: string,
): Promise<Erasure['blockers']> => {
  const { states } = await loadSubject(profile, accountId);
  const liable = rolesHeld(stateOf(states, account).state.roles).filter(
    (role) => records.includes(role.customer) && liableRoles.includes(role.role),
  );
  if (liable.length === 0) return [];
  const ledger = stateOf(states, billing).state;
  const [isHeld, balance] = [liable.some((role) => !isOver(role, today())), balanceOf(ledger)];
  return [
    ...(isHeld ? [{ kind: 'account-open' as const, accountId, what: 'They owe what this account owes.' }] : []),
    ...(balance === 0 ? [] : [{ kind: 'balance' as const, accountId, what: 'The account is not balanced.' }]),
    ...(ledger.requests.length === 0
      ? []
      : [{ kind: 'reversal-waits' as const, accountId, what: 'A payment waits to be taken back.' }]),
  ];
};

/** What goes, what stays and what stands against it, as it stands now. */
export const planErasure = async (
  parts: PlanParts,
  customer: LoadedSubject,
  ground: ErasureGround | undefined,
): Promise<ErasurePlan> => {
  const { profile, erasures } = parts;
  const records = [customer.subject, ...customer.head.aliases];
  const others = await othersFacts(profile, customer, (one) => namesErased(profile, [one]));
  const pages = records.map((record) =>
    readAll(profile, { pk: subjectPartition(record), prefix: 'FACT#', consistent: true }),
  );
  const sealed = (await Promise.all(pages)).flat().filter((item) => item.sealed !== undefined).length;
  const found = (await Promise.all(others.accounts.map((id) => blockersOf(parts, records, id)))).flat();
  const isEvenSo = ground !== undefined && erasures.evenSo.includes(ground);
  const counted = isEvenSo ? [] : found.filter(({ kind }) => erasures.blockedBy.some((one) => one === kind));
  const merging = customer.head.rebuilding?.flipped === false;
  return {
    records,
    goes: [
      { kind: 'key', count: records.length, what: 'The key that opens what is sealed, in every copy and recovery.' },
      { kind: 'facts', count: sealed, what: 'Names, dates of birth, contact points and words in facts of their own.' },
      {
        kind: 'words-at-accounts-and-places',
        count: others.theirs.length,
        what: 'Notes and reasons written at accounts and places in their time alone.',
      },
      { kind: 'states-and-views', what: 'What was folded of these facts: states, checkpoints, views.' },
      { kind: 'search-keys', what: 'Every key and word by which they are found.' },
      { kind: 'duplicates', what: 'What they were compared by with others, and open questions whether they are one.' },
      { kind: 'waiting-and-quarantined', what: 'Facts about them that wait or were kept aside.' },
      { kind: 'answers-kept-for-repeats', what: 'Answers kept so that a request may be repeated.' },
      { kind: 'import-files', what: 'Files of meter data that told of their time, and their kept rows.' },
      { kind: 'sign-in', what: 'Their way in: who was erased has nothing to sign in to.' },
    ],
    stays: [
      {
        kind: 'ledger',
        count: others.accounts.length,
        what: 'Bills, payments and balances, by amount and date.',
        why: 'The books of the utility stay whole; they name the account and the id alone.',
      },
      {
        kind: 'agreements-and-roles',
        what: 'Which account had which tariff where, and which id held it.',
        why: 'Without it neither money nor use could be told of a time.',
      },
      {
        kind: 'usage',
        count: others.premises.length,
        what: 'Readings, closed months and corrections of service points.',
        why: 'They are of the place, and name nobody.',
      },
      {
        kind: 'addresses-of-premises',
        count: others.premises.length,
        what: 'The address of a premise that took service.',
        why: "It is the place's own, whoever lives there; postal addresses of the person go.",
      },
      {
        kind: 'references',
        what: 'Ids that other systems gave the customer.',
        why: 'What these still tell is known by them as of somebody who was erased, and refused.',
      },
      {
        kind: 'audit',
        what: 'Who looked at or changed what and when, by ids, and that the erasure was done.',
        why: 'It proves what was done; its chains hold no names.',
      },
    ],
    blockers: [
      ...counted,
      ...(merging ? [{ kind: 'merge-under-way' as const, what: 'A merge of the record is under way.' }] : []),
    ],
  };
};
