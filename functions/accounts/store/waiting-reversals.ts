import type { ClaimHook } from '#shared/facts/commit-plan.ts';
import { readWaitingPage } from '#shared/facts/waiting-page.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { textOf } from '#shared/profile/store/items.ts';
import { subjectKindOf, waitingReversalKey, waitingReversalsPartition } from '#shared/table/keys.ts';
import type { Table, Write } from '#shared/table/table.ts';
import { billing } from '../rules/billing.ts';

const requestsIn = (states: States) => stateOf(states, billing).state.requests;

/** Keeps the list of payments that wait for a second person in step with the states of their accounts, in the same commit. */
export const waitingReversalHook: ClaimHook = async (subject, before, after) => {
  if (subjectKindOf(subject) !== 'account') return [];
  const [had, has] = [requestsIn(before), requestsIn(after)];
  const without = (some: typeof had, others: typeof had) =>
    some.filter(({ id }) => !others.some((one) => one.id === id));
  return [
    ...without(has, had).map(({ at, id }): Write => ({ put: { ...waitingReversalKey(at, id), account: subject } })),
    ...without(had, has).map(({ at, id }): Write => ({ remove: waitingReversalKey(at, id) })),
  ];
};

export interface WaitingReversals {
  readonly waiting: readonly { readonly account: string; readonly request: string }[];
  /** Position of the last one, where there are more. */
  readonly next: string | undefined;
}

/** Payments that wait for a second person, the longest waiting first. */
export const listWaitingReversals = async (
  profile: Table,
  page: { readonly limit: number; readonly after?: string | undefined },
): Promise<WaitingReversals> => {
  const { shown, next } = await readWaitingPage(profile, waitingReversalsPartition, page);
  return {
    waiting: shown.map((item) => ({
      account: textOf(item, 'account'),
      request: item.sk.slice(item.sk.indexOf('#') + 1),
    })),
    next,
  };
};
