import type { RegisterGround } from '#functions/validation/rules/judgement.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { followReads, isSettled, type ReadChain, readsBefore } from './read-chain.ts';
import type { RegisterRead } from './register-reads.ts';

/** Reads of a register in order, each instant once, without a hole; whether there are others before and after them. */
export interface KnownReads {
  readonly reads: readonly RegisterRead[];
  readonly isFirst: boolean;
  readonly isLast: boolean;
}

/** The reads of one stay, and what they came to. */
interface StayChain {
  readonly reads: readonly RegisterRead[];
  readonly chain: ReadChain;
}

/** Chains of reads, and the time in which all that begins is as it would be were every read known. Unix seconds. */
export interface ReadsWindow {
  readonly looked: Range;
  readonly chains: readonly StayChain[];
}

/** Where a chain begins that holds an instant: the last settled read before it with enough reads before that. */
const beginOf = (mine: readonly RegisterRead[], isWhole: boolean, from: number, most: number): number | undefined => {
  let place = mine.findIndex(({ at }) => at >= from);
  for (place = (place < 0 ? mine.length : place) - 1; place >= 0; place -= 1) {
    if (!isWhole && place < readsBefore) return undefined;
    if (isSettled(mine, place, most)) return place;
  }
  return isWhole ? 0 : undefined;
};

/** From where on nothing depends on what was read up to an instant; the number of reads where there is no such place. */
const endOf = (mine: readonly RegisterRead[], to: number, most: number): number => {
  const touched = mine.findLastIndex(({ at }) => at <= to);
  for (let place = touched + 1 + readsBefore; place < mine.length; place += 1)
    if (isSettled(mine, place, most, touched)) return place;
  return mine.length;
};

/**
 * Cuts the reads around a time so that what is found of them is what all reads of the register would say, or answers on which side
 * more of them are needed. A meter's stays are followed one by one: what it counted elsewhere is of another place.
 * @param touched instants of reads that came, changed or went, or the time whose use is asked for; both ends among it
 */
export const readsWindow = (
  ground: RegisterGround,
  { reads, isFirst, isLast }: KnownReads,
  touched: Range,
): ReadsWindow | { readonly more: 'before' | 'after' } => {
  const most = 10 ** (ground.configuration.dial?.digits ?? 12);
  const chains: StayChain[] = [];
  let [from, to] = [touched.from, touched.to + 1];
  for (const stay of ground.installed) {
    if (stay.from > touched.to || stay.to < touched.from) continue;
    const mine = reads.filter(({ at }) => stay.from <= at && at <= stay.to);
    const begin = beginOf(mine, isFirst || (reads[0]?.at ?? stay.from) < stay.from, touched.from, most);
    if (begin === undefined) return { more: 'before' };
    const end = endOf(mine, touched.to, most);
    const isEnded = isLast || (reads.at(-1)?.at ?? stay.to) > stay.to;
    if (end === mine.length && !isEnded) return { more: 'after' };
    from = Math.min(from, mine[begin]?.at ?? from);
    to = Math.max(to, mine[end]?.at ?? stay.to + 1);
    chains.push({ reads: mine, chain: followReads(ground, mine, begin) });
  }
  return { looked: { from, to }, chains };
};
