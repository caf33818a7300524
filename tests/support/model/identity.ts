import { addDays } from '#shared/vocabulary/time.ts';
import { dayOf, type Told, text } from './told.ts';

const registered = 'customer.profile.registered.v1';
const corrected = 'customer.profile.corrected.v1';
const pinned = 'customer.attribute.pinned.v1';

export const attributes = ['name', 'kind', 'dateOfBirth', 'language'] as const;
export type Attribute = (typeof attributes)[number];

/** Whose word counts more, the best first; equals stand together. Systems that are not named come last. */
const ranks: Readonly<Record<Attribute, readonly (readonly string[])[]>> = {
  name: [['rotunda'], ['billing'], ['crm'], ['portal']],
  kind: [['rotunda'], ['billing'], ['crm']],
  dateOfBirth: [['rotunda'], ['billing'], ['crm'], ['portal']],
  language: [['portal', 'rotunda'], ['crm'], ['billing']],
};
/** Whether proof comes before rank. */
const byProof: Readonly<Record<Attribute, boolean>> = { name: true, kind: false, dateOfBirth: true, language: false };
/** Days after which a source no longer has its rank on a name. */
const nameRankDays = 730;

const isOf = (fact: Told, customer: string): boolean => fact.makes === customer || text(fact, 'customer') === customer;

/** A date of birth before 1900, or after the day on which it was said, is no word at all. */
const isRejected = (fact: Told, attribute: Attribute): boolean => {
  const date = attribute === 'dateOfBirth' ? text(fact, 'dateOfBirth') : undefined;
  return date !== undefined && (date < '1900-01-01' || date > dayOf(fact));
};

const isCleared = ({ data }: Told, attribute: Attribute): boolean =>
  Array.isArray(data.clear) && data.clear.includes(attribute);
const isProved = ({ data }: Told, attribute: Attribute): boolean =>
  Array.isArray(data.verified) && data.verified.some((one: unknown) => one === attribute);

const isKnown = (facts: readonly Told[], customer: string): boolean =>
  facts.some(({ type, makes }) => type === registered && makes === customer);

const words = (facts: readonly Told[], customer: string, attribute: Attribute): readonly Told[] =>
  facts.filter(
    (fact) =>
      (fact.type === registered || fact.type === corrected) &&
      isOf(fact, customer) &&
      (fact.data[attribute] !== undefined || isCleared(fact, attribute)) &&
      !isRejected(fact, attribute),
  );

const rankOn = (fact: Told, attribute: Attribute, today: string): number => {
  const place = ranks[attribute].findIndex((systems) => systems.includes(fact.source));
  const isOld = attribute === 'name' && today >= addDays(dayOf(fact), nameRankDays);
  return place < 0 || isOld ? ranks[attribute].length : place;
};

/** What holds of a customer on a day: what is held fast, else the best of the last words of each source. */
export const valueOn = (facts: readonly Told[], customer: string, attribute: Attribute, today: string): unknown => {
  if (!isKnown(facts, customer)) return undefined;
  const pin = facts.findLast(
    (fact) =>
      fact.type === pinned &&
      isOf(fact, customer) &&
      fact.data[attribute] !== undefined &&
      !isRejected(fact, attribute),
  );
  const until = pin === undefined ? undefined : text(pin, 'until');
  if (pin !== undefined && (until === undefined || today < until)) return pin.data[attribute];
  const said = words(facts, customer, attribute);
  const last = [...new Set(said.map(({ source }) => source))].flatMap(
    (source) => said.findLast((one) => one.source === source) ?? [],
  );
  const [best] = last.toSorted((a, b) => {
    const proof = byProof[attribute] ? Number(isProved(b, attribute)) - Number(isProved(a, attribute)) : 0;
    const rank = rankOn(a, attribute, today) - rankOn(b, attribute, today);
    const later = a.at === b.at ? 0 : a.at > b.at ? -1 : 1;
    return proof || rank || later || (a.source > b.source ? -1 : 1);
  });
  return best?.data[attribute];
};

/** First day as a customer. */
export const sinceOf = (facts: readonly Told[], customer: string): string | undefined =>
  facts
    .filter(({ type, makes }) => type === registered && makes === customer)
    .map((fact) => text(fact, 'since') ?? dayOf(fact))[0];

/** Words on a customer whose registration was taken back, and values held fast that cannot be right. */
export const groundlessWords = (facts: readonly Told[], customer: string): readonly Told[] =>
  facts.filter(
    (fact) =>
      (fact.type === corrected || fact.type === pinned) &&
      isOf(fact, customer) &&
      (!isKnown(facts, customer) || (fact.type === pinned && isRejected(fact, 'dateOfBirth'))),
  );
