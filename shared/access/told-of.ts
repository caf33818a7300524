import type { Agreement } from '#shared/profile/rules/agreements.ts';
import { ownService } from '#shared/profile/rules/own-service.ts';
import { covers, isOver, overlaps, type Period } from '#shared/profile/rules/periods.ts';
import type { ServicePoint } from '#shared/profile/rules/premise.ts';
import type { RoleHeld } from '#shared/profile/rules/roles.ts';
import { common, type Range, united } from '#shared/vocabulary/ranges.ts';
import { secondsOf, startOfDate } from '#shared/vocabulary/time.ts';
import { isKept } from './held-rights.ts';
import { rolesForMoney } from './money-time.ts';
import { givesRight, liableRoles, type Right } from './role-rights.ts';
import type { Spoken, SpokenTime } from './spoken.ts';

/** What is somebody's own: their records, and the roles of these. */
export interface Own {
  /** Their record, and those merged into it now. */
  readonly records: readonly string[];
  readonly roles: readonly RoleHeld[];
  /** The utility's local date: a time that is yet to come is nobody's own. */
  readonly today: string;
}

/** A place as far as it says whose it was. */
export interface PlaceOfSomebody {
  readonly points: readonly Pick<ServicePoint, 'id' | 'commodity' | 'zone'>[];
  readonly agreements: readonly Agreement[];
}

/** The whole of something, what of it is of somebody's own time at a point, or nothing. */
export type Told = 'whole' | 'nothing' | { readonly within: readonly Range[]; readonly zone: string };

/** Dates of a zone as Unix seconds. */
export const rangeOfDays = (zone: string, { from, to }: Period): Range => ({
  from: from === '' ? Number.NEGATIVE_INFINITY : startOfDate(zone, from),
  to: to === null ? Number.POSITIVE_INFINITY : startOfDate(zone, to),
});

/** When something was, in Unix seconds; what has no length lasts a second. */
export const rangeOfTime = (zone: string, time: SpokenTime): Range => {
  if (time === 'always') return { from: Number.NEGATIVE_INFINITY, to: Number.POSITIVE_INFINITY };
  if ('days' in time) return rangeOfDays(zone, time.days);
  const from = secondsOf(time.instants.from);
  const to = time.instants.to === null ? Number.POSITIVE_INFINITY : secondsOf(time.instants.to);
  return { from, to: Math.max(to, from + 1) };
};

/** Roles that give a right, have begun and still tell of their time: who acted for another is told of it as long as they act. */
const rolesWith = ({ roles, today }: Own, right: Right): readonly RoleHeld[] =>
  roles.filter((one) => one.from <= today && givesRight(one.role, right) && isKept(one, today));

/** When a point was served through some roles, in Unix seconds. */
export const rangesOfRoles = (
  roles: readonly RoleHeld[],
  agreements: readonly Agreement[],
  { id, zone }: Pick<ServicePoint, 'id' | 'zone'>,
): readonly Range[] => united(ownService(roles, agreements, id).map((period) => rangeOfDays(zone, period)));

/** When a point was somebody's own, by a right; Unix seconds. What has not begun is not. */
export const ownRanges = (
  own: Own,
  right: Right,
  { agreements }: Pick<PlaceOfSomebody, 'agreements'>,
  point: Pick<ServicePoint, 'id' | 'zone'>,
): readonly Range[] =>
  rangesOfRoles(
    rolesWith(own, right),
    agreements.filter(({ from }) => from <= own.today),
    point,
  );

/** Points of a place that somebody has service at now, or is to have, by a role that gives a right today. */
export const servedPoints = (
  own: Own,
  right: Right,
  { points, agreements }: PlaceOfSomebody,
): PlaceOfSomebody['points'] => {
  const held = rolesWith(own, right).filter((role) => covers(role, own.today));
  const open = agreements.filter(
    (one) => !isOver(one, own.today) && held.some(({ account }) => account === one.account),
  );
  return points.filter(({ id }) => open.some(({ servicePoint }) => servicePoint === id));
};

/** The points of a place that something speaks of. */
export const pointsSpokenOf = (
  spoken: Extract<Spoken, { readonly of: 'place' }>,
  { points }: Pick<PlaceOfSomebody, 'points'>,
): PlaceOfSomebody['points'] =>
  points.filter(
    ({ id, commodity }) =>
      (spoken.point === undefined || spoken.point === id) &&
      (spoken.commodity === undefined || spoken.commodity === commodity),
  );

const isWithin = (time: Range, ranges: readonly Range[]): boolean =>
  ranges.some(({ from, to }) => from <= time.from && time.to <= to);

const atPlace = (own: Own, spoken: Extract<Spoken, { readonly of: 'place' }>, place: PlaceOfSomebody): Told => {
  let told: Told = 'nothing';
  for (const point of pointsSpokenOf(spoken, place)) {
    const ranges = ownRanges(own, spoken.right, place, point);
    const time = rangeOfTime(point.zone, spoken.time);
    // What a thing says of use, as the dial of a meter that came does, is for those who may see that.
    if (isWithin(time, spoken.right === 'use' ? ranges : ownRanges(own, 'use', place, point))) return 'whole';
    const within = common(ranges, [time]);
    if (within.length === 0 || spoken.share === 'each') continue;
    // Of all there is of a place, nothing is of a time.
    told = spoken.time === 'always' ? 'whole' : { within, zone: point.zone };
  }
  return told;
};

/**
 * What somebody is told of what a fact speaks of: the one rule of every personal read. By person, service point and the time that is
 * spoken of; when it was recorded, or by whom, decides nothing.
 * @param records the partitions of customers it lies in
 * @param place where it speaks of; nothing is told of a place that is not known
 * @param onAccount every role on the account that it speaks of, which say how long its money stayed theirs; where it is not given,
 * no longer than their role
 */
export const toldOf = (
  own: Own,
  spoken: Spoken | undefined,
  records: readonly string[],
  place: PlaceOfSomebody | undefined,
  onAccount?: readonly RoleHeld[],
): Told => {
  const isOwn = (record: string): boolean => own.records.includes(record);
  switch (spoken?.of) {
    case 'record':
      return records.some(isOwn) ? 'whole' : 'nothing';
    case 'merge':
      return spoken.records.length > 0 && spoken.records.every(isOwn) ? 'whole' : 'nothing';
    case 'account': {
      const held = own.roles.filter(({ account }) => account === spoken.account);
      // Of an account that is known by now never to have been theirs, their own role is no matter of theirs either.
      if (spoken.holder !== undefined && isOwn(spoken.holder)) return held.length > 0 ? 'whole' : 'nothing';
      // Who does not owe learns who does, and not who else acts.
      const isOfActing = spoken.role !== undefined && !liableRoles.includes(spoken.role);
      const roles =
        spoken.right === 'bills' && onAccount !== undefined
          ? rolesForMoney(
              onAccount.filter((one) => one.account === spoken.account),
              own.records,
            )
          : held;
      const isTold = rolesWith({ ...own, roles }, spoken.right).some(
        (one) => overlaps(one, spoken.days) && (!isOfActing || liableRoles.includes(one.role)),
      );
      return isTold ? 'whole' : 'nothing';
    }
    case 'place':
      return place === undefined ? 'nothing' : atPlace(own, spoken, place);
    default:
      return 'nothing';
  }
};

type Data = Readonly<Record<string, unknown>>;

/** A part of a closed month, as its fact tells it: local dates, half-open, and what was measured in them. */
const isPart = (part: unknown): part is Data & Period =>
  typeof part === 'object' && part !== null && 'from' in part && 'to' in part && typeof part.from === 'string';

/** Members of a closed month that say which it is; the others say what was measured in all of it. */
const monthNames = new Set(['servicePoint', 'register', 'month', 'issue', 'unit', 'powerOfTen']);

/** What is left of the data of a fact where all is not told, and the names of what is not. */
export interface CutData {
  readonly data: Data;
  readonly withheld: readonly string[];
}

/**
 * The data of a fact as far as it is told: of a month that two shared, one's own parts and no figure of the whole; of what lasted from
 * another's time into one's own, nothing of what was used.
 * @param isUse whether a member says something of use
 */
export const cutData = (type: string, data: Data, told: Told, isUse: (member: string) => boolean): CutData => {
  if (typeof told === 'string') return { data: told === 'whole' ? data : {}, withheld: [] };
  const isMonth = type === 'metering.month.closed.v1';
  const members = Object.entries(data);
  const isKept = (name: string): boolean => (isMonth ? monthNames.has(name) : !isUse(name));
  const parts = isMonth && Array.isArray(data.parts) ? data.parts.filter(isPart) : [];
  const own = parts.filter((part) => isWithin(rangeOfDays(told.zone, part), told.within));
  return {
    data: {
      ...Object.fromEntries(members.filter(([name]) => isKept(name))),
      ...(own.length === 0 ? {} : { parts: own }),
    },
    withheld: members.flatMap(([name]) => (isKept(name) || (name === 'parts' && own.length > 0) ? [] : [name])),
  };
};
