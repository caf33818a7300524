import { familyNames } from '#functions/profile.ts';
import type { BodyOf } from '#functions/routes.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { forStaff, notForCustomers, refuseForStaff } from '#shared/edge/for-staff.ts';
import { idToBe, keepFacts } from '#shared/edge/keep-facts.ts';
import { momentOf, recordNamed } from '#shared/edge/moment.ts';
import type { OperationRequest, Operations } from '#shared/edge/operation.ts';
import type { PrepareFacts } from '#shared/facts/prepare-facts.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { current360 } from '#shared/profile/store/current-360.ts';
import { OwnTime } from '#shared/profile/store/own-time.ts';
import { lookedAt, profileAsOf } from '#shared/profile/store/profile-as-of.ts';
import { accountsHeld } from '#shared/profile/store/roles-held.ts';
import { type LoadedSubject, loadSubject } from '#shared/profile/store/subjects.ts';
import { versionOf } from '#shared/profile/store/view-writes.ts';
import type { Table } from '#shared/table/table.ts';
import type { FieldError } from '#shared/vocabulary/errors.ts';
import { byRequest } from './api-by-request.ts';
import { contactStateOf, refuseAdding, refuseChanging, refuseRemoving } from './api-own-contact-points.ts';
import { listAccounts } from './list-accounts.ts';
import { readTimeline } from './read-timeline.ts';
import { contact } from './rules/contact-points.ts';
import { changeRequestReason } from './rules/interactions.ts';
import { contactPointView, customerView } from './show-customer.ts';

export interface CustomersParts {
  readonly profile: Table;
  readonly sealer: Sealer;
  readonly prepare: PrepareFacts;
  readonly now: () => number;
  readonly today: (at?: number) => string;
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

/** What a customer turns to the utility with comes by these; a change of the record has routes of its own. */
const notOfCustomers = ({ channel, direction, reason }: BodyOf<'logInteraction'>): readonly FieldError[] => [
  ...(channel === 'web' || channel === 'app' ? [] : [forStaff('channel', 'must be web or app')]),
  ...(direction === undefined || direction === 'inbound' ? [] : [forStaff('direction', 'must be inbound')]),
  ...(reason === changeRequestReason ? [forStaff('reason', 'belongs to requests for a change')] : []),
];

/** Operations on customers: reading, registering, correcting, contact points, interactions, the 360 view and the timeline. */
export const customerOperations = (parts: CustomersParts) => {
  const pointOf = async (request: Pick<OperationRequest, 'subjectId' | 'params'>) => {
    const state = await contactStateOf(parts, subjectOf(request));
    const point = state.points.find((one) => one.id === request.params.pointId);
    if (point === undefined) throw notFound();
    return { state, point };
  };
  const heldBy = (customer: LoadedSubject) => accountsHeld(parts.profile, customer, parts.today());

  return {
    readCustomer: async (request) => {
      const customer = subjectOf(request);
      const loaded = await loadSubject(parts.profile, customer);
      const { states } = loaded;
      return {
        body: customerView(customer, states, await heldBy(loaded), parts.today()),
        version: versionOf(states),
      };
    },

    listCustomerAccounts: async (request) => {
      const customer = await loadSubject(parts.profile, subjectOf(request));
      const { limit, cursor } = request.query;
      const page = await listAccounts(parts.profile, customer, { limit, after: cursor, today: parts.today() });
      return { body: { ...page, masked: [] } };
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
        body: customerView(customer, kept.after.get(customer) ?? new Map(), [], parts.today()),
        version,
        location: `/v1/customers/${customer}`,
      }));
    },

    changeCustomer: async (request) => {
      const customer = subjectOf(request);
      if (request.call.actor.kind === 'customer') {
        const members = notForCustomers(request);
        const { language: _theirs, ...asked } = request.body;
        if (members.length > 0) throw await byRequest(parts, request, members, asked);
      }
      const held = await heldBy(await loadSubject(parts.profile, customer));
      return keepFacts(
        parts,
        request,
        [{ type: 'customer.profile.corrected.v1', data: { customer, ...request.body } }],
        (kept, version) => ({
          status: 200,
          body: customerView(customer, kept.after.get(customer) ?? new Map(), held, parts.today()),
          version,
        }),
      );
    },

    logInteraction: (request) => {
      const customer = subjectOf(request);
      const id = idToBe(request, 'interaction');
      refuseForStaff(request, notOfCustomers(request.body));
      const writtenBy = request.call.actor.kind === 'customer' ? 'customer' : 'staff';
      return keepFacts(
        parts,
        request,
        [{ type: 'contact.interaction.logged.v1', data: { customer, ...request.body, writtenBy } }],
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

    addContactPoint: async (request) => {
      const customer = subjectOf(request);
      await refuseAdding(parts, request);
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
      const { state, point } = await pointOf(request);
      await refuseChanging(parts, request, state, point);
      return keepFacts(
        parts,
        request,
        [{ type: 'customer.contact-point.changed.v1', data: { customer, point: point.id, ...request.body } }],
        (kept, version) => ({
          ...pointAnswer(kept.after.get(customer) ?? new Map(), point.id, version),
          status: 200,
        }),
      );
    },

    removeContactPoint: async (request) => {
      const customer = subjectOf(request);
      const { state, point } = await pointOf(request);
      await refuseRemoving(parts, request, state, point);
      return keepFacts(
        parts,
        request,
        [{ type: 'customer.contact-point.removed.v1', data: { customer, point: point.id } }],
        (_kept, version) => ({
          status: 204,
          body: undefined,
          version,
        }),
      );
    },
  } satisfies Partial<Operations>;
};
