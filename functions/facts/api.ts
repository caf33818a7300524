import type { AnswerOf } from '#functions/routes.ts';
import { isTold, shape } from '#shared/access/shape.ts';
import { cutData } from '#shared/access/told-of.ts';
import { factTypes } from '#shared/contracts/facts/catalogue.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { senderOf } from '#shared/edge/keep-facts.ts';
import type { Operations } from '#shared/edge/operation.ts';
import { problemType } from '#shared/edge/problem.ts';
import { type FactOutcome, isKept, type KeptOutcome, type UnkeptOutcome } from '#shared/facts/fact-outcome.ts';
import { refusalOfFact } from '#shared/facts/refuse-fact.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import { readStoredFact } from '#shared/facts/stored-fact.ts';
import type { SubmitFacts } from '#shared/facts/submit-facts.ts';
import { valueErrors } from '#shared/facts/value-errors.ts';
import { writtenBy } from '#shared/profile/rules/writer.ts';
import { unsealFact } from '#shared/profile/store/subjects.ts';
import { whoseFact } from '#shared/profile/store/whose-time.ts';
import type { Table } from '#shared/table/table.ts';
import { effectWarnings } from './effect-warnings.ts';

export interface FactsParts {
  readonly profile: Table;
  readonly sealer: Sealer;
  readonly submit: SubmitFacts;
}

/** Why a fact was not kept, as its result says it. */
const problemOf = (outcome: UnkeptOutcome) => {
  const { code, message, errors } = refusalOfFact(outcome);
  return {
    type: problemType(code),
    title: message,
    code,
    detail: message,
    ...(outcome.status === 'rejected' ? { errors: errors.map((error) => ({ ...error })) } : {}),
  };
};

/** What of a kept fact is told beside its id. */
const toldOfKept = (outcome: KeptOutcome) => {
  const warnings = [...valueErrors(outcome.fact), ...effectWarnings(outcome)];
  return {
    ...(outcome.effect?.groundless === true ? { effect: 'none' as const } : {}),
    ...(warnings.length === 0 ? {} : { warnings: warnings.map((warning) => ({ ...warning })) }),
  };
};

/** What the sender is told of one fact. */
const resultOf = (outcome: FactOutcome, index: number): AnswerOf<'sendFacts'>['results'][number] => ({
  index,
  status: outcome.status,
  ...('factId' in outcome && outcome.factId !== '' ? { factId: outcome.factId } : {}),
  ...(isKept(outcome) ? toldOfKept(outcome) : { problem: problemOf(outcome) }),
});

/** Operations on facts: sending them, reading one. */
export const factOperations = (parts: FactsParts) =>
  ({
    sendFacts: async (request) => {
      const outcomes = await parts.submit(request.body.facts, senderOf(request.call.actor), { door: request.audit });
      // What was kept has its entry in the commit that kept it; the request's own tells of the rest.
      const rest = outcomes.flatMap((outcome) => (outcome.status === 'duplicate' ? outcome.fact.subjects : []));
      return {
        body: { results: outcomes.map(resultOf) },
        subjects: [...new Set(rest)],
        audited: outcomes.every(({ status }) => status === 'accepted'),
      };
    },
    readFact: async (request) => {
      const stored =
        request.subjectId === undefined ? undefined : await readStoredFact(parts.profile, request.subjectId);
      if (stored === undefined) throw notFound();
      // A customer is told of their own time alone; for staff and systems there is nobody whose it would not be.
      const told = request.own === undefined ? 'whole' : await request.own.told(stored.fact);
      const fact = await unsealFact(parts.sealer, stored);
      const definition = factTypes.get(fact.type);
      if (told === 'nothing' || !isTold(definition?.whole ?? 'plain', fact.data, request.view)) throw notFound();
      const marks = definition?.marks ?? {};
      const cut = cutData(fact.type, fact.data, told, (name) => marks[name] === 'usage');
      const shaped = shape(cut.data, marks, request.view);
      const whose = await whoseFact(parts.profile, fact);
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
          // By these systems and staff follow a matter up; whoever sends a request words its own.
          ...(fact.correlationId === undefined || request.own !== undefined
            ? {}
            : { correlationId: fact.correlationId }),
          ...(fact.causationId === undefined ? {} : { causationId: fact.causationId }),
          subjects: [...fact.subjects],
          ...(fact.entity === undefined ? {} : { entity: fact.entity }),
          ...writtenBy(fact),
          data: typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {},
          masked: [...shaped.masked, ...cut.withheld].map((path) => `data.${path}`),
        },
        ...(whose === undefined ? {} : { whose }),
      };
    },
  }) satisfies Partial<Operations>;
