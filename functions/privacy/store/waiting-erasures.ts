import type { ClaimHook } from '#shared/facts/commit-plan.ts';
import { readWaitingPage } from '#shared/facts/waiting-page.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { textOf } from '#shared/profile/store/items.ts';
import { subjectKindOf, waitingErasureKey, waitingErasuresPartition } from '#shared/table/keys.ts';
import type { Table, Write } from '#shared/table/table.ts';
import { type ErasureState, erasure } from '../rules/erasure.ts';

/** What waits of a customer: a request until it is decided on, an approved one until it is carried out. */
const waitingIn = (states: States): ErasureState['request'] => {
  const { request, approved, erasedAt } = stateOf(states, erasure).state;
  return erasedAt === null ? (request ?? approved) : null;
};

/** Keeps the list of erasures that wait in step with the states of their customers, in the same commit. */
export const waitingErasureHook: ClaimHook = async (subject, before, after) => {
  if (subjectKindOf(subject) !== 'customer') return [];
  const [had, has] = [waitingIn(before), waitingIn(after)];
  if (had?.id === has?.id) return [];
  return [
    ...(had === null ? [] : [{ remove: waitingErasureKey(had.at, had.id) }]),
    ...(has === null ? [] : [{ put: { ...waitingErasureKey(has.at, has.id), customer: subject } }]),
  ] satisfies readonly Write[];
};

export interface WaitingErasures {
  readonly customers: readonly string[];
  /** Position of the last one, where there are more. */
  readonly next: string | undefined;
}

/** Customers whose erasure waits, the longest waiting first. */
export const listWaitingErasures = async (
  profile: Table,
  page: { readonly limit: number; readonly after?: string | undefined },
): Promise<WaitingErasures> => {
  const { shown, next } = await readWaitingPage(profile, waitingErasuresPartition, page);
  return {
    customers: shown.map((item) => textOf(item, 'customer')),
    next,
  };
};
