import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import { isTold, shape } from '#shared/domain/access/shape.ts';
import { writtenBy } from '#shared/domain/profile/writer.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { senderOf } from '#shared/edge/keep-facts.ts';
import type { Operations } from '#shared/edge/operation.ts';
import { problemType } from '#shared/edge/problem.ts';
import { readFact, textOf, textsOf } from '#shared/store/items.ts';
import { factIdKey, factKey } from '#shared/store/keys.ts';
import type { Sealer } from '#shared/store/seal.ts';
import { unsealFact } from '#shared/store/subjects.ts';
import type { FactResult, SubmitFacts } from '#shared/store/submit-facts.ts';
import type { Table } from '#shared/store/table.ts';
import { valueErrors } from '#shared/store/value-errors.ts';

export interface FactsParts {
  readonly profile: Table;
  readonly sealer: Sealer;
  readonly submit: SubmitFacts;
}

const problemOf = (result: FactResult) => {
  switch (result.status) {
    case 'accepted':
    case 'duplicate':
      return undefined;
    case 'rejected':
      return {
        type: problemType(result.code),
        title: result.message,
        code: result.code,
        detail: result.message,
        errors: result.errors.map((error) => ({ ...error })),
      };
    case 'quarantined':
      return { type: problemType(result.reason), title: result.message, code: result.reason, detail: result.message };
    case 'waiting':
      return {
        type: problemType('reference.unknown'),
        title: result.message,
        code: 'reference.unknown',
        detail: result.message,
      };
    case 'retry':
      return { type: problemType('commit.busy'), title: result.message, code: 'commit.busy', detail: result.message };
  }
};

/** Operations on facts: sending them, reading one. */
export const factOperations = (parts: FactsParts) =>
  ({
    sendFacts: async (request) => {
      const results = await parts.submit(request.body.facts, senderOf(request.call.actor), { door: request.audit });
      // What was kept has its entry in the commit that kept it; the request's own tells of the rest.
      const rest = results.flatMap((result) => (result.status === 'duplicate' ? result.fact.subjects : []));
      return {
        body: {
          results: results.map((result, index) => {
            const problem = problemOf(result);
            const warnings = 'fact' in result ? valueErrors(result.fact) : [];
            return {
              index,
              status: result.status,
              ...('factId' in result && result.factId !== '' ? { factId: result.factId } : {}),
              ...(problem === undefined ? {} : { problem }),
              ...(warnings.length === 0 ? {} : { warnings: warnings.map((warning) => ({ ...warning })) }),
            };
          }),
        },
        subjects: [...new Set(rest)],
        audited: results.every(({ status }) => status === 'accepted'),
      };
    },
    readFact: async (request) => {
      const id = request.subjectId;
      const place = id === undefined ? undefined : await parts.profile.get(factIdKey(id), { consistent: true });
      const [subject, family] =
        place === undefined ? [] : [textsOf(place, 'subjects')[0], textsOf(place, 'families')[0]];
      if (place === undefined || subject === undefined || family === undefined) throw notFound();
      const item = await parts.profile.get(factKey(subject, family, textOf(place, 'order')), { consistent: true });
      if (item === undefined) throw notFound();
      const fact = await unsealFact(parts.sealer, readFact(item));
      const definition = factTypes.get(fact.type);
      if (!isTold(definition?.whole ?? 'plain', fact.data, request.view)) throw notFound();
      const shaped = shape(fact.data, definition?.marks ?? {}, request.view);
      const { value } = shaped;
      return {
        body: {
          id: fact.id,
          type: fact.type,
          source: {
            system: fact.source.system,
            actor: fact.source.actor,
            ...(fact.source.channel === undefined ? {} : { channel: fact.source.channel }),
          },
          sourceEventId: fact.sourceEventId,
          sourceSequence: fact.sourceSequence,
          occurredAt: fact.occurredAt,
          recordedAt: fact.recordedAt,
          ...(fact.correlationId === undefined ? {} : { correlationId: fact.correlationId }),
          ...(fact.causationId === undefined ? {} : { causationId: fact.causationId }),
          subjects: [...fact.subjects],
          ...(fact.entity === undefined ? {} : { entity: fact.entity }),
          ...writtenBy(fact),
          data: typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {},
          masked: shaped.masked.map((path) => `data.${path}`),
        },
      };
    },
  }) satisfies Partial<Operations>;
