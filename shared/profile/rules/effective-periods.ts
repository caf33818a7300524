import { covers, type Period } from './periods.ts';

/** What a source says: that a holder has a thing (a point, a meter) for a time. */
export interface Claim extends Period {
  readonly holder: string;
  readonly source: string;
}

/** A time for which people decided who has a thing, where sources say different holders of it. */
export interface Settled extends Period {
  readonly thing: string;
  readonly holder: string;
}

/** A time of which sources say that different holders have the thing. */
export interface Disputed<One extends Claim> extends Period {
  readonly claims: readonly One[];
}

/** Who has a thing when. No instant is in two of them. */
export interface Effective<One extends Claim> {
  readonly held: readonly One[];
  readonly disputed: readonly Disputed<One>[];
}

/** Claims without those that begin with a later one's beginning, which takes their place. */
const replacing = <One extends Claim>(
  claims: readonly One[],
  isInPlaceOf: (later: One, earlier: One) => boolean,
): readonly One[] =>
  claims.filter(
    (one, index) => !claims.slice(index + 1).some((later) => later.from === one.from && isInPlaceOf(later, one)),
  );

/** Claims cut at the next beginning of one that is alike. */
const cutAtNext = <One extends Claim>(
  claims: readonly One[],
  isAlike: (one: One, other: One) => boolean,
): readonly One[] =>
  claims.map((one) => {
    const [next] = claims.flatMap((other) => (other.from > one.from && isAlike(one, other) ? [other.from] : [])).sort();
    return next !== undefined && (one.to === null || next < one.to) ? { ...one, to: next } : one;
  });

const isOfSource = (one: Claim, other: Claim): boolean => one.source === other.source;
const isOfHolder = (one: Claim, other: Claim): boolean => one.holder === other.holder;

/** Claims as they stand against others of the same source, and then against others of the same holder. */
const cutClaims = <One extends Claim>(told: readonly One[]): readonly One[] => {
  const lasting = told.filter(({ from, to }) => to === null || from < to);
  const ofSources = replacing(lasting, isOfSource);
  // Of one holder, said by two sources for the same beginning, the earlier end that was told holds. That one of them says of another
  // holder that they follow ends its own claim alone.
  const ends = ofSources.map((one): One => {
    const twins = ofSources.filter((other) => isOfHolder(one, other) && other.from === one.from);
    const [to = null] = twins.flatMap((twin) => twin.to ?? []).sort();
    return { ...one, to };
  });
  return cutAtNext(ends, (one, other) => isOfSource(one, other) || isOfHolder(one, other));
};

/** Stretches with one more: the last of the same is longer where it ends as the new one begins. */
const withStretch = <Stretch extends Period & { readonly of: readonly unknown[] }>(
  list: readonly Stretch[],
  stretch: Stretch,
): readonly Stretch[] => {
  const last = list.at(-1);
  const goesOn =
    last !== undefined &&
    last.to === stretch.from &&
    last.of.length === stretch.of.length &&
    last.of.every((one) => stretch.of.includes(one));
  return goesOn ? [...list.slice(0, -1), { ...last, to: stretch.to }] : [...list, stretch];
};

/** Of claims to a moment those of the holder it was settled for last; all, where it was not, or none is of that holder. */
const settledAt = <One extends Claim>(
  claims: readonly One[],
  settled: readonly Settled[],
  moment: string,
): readonly One[] => {
  const holder = settled.findLast((one) => covers(one, moment))?.holder;
  const own = claims.filter((one) => one.holder === holder);
  return own.length === 0 ? claims : own;
};

const isAgreed = (claims: readonly Claim[]): boolean => new Set(claims.map(({ holder }) => holder)).size === 1;

/**
 * Who has a thing when, from all that is claimed of it: each claim is cut at the next beginning that its source tells, or that is
 * told of its holder; of claims that begin at once the last told stands. Where sources say that different holders have it, nobody
 * has, until that is settled: it then goes before every source. What was settled for somebody whom no source says to have it then
 * has no effect.
 * @param told claims of one thing, in the order they were told
 * @param settled what was decided of it, in that order
 */
const ofOneThing = <One extends Claim>(told: readonly One[], settled: readonly Settled[]): Effective<One> => {
  const claims = cutClaims(told);
  const periods = [...claims, ...settled];
  const edges = [...new Set(periods.flatMap(({ from, to }) => (to === null ? [from] : [from, to])))].sort();
  let stretches: readonly (Period & { readonly of: readonly One[] })[] = [];
  edges.forEach((from, index) => {
    const all = claims.filter((one) => covers(one, from));
    const left = settledAt(all, settled, from);
    // Where two sources say the same holder from the same beginning, what was told last is shown.
    const of = isAgreed(left) ? left.slice(-1) : left;
    if (of.length > 0) stretches = withStretch(stretches, { from, to: edges[index + 1] ?? null, of });
  });
  return {
    held: stretches
      .filter(({ of }) => isAgreed(of))
      .flatMap(({ from, to, of }) => of.map((one) => ({ ...one, from, to }))),
    disputed: stretches.filter(({ of }) => !isAgreed(of)).map(({ from, to, of }) => ({ from, to, claims: of })),
  };
};

/** Who has which thing when, each thing for itself. */
export const effectivePeriods = <One extends Claim>(
  told: readonly One[],
  thingOf: (claim: One) => string,
  settled: readonly Settled[] = [],
): Effective<One> => {
  const things = new Map<string, One[]>();
  for (const one of told) {
    const claims = things.get(thingOf(one));
    if (claims === undefined) things.set(thingOf(one), [one]);
    else claims.push(one);
  }
  const effective = [...things].map(([thing, claims]) =>
    ofOneThing(
      claims,
      settled.filter((one) => one.thing === thing),
    ),
  );
  return { held: effective.flatMap(({ held }) => held), disputed: effective.flatMap(({ disputed }) => disputed) };
};
