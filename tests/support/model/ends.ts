import type { Told } from './told.ts';

/** A start of a thing as it was told. */
export interface Start {
  readonly fact: Told;
  readonly thing: string;
  readonly id: string;
  readonly from: string;
  readonly source: string;
}

interface Said {
  readonly source: string;
  readonly to: string;
}

/** How starts and ends of a kind of thing are read. */
export interface Kind {
  readonly started: string;
  readonly ended: string;
  readonly thing: (fact: Told) => string;
  readonly from: (fact: Told) => string;
  readonly to: (fact: Told) => string | undefined;
  /** The id by which an end names a start outright, where one may. */
  readonly names?: (fact: Told) => string | undefined;
  /** Told again from the same day it is the same, with all that was said of its end. */
  readonly isOneFromADay?: true;
}

export const startsOf = (facts: readonly Told[], kind: Kind): readonly Start[] =>
  facts
    .filter(({ type }) => type === kind.started)
    .map((fact) => ({
      fact,
      thing: kind.thing(fact),
      id: fact.makes ?? fact.id,
      from: kind.from(fact),
      source: fact.source,
    }));

const ofKind = (facts: readonly Told[], kind: Kind): readonly Told[] =>
  facts.filter(({ type }) => type === kind.started || type === kind.ended);

const earliestOfLast = (said: readonly Said[]): string | undefined => {
  const last = new Map(said.map(({ source, to }) => [source, to]));
  return [...last.values()].sort()[0];
};

/** Whether an end means this very start: the start says it itself, or the end names it. */
const isOwnWord = (kind: Kind, start: Start, fact: Told): boolean => {
  if (fact.type === kind.ended) return kind.names?.(fact) === start.id;
  if (fact.id === start.fact.id) return true;
  return kind.isOneFromADay === true && kind.thing(fact) === start.thing && kind.from(fact) === start.from;
};

/** A start that was taken back before it began is none. */
export const isCancelled = (facts: readonly Told[], kind: Kind, start: Start): boolean => {
  const to = earliestOfLast(
    ofKind(facts, kind).flatMap((fact) => {
      const end = isOwnWord(kind, start, fact) ? kind.to(fact) : undefined;
      return end === undefined ? [] : [{ source: fact.source, to: end }];
    }),
  );
  return to !== undefined && to <= start.from;
};

/** The first day of the start that an end by its description belongs to: the latest of the thing that begins before it. */
const meantBy = (facts: readonly Told[], kind: Kind, end: Told): string | undefined =>
  startsOf(facts, kind)
    .filter((start) => start.thing === kind.thing(end) && start.from < (kind.to(end) ?? ''))
    .filter((start) => !isCancelled(facts, kind, start))
    .map(({ from }) => from)
    .sort()
    .at(-1);

/** All that was said of the end of a start, in the order in which it takes effect; of one that is none by its name alone. */
export const wordsOn = (facts: readonly Told[], kind: Kind, start: Start): readonly Said[] =>
  ofKind(facts, kind).flatMap((fact) => {
    const to = kind.to(fact);
    if (to === undefined) return [];
    const isNamed = fact.type === kind.started || kind.names?.(fact) !== undefined;
    const isMeant = isNamed
      ? isOwnWord(kind, start, fact)
      : kind.thing(fact) === start.thing &&
        meantBy(facts, kind, fact) === start.from &&
        !isCancelled(facts, kind, start);
    return isMeant ? [{ source: fact.source, to }] : [];
  });

/** When a start ends: of one source the last word, between sources the earlier. */
export const endOf = (facts: readonly Told[], kind: Kind, start: Start): string | undefined =>
  earliestOfLast(wordsOn(facts, kind, start));

/** What sources say of an end, where they say different things. */
export const differingOn = (said: readonly Said[]): readonly string[] => {
  const last = [...new Map(said.map(({ source, to }) => [source, to]))];
  return new Set(last.map(([, to]) => to)).size > 1 ? last.map(([source, to]) => `${source} ${to}`).sort() : [];
};

/** Ends that are of no start that was told. */
export const endsWithoutStart = (facts: readonly Told[], kind: Kind): readonly Told[] =>
  facts.filter((fact) => {
    if (fact.type !== kind.ended) return false;
    const id = kind.names?.(fact);
    if (id !== undefined)
      return !startsOf(facts, kind).some((start) => start.id === id && start.thing === kind.thing(fact));
    return meantBy(facts, kind, fact) === undefined;
  });
