import type { RegisterGround, VeeException } from '#functions/validation/rules/judgement.ts';
import { exceptionOf } from '#functions/validation/rules/judgement.ts';
import type { ReadPeriod } from './read-periods.ts';
import { type RegisterRead, registerDifference } from './register-reads.ts';

/** A register that shows less than before is taken for a new one after so many reads that stay below, over so many seconds. */
const [enoughReads, enoughSeconds] = [3, 86_400];
/** How many reads before a period say what is usual: of a quarterly register four years. */
export const readsBefore = 16;
/** Of what is usual no less is said than over a week. */
const leastSpan = 7 * 86_400;

/** A period, and the place of the read that begins it. */
export interface ChainedPeriod extends ReadPeriod {
  readonly begins: number;
  readonly ends: number;
}

/** Periods between reads of one stay, and what is wrong with them. */
export interface ReadChain {
  readonly periods: readonly ChainedPeriod[];
  readonly exceptions: readonly VeeException[];
}

/**
 * Whether what is said of the reads after one does not depend on what was read before it: it ends reads over a day that never go
 * back, so that a register that went back before would be taken for a new one by now.
 * @param reads of one stay, in order
 * @param most what its dial cannot show
 * @param after only reads of later places are looked at
 */
export const isSettled = (reads: readonly RegisterRead[], place: number, most: number, after = -1): boolean => {
  const last = reads[place];
  if (last === undefined || last.counts >= most) return false;
  let next = last;
  for (let at = place - 1; at > after; at -= 1) {
    const read = reads[at];
    if (read === undefined || read.counts > next.counts) return false;
    if (place - at + 1 >= enoughReads && last.at - read.at >= enoughSeconds) return true;
    next = read;
  }
  return false;
};

/** What each read advanced on the one before it, of the last reads up to one; those that show less are left out. */
export const advancesBefore = (
  reads: readonly RegisterRead[],
  place: number,
): readonly { readonly from: number; readonly to: number; readonly counts: number }[] => {
  const found: { from: number; to: number; counts: number }[] = [];
  for (let at = Math.max(1, place - readsBefore + 1); at <= place; at += 1) {
    const [before, now] = [reads[at - 1], reads[at]];
    if (before !== undefined && now !== undefined && now.counts >= before.counts)
      found.push({ from: before.at, to: now.at, counts: now.counts - before.counts });
  }
  return found;
};

/** Use of a day up to a read, in the register's scale; undefined where too little is known. */
const usualPerDay = (reads: readonly RegisterRead[], place: number, multiplier: number): number | undefined => {
  const advances = advancesBefore(reads, place);
  const span = advances.reduce((sum, { from, to }) => sum + to - from, 0);
  if (span < leastSpan) return undefined;
  return (advances.reduce((sum, { counts }) => sum + counts, 0) * multiplier * 86_400) / span;
};

/**
 * Follows the reads of a register through one stay of its meter. Use is what a read shows more than the last good one before it,
 * a dial that went over among it. A register that shows less went back: where it comes again to where it was, all it advanced
 * since the last good read is use, and the reads between are left out; where it stays below for a day and three reads, it was set
 * anew, and what was used in between is not known. Both are `register-backwards`, with what happened.
 * @param reads in order, each instant once; from `begin` on they are followed, those before only tell what is usual
 */
export const followReads = (ground: RegisterGround, reads: readonly RegisterRead[], begin = 0): ReadChain => {
  const { dial, rollover } = ground.configuration;
  if (dial === undefined) return { periods: [], exceptions: [] };
  const most = 10 ** dial.digits;
  const [periods, exceptions]: [ChainedPeriod[], VeeException[]] = [[], []];
  const backwards = (from: RegisterRead, to: number, evidence: VeeException['evidence']): void => {
    exceptions.push(exceptionOf(ground, 'register-backwards', { from: from.at, to, severity: 'fail', evidence }));
  };
  let base: number | undefined;
  let held: number[] = [];
  const readAt = (place: number | undefined): RegisterRead | undefined =>
    place === undefined ? undefined : reads[place];
  const told = (fault: string, from: RegisterRead): VeeException['evidence'] => {
    const [first, last] = [readAt(held[0]), readAt(held.at(-1))];
    return {
      start: from.counts,
      end: first?.counts ?? from.counts,
      digits: dial.digits,
      fault,
      ...(fault === 'reset' ? {} : { leftOut: held.length, until: last?.at ?? from.at }),
    };
  };
  const hold = (place: number, read: RegisterRead, from: RegisterRead): void => {
    held.push(place);
    const first = readAt(held[0]);
    if (first === undefined || held.length < enoughReads || read.at - first.at < enoughSeconds) return;
    backwards(from, first.at, told('reset', from));
    const [start, ...rest] = held;
    base = start;
    held = [];
    for (const one of rest) follow(one);
  };
  const follow = (place: number): void => {
    const [from, read] = [readAt(base), readAt(place)];
    if (read === undefined) return;
    if (from === undefined) {
      base = place;
      return;
    }
    const found = registerDifference(from, read, {
      register: ground.register,
      dial,
      rollover,
      exchanges: [],
      usualPerDay: read.counts < from.counts ? usualPerDay(reads, base ?? 0, dial.multiplier) : undefined,
    });
    // Reads that showed less and more again are no dial that went over.
    if ('fault' in found || (found.rollovers > 0 && held.length > 0)) {
      hold(place, read, from);
      return;
    }
    const range = { from: from.at, to: read.at };
    if (held.length > 0) backwards(from, read.at, told('went-back', from));
    if (found.rollovers > 0)
      exceptions.push(
        exceptionOf(ground, 'register-rollover', { ...range, severity: 'warn', evidence: found.evidence }),
      );
    periods.push({ ...range, total: found.total, countSize: found.countSize, begins: base ?? 0, ends: place });
    [base, held] = [place, []];
  };
  for (let place = begin; place < reads.length; place += 1) {
    const read = reads[place];
    if (read === undefined) continue;
    if (read.counts < most) {
      follow(place);
      continue;
    }
    const evidence = { start: read.counts, end: read.counts, digits: dial.digits, fault: 'not-on-the-dial' };
    backwards(read, reads[place + 1]?.at ?? read.at + 1, evidence);
  }
  const [from, last] = [readAt(base), readAt(held.at(-1))];
  if (from !== undefined && last !== undefined) backwards(from, last.at, told('backwards', from));
  return { periods, exceptions };
};
