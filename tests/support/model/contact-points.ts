import { isTrue, type Told, text } from './told.ts';

export interface Point {
  readonly id: string;
  readonly value: string;
  readonly label: string | undefined;
  readonly isVerified: boolean;
  readonly isPreferred: boolean;
  readonly source: string;
}

const added = 'customer.contact-point.added.v1';
const changed = 'customer.contact-point.changed.v1';
const verified = 'customer.contact-point.verified.v1';
const removed = 'customer.contact-point.removed.v1';

/** What the validators reject, of the values that histories hold. */
const isRejected = (value: string | undefined): boolean => value !== undefined && !value.includes('@');

/** Customers' own word proves nothing. */
const isCustomers = ({ source }: Told): boolean => source === 'portal';

/** Words on a point that count: a change to a rejected value says nothing. */
const wordsOn = (facts: readonly Told[], point: string): readonly Told[] =>
  facts.filter(
    (fact) =>
      fact.makes === point ||
      (text(fact, 'point') === point && !(fact.type === changed && isRejected(text(fact, 'value')))),
  );

const makerOf = (facts: readonly Told[], point: string): Told | undefined =>
  facts.find((fact) => fact.type === added && fact.makes === point);

const isThere = (facts: readonly Told[], point: string): boolean =>
  makerOf(facts, point) !== undefined && !facts.some((fact) => fact.type === removed && text(fact, 'point') === point);

const saidValue = (facts: readonly Told[], point: string): Told | undefined =>
  wordsOn(facts, point).findLast((fact) => text(fact, 'value') !== undefined);

/** Whether it may be shown and used. */
const mayStand = (facts: readonly Told[], point: string): boolean => {
  const value = saidValue(facts, point);
  return isThere(facts, point) && value !== undefined && !isRejected(text(value, 'value'));
};

const isVerified = (facts: readonly Told[], point: string): boolean => {
  const said = wordsOn(facts, point).findLast((fact) => {
    const at = facts.indexOf(fact);
    if (fact.type === verified) return !isCustomers(fact) && mayStand(facts.slice(0, at), point);
    if (text(fact, 'value') !== undefined) return true;
    return isTrue(fact, 'verified') !== undefined && !isCustomers(fact) && mayStand(facts.slice(0, at), point);
  });
  if (said === undefined) return false;
  if (said.type === verified) return true;
  return !isCustomers(said) && !isRejected(text(said, 'value')) && isTrue(said, 'verified') === true;
};

const pointsAdded = (facts: readonly Told[], customer: string): readonly string[] =>
  facts.flatMap((fact) => (fact.type === added && text(fact, 'customer') === customer ? [fact.makes ?? ''] : []));

/** Whether a fact may put a point first: a customer's own word puts none that is not proved before those that are. */
const mayLead = (before: readonly Told[], after: readonly Told[], fact: Told, point: string): boolean =>
  !isCustomers(fact) ||
  isVerified(after, point) ||
  !pointsAdded(before, text(fact, 'customer') ?? '').some(
    (other) => other !== point && isThere(before, other) && isVerified(before, other),
  );

/** What a fact makes of who comes first: `first` or `no longer` of one point, or nothing. */
const wishIn = (
  facts: readonly Told[],
  at: number,
): { readonly point: string; readonly isFirst: boolean } | undefined => {
  const fact = facts[at];
  const point = fact?.type === added ? fact.makes : fact?.type === changed ? text(fact, 'point') : undefined;
  if (fact === undefined || point === undefined) return undefined;
  const [before, after] = [facts.slice(0, at), facts.slice(0, at + 1)];
  if (fact.type === changed && (!isThere(before, point) || isRejected(text(fact, 'value')))) return undefined;
  const flag = isTrue(fact, 'preferred');
  const wished = flag ?? (fact.type === changed && isPreferred(before, point));
  const isLedAnew = flag === true || text(fact, 'value') !== undefined;
  return { point, isFirst: wished && (!isLedAnew || mayLead(before, after, fact, point)) };
};

const isPreferred = (facts: readonly Told[], point: string): boolean => {
  const maker = makerOf(facts, point);
  const customer = maker === undefined ? undefined : text(maker, 'customer');
  for (let at = facts.length - 1; at >= 0; at -= 1) {
    const fact = facts[at];
    if (fact === undefined || text(fact, 'customer') !== customer) continue;
    const wish = wishIn(facts, at);
    if (wish?.point === point) return wish.isFirst;
    if (wish?.isFirst === true && mayStand(facts.slice(0, at + 1), wish.point)) return false;
  }
  return false;
};

/** Where a customer can be reached. */
export const pointsOf = (facts: readonly Told[], customer: string): readonly Point[] =>
  pointsAdded(facts, customer)
    .filter((point) => mayStand(facts, point))
    .map((point) => ({
      id: point,
      value: String(saidValue(facts, point)?.data.value),
      label: wordsOn(facts, point)
        .map((fact) => text(fact, 'label'))
        .findLast((label) => label !== undefined),
      isVerified: isVerified(facts, point),
      isPreferred: isPreferred(facts, point),
      source: saidValue(facts, point)?.source ?? '',
    }));

/** Facts about points that are not there, or not any more. */
export const groundlessPoints = (facts: readonly Told[]): readonly Told[] =>
  facts.filter((fact, at) => {
    const point = text(fact, 'point');
    if (point === undefined) return false;
    const before = facts.slice(0, at);
    if (!isThere(before, point)) return true;
    return fact.type === verified && (isCustomers(fact) || !mayStand(before, point));
  });
