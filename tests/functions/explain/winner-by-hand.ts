import type { AttributePolicy, ProfileAttribute } from '#shared/profile/rules/survivorship-policy.ts';
import type { KeptFact } from '#shared/vocabulary/fact.ts';
import { addDays } from '#shared/vocabulary/time.ts';

/** Which fact a value comes from, worked out once more from the facts alone. */

export const isRetraction = (fact: KeptFact): boolean => /\.retracted\.v\d+$/.test(fact.type);

/** Facts that stand: retractions and what they name are out. */
export const standing = (facts: readonly KeptFact[]): readonly KeptFact[] => {
  const out = new Set(facts.filter(isRetraction).map(({ data }) => data.factId));
  return facts.filter((fact) => !isRetraction(fact) && !out.has(fact.id));
};

const memberOf = (value: unknown, member: string): unknown =>
  typeof value === 'object' && value !== null && member in value ? Reflect.get(value, member) : undefined;

const clears = ({ data }: KeptFact, name: string): boolean => Array.isArray(data.clear) && data.clear.includes(name);

/** A word that does not stand, and why. */
export interface Lost {
  readonly fact: KeptFact;
  readonly reason: string;
}

const reasonsInOrder = ['not-verified', 'warned', 'lower-rank', 'older', 'tie', 'tie'] as const;

/**
 * The fact whose word on an attribute wins by the declared policy, and why each other word lost: a pin that holds, then of the last
 * word of each source the proved, the undoubted, the highest ranked, the latest. Only for the strategy `best-one`.
 * @param facts of the customer, those that were taken back too
 */
export const attributeByHand = (
  facts: readonly KeptFact[],
  name: ProfileAttribute,
  policy: AttributePolicy,
  today: string,
): { readonly winner: KeptFact | undefined; readonly lost: readonly Lost[] } => {
  if (policy.strategy !== 'best-one') throw new Error('no other strategy is worked out here');
  const words = facts.filter(
    (fact) =>
      /^customer\.(profile|attribute)\./.test(fact.type) && (fact.data[name] !== undefined || clears(fact, name)),
  );
  const kept = standing(facts).filter((fact) => words.includes(fact));
  const pin = kept.findLast(({ type }) => type === 'customer.attribute.pinned.v1');
  const held = pin !== undefined && (typeof pin.data.until !== 'string' || today < pin.data.until) ? pin : undefined;
  const last = new Map<string, KeptFact>();
  const isRejected = (fact: KeptFact): boolean => fact.verdicts?.[name]?.verdict === 'rejected';
  for (const fact of kept)
    if (fact.type.startsWith('customer.profile.') && !isRejected(fact)) last.set(fact.source.system, fact);
  const weigh = (fact: KeptFact): readonly (number | string)[] => {
    const rank = policy.ranks.findIndex((systems) => systems.includes(fact.source.system));
    const aged =
      policy.maxAgeDays !== null && today >= addDays(fact.occurredAt.slice(0, 10), policy.maxAgeDays) ? 1 : 0;
    const proved = policy.verifiedFirst && Array.isArray(fact.data.verified) && fact.data.verified.includes(name);
    return [
      proved ? 1 : 0,
      fact.verdicts?.[name]?.verdict === 'warned' ? 0 : 1,
      rank < 0 || aged === 1 ? -99 : -rank,
      fact.occurredAt,
      fact.source.system,
      fact.id,
    ];
  };
  const differ = (a: KeptFact, b: KeptFact): number => weigh(a).findIndex((part, place) => part !== weigh(b)[place]);
  const better = (a: KeptFact, b: KeptFact): number => {
    const at = differ(a, b);
    return at < 0 || (weigh(a)[at] ?? 0) > (weigh(b)[at] ?? 0) ? -1 : 1;
  };
  const best = [...last.values()].sort(better)[0];
  const winner = held ?? best;
  const reasonOf = (fact: KeptFact): string => {
    if (!kept.includes(fact)) return 'retracted';
    if (fact === pin) return 'pin-over';
    if (isRejected(fact)) return 'rejected';
    if (last.get(fact.source.system) !== fact) return 'superseded';
    if (held !== undefined) return 'pinned';
    return best === undefined ? 'tie' : (reasonsInOrder[differ(best, fact)] ?? 'tie');
  };
  return {
    winner,
    lost: words.filter((fact) => fact !== winner).map((fact) => ({ fact, reason: reasonOf(fact) })),
  };
};

/** A name as the view writes it, or a plain word. */
export const asShown = (word: unknown): unknown => {
  if (typeof word !== 'object' || word === null) return word;
  return ['organisation', 'title', 'given', 'family'].flatMap((part) => memberOf(word, part) ?? []).join(' ');
};

/** What a fact says of a member of the thing with an id; undefined where it says nothing of it. */
const wordOn = (fact: KeptFact, id: string, path: readonly string[]): unknown => {
  const { data, type, entity } = fact;
  const made = entity === id;
  const member = path.at(-1) ?? '';
  const [list, below] = [path.at(-2) ?? '', member];
  if (member === 'amountMinor' || member === 'currency') return made ? memberOf(data.amount, member) : undefined;
  if (type === 'billing.payment.reversed.v1') return below === 'reversed' ? true : undefined;
  if (type === 'account.agreement.ended.v1') return undefined;
  switch (below) {
    case 'id':
      return list === 'meter' ? data.meter : made ? entity : undefined;
    case 'serial':
      return data.serial;
    case 'servicePointId':
      return data.servicePoint;
    case 'premiseId':
      return data.premise;
    case 'at':
      return fact.occurredAt;
    case 'receivedOn':
      return data.receivedOn ?? fact.occurredAt.slice(0, 10);
    case 'startedAt':
      return made ? (data.startedAt ?? fact.occurredAt) : undefined;
    case 'restoredAt':
      return made ? undefined : (data.restoredAt ?? fact.occurredAt);
    case 'source':
      // Who said the value: another label is no word on it.
      return type.startsWith('customer.contact-point.') && data.value !== undefined ? fact.source.system : undefined;
    case 'verified':
      if (type === 'customer.contact-point.verified.v1') return true;
      return data.verified ?? (made || data.value !== undefined ? false : undefined);
    default:
      return data[below];
  }
};

const names = (fact: KeptFact, id: string): boolean => fact.entity === id || Object.values(fact.data).includes(id);

/** A word, and the fact that was the first of those in a row to say it. */
export interface Word {
  readonly fact: KeptFact;
  readonly value: unknown;
}

/** Words in order, of those in a row that are the same the first. */
export const inTurn = (words: readonly Word[]): readonly Word[] =>
  words.filter(({ value }, at) => at === 0 || JSON.stringify(value) !== JSON.stringify(words[at - 1]?.value));

/** What was said of a member of a thing, one word after the other; the last stands. */
export const wordsOn = (facts: readonly KeptFact[], id: string, path: readonly string[]): readonly Word[] =>
  inTurn(
    facts
      .filter((fact) => names(fact, id))
      .map((fact) => ({ fact, value: wordOn(fact, id, path) }))
      .filter(({ value }) => value !== undefined),
  );

/** Whether a contact point is preferred, from its fact on: naming another takes the wish from it. */
export const preferenceOf = (facts: readonly KeptFact[], id: string): readonly Word[] =>
  inTurn(
    facts.slice(facts.findIndex(({ entity }) => entity === id)).flatMap((fact) => {
      const { preferred } = fact.data;
      if (!fact.type.startsWith('customer.contact-point.')) return [];
      if (fact.entity === id) return [{ fact, value: preferred ?? false }];
      if (fact.data.point === id) return preferred === undefined ? [] : [{ fact, value: preferred }];
      return preferred === true ? [{ fact, value: false }] : [];
    }),
  );

interface Held {
  readonly role: unknown;
  readonly from: unknown;
  readonly to: unknown;
}

/** What the view shows of a customer's roles on an account, after each fact that changed it. */
export const rolesOn = (
  facts: readonly KeptFact[],
  account: string,
  records: readonly string[],
  today: string,
  show: (held: readonly Held[]) => unknown,
): readonly Word[] => {
  let held: readonly Held[] = [];
  const words = facts
    .filter(({ type, data }) => type.startsWith('account.role.') && data.account === account)
    .filter(({ data }) => records.includes(String(data.customer)))
    .map((fact) => {
      const { role, from, to = null } = fact.data;
      held = fact.type.endsWith('.granted.v1')
        ? [...held, { role, from, to }]
        : held.map((one) => (one.role === role && one.to === null ? { ...one, to } : one));
      return { fact, value: show(held.filter((one) => one.to === null || today < String(one.to))) };
    });
  return inTurn([...words]).filter(({ value }, at) => at > 0 || value !== undefined);
};
