import { claimsOfStates, diffClaims } from '#shared/facts/claims.ts';
import { type CommitDeps, keyOf } from '#shared/facts/commit-plan.ts';
import type { States } from '#shared/profile/rules/states.ts';
import type { Write } from '#shared/table/table.ts';

/** What records are found and named by, while two become one or one becomes two. */

const none: States = new Map();

/** Exact search entries that states give rise to, by key. */
const entriesOf = async (deps: CommitDeps, subject: string, states: States): Promise<ReadonlyMap<string, Write>> => {
  const writes = (await Promise.all(deps.hooks.map((hook) => hook(subject, none, states, [])))).flat();
  return new Map(writes.map((write) => [keyOf(write), write] as const));
};

const removalOf = (write: Write): readonly Write[] =>
  'put' in write ? [{ remove: { pk: write.put.pk, sk: write.put.sk } }] : [];

/** Writes that put every exact search entry of a record. */
export const allEntries = async (deps: CommitDeps, subject: string, states: States): Promise<readonly Write[]> => [
  ...(await entriesOf(deps, subject, states)).values(),
];

/** Writes that take every exact search entry of a record away. */
export const noEntries = async (deps: CommitDeps, subject: string, states: States): Promise<readonly Write[]> =>
  (await allEntries(deps, subject, states)).flatMap(removalOf);

/**
 * Of the entries that records gave rise to when they were marked, a record gets those that will be right and loses the others.
 * Entries of what came since are not among them: it may go again before the flip, and then nobody would know of its entry.
 * @param marked states as they stood when the merge or undoing was marked; they stay so until the flip
 * @param after the record's states as they will be
 */
export const entriesToBe = async (
  deps: CommitDeps,
  subject: string,
  marked: readonly States[],
  after: States,
): Promise<readonly Write[]> => {
  const had = await Promise.all(marked.map((states) => entriesOf(deps, subject, states)));
  const has = await entriesOf(deps, subject, after);
  const known = new Map(had.flatMap((entries) => [...entries]));
  return [...known].flatMap(([key, write]) => has.get(key) ?? removalOf(write));
};

/**
 * References that came or went while facts were only kept. One that another record holds stays with that.
 * @param customer one of the records; names of customers say themselves whose they are
 */
export const claimsToBe = async (
  deps: CommitDeps,
  customer: string,
  marked: readonly States[],
  after: readonly States[],
): Promise<readonly Write[]> => {
  const claimsOf = (all: readonly States[]) => all.flatMap((states) => claimsOfStates(customer, states));
  const { put, gone } = diffClaims(claimsOf(marked), claimsOf(after));
  const held = (claim: { readonly pk: string; readonly sk: string }) => deps.profile.get(claim, { consistent: true });
  const came = await Promise.all(
    put.map(
      async (claim): Promise<readonly Write[]> =>
        (await held(claim)) === undefined ? [{ put: claim, when: { kind: 'absent' } }] : [],
    ),
  );
  const went = await Promise.all(
    gone.map(
      async (claim): Promise<readonly Write[]> =>
        (await held(claim))?.id === claim.id ? [{ remove: { pk: claim.pk, sk: claim.sk } }] : [],
    ),
  );
  return [...came.flat(), ...went.flat()];
};
