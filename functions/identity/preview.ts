import { contact } from '#functions/customers/rules/contact-points.ts';
import { shownPoints } from '#functions/customers/rules/contact-section.ts';
import type { AnswerOf } from '#functions/routes.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import {
  candidatesOf,
  choiceOf,
  type IdentityState,
  identity,
  type ProfileValues,
} from '#shared/profile/rules/identity.ts';
import type { OneCustomer } from '#shared/profile/rules/one-customer.ts';
import { isOver } from '#shared/profile/rules/periods.ts';
import { rolesRead } from '#shared/profile/rules/roles-read.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import type { Candidate } from '#shared/profile/rules/survivorship.ts';
import { type ProfileAttribute, profileAttributes } from '#shared/profile/rules/survivorship-policy.ts';
import { shownName } from '#shared/profile/rules/view/identity-section.ts';
import { foldAll } from '#shared/profile/store/fold-records.ts';
import { readHead } from '#shared/profile/store/items.ts';
import { headKey } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { isErased } from '#shared/vocabulary/fact.ts';

export type RecordToBe = NonNullable<AnswerOf<'mergeCustomers'>['preview']>[number];
type Value = ProfileValues[ProfileAttribute] | null;

export interface PreviewDeps {
  readonly profile: Table;
  readonly sealer: Sealer;
  readonly today: () => string;
}

/** Most accounts that a preview lists. */
const mostAccounts = 25;

const shownValue = (value: Value): string | null => {
  if (value === null || isErased(value)) return null;
  return typeof value === 'string' ? value : shownName({ name: value });
};

/** Each record by itself: what its own partition says. */
type Alone = ReadonlyMap<string, States>;

const identityOf = (states: States): IdentityState => stateOf(states, identity).state;

interface OwnCandidate {
  readonly of: string;
  readonly candidate: Candidate<Value>;
}

const ownCandidates = (alone: Alone, attribute: ProfileAttribute): readonly OwnCandidate[] =>
  [...alone].flatMap(([of, states]) =>
    candidatesOf(identityOf(states), attribute).map((candidate): OwnCandidate => ({ of, candidate })),
  );

/** The record whose own facts hold a value. */
const recordOf = (
  alone: Alone,
  attribute: ProfileAttribute,
  own: readonly OwnCandidate[],
  fact: string,
  customer: string,
): string =>
  own.find(({ candidate }) => candidate.fact === fact)?.of ??
  [...alone].find(([, states]) => identityOf(states).pins[attribute]?.fact === fact)?.[0] ??
  customer;

const attributeToBe = (
  union: States,
  alone: Alone,
  attribute: ProfileAttribute,
  customer: string,
  today: string,
): RecordToBe['values'][number] | undefined => {
  const choice = choiceOf(identityOf(union), attribute, today);
  const own = ownCandidates(alone, attribute);
  const of = (fact: string): string => recordOf(alone, attribute, own, fact, customer);
  const { winner } = choice;
  const counted = new Set(candidatesOf(identityOf(union), attribute).map((one) => one.fact));
  const loses = [
    ...choice.losing.map(({ candidate, reason }) => ({ candidate, reason, of: of(candidate.fact) })),
    // A source that knew both records has its last word alone.
    ...own
      .filter(({ candidate }) => !counted.has(candidate.fact))
      .map((one) => ({ ...one, reason: 'superseded' as const })),
  ];
  if (winner === undefined && loses.length === 0) return undefined;
  return {
    attribute,
    stands:
      winner === undefined
        ? null
        : {
            value: shownValue(winner.value),
            at: winner.at,
            of: of(winner.fact),
            ...('source' in winner ? { source: winner.source } : { pinned: true, until: winner.until }),
          },
    loses: loses.map(({ candidate: { value, source, at }, reason, of: record }) => ({
      value: shownValue(value),
      source,
      at,
      of: record,
      reason,
    })),
  };
};

const pointsOf = (union: States, alone: Alone, customer: string): RecordToBe['contactPoints'] => {
  const { points } = stateOf(union, contact).state;
  const shown = new Set(shownPoints(points).map(({ id }) => id));
  const of = (id: string): string =>
    [...alone].find(([, states]) => stateOf(states, contact).state.points.some((one) => one.id === id))?.[0] ??
    customer;
  return points.flatMap(({ id, kind, value, source }) =>
    isErased(value) ? [] : [{ id, kind, value, source, of: of(id), shown: shown.has(id) }],
  );
};

const placesOf = async ({ profile, today }: PreviewDeps, union: States) => {
  const held = (rolesRead(union) ?? []).filter((role) => !isOver(role, today()));
  const ids = [...new Set(held.map((role) => role.account))];
  const accounts = ids.slice(0, mostAccounts).map((id) => {
    const own = held.filter((role) => role.account === id);
    return {
      id,
      roles: [...new Set(own.map(({ role }) => role))],
      of: [...new Set(own.map(({ customer }) => customer))],
    };
  });
  const premises = await Promise.all(
    accounts.map(async ({ id }) => {
      const head = await profile.get(headKey(id), { consistent: true });
      return head === undefined ? [] : readHead(head).premises.map((premise) => ({ id: premise, accountId: id }));
    }),
  );
  return { accounts, premises: premises.flat(), more: { accounts: ids.length - accounts.length } };
};

/**
 * A customer as they would be if these records were one, from their facts alone: for each value what would stand and what would
 * lose and why, contact points united, accounts and premises with the record whose they were.
 */
export const previewRecord = async (
  deps: PreviewDeps,
  { root: customer, aliases }: OneCustomer,
): Promise<RecordToBe> => {
  const today = deps.today();
  const { states: union } = await foldAll(deps, customer, aliases);
  const alone: Alone = new Map(
    await Promise.all([customer, ...aliases].map(async (id) => [id, (await foldAll(deps, id, [])).states] as const)),
  );
  return {
    customer,
    aliases: [...aliases],
    values: profileAttributes.flatMap((attribute) => attributeToBe(union, alone, attribute, customer, today) ?? []),
    contactPoints: pointsOf(union, alone, customer),
    ...(await placesOf(deps, union)),
  };
};
