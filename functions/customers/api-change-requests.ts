import type { AnswerOf } from '#functions/routes.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { keepFacts } from '#shared/edge/keep-facts.ts';
import type { Operations } from '#shared/edge/operation.ts';
import { openFact } from '#shared/facts/open-fact.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { loadSubject } from '#shared/profile/store/subjects.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { isErased } from '#shared/vocabulary/fact.ts';
import { askedIn, type ByRequestParts } from './api-by-request.ts';
import { decisionFacts } from './api-decide-change-request.ts';
import type { OpenRequest, SettledRequest } from './rules/change-requests.ts';
import { interactions } from './rules/interactions.ts';
import { listChangeRequests } from './store/open-change-requests.ts';

type Shown = AnswerOf<'readChangeRequests'>['data'][number];

const loaded = async ({ profile }: ByRequestParts, customer: string | undefined) => {
  if (customer === undefined) throw notFound();
  const { states, head } = await loadSubject(profile, customer);
  const { requests } = stateOf(states, interactions).state;
  return { customer, requests, records: [customer, ...head.aliases] };
};

const changeOf = async ({ profile, sealer }: ByRequestParts, { fact }: OpenRequest) => {
  const made = await openFact(profile, sealer, fact);
  return made === undefined ? {} : askedIn(made);
};

const openView = async (parts: ByRequestParts, request: OpenRequest): Promise<Shown> => ({
  id: request.id,
  askedAt: request.at,
  status: 'open',
  asked: [...request.asked],
  change: await changeOf(parts, request),
});

const settledView = async (parts: ByRequestParts, request: SettledRequest): Promise<Shown> => {
  const decision = await openFact(parts.profile, parts.sealer, request.decision);
  const { reason, correction } = decision?.type === 'contact.change-request.settled.v1' ? decision.data : {};
  return {
    ...(await openView(parts, request)),
    status: request.outcome,
    settledAt: request.settledAt,
    ...(reason === undefined || isErased(reason) ? {} : { reason }),
    ...(correction === undefined ? {} : { correction }),
  };
};

/** Operations on what customers asked to be changed: listing it, seeing one customer's, deciding on it. */
export const changeRequestOperations = (parts: ByRequestParts) =>
  ({
    listChangeRequests: async ({ query }) => {
      const { requests, next } = await listChangeRequests(parts.profile, { limit: query.limit, after: query.cursor });
      const data = requests.map(({ id, of, at, asked }) => ({ id, customerId: of, askedAt: at, asked: [...asked] }));
      return { body: { data, next: next ?? null }, subjects: [...new Set(requests.map(({ of }) => of))] };
    },

    readChangeRequests: async (request) => {
      const { requests } = await loaded(parts, request.subjectId);
      const [open, settled] = await Promise.all([
        Promise.all(requests.open.map((one) => openView(parts, one))),
        Promise.all(requests.settled.toReversed().map((one) => settledView(parts, one))),
      ]);
      return { body: { data: [...open, ...settled] } };
    },

    decideChangeRequest: async (request) => {
      const { customer, requests, records } = await loaded(parts, request.subjectId);
      const named = ({ id }: OpenRequest): boolean => id === request.params.requestId;
      const before = requests.settled.find(named);
      if (before !== undefined) {
        throw new DomainError('conflict', 'change-request.settled', 'This request was decided on before.', {
          extra: { status: before.outcome },
        });
      }
      const open = requests.open.find(named);
      if (open === undefined) throw notFound();
      const about = { customer, records, id: open.id, asked: await changeOf(parts, open) };
      const { facts, correction } = await decisionFacts(parts.profile, request, request.body, about);
      return keepFacts<AnswerOf<'decideChangeRequest'>>(parts, request, facts, (kept) => {
        const decided = kept.facts.at(-1);
        return {
          status: 201,
          body: {
            id: open.id,
            customerId: customer,
            status: request.body.outcome,
            ...(correction === undefined ? {} : { correction }),
            factId: decided?.id ?? '',
            occurredAt: decided?.occurredAt ?? '',
          },
        };
      });
    },
  }) satisfies Partial<Operations>;
