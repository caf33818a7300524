import { type ContactPoint, contact, mayStand } from '#functions/customers/rules/contact-points.ts';
import { pointKey } from '#functions/customers/rules/contact-section.ts';
import type { Fact } from '#shared/contracts/facts/fact.ts';
import { effectsOf, endOf, endsOfParts } from '#shared/profile/rules/effects.ts';
import { dayOf } from '#shared/profile/rules/fact-data.ts';
import type { OrderedFact } from '#shared/profile/rules/fold.ts';
import { choiceOf, identity, type ProfileValues, wordOf } from '#shared/profile/rules/identity.ts';
import { covers } from '#shared/profile/rules/periods.ts';
import { roleParts, rolesHeld } from '#shared/profile/rules/roles.ts';
import { pinHolds } from '#shared/profile/rules/survivorship.ts';
import { type ProfileAttribute, policyOf, survivorshipPolicy } from '#shared/profile/rules/survivorship-policy.ts';
import { shownName } from '#shared/profile/rules/view/identity-section.ts';
import { type Erased, isErased, type Verdict } from '#shared/vocabulary/fact.ts';
import { computed, creatorOf, type Explanation, explainSlot, type Input, type Losing, type Reason } from './explain.ts';

type Word<Name extends ProfileAttribute> = ProfileValues[Name] | null | undefined;

/** A value as the view shows it: a name in one line, nothing where it was erased. */
const shownValue = <Name extends ProfileAttribute>(value: Word<Name>): unknown => {
  if (value === undefined || value === null || isErased(value)) return null;
  return typeof value === 'string' ? value : shownName({ name: value });
};

const pinType = 'customer.attribute.pinned.v1';

/**
 * Why an attribute is what it is: every word any source ever said of it, judged by the declared policy.
 * @param facts all of the family `identity`, of the customer and the records merged into theirs
 * @param today local date: pins end and ranks age with it
 */
export const explainAttribute = (
  facts: readonly OrderedFact[],
  name: ProfileAttribute,
  today: string,
): Explanation & { readonly value: unknown } => {
  const effects = effectsOf(identity, facts);
  const state = endOf(identity, effects);
  const choice = choiceOf(state, name, today);
  const pin = state.pins[name];
  const reasons = new Map<string, Reason>(choice.losing.map(({ candidate, reason }) => [candidate.fact, reason]));
  const reasonOf = (entry: OrderedFact, counted: boolean): Reason => {
    if (entry.retracted) return 'retracted';
    if (!counted) return 'without-effect';
    if (isErased(wordOf(entry.fact, name))) return 'erased';
    if (entry.fact.verdicts?.[name]?.verdict === 'rejected') return 'rejected';
    if (entry.fact.id === pin?.fact && !pinHolds(pin, today)) return 'pin-over';
    return reasons.get(entry.fact.id) ?? 'superseded';
  };
  const winner = facts.find(({ fact }) => fact.id === choice.winner?.fact)?.fact;
  const losing = effects.flatMap(({ entry, counted }): readonly Losing[] => {
    const word = entry.retraction ? undefined : wordOf(entry.fact, name);
    if (word === undefined || entry.fact.id === winner?.id) return [];
    const said = { value: shownValue(word), fact: entry.fact, reason: reasonOf(entry, counted) };
    return [{ ...said, ...judged(entry.fact, name) }];
  });
  return {
    value: shownValue(choice.winner?.value),
    rule: {
      id: `survivorship.${name}`,
      strategy: choice.pinned ? 'pinned' : policyOf(name).strategy,
      version: survivorshipPolicy.version,
    },
    winner,
    losing: losing.toReversed(),
    ...(choice.pinned && pin !== undefined && winner?.type === pinType
      ? { pin: { fact: winner, value: shownValue(pin.value), until: pin.until } }
      : {}),
    ...judged(winner, name),
  };
};

/** What the validators said of a field of a fact; nothing where they accepted it. */
const judged = (fact: Fact | undefined, field: string): { readonly verdict?: Verdict } => {
  const verdict = fact?.verdicts?.[field];
  return verdict === undefined ? {} : { verdict };
};

const sinceOf = (fact: Fact): string =>
  (fact.type === 'customer.profile.registered.v1' ? fact.data.since : undefined) ?? dayOf(fact);

/** Since when somebody is a customer: the earliest day of all registrations. */
export const explainSince = (facts: readonly OrderedFact[]): Explanation => {
  const said = facts.filter(({ fact, retracted }) => !retracted && fact.type === 'customer.profile.registered.v1');
  const ordered = said.map(({ fact }) => fact).sort((a, b) => (sinceOf(a) < sinceOf(b) ? -1 : 1));
  return {
    rule: { id: 'customer.since', strategy: 'earliest', version: identity.rules },
    winner: ordered[0],
    losing: ordered.slice(1).map((fact) => ({ value: sinceOf(fact), fact, reason: 'later' as const })),
  };
};

/** Most roles that an explanation lists. */
const mostRoles = 100;

/** Whether somebody is a customer now: by the roles on accounts, those first that hold today. */
export const explainStatus = (facts: readonly OrderedFact[], today: string): Explanation => {
  const all = endsOfParts(roleParts, facts).flatMap(rolesHeld);
  const held = [...all.filter((role) => covers(role, today)), ...all.filter((role) => !covers(role, today))];
  const shown = held.slice(0, mostRoles).map(
    (role): Input => ({
      what: `${role.role} of ${role.account}${covers(role, today) ? ', holds today' : ''}`,
      value: `${role.from} to ${role.to ?? 'open'}`,
      ...factOf(
        facts.find(
          ({ fact, retracted }) =>
            !retracted &&
            fact.type === 'account.role.granted.v1' &&
            fact.data.account === role.account &&
            fact.data.from === role.from &&
            fact.data.role === role.role,
        )?.fact,
      ),
    }),
  );
  const more = held.length - shown.length;
  const inputs = more === 0 ? shown : [...shown, { what: 'more roles', value: more }];
  return computed(
    'customer.status',
    'active while a role on an account holds, former once one has begun and none holds, prospect before the first begins',
    inputs,
  );
};

/** Names a fact as an input; nothing where there is none. */
export const factOf = (fact: Fact | undefined): { readonly factId?: string } =>
  fact === undefined ? {} : { factId: fact.id };

export const explainCustomerId = (facts: readonly OrderedFact[], customer: string): Explanation => ({
  rule: { id: 'customer.id', strategy: 'creating-fact', version: identity.rules },
  winner: creatorOf(facts, customer),
  losing: [],
});

const pointNamed = (fact: Fact): string | undefined =>
  fact.type === 'customer.contact-point.changed.v1' ? fact.data.point : undefined;

/** The value of a contact point as a fact says it. */
const valueSaid = (fact: Fact): string | Erased | undefined =>
  fact.type === 'customer.contact-point.added.v1' || fact.type === 'customer.contact-point.changed.v1'
    ? fact.data.value
    : undefined;

/** Values of contact points that the validators rejected and nobody sees in the view, of one point or of all; the newest first. */
export const rejectedValues = (facts: readonly OrderedFact[], point?: string): readonly Losing[] =>
  facts
    .filter(({ fact, retracted }) => !retracted && fact.verdicts?.value?.verdict === 'rejected')
    .filter(({ fact }) => point === undefined || (fact.entity ?? pointNamed(fact)) === point)
    .map(({ fact }) => ({ fact, said: valueSaid(fact) }))
    .map(({ fact, said }) => ({
      value: isErased(said) ? null : said,
      fact,
      reason: isErased(said) ? ('erased' as const) : ('rejected' as const),
      ...judged(fact, 'value'),
    }))
    .toReversed();

/** Why a contact point is shown as it is: what was said of it, and points of the same value that are not shown beside it. */
export const explainPoint = (
  facts: readonly OrderedFact[],
  id: string,
  member: keyof ContactPoint | undefined,
): Explanation => {
  const effects = effectsOf(contact, facts);
  const { points } = endOf(contact, effects);
  const find = (all: readonly ContactPoint[]) => all.find((point) => point.id === id);
  const said = explainSlot(contact, facts, (state) => {
    const point = find(state.points);
    return member === undefined ? point : point?.[member];
  });
  const shown = find(points);
  const twins = points.filter((point) => shown !== undefined && point.id !== id && pointKey(point) === pointKey(shown));
  const ofTwins = twins.flatMap((point): readonly Losing[] => {
    const fact = creatorOf(facts, point.id);
    const value = member === undefined || isErased(point.value) ? null : (point[member] ?? null);
    return fact === undefined ? [] : [{ value, fact, reason: mayStand(point) ? 'same-value' : 'rejected' }];
  });
  const ofValue = member === undefined || member === 'value';
  const rejected = ofValue ? rejectedValues(facts, id) : [];
  const wholeOf = (value: unknown) => (member === undefined && shown !== undefined ? { ...shown, value } : value);
  const isRejected = ({ fact }: Losing): boolean => rejected.some((one) => one.fact === fact);
  return {
    ...said,
    rule: { id: 'contact.union', strategy: 'union', version: contact.rules },
    losing: [
      ...newestFirst(facts, [
        ...said.losing.filter((one) => !isRejected(one)),
        ...rejected.map((one) => ({ ...one, value: wholeOf(one.value) })),
      ]),
      ...ofTwins,
    ],
    ...(ofValue ? judged(said.winner, 'value') : {}),
  };
};

const newestFirst = (facts: readonly OrderedFact[], losing: readonly Losing[]): readonly Losing[] => {
  const places = new Map(facts.map(({ fact }, place) => [fact.id, place]));
  return losing.toSorted((a, b) => (places.get(b.fact.id) ?? 0) - (places.get(a.fact.id) ?? 0));
};
