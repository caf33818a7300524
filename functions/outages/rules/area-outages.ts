/**
 * When outages of single premises may be one outage of an area (5 points of one outage region or
 * postcode sector within 60 minutes).
 */

/** Premises without service that make a proposal. */
export const fewestPremises = 5;
/** Their outages begin within this time, in milliseconds. */
export const withinMilliseconds = 60 * 60_000;

/** An area outages are taken together in. */
export interface Area {
  readonly kind: 'region' | 'postcode';
  readonly value: string;
}

/** First part of a postcode, as far as neighbours share it: the sector of a British one, else all of it. */
export const postcodeArea = (postcode: string, country: string): string => {
  const plain = postcode.toUpperCase().replace(/[^A-Z0-9]/g, '');
  return country === 'GB' && plain.length >= 5 ? plain.slice(0, -2) : plain;
};

/**
 * The area of a premise: the network's where it is known, else the post's; none where neither is. One only: of two, each would
 * get an outage of its own where many premises go dark at once.
 */
export const areaOf = (place: {
  readonly region: string | null;
  readonly postcode: string | undefined;
  readonly country: string;
}): Area | undefined => {
  const { region, postcode, country } = place;
  if (region !== null) return { kind: 'region', value: region };
  if (postcode === undefined || postcode === '') return undefined;
  return { kind: 'postcode', value: `${country} ${postcodeArea(postcode, country)}` };
};

/** An outage as an area has it; `startedAt` in stored form. */
export interface AreaMember {
  readonly outage: string;
  readonly premise: string;
  readonly startedAt: string;
  readonly areaOutage: string | undefined;
}

/** What is to be done about an outage in an area. */
export type Grouping =
  | { readonly kind: 'alone' }
  | { readonly kind: 'join'; readonly areaOutage: string; readonly size: number }
  | { readonly kind: 'propose'; readonly startedAt: string; readonly size: number };

const premisesOf = (members: readonly AreaMember[]): number => new Set(members.map(({ premise }) => premise)).size;

/** Largest number of premises whose outages began within the time of one another and of `at`, and the first of those starts. */
const densest = (members: readonly AreaMember[], at: number): { readonly size: number; readonly startedAt: string } => {
  let best = { size: 0, startedAt: '' };
  for (const { startedAt } of members) {
    const from = Date.parse(startedAt);
    if (from > at || at - from > withinMilliseconds) continue;
    const together = members.filter((one) => {
      const began = Date.parse(one.startedAt);
      return began >= from && began - from <= withinMilliseconds;
    });
    const size = premisesOf(together);
    if (size > best.size) best = { size, startedAt };
  }
  return best;
};

/**
 * What an outage that began at `at` (milliseconds) comes to, by the members of its area that began up to the time before
 * or after it, itself among them: a part of the area's outage that most of them are parts of already; else, where enough premises
 * are without service, a new proposal.
 */
export const groupOutage = (members: readonly AreaMember[], at: number): Grouping => {
  const joined = new Map<string, AreaMember[]>();
  for (const member of members) {
    if (member.areaOutage === undefined) continue;
    joined.set(member.areaOutage, [...(joined.get(member.areaOutage) ?? []), member]);
  }
  let largest: Extract<Grouping, { kind: 'join' }> | undefined;
  for (const [areaOutage, parts] of [...joined].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const size = premisesOf(parts);
    if (largest === undefined || size > largest.size) largest = { kind: 'join', areaOutage, size };
  }
  if (largest !== undefined) return largest;
  const { size, startedAt } = densest(members, at);
  return size >= fewestPremises ? { kind: 'propose', startedAt, size } : { kind: 'alone' };
};
