import { type Outage, saidRestored } from './outages.ts';

/** Outages of a premise and a commodity that begin within this of each other are one interruption, in milliseconds. */
const apart = 5 * 60_000;

type Told = Pick<Outage, 'id' | 'commodity' | 'startedAt' | 'restoredAt' | 'saidAt' | 'planned' | 'joined'>;

/** An outage that is over, or is to be, because another telling of the same interruption is. */
export interface EndedWith {
  readonly outage: string;
  readonly restoredAt: string;
  /** When that is said of it: as it was of the other where it lay ahead, else as service was back. */
  readonly saidAt: string;
  /** The outage whose end ends it. */
  readonly by: string;
  /** Whether it was to end at another instant before. */
  readonly isAnew: boolean;
}

/** The outage that one was reported of, which may be itself. */
const reportedOf = ({ id, joined }: Told): string => joined ?? id;

const isSame = (open: Told, over: Told): boolean =>
  open.commodity === over.commodity &&
  !open.planned &&
  !over.planned &&
  (reportedOf(open) === reportedOf(over) || Math.abs(Date.parse(open.startedAt) - Date.parse(over.startedAt)) <= apart);

/** The end that another of the same interruption gives an outage; undefined where it gives none. */
const endBy = (open: Told, over: Told): EndedWith | undefined => {
  const { id: by, restoredAt } = over;
  if (restoredAt === null || restoredAt <= open.startedAt || !isSame(open, over)) return undefined;
  const saidAt = saidRestored(over) ?? restoredAt;
  if (open.restoredAt === null) {
    const isAhead = saidAt < restoredAt;
    return { outage: open.id, restoredAt, saidAt: isAhead ? saidAt : restoredAt, by, isAnew: false };
  }
  // What was said of an end that lay ahead gives way to a later word, of whichever of them.
  const isLater = (saidRestored(open) ?? '') < saidAt && saidAt < open.restoredAt;
  return restoredAt !== open.restoredAt && isLater
    ? { outage: open.id, restoredAt, saidAt, by, isAnew: true }
    : undefined;
};

/** The first end where there was none, the last word where there was one. */
const endFor = (open: Told, outages: readonly Told[]): EndedWith | undefined => {
  let end: EndedWith | undefined;
  for (const over of outages) {
    const one = endBy(open, over);
    if (one === undefined) continue;
    const goesBefore = end === undefined || (one.isAnew ? end.saidAt < one.saidAt : one.restoredAt < end.restoredAt);
    if (goesBefore) end = one;
  }
  return end;
};

/**
 * Which outages of a premise end with another: a last gasp, what the meter logged seconds later and what somebody reported within
 * five minutes, or while one of them was open, tell of one interruption, and service is back once. What begins after it came back is
 * another.
 */
export const endedTogether = (outages: readonly Told[]): readonly EndedWith[] =>
  outages.flatMap((open) => endFor(open, outages) ?? []);
