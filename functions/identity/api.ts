import type { AnswerOf } from '#shared/contracts/api/routes.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { type FactToKeep, idToBe, keepFacts, type WriteRequest } from '#shared/edge/keep-facts.ts';
import type { OperationResult, Operations } from '#shared/edge/operation.ts';
import { callerOf, laterAnswer } from '#shared/store/idempotency.ts';
import { resolveNamed } from '#shared/store/references.ts';
import { currentOf, loadStored, loadSurvivor } from '#shared/store/subjects.ts';
import type { SubmitFacts } from '#shared/store/submit-facts.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { IdOrReference } from '#shared/vocabulary/references.ts';
import { type FinishDeps, finishLink } from './finish.ts';
import { mergeStanding } from './merge-standing.ts';
import { type PreviewDeps, previewRecord } from './preview.ts';

export type IdentityParts = PreviewDeps & FinishDeps & { readonly submit: SubmitFacts };

type Merged = OperationResult<AnswerOf<'mergeCustomers'>>;
type Pair = Pick<AnswerOf<'mergeCustomers'>, 'survivor' | 'alias'>;

/** The customer that is named, aliases followed; what is not there is answered as anywhere. */
const customerNamed = async ({ profile }: IdentityParts, named: IdOrReference) => {
  const id = await resolveNamed(profile, 'customer', named);
  if (id === undefined) throw notFound();
  const customer = currentOf(await loadSurvivor(profile, await loadStored(profile, id)));
  if (!customer.exists) throw notFound();
  return customer;
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
  let touched: { readonly fact: string; readonly subjects: readonly string[] } | undefined;
  const kept = await keepFacts(parts, request, [fact], ({ facts, subjects }): Merged => {
    touched = { fact: facts[0]?.id ?? '', subjects };
    return { status: 201, body: { ...pair, status: 'rebuilding', masked: [] } };
  });
  if (touched === undefined || (await finishLink(parts, touched.fact, touched.subjects)) !== 'done') return kept;
  const done = { ...kept, status: 201, body: { ...kept.body, status: 'done' as const } };
  if (request.idempotency !== undefined) {
    const answer = { status: done.status, body: done.body };
    await parts.profile.commit([laterAnswer(callerOf(request.call.actor), request.idempotency, answer, parts.now())]);
  }
  return done;
};

/** Operations on who is who: merging two records of one customer, and undoing it. */
export const identityOperations = (parts: IdentityParts) =>
  ({
    mergeCustomers: async (request) => {
      const survivor = await customerNamed(parts, request.subjectId ?? request.body.survivor);
      const alias = await customerNamed(parts, request.body.alias);
      if (survivor.subject === alias.subject)
        throw new DomainError('invalid', 'merge.same-customer', 'The two records are one customer already.');
      const pair = { survivor: survivor.subject, alias: alias.subject };
      if (request.query.dryRun === 'true') {
        const aliases = [...survivor.head.aliases, alias.subject, ...alias.head.aliases];
        const preview = [await previewRecord(parts, survivor.subject, aliases)];
        return { status: 200, body: { ...pair, status: 'preview', preview, masked: [] }, subjects: [alias.subject] };
      }
      const { reason } = request.body;
      const fact = { type: 'customer.identity.merged.v1', data: { ...pair, reason } };
      return keepLink(parts, request, fact, { id: idToBe(request, 'merge'), ...pair });
    },

    undoMerge: async (request) => {
      const id = request.subjectId;
      const merge = id === undefined ? undefined : await mergeStanding(parts.profile, id);
      if (id === undefined || merge === undefined) throw notFound();
      if (!merge.stands) throw new DomainError('conflict', 'merge.undone', 'This merge was undone before.');
      const { survivor, alias, own, theirs } = merge;
      const pair = { survivor, alias };
      if (request.query.dryRun === 'true') {
        const preview = [await previewRecord(parts, survivor, own), await previewRecord(parts, alias, theirs)];
        return {
          status: 200,
          body: { id, ...pair, status: 'preview', preview, masked: [] },
          subjects: [survivor, alias],
        };
      }
      const fact = { type: 'customer.identity.unmerged.v1', data: { merge: id, reason: request.body.reason } };
      return keepLink(parts, request, fact, { id, ...pair });
    },
  }) satisfies Partial<Operations>;
