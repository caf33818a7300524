import type { Installation } from '#shared/profile/rules/installations.ts';
import { common, holds, type Range, united } from '#shared/vocabulary/ranges.ts';
import { secondsOf } from '#shared/vocabulary/time.ts';
import type { PlaceConditions } from './place-conditions.ts';

/** When ranges of two lists say otherwise: what lies in one of them alone. */
export const differing = (left: readonly Range[], right: readonly Range[]): readonly Range[] => {
  const edges = [...new Set([...left, ...right].flatMap(({ from, to }) => [from, to]))].sort((a, b) => a - b);
  return united(
    edges.flatMap((from, index) => {
      const to = edges[index + 1];
      return to !== undefined && holds(left, from) !== holds(right, from) ? [{ from, to }] : [];
    }),
  );
};

/** When what holds of a point changed. */
export const changedConditions = (before: PlaceConditions, after: PlaceConditions): readonly Range[] =>
  united([
    ...differing(before.disconnected, after.disconnected),
    ...differing(before.zeroExpected, after.zeroExpected),
    ...differing(before.exportAgreed, after.exportAgreed),
  ]);

const rangeOf = ({ from, to }: Installation): Range => ({
  from: secondsOf(from),
  to: to === null ? Number.POSITIVE_INFINITY : secondsOf(to),
});

/** The seconds on both sides of an instant: the days that it ends and begins. */
const around = (at: number): readonly Range[] =>
  at === Number.POSITIVE_INFINITY ? [] : [{ from: at - 1, to: at + 1 }];

const keyOf = ({ meter, servicePoint, from }: Installation): string => `${meter}#${servicePoint}#${from}`;

const validationsOf = ({ registers = [] }: Installation): string =>
  JSON.stringify(
    registers.flatMap(({ register, validation }) => (validation === undefined ? [] : [[register, validation]])).sort(),
  );

const changedStay = (before: Installation | undefined, after: Installation | undefined): readonly Range[] => {
  if (before === undefined || after === undefined) {
    return [before, after].flatMap((one) => (one === undefined ? [] : [rangeOf(one)]));
  }
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  const [was, is] = [rangeOf(before), rangeOf(after)];
  if (validationsOf(before) !== validationsOf(after)) return united([was, is]);
  return united([...differing([was], [is]), ...around(is.from), ...around(was.to), ...around(is.to)]);
};

/**
 * When what is known of meters changed with their installations: all the time of one that is new, gone or judged otherwise; of one
 * that ended, or of which a read was told, the days around its ends and what lies between the ends.
 */
export const changedStays = (
  before: readonly Installation[],
  after: readonly Installation[],
): ReadonlyMap<string, readonly Range[]> => {
  const [was, is] = [before, after].map((all) => new Map(all.map((one) => [keyOf(one), one])));
  const changed = new Map<string, readonly Range[]>();
  for (const key of new Set([...(was?.keys() ?? []), ...(is?.keys() ?? [])])) {
    const [old, now] = [was?.get(key), is?.get(key)];
    const ranges = changedStay(old, now);
    const meter = (now ?? old)?.meter;
    if (meter !== undefined && ranges.length > 0)
      changed.set(meter, united([...(changed.get(meter) ?? []), ...ranges]));
  }
  return changed;
};

/** Of changed time, what a meter measured in. */
export const duringStay = (changed: readonly Range[], stay: Installation): readonly Range[] =>
  common(united(changed), [rangeOf(stay)]);
