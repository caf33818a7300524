import { addDays } from '#shared/vocabulary/time.ts';
import { dayOf } from './fact-data.ts';
import type { AttributePolicy } from './survivorship-policy.ts';

/** What one source said of one attribute last. */
export interface Candidate<Value> {
  readonly value: Value;
  readonly source: string;
  /** When it came to be so, stored form. */
  readonly at: string;
  readonly fact: string;
  /** Local date of `at`, where that is not the date in UTC. */
  readonly day?: string | undefined;
  readonly verified: boolean;
  /** What the validators said when it came in; what they rejected is no candidate. */
  readonly verdict: 'accepted' | 'warned';
}

/** A value that people hold fast against all sources. */
export interface Pin<Value> {
  readonly value: Value;
  readonly at: string;
  readonly fact: string;
  /** First local date on which it no longer holds; null where it holds until it is taken back. */
  readonly until: string | null;
}

/** Why one candidate lost against the winner. */
export type LosingReason =
  | 'pinned'
  | 'not-verified'
  | 'warned'
  | 'lower-rank'
  | 'older'
  | 'less-frequent'
  | 'later'
  | 'tie';

export interface Choice<Value> {
  readonly winner: Candidate<Value> | Pin<Value> | undefined;
  readonly pinned: boolean;
  readonly losing: readonly { readonly candidate: Candidate<Value>; readonly reason: LosingReason }[];
}

/** Whether a pin holds on a day. */
export const pinHolds = (pin: { readonly until: string | null }, today: string): boolean =>
  pin.until === null || today < pin.until;

/** First local date on which what was said no longer has its source's rank; undefined where it keeps it. */
const rankEnds = ({ at, day }: Pick<Candidate<unknown>, 'at' | 'day'>, policy: AttributePolicy): string | undefined =>
  policy.maxAgeDays === null ? undefined : addDays(dayOf({ occurredAt: at, day }), policy.maxAgeDays);

/** Place of a source among the ranks on a day; one past the last where it has none, or no longer. */
const rankOf = <Value>(candidate: Candidate<Value>, policy: AttributePolicy, today: string): number => {
  const ends = rankEnds(candidate, policy);
  const place = policy.ranks.findIndex((systems) => systems.includes(candidate.source));
  return place < 0 || (ends !== undefined && today >= ends) ? policy.ranks.length : place;
};

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

interface Compared {
  readonly sign: number;
  readonly reason: LosingReason;
}

/** Compares by the declared order; negative where `a` is better. A total order: the time of receipt has no part in it. */
const compare = <Value>(a: Candidate<Value>, b: Candidate<Value>, policy: AttributePolicy, today: string): Compared => {
  const steps: readonly Compared[] = [
    { sign: policy.verifiedFirst ? Number(b.verified) - Number(a.verified) : 0, reason: 'not-verified' },
    { sign: Number(a.verdict === 'warned') - Number(b.verdict === 'warned'), reason: 'warned' },
    { sign: rankOf(a, policy, today) - rankOf(b, policy, today), reason: 'lower-rank' },
    { sign: -byText(a.at, b.at), reason: 'older' },
    { sign: -byText(a.source, b.source), reason: 'tie' },
    { sign: -byText(a.fact, b.fact), reason: 'tie' },
  ];
  return steps.find((step) => step.sign !== 0) ?? { sign: 0, reason: 'tie' };
};

const keyOf = (value: unknown): string => JSON.stringify(value);

/** The best of the candidates by the strategy, and why another lost. */
const ordered = <Value>(
  candidates: readonly Candidate<Value>[],
  policy: AttributePolicy,
  today: string,
): { readonly best: Candidate<Value> | undefined; readonly reasonFor: (one: Candidate<Value>) => LosingReason } => {
  const bySteps = candidates.toSorted((a, b) => compare(a, b, policy, today).sign);
  if (policy.strategy === 'best-one') {
    const best = bySteps[0];
    return { best, reasonFor: (one) => (best === undefined ? 'tie' : compare(best, one, policy, today).reason) };
  }
  if (policy.strategy === 'earliest') {
    const best = bySteps.toSorted((a, b) => byText(keyOf(a.value), keyOf(b.value)))[0];
    return {
      best,
      reasonFor: (one) => (best !== undefined && keyOf(best.value) === keyOf(one.value) ? 'tie' : 'later'),
    };
  }
  const counts = new Map<string, number>();
  for (const one of candidates) counts.set(keyOf(one.value), (counts.get(keyOf(one.value)) ?? 0) + 1);
  const countOf = (one: Candidate<Value>): number => counts.get(keyOf(one.value)) ?? 0;
  const best = bySteps.toSorted((a, b) => countOf(b) - countOf(a))[0];
  return {
    best,
    reasonFor: (one) =>
      best === undefined || countOf(one) === countOf(best)
        ? best === undefined
          ? 'tie'
          : compare(best, one, policy, today).reason
        : 'less-frequent',
  };
};

/**
 * Chooses the value of one attribute: a pin that holds, then by the policy's strategy. An empty value
 * stands only where a source cleared it, and is then a value like others.
 * @param today local date; pins end and ranks age with it
 */
export const choose = <Value>(
  candidates: readonly Candidate<Value>[],
  pin: Pin<Value> | undefined,
  policy: AttributePolicy,
  today: string,
): Choice<Value> => {
  const { best, reasonFor } = ordered(candidates, policy, today);
  const pinned = pin !== undefined && pinHolds(pin, today);
  const winner = pinned ? pin : best;
  const losing = candidates
    .filter((one) => one !== winner)
    .map((candidate) => ({
      candidate,
      reason: pinned ? ('pinned' as const) : reasonFor(candidate),
    }));
  return { winner, pinned, losing };
};

/** First day after `today` on which time alone may change the choice: a pin ends, or a rank ages. Undefined where none does. */
export const nextChange = <Value>(
  candidates: readonly Candidate<Value>[],
  pin: Pin<Value> | undefined,
  policy: AttributePolicy,
  today: string,
): string | undefined => {
  const ends = [pin?.until ?? undefined, ...candidates.map((one) => rankEnds(one, policy))]
    .filter((date): date is string => date !== undefined && date > today)
    .sort();
  const now = keyOf(choose(candidates, pin, policy, today).winner?.value);
  return ends.find((date) => keyOf(choose(candidates, pin, policy, date).winner?.value) !== now);
};
