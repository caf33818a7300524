import { stateClaims } from '#functions/state-claims.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { account } from '#shared/profile/rules/account.ts';
import { identity } from '#shared/profile/rules/identity.ts';
import { premise } from '#shared/profile/rules/premise.ts';
import { type States, stateOf } from '#shared/profile/rules/states.ts';
import { referenceKey, servicePointKey, subjectKindOf } from '#shared/table/keys.ts';
import type { Item } from '#shared/table/table.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import type { Reference } from '#shared/vocabulary/references.ts';
import { idNamespace } from './grounds.ts';

/** Claims: items elsewhere in the table that hold a name for a thing. Functions of the states, or of the fact that made the thing. */

const claim = (kind: string, reference: Reference, id: string): Item => ({ ...referenceKey(kind, reference), id });

const premiseClaims = (subject: string, states: States): readonly Item[] => {
  const { state } = stateOf(states, premise);
  return [
    ...state.references.map((reference) => claim('premise', reference, subject)),
    ...state.servicePoints.flatMap((point) => [
      { ...servicePointKey(point.id), premise: subject },
      ...point.references.map((reference) => claim('servicePoint', reference, point.id)),
    ]),
  ];
};

const nameClaims = (subject: string, states: States): readonly Item[] => {
  switch (subjectKindOf(subject)) {
    case 'customer':
      return stateOf(states, identity).state.references.map(({ of, ...reference }) => claim('customer', reference, of));
    case 'account':
      return stateOf(states, account).state.references.map((reference) => claim('account', reference, subject));
    case 'premise':
      return premiseClaims(subject, states);
    default:
      return [];
  }
};

/** References and service points that a subject's states lay claim to, and what capabilities keep elsewhere of them. */
export const claimsOfStates = (subject: string, states: States): readonly Item[] => [
  ...nameClaims(subject, states),
  ...stateClaims.flatMap(({ of, items }) => (of === subjectKindOf(subject) ? items(states) : [])),
];

/** Kinds whose references belong to the fact that made the thing. */
const claimedByFact = new Set(['bill', 'payment', 'agreement', 'outage', 'interaction', 'merge']);
/** Kinds that later facts name by the id a thing got here; of interactions, requests for a change alone. */
const foundByOwnId = new Set(['agreement', 'bill', 'payment', 'merge', 'contactPoint', 'servicePoint']);
const isFoundByOwnId = (kind: string, { type }: Fact): boolean =>
  foundByOwnId.has(kind) || type === 'contact.change-request.made.v1';

/** Ids in other systems of what a fact created. */
const referencesIn = (fact: Fact): readonly Reference[] => {
  switch (fact.type) {
    case 'account.agreement.started.v1':
    case 'billing.bill.issued.v1':
    case 'billing.payment.received.v1':
    case 'contact.interaction.logged.v1':
    case 'contact.change-request.made.v1':
    case 'service.outage.reported.v1':
      return fact.data.references ?? [];
    default:
      return [];
  }
};

/** References to what a fact created, for things that states forget or never hold: kept until the fact is retracted. */
export const referenceClaimsOf = (fact: Fact): readonly Item[] => {
  const { entity } = fact;
  const kind = entity === undefined ? undefined : kindOf(entity);
  if (entity === undefined || kind === undefined || !claimedByFact.has(kind)) return [];
  return referencesIn(fact).map((reference) => ({ ...claim(kind, reference, entity), fact: fact.id }));
};

/**
 * What leads to a thing that a fact created: its references, and its own id where later facts name it by that. The id leads there
 * for good: what comes later still belongs behind a fact that was taken back.
 */
export const claimsOfFact = (fact: Fact): readonly Item[] => {
  const { entity } = fact;
  const kind = entity === undefined ? undefined : kindOf(entity);
  if (entity === undefined || kind === undefined || !isFoundByOwnId(kind, fact)) return referenceClaimsOf(fact);
  const own = { ...claim(kind, { namespace: idNamespace, value: entity }, entity), fact: fact.id };
  return [own, ...referenceClaimsOf(fact)];
};

const keyText = (item: Item): string => `${item.pk} ${item.sk}`;

/** What to put and what to take away, as sets by key. */
export const diffClaims = (
  before: readonly Item[],
  after: readonly Item[],
): { readonly put: readonly Item[]; readonly gone: readonly Item[] } => {
  const had = new Set(before.map(keyText));
  const has = new Map(after.map((item) => [keyText(item), item] as const));
  return {
    put: [...has].filter(([key]) => !had.has(key)).map(([, item]) => item),
    gone: [...new Map(before.map((item) => [keyText(item), item] as const))]
      .filter(([key]) => !has.has(key))
      .map(([, item]) => item),
  };
};
