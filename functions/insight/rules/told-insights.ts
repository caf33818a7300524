import {
  episodeKinds,
  type InsightStanding,
  type InsightState,
  type ToldInsightKind,
} from '#shared/vocabulary/insights.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { addDays } from '#shared/vocabulary/time.ts';
import type { Cause } from './causes.ts';
import { type Side, sideOf } from './detect/channels.ts';
import { episodeSeconds } from './detect/detect.ts';
import { leakGravities } from './night-flow.ts';

/** A cause as it was told. One is told once, however often it is found. */
export interface ToldInsight extends Pick<Cause, 'kind' | 'from' | 'to' | 'headline' | 'text' | 'value'> {
  readonly standing: InsightStanding;
  readonly state: InsightState;
  /** End of the last day that was read, Unix seconds: when it was told last, and when anything of it changed last. */
  readonly foundAt: number;
  readonly at: number;
  /** Local date from which on it is of no interest, should nobody say so before. */
  readonly expires: string;
}

const daySeconds = 86_400;
/** An episode is of interest for five weeks, what lasts for a quarter, and is told again then. */
const interest = { episode: 35, lasting: 91 } as const;
const renewDays = 7;
/** What was over for less than this and comes back is the same cause. */
const sameWithin = 28 * daySeconds;

export interface Found {
  /** Local date of the last day that was read. */
  readonly on: string;
  /** End of that day, Unix seconds. */
  readonly end: number;
  /** Causes that begin before are not looked for: what is known of them stands until it is over. */
  readonly from: number;
  readonly causes: readonly Cause[];
  /** When the meter was dead, Unix seconds, each until it counted again. */
  readonly stood?: readonly Range[];
}

const isEpisode = (kind: ToldInsightKind): boolean => episodeKinds.has(kind);

const expiryOf = ({ kind }: Cause, { on }: Found): string =>
  addDays(on, isEpisode(kind) ? interest.episode : interest.lasting);

/** On which side of the expected an episode of the detector lies; undefined of anything else. */
const sideOfEpisode = ({ kind, value: { reason, excess } }: Pick<Cause, 'kind' | 'value'>): Side | undefined => {
  if (kind !== 'unusual-use' || typeof reason !== 'string' || typeof excess !== 'number') return undefined;
  return sideOf(reason) ?? (excess === 0 ? undefined : excess > 0 ? 'above' : 'below');
};

/** Whether a cause lies on the other side of the expected than one that is known: then it is not the same. */
const isTurned = (known: ToldInsight, cause: Cause): boolean => {
  const [was, is] = [sideOfEpisode(known), sideOfEpisode(cause)];
  return was !== undefined && is !== undefined && was !== is;
};

/** Whether a cause goes on from one that is known and began earlier. */
const goesOn = (known: ToldInsight, cause: Cause, { end }: Found): boolean => {
  if (known.kind !== cause.kind) return false;
  if (isEpisode(cause.kind)) {
    if (isTurned(known, cause)) return false;
    return known.standing !== 'withdrawn' && known.from < cause.from && cause.from - known.to <= episodeSeconds;
  }
  return known.standing === 'standing' || end - known.to <= sameWithin;
};

/** Which cause each of the known is: the one that began at the same instant, else one that goes on from it. */
const sameCauses = (known: readonly ToldInsight[], found: Found): ReadonlyMap<ToldInsight, Cause> => {
  const left = new Set(found.causes);
  const same = new Map<ToldInsight, Cause>();
  const match = (isSame: (one: ToldInsight, cause: Cause) => boolean): void => {
    for (const one of known) {
      const cause = same.has(one) ? undefined : [...left].find((other) => isSame(one, other));
      if (cause === undefined) continue;
      same.set(one, cause);
      left.delete(cause);
    }
  };
  match((one, cause) => one.kind === cause.kind && one.from === cause.from);
  match((one, cause) => goesOn(one, cause, found));
  return same;
};

const told = (cause: Cause, found: Found): ToldInsight => {
  const { kind, from, to, headline, text, value } = cause;
  const standing = isEpisode(kind) && !cause.lasts ? 'over' : 'standing';
  return {
    kind,
    from,
    to,
    headline,
    text,
    value,
    standing,
    state: 'new',
    foundAt: found.end,
    at: found.end,
    expires: expiryOf(cause, found),
  };
};

/** Whether a leak has become graver than it was told to be: that is told again. */
const isGraver = (known: ToldInsight, { value }: Cause): boolean => {
  const order: readonly unknown[] = leakGravities;
  return known.kind === 'night-flow' && order.indexOf(value.leak) > order.indexOf(known.value.leak);
};

const seenAgain = (known: ToldInsight, cause: Cause, found: Found): ToldInsight => {
  const standing = isEpisode(cause.kind) && !cause.lasts ? 'over' : 'standing';
  if (isTurned(known, cause)) return told(cause, found);
  // What somebody dismissed stays so, whatever becomes of the same cause.
  if (known.state === 'dismissed')
    return { ...known, to: Math.max(known.to, isEpisode(cause.kind) ? cause.to : known.to) };
  const comesBack = known.standing !== 'standing' && standing === 'standing';
  const isOld = !isEpisode(cause.kind) && known.expires < addDays(found.on, renewDays);
  if (comesBack || known.standing === 'withdrawn' || isOld || isGraver(known, cause))
    return { ...told(cause, found), from: known.from };
  if (isEpisode(cause.kind) && (cause.to !== known.to || standing !== known.standing)) {
    return { ...known, to: cause.to, headline: cause.headline, text: cause.text, value: cause.value, standing };
  }
  return known;
};

/** When what lasted was over: a dead meter when it counted again, where the readings say so. */
const endOf = ({ kind, from }: ToldInsight, { end, stood = [] }: Found): number =>
  (kind === 'dead-meter' ? stood.find((one) => one.from <= from && from < one.to)?.to : undefined) ?? end;

const notSeen = (known: ToldInsight, found: Found): ToldInsight => {
  if (known.standing !== 'standing') return known;
  if (!isEpisode(known.kind)) return { ...known, standing: 'over', to: endOf(known, found) };
  if (known.from >= found.from) return { ...known, standing: 'withdrawn' };
  return found.end - known.to > episodeSeconds ? { ...known, standing: 'over' } : known;
};

/** A change of what is told: as it was, undefined where it is new, and as it is. */
export interface ToldChange {
  readonly before: ToldInsight | undefined;
  readonly after: ToldInsight;
}

/**
 * What has to be told anew, from what is known and what was found: each cause once, ended when it is over, withdrawn where the
 * readings no longer say so, and silent where somebody dismissed it. `known` are the latest first.
 */
export const tellAnew = (known: readonly ToldInsight[], found: Found): readonly ToldChange[] => {
  const same = sameCauses(known, found);
  const changes: ToldChange[] = [];
  const note = (before: ToldInsight | undefined, after: ToldInsight): void => {
    if (before === undefined || JSON.stringify(before) !== JSON.stringify(after)) {
      changes.push({ before, after: { ...after, at: Math.max(before?.at ?? 0, found.end) } });
    }
  };
  for (const one of known) {
    const cause = same.get(one);
    note(one, cause === undefined ? notSeen(one, found) : seenAgain(one, cause, found));
  }
  const matched = new Set(same.values());
  for (const cause of found.causes) if (!matched.has(cause)) note(undefined, told(cause, found));
  return changes;
};
