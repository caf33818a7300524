import type { AnswerOf, BodyOf } from '#shared/contracts/api/routes.ts';
import { stateOf } from '#shared/domain/profile/families.ts';
import { identity } from '#shared/domain/profile/identity.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { type FactToKeep, keepFacts } from '#shared/edge/keep-facts.ts';
import type { OperationRequest, OperationResult } from '#shared/edge/operation.ts';
import type { Committer } from '#shared/store/commit.ts';
import { type Duplicate, duplicateWrites, readDuplicate } from '#shared/store/duplicates.ts';
import { loadSubject } from '#shared/store/subjects.ts';
import type { SubmitFacts } from '#shared/store/submit-facts.ts';
import type { Table } from '#shared/store/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { isLostRace, mostTries } from './lost-race.ts';
import { byAge } from './show-duplicate.ts';

export interface DecideDuplicateDeps {
  readonly profile: Table;
  readonly submit: SubmitFacts;
  readonly committer: Pick<Committer, 'rebuild'>;
  readonly now: () => number;
}

type Body = BodyOf<'decideDuplicate'>;
type Answer = AnswerOf<'decideDuplicate'>;

const openQuestion = async (profile: Table, id: string | undefined): Promise<Duplicate> => {
  const duplicate = id === undefined ? undefined : await readDuplicate(profile, id);
  if (duplicate === undefined) throw notFound();
  if (duplicate.status === 'open') return duplicate;
  throw new DomainError('conflict', 'duplicate.closed', 'This question is no longer open.', {
    extra: { status: duplicate.status },
  });
};

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

/**
 * Keeps what somebody decided about two records: told apart, they are not proposed again; as one, they are merged, and the merge is
 * brought to its end.
 */
export const decideDuplicate = async (
  deps: DecideDuplicateDeps,
  request: OperationRequest<unknown, Body>,
): Promise<OperationResult<Answer>> => {
  const { decision, reason, survivor: named } = request.body;
  const duplicate = await openQuestion(deps.profile, request.subjectId);
  const { id, first, second } = duplicate;
  const survivor = decision === 'same' ? await survivorOf(deps.profile, duplicate, named) : undefined;
  const fact: FactToKeep =
    survivor === undefined
      ? { type: 'customer.identity.distinguished.v1', data: { customer: first, other: second, reason } }
      : {
          type: 'customer.identity.merged.v1',
          data: { survivor, alias: survivor === first ? second : first, reason },
        };
  const told = await keepFacts<Answer>(deps, request, [fact], ({ facts: [kept] }) => ({
    status: 201,
    body: {
      id,
      decision,
      customers: [first, second],
      ...(survivor === undefined ? {} : { survivor, mergeId: kept?.entity ?? '' }),
      factId: kept?.id ?? '',
      occurredAt: kept?.occurredAt ?? '',
    },
  }));
  await close(deps.profile, id, decision);
  if (survivor !== undefined) await deps.committer.rebuild(survivor);
  return told;
};
