import type { Outage } from '#shared/domain/profile/outages.ts';

/** Outages of a premise and a commodity that begin within this of each other are one interruption, in milliseconds. */
const apart = 5 * 60_000;

type Told = Pick<Outage, 'id' | 'commodity' | 'startedAt' | 'restoredAt' | 'planned' | 'joined'>;

/** An outage that is over because another telling of the same interruption is. */
export interface EndedWith {
  readonly outage: string;
  readonly restoredAt: string;
  /** The outage whose end ends it. */
  readonly by: string;
}

/** The outage that one was reported of, which may be itself. */
const reportedOf = ({ id, joined }: Told): string => joined ?? id;

const isSame = (open: Told, over: Told): boolean =>
  open.commodity === over.commodity &&
  !open.planned &&
  !over.planned &&
  (reportedOf(open) === reportedOf(over) || Math.abs(Date.parse(open.startedAt) - Date.parse(over.startedAt)) <= apart);

/**
 * Which outages of a premise end with another: a last gasp, what the meter logged seconds later and what somebody reported within
 * five minutes, or while one of them was open, tell of one interruption, and service is back once. What begins after it came back is
 * another.
 */
export const endedTogether = (outages: readonly Told[]): readonly EndedWith[] =>
  outages.flatMap((open) => {
    if (open.restoredAt !== null) return [];
    let first: EndedWith | undefined;
    for (const over of outages) {
      const { id: by, restoredAt } = over;
      if (restoredAt === null || restoredAt <= open.startedAt || !isSame(open, over)) continue;
      if (first === undefined || restoredAt < first.restoredAt) first = { outage: open.id, restoredAt, by };
    }
    return first ?? [];
  });
