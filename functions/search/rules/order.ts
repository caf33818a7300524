import { HitAhead } from '#shared/vocabulary/statuses.ts';
import { isFormer, type Reason } from './reasons.ts';

/** Why one hit stands before the next. */
export type Ahead = HitAhead;

/** What hits are ordered by: each in its turn, the smaller number first. */
export interface Rank {
  /** 0 to 1. */
  readonly score: number;
  /** 1 where a title was asked for that its name does not have. */
  readonly untitled: number;
  /** 1 where something it was found by holds no longer. */
  readonly former: number;
  /** In how many values the words were met. */
  readonly fields: number;
  /** 1 where it is not known to hold an account now. */
  readonly without: number;
  readonly id: string;
}

export const rankOf = (
  {
    id,
    score,
    untitled,
    because,
  }: {
    readonly id: string;
    readonly score: number;
    readonly untitled: boolean;
    readonly because: readonly Reason[];
  },
  holdsAccount: boolean,
): Rank => ({
  id,
  score,
  untitled: untitled ? 1 : 0,
  former: because.some(isFormer) ? 1 : 0,
  fields: because.length,
  without: holdsAccount ? 0 : 1,
});

const turns: Readonly<Record<Ahead, (left: Rank, right: Rank) => number>> = {
  score: (left, right) => right.score - left.score,
  title: (left, right) => left.untitled - right.untitled,
  current: (left, right) => left.former - right.former,
  together: (left, right) => left.fields - right.fields,
  account: (left, right) => left.without - right.without,
  id: (left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0),
};

/** Total order of hits. */
export const compareRanks = (left: Rank, right: Rank): number => {
  for (const turn of HitAhead.options) {
    const order = turns[turn](left, right);
    if (order !== 0) return order;
  }
  return 0;
};

/** By what the first of two hits goes before the second. */
export const aheadBy = (first: Rank, second: Rank): Ahead =>
  HitAhead.options.find((turn) => turns[turn](first, second) !== 0) ?? 'id';

/** A place in that order as text, and back; undefined where the text is none. */
export const writeRank = ({ score, untitled, former, fields, without, id }: Rank): string =>
  `${score.toFixed(3)} ${untitled}${former}${fields}${without} ${id}`;

export const readRank = (text: string): Rank | undefined => {
  const [score = '', marks = '', id = '', ...more] = text.split(' ');
  if (!/^[01]\.\d{3}$/.test(score) || !/^[01]{2}\d[01]$/.test(marks) || more.length > 0) return undefined;
  const [untitled = 0, former = 0, fields = 0, without = 0] = Array.from(marks, Number);
  return { score: Number(score), untitled, former, fields, without, id };
};
