import type { AttributePolicy, ProfileAttribute } from '#shared/domain/profile/survivorship-policy.ts';
import type { Fact } from '#shared/vocabulary/fact.ts';
import { addDays } from '#shared/vocabulary/time.ts';

/** Which fact a value comes from, worked out once more from the facts alone. */

export const isRetraction = (fact: Fact): boolean => /\.retracted\.v\d+$/.test(fact.type);

/** Facts that stand: retractions and what they name are out. */
export const standing = (facts: readonly Fact[]): readonly Fact[] => {
  const out = new Set(facts.filter(isRetraction).map(({ data }) => data.factId));
  return facts.filter((fact) => !isRetraction(fact) && !out.has(fact.id));
};

const memberOf = (value: unknown, member: string): unknown =>
  typeof value === 'object' && value !== null && member in value ? Reflect.get(value, member) : undefined;

const clears = ({ data }: Fact, name: string): boolean => Array.isArray(data.clear) && data.clear.includes(name);

/**
 * The fact whose word on an attribute wins by the declared policy: of the last word of each source the proved, the undoubted, the
 * highest ranked, the latest.
 */
export const attributeWinner = (
  facts: readonly Fact[],
  name: ProfileAttribute,
  policy: AttributePolicy,
  today: string,
): Fact | undefined => {
  const pins = facts.filter(({ type, data }) => type === 'customer.attribute.pinned.v1' && data[name] !== undefined);
  const pin = pins.at(-1);
  if (pin !== undefined && (typeof pin.data.until !== 'string' || today < pin.data.until)) return pin;
  const last = new Map<string, Fact>();
  for (const fact of facts)
    if (fact.type.startsWith('customer.profile.') && (fact.data[name] !== undefined || clears(fact, name)))
      last.set(fact.source.system, fact);
  const weigh = (fact: Fact): readonly (number | string)[] => {
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
  const better = (a: Fact, b: Fact): number => {
    const [left, right] = [weigh(a), weigh(b)];
    const at = left.findIndex((part, place) => part !== right[place]);
    return at < 0 || (left[at] ?? 0) > (right[at] ?? 0) ? -1 : 1;
  };
  return [...last.values()].filter((fact) => fact.verdicts?.[name]?.verdict !== 'rejected').sort(better)[0];
};

/** What a fact says of a member of the thing with an id; undefined where it says nothing of it. */
const wordOn = (fact: Fact, id: string, path: readonly string[]): unknown => {
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
      return type.startsWith('customer.contact-point.') && type !== 'customer.contact-point.verified.v1'
        ? fact.source.system
        : undefined;
    case 'verified':
      if (type === 'customer.contact-point.verified.v1') return true;
      return data.verified ?? (made || data.value !== undefined ? false : undefined);
    default:
      return data[below];
  }
};

const names = (fact: Fact, id: string): boolean => fact.entity === id || Object.values(fact.data).includes(id);

/** The fact that brought the word that stands on a member of a thing: of the last facts that say the same of it the first. */
export const bringer = (facts: readonly Fact[], id: string, path: readonly string[]): Fact | undefined => {
  const words = facts
    .filter((fact) => names(fact, id))
    .map((fact) => ({ fact, word: JSON.stringify(wordOn(fact, id, path)) }))
    .filter(({ word }) => word !== undefined);
  const last = words.at(-1);
  const other = words.findLastIndex(({ word }) => word !== last?.word);
  return words[other + 1]?.fact;
};
