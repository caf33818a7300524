import type { BodyOf } from '#functions/routes.ts';
import type { Committer } from '#shared/facts/commit.ts';
import { identity } from '#shared/profile/rules/identity.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import type { Table } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { isLostRace, mostTries } from './lost-race.ts';
import { byAge } from './show-duplicate.ts';
import { type Duplicate, duplicateWrites, readDuplicate } from './store/duplicates.ts';

type Body = BodyOf<'decideDuplicate'>;

/** What a decision about two records comes to. */
export interface Decision {
  readonly duplicate: Duplicate;
  /** The record that holds both; undefined where they are told apart. */
  readonly survivor: string | undefined;
  readonly fact: { readonly type: string; readonly data: Readonly<Record<string, unknown>> };
}

/** The record that the caller names, else the older of both. */
const survivorOf = async (profile: Table, { first, second }: Duplicate, named: string | undefined): Promise<string> => {
  if (named === first || named === second) return named;
  if (named !== undefined)
    throw new DomainError('invalid', 'duplicate.survivor-unknown', 'The survivor is none of the two.', {
      errors: [
        {
          pointer: '/survivor',
          code: 'duplicate.survivor-unknown',
          message: 'must be the id of one of the two customers',
        },
      ],
    });
  const both = await Promise.all(
    [first, second].map(async (id) => {
      const { states } = await loadSubject(profile, id);
      return { id, since: stateOf(states, identity).state.since };
    }),
  );
  return both.sort(byAge)[0]?.id ?? first;
};

/**
 * The fact that keeps what somebody decided; undefined where nobody has asked. Throws DomainError where the question is no longer
 * open, or the survivor is none of the two.
 */
export const decisionOf = async (
  profile: Table,
  id: string | undefined,
  { decision, reason, survivor: named }: Body,
): Promise<Decision | undefined> => {
  const duplicate = id === undefined ? undefined : await readDuplicate(profile, id);
  if (duplicate === undefined) return undefined;
  if (duplicate.status !== 'open')
    throw new DomainError('conflict', 'duplicate.closed', 'This question is no longer open.', {
      extra: { decided: duplicate.status },
    });
  const { first, second } = duplicate;
  if (decision === 'different') {
    const data = { customer: first, other: second, reason };
    return { duplicate, survivor: undefined, fact: { type: 'customer.identity.distinguished.v1', data } };
  }
  const survivor = await survivorOf(profile, duplicate, named);
  const data = { survivor, alias: survivor === first ? second : first, reason };
  return { duplicate, survivor, fact: { type: 'customer.identity.merged.v1', data } };
};

/** Closes the question; where the stream has withdrawn it meanwhile, the decision still is what it says. */
const close = async (profile: Table, id: string, status: 'same' | 'different'): Promise<void> => {
  for (let tried = 1; ; tried += 1) {
    try {
      const known = await readDuplicate(profile, id);
      if (known !== undefined && known.status !== status)
        await profile.commit(duplicateWrites(known, { ...known, status }));
      return;
    } catch (failure) {
      if (!isLostRace(failure) || tried >= mostTries) throw failure;
    }
  }
};

/** Follows a decision that was kept: the question is closed, and a merge is brought to its end. */
export const carryOut = async (
  deps: { readonly profile: Table; readonly committer: Pick<Committer, 'rebuild'> },
  { duplicate, survivor }: Decision,
): Promise<void> => {
  await close(deps.profile, duplicate.id, survivor === undefined ? 'different' : 'same');
  if (survivor !== undefined) await deps.committer.rebuild(survivor);
};
