import type { AnswerOf } from '#functions/routes.ts';
import type { FieldView } from '#shared/access/field-matrix.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { keepFacts } from '#shared/edge/keep-facts.ts';
import { momentOf, recordNamed } from '#shared/edge/moment.ts';
import type { OperationRequest, Operations } from '#shared/edge/operation.ts';
import type { PrepareFacts } from '#shared/facts/prepare-facts.ts';
import { identity, profileOn } from '#shared/profile/rules/identity.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import type { ProfileAttribute } from '#shared/profile/rules/survivorship-policy.ts';
import { shownName } from '#shared/profile/rules/view/identity-section.ts';
import type { Moment } from '#shared/profile/store/as-of.ts';
import { current360 } from '#shared/profile/store/current-360.ts';
import { profileAsOf } from '#shared/profile/store/profile-as-of.ts';
import { loadHead } from '#shared/profile/store/subjects.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { isErased, type Verdict } from '#shared/vocabulary/fact.ts';
import { type Asked, explainField } from './explain-field.ts';
import { locate, type Place } from './locate.ts';
import { attributeOfField, isStandingPin } from './pin.ts';
import { type Explanation, reasonsInWords } from './rules/explain.ts';
import { isPlaceTold, markOfPlace, shapedPlace, shapedValue } from './shape-value.ts';
import { factsNow, factsThen, type ToldDeps } from './told-facts.ts';
import { noted, toldPart } from './told-part.ts';

export interface ExplainParts extends ToldDeps {
  readonly prepare: PrepareFacts;
  readonly now: () => number;
  readonly today: (at?: number) => string;
}

const subjectOf = (request: Pick<OperationRequest, 'subjectId'>): string => {
  if (request.subjectId === undefined) throw notFound();
  return request.subjectId;
};

const sourceOf = (fact: Fact) => ({
  source: fact.source.system,
  factId: fact.id,
  occurredAt: fact.occurredAt,
  actor: fact.source.actor,
  ...(fact.source.channel === undefined ? {} : { channel: fact.source.channel }),
});

const verdictOf = (told: Verdict | undefined) =>
  told === undefined ? {} : { verdict: { verdict: told.verdict, codes: [...told.codes] } };

/** Most that is listed of what does not stand, the newest; how many there were besides is told. */
const mostLosing = 100;

/** Why people settled it so, where they did. */
const settledBecause = (fact: Fact): { readonly reason?: string } => {
  if (fact.type !== 'account.dispute.settled.v1' && fact.type !== 'metering.dispute.settled.v1') return {};
  const { reason } = fact.data;
  return reason === undefined || isErased(reason) ? {} : { reason };
};

/** An explanation as it leaves: values by the class of the field they belong to. */
const answerOf = (field: string, place: Place, explained: Explanation, view: FieldView): AnswerOf<'explainField'> => {
  const mark = markOfPlace(place);
  const hidden = new Set<string>();
  const shown = (
    value: unknown,
    path: string,
    shaped = shapedValue(value, mark, view),
  ): { readonly value?: unknown } => {
    if (shaped.masked) hidden.add(path);
    return shaped.value === undefined ? {} : { value: shaped.value };
  };
  const { pin, winner, verdict } = explained;
  const reason = pin?.fact.type === 'customer.attribute.pinned.v1' ? pin.fact.data.reason : undefined;
  return {
    field,
    ...shown(place.value, 'value', shapedPlace(place, view)),
    rule: explained.rule,
    winner: winner === undefined ? null : { ...sourceOf(winner), ...settledBecause(winner) },
    losing: explained.losing.slice(0, mostLosing).map((one) => ({
      ...shown(one.value, 'losing[].value'),
      ...sourceOf(one.fact),
      reason: one.reason,
      because: reasonsInWords[one.reason],
      ...verdictOf(one.verdict),
    })),
    ...(explained.losing.length > mostLosing ? { moreLosing: explained.losing.length - mostLosing } : {}),
    ...(pin === undefined
      ? {}
      : {
          pin: {
            ...shown(pin.value, 'pin.value'),
            ...sourceOf(pin.fact),
            until: pin.until,
            ...(typeof reason === 'string' ? { reason } : {}),
          },
        }),
    ...verdictOf(verdict),
    ...(explained.formula === undefined ? {} : { formula: explained.formula }),
    ...(explained.inputs === undefined
      ? {}
      : {
          inputs: explained.inputs.map(({ value, whole: _, ...input }) => ({
            ...input,
            ...(value === undefined ? {} : shown(value, 'inputs[].value')),
          })),
        }),
    masked: [...hidden],
  };
};

const unknownField = (): DomainError =>
  new DomainError('invalid', 'field.not-in-view', 'The view has no value under this path.', {
    errors: [{ pointer: '/query/field', code: 'field.invalid-value', message: 'names no value of the view' }],
  });

/** Operations on why values are what they are: explaining them, and holding one fast against the sources. */
export const explainOperations = (parts: ExplainParts) => {
  const recordsOf = async (customer: string): Promise<readonly string[]> => [
    customer,
    ...(await loadHead(parts.profile, customer)).aliases,
  ];
  const askedNow = async (customer: string): Promise<Asked | undefined> => {
    const view = await current360(parts, customer);
    return (
      view && { told: factsNow(parts), view, records: await recordsOf(customer), hidden: [], today: parts.today() }
    );
  };
  const askedAsOf = async (named: string, moment: Moment, self: string | undefined): Promise<Asked | undefined> => {
    const then = await profileAsOf(parts, named, moment, self);
    if (then === undefined) return undefined;
    const records = [then.records.customer, ...then.records.aliases];
    const today = parts.today(Date.parse(moment.asOf));
    return { told: factsThen(parts, moment), view: then.view, records, hidden: then.hidden, today };
  };
  const standing = (states: Parameters<typeof stateOf>[0], attribute: ProfileAttribute): unknown => {
    const profile = profileOn(stateOf(states, identity).state, parts.today());
    const value = profile[attribute];
    if (value === null || isErased(value)) return undefined;
    return typeof value === 'string' ? value : (shownName({ name: value }) ?? undefined);
  };

  return {
    explainField: async (request) => {
      const customer = subjectOf(request);
      const { field } = request.query;
      const moment = momentOf(request.query, parts.now());
      const asked =
        moment === undefined
          ? await askedNow(customer)
          : await askedAsOf(await recordNamed(parts.profile, request), moment, request.self);
      if (asked === undefined) throw notFound();
      const { view } = asked;
      const { told, facts } = noted(asked.told);
      // A date of birth is pinned and explained like what the view shows, which leaves it out.
      const whole = { ...view, customer: { ...view.customer, dateOfBirth: null } };
      const place = locate(whole, field);
      const isTold = place !== undefined && isPlaceTold(place, request.view);
      const explained = isTold ? await explainField({ ...asked, told }, place) : undefined;
      if (place === undefined || explained === undefined) throw unknownField();
      // The view is the customer's story, whoever reads it; staff may read the facts behind it, as of now and of any moment alike.
      const shown = await toldPart(explained, request.view, request.own, facts);
      const value = place.pattern === 'customer.dateOfBirth' ? explained.value : place.value;
      const body = answerOf(field, { ...place, value }, shown, request.view);
      return moment === undefined ? { body } : { body, subjects: asked.records };
    },

    pinAttribute: (request) => {
      const customer = subjectOf(request);
      const { field, value, reason, until } = request.body;
      const attribute = attributeOfField[field];
      if (until !== undefined && until <= parts.today())
        throw new DomainError('invalid', 'pin.over', 'The pin would not hold for a day.', {
          errors: [{ pointer: '/until', code: 'field.invalid-value', message: 'must lie in the future' }],
        });
      const data = { customer, [attribute]: value, reason, ...(until === undefined ? {} : { until }) };
      const fact = { type: 'customer.attribute.pinned.v1', data, pointers: { [`/${attribute}`]: '/value' } };
      return keepFacts(parts, request, [fact], (kept, version) => ({
        status: 201,
        body: {
          factId: kept.facts[0]?.id ?? '',
          occurredAt: kept.facts[0]?.occurredAt ?? '',
          field,
          value: standing(kept.after.get(customer) ?? new Map(), attribute),
          until: until ?? null,
          version,
          masked: [],
        },
        version,
        location: `/v1/customers/${customer}/pins/${kept.facts[0]?.id ?? ''}`,
      }));
    },

    unpinAttribute: async (request) => {
      const customer = subjectOf(request);
      const { factId = '' } = request.params;
      if (!(await isStandingPin(parts.profile, factId, await recordsOf(customer)))) throw notFound();
      const data = { factId, reason: 'The pin was taken back.' };
      return keepFacts(parts, request, [{ type: 'customer.attribute.retracted.v1', data }], (_kept, version) => ({
        status: 204,
        body: undefined,
        version,
      }));
    },
  } satisfies Partial<Operations>;
};
