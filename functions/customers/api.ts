import { contact } from '#shared/domain/profile/contact-points.ts';
import { type States, stateOf } from '#shared/domain/profile/families.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { idToBe, keepFacts } from '#shared/edge/keep-facts.ts';
import { momentOf, recordNamed } from '#shared/edge/moment.ts';
import type { OperationRequest, Operations } from '#shared/edge/operation.ts';
import { OwnTime } from '#shared/store/own-time.ts';
import type { Sealer } from '#shared/store/seal.ts';
import { loadSubject } from '#shared/store/subjects.ts';
import type { SubmitFacts } from '#shared/store/submit-facts.ts';
import type { Table } from '#shared/store/table.ts';
import { versionOf } from '#shared/store/view-writes.ts';
import { familyNames } from '#shared/vocabulary/fact.ts';
import { current360 } from './current-360.ts';
import { lookedAt, profileAsOf } from './profile-as-of.ts';
import { readTimeline } from './read-timeline.ts';
import type { UsageView } from './show-360.ts';
import { contactPointView, customerView } from './show-customer.ts';

export interface CustomersParts {
  readonly profile: Table;
  readonly sealer: Sealer;
  readonly submit: SubmitFacts;
  readonly now: () => number;
  readonly today: (at?: number) => string;
  readonly readUsage: (packed: Uint8Array, servicePoint: string, register: string) => UsageView;
}

const subjectOf = (request: Pick<OperationRequest, 'subjectId'>): string => {
  if (request.subjectId === undefined) throw notFound();
  return request.subjectId;
};

const pointAnswer = (states: States, pointId: string, version: number) => {
  const point = stateOf(states, contact).state.points.find((one) => one.id === pointId);
  const view = point === undefined ? undefined : contactPointView(point);
  if (view === undefined) throw notFound();
  return { body: { ...view, version, masked: [] }, version };
};

/** Operations on customers: reading, registering, correcting, contact points, interactions, the 360 view and the timeline. */
export const customerOperations = (parts: CustomersParts) => {
  const pointOf = async (request: Pick<OperationRequest, 'subjectId' | 'params'>): Promise<string> => {
    const { states } = await loadSubject(parts.profile, subjectOf(request));
    const point = stateOf(states, contact).state.points.find((one) => one.id === request.params.pointId);
    if (point === undefined) throw notFound();
    return point.id;
  };
  const view = (customer: string, states: States | undefined) =>
    customerView(customer, states ?? new Map(), parts.today());

  return {
    readCustomer: async (request) => {
      const customer = subjectOf(request);
      const { states } = await loadSubject(parts.profile, customer);
      return { body: view(customer, states), version: versionOf(states) };
    },

    read360: async (request) => {
      const customer = subjectOf(request);
      const moment = momentOf(request.query, parts.now());
      if (moment !== undefined) {
        const then = await profileAsOf(parts, await recordNamed(parts.profile, request), moment, request.self);
        if (then === undefined) throw notFound();
        return { body: then.view, subjects: lookedAt(then) };
      }
      const body = await current360(parts, customer);
      if (body === undefined) throw notFound();
      return { body, version: body.customer.version };
    },

    readTimeline: async (request) => {
      const { family, from, to, limit, cursor } = request.query;
      const families =
        family === undefined
          ? []
          : family.split(',').flatMap((name) => familyNames.find((known) => known === name) ?? []);
      const instant = (value: string | undefined) => (value === undefined ? undefined : new Date(value).toISOString());
      const query = { families, from: instant(from), to: instant(to), limit, before: cursor };
      const isOwner = request.own !== undefined;
      const own = request.own ?? new OwnTime(parts.profile, subjectOf(request), parts.today());
      return { body: await readTimeline(parts, own, query, request.view, isOwner) };
    },

    createCustomer: (request) => {
      const customer = idToBe(request, 'customer');
      const { contactPoints = [], ...profile } = request.body;
      const facts = [
        { type: 'customer.profile.registered.v1', data: profile },
        ...contactPoints.map((point, n) => ({
          type: 'customer.contact-point.added.v1',
          data: { customer, ...point },
          at: `/contactPoints/${n}`,
        })),
      ];
      return keepFacts(parts, request, facts, (kept, version) => ({
        status: 201,
        body: view(customer, kept.after.get(customer)),
        version,
        location: `/v1/customers/${customer}`,
      }));
    },

    changeCustomer: (request) => {
      const customer = subjectOf(request);
      return keepFacts(
        parts,
        request,
        [{ type: 'customer.profile.corrected.v1', data: { customer, ...request.body } }],
        (kept, version) => ({
          status: 200,
          body: view(customer, kept.after.get(customer)),
          version,
        }),
      );
    },

    logInteraction: (request) => {
      const customer = subjectOf(request);
      const id = idToBe(request, 'interaction');
      return keepFacts(
        parts,
        request,
        [{ type: 'contact.interaction.logged.v1', data: { customer, ...request.body } }],
        (kept) => ({
          status: 201,
          body: {
            id,
            customerId: customer,
            factId: kept.facts[0]?.id ?? '',
            occurredAt: kept.facts[0]?.occurredAt ?? '',
          },
        }),
      );
    },

    addContactPoint: (request) => {
      const customer = subjectOf(request);
      const id = idToBe(request, 'contactPoint');
      return keepFacts(
        parts,
        request,
        [{ type: 'customer.contact-point.added.v1', data: { customer, ...request.body } }],
        (kept, version) => ({
          ...pointAnswer(kept.after.get(customer) ?? new Map(), id, version),
          status: 201,
          location: `/v1/customers/${customer}/contact-points/${id}`,
        }),
      );
    },

    changeContactPoint: async (request) => {
      const customer = subjectOf(request);
      const point = await pointOf(request);
      return keepFacts(
        parts,
        request,
        [{ type: 'customer.contact-point.changed.v1', data: { customer, point, ...request.body } }],
        (kept, version) => ({
          ...pointAnswer(kept.after.get(customer) ?? new Map(), point, version),
          status: 200,
        }),
      );
    },

    removeContactPoint: async (request) => {
      const customer = subjectOf(request);
      const point = await pointOf(request);
      return keepFacts(
        parts,
        request,
        [{ type: 'customer.contact-point.removed.v1', data: { customer, point } }],
        (_kept, version) => ({
          status: 204,
          body: undefined,
          version,
        }),
      );
    },
  } satisfies Partial<Operations>;
};
