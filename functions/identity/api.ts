import type { AnswerOf } from '#functions/routes.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { type FactToKeep, idToBe, keepAndTell, type WriteRequest } from '#shared/edge/keep-facts.ts';
import type { OperationResult, Operations } from '#shared/edge/operation.ts';
import { callerOf, laterAnswer, ownerOfAnswer } from '#shared/facts/idempotency.ts';
import type { PrepareFacts } from '#shared/facts/prepare-facts.ts';
import { recordsOfOne } from '#shared/profile/rules/one-customer.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import { headKey } from '#shared/table/keys.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { IdOrReference } from '#shared/vocabulary/references.ts';
import { type FinishDeps, finishLink } from './finish.ts';
import { areMerged, ifMerged, mergeStanding } from './merge-standing.ts';
import { type PreviewDeps, previewRecord, type RecordToBe } from './preview.ts';

export type IdentityParts = PreviewDeps & FinishDeps & { readonly prepare: PrepareFacts };

type Merged = OperationResult<AnswerOf<'mergeCustomers'>>;
type Pair = Pick<AnswerOf<'mergeCustomers'>, 'survivor' | 'alias'>;

/** The record that is named, as it is named: a merge keeps the ids that were said. What is not there is answered as anywhere. */
const recordNamed = async ({ profile }: IdentityParts, named: IdOrReference): Promise<string> => {
  const id = await resolveNamed(profile, 'customer', named);
  if (id === undefined || (await profile.get(headKey(id), { consistent: true })) === undefined) throw notFound();
  return id;
};

/**
 * Keeps the fact, then brings both records to where it says, as far as the caller waits. The answer kept for a repeat says what
 * was true when the fact was kept, and is brought up to date with it.
 */
const keepLink = async (
  parts: IdentityParts,
  request: WriteRequest,
  fact: FactToKeep,
  pair: Pair & { readonly id: string },
): Promise<Merged> => {
  const pending = { status: 201, body: { ...pair, status: 'rebuilding', masked: [] } } satisfies Merged;
  const { kept, told } = await keepAndTell(parts, request, [fact], (): Merged => pending);
  const { facts, subjects } = kept;
  if ((await finishLink(parts, facts[0]?.id ?? '', subjects)) !== 'done') return told;
  const done = { ...told, status: 201, body: { ...told.body, status: 'done' as const } };
  if (request.idempotency !== undefined) {
    const answer = { status: done.status, body: done.body };
    const caller = callerOf(request.call.actor);
    const seal = { sealer: parts.sealer, owner: ownerOfAnswer(subjects) };
    await parts.profile.commit([await laterAnswer(seal, caller, request.idempotency, answer, parts.now())]);
  }
  return done;
};

/** Operations on who is who: merging two records of one customer, and undoing it. */
export const identityOperations = (parts: IdentityParts) =>
  ({
    mergeCustomers: async (request) => {
      const survivor = await recordNamed(parts, request.body.survivor);
      const alias = await recordNamed(parts, request.body.alias);
      if (survivor === alias || (await areMerged(parts, survivor, alias)))
        throw new DomainError('invalid', 'merge.same-customer', 'The two records are one customer already.');
      const pair = { survivor, alias };
      if (request.query.dryRun === 'true') {
        const joined = await ifMerged(parts, survivor, alias);
        const preview = [await previewRecord(parts, joined)];
        return {
          status: 200,
          body: { ...pair, status: 'preview', preview, masked: [] },
          subjects: recordsOfOne(joined),
        };
      }
      const { reason } = request.body;
      const fact = { type: 'customer.identity.merged.v1', data: { ...pair, reason } };
      return keepLink(parts, request, fact, { id: idToBe(request, 'merge'), ...pair });
    },

    undoMerge: async (request) => {
      const id = request.subjectId;
      const merge = id === undefined ? undefined : await mergeStanding(parts, id);
      if (id === undefined || merge === undefined) throw notFound();
      if (!merge.stands) throw new DomainError('conflict', 'merge.undone', 'This merge was undone before.');
      const { survivor, alias, stays, leaves } = merge;
      const pair = { survivor, alias };
      if (request.query.dryRun === 'true') {
        const customers = leaves === undefined ? [stays] : [stays, leaves];
        const preview: RecordToBe[] = [];
        for (const one of customers) preview.push(await previewRecord(parts, one));
        return {
          status: 200,
          body: {
            id,
            ...pair,
            status: 'preview',
            stays: [...recordsOfOne(stays)],
            leaves: leaves === undefined ? [] : [...recordsOfOne(leaves)],
            preview,
            masked: [],
          },
          subjects: customers.flatMap(recordsOfOne),
        };
      }
      const fact = { type: 'customer.identity.unmerged.v1', data: { merge: id, reason: request.body.reason } };
      return keepLink(parts, request, fact, { id, ...pair });
    },
  }) satisfies Partial<Operations>;
