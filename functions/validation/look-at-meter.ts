import { type MeterItem, readMeter, toldPlaces } from '#shared/profile/store/meters.ts';
import type { Metrics } from '#shared/runtime/logger.ts';
import type { Table } from '#shared/table/table.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import { addDays, daysBetween, instantOf, localDateAt, secondsOf, startOfDate } from '#shared/vocabulary/time.ts';
import type { JudgeRegister } from './judge-register.ts';
import type { DayDigest } from './rules/day-digest.ts';
import { isHeard } from './rules/silence.ts';
import { datesOfReads, silenceOfReads } from './silence-of-reads.ts';
import { readDaysLeft } from './store/days-left.ts';
import { lastDigest } from './store/judged-months.ts';
import { noteEvidence, readMeterTasks } from './store/meter-tasks.ts';
import { unwatchWrites, watchWrite } from './store/watched-meters.ts';

export interface LookParts {
  readonly profile: Table;
  readonly readings: Table;
  readonly judge: JudgeRegister;
  readonly metrics: Metrics;
}

/** A meter is silent where nothing came of this many days. */
export const silentDays = 3;
/** Days without anything after which no more of them are judged: nobody waits for such a meter. */
const mostSilentDays = 400;
/** Days of a register that are judged at once; the stream of the table brings back what is more. */
const mostDays = 100;
/** Days until a meter is looked at again of which nothing has come for so long. */
const seldom = 7;

/** What is known of a register that may be silent. Local dates of the register. */
export interface Heard {
  /** Date of the first installation. */
  readonly first: string;
  /** Date of the last removal; undefined while the meter is installed. */
  readonly ended: string | undefined;
  readonly last: DayDigest | undefined;
  readonly today: string;
}

/** How a register stands: the first day without anything, the last that is overdue, and what follows. */
export interface Silence {
  readonly from: string;
  readonly until: string;
  /** Whether days up to then are to be judged. */
  readonly isBehind: boolean;
  readonly isSilent: boolean;
  /** Whether nothing came for so long that nobody waits for it: what was said of it stays. */
  readonly isForgotten: boolean;
  /** Date from which on it is to be looked at again; undefined where nothing can come any more. */
  readonly next: string | undefined;
}

/** Where a register stands, should nothing come from it. Pure. */
export const silenceOf = ({ first, ended, last, today }: Heard): Silence => {
  const overdue = addDays(today, -silentDays);
  const until = ended !== undefined && ended < overdue ? ended : overdue;
  const row = last === undefined || isHeard(last) ? 0 : Math.max(1, last.estimatedDays);
  const from = last === undefined ? first : addDays(last.date, 1 - row);
  const isOverdue = first <= until && (last === undefined || last.date < until);
  // A meter that was removed has sent nothing since; how long it was silent ends there.
  const waited = last !== undefined && ended !== undefined && ended < today ? ended : today;
  const isForgotten = daysBetween(from, waited) > mostSilentDays;
  const isSilent = ended === undefined && (isOverdue || row >= silentDays);
  const tomorrow = addDays(today, 1);
  const dueNext = addDays(last?.date ?? first, silentDays + 1);
  const isDone = ended !== undefined && !isOverdue && until === ended;
  const soon = isSilent || dueNext < tomorrow ? tomorrow : dueNext;
  return {
    from,
    until,
    isBehind: isOverdue && !isForgotten,
    isSilent,
    isForgotten: isOverdue && isForgotten,
    next: isDone || (ended !== undefined && isForgotten) ? undefined : isForgotten ? addDays(today, seldom) : soon,
  };
};

/** When a meter was removed that measures nothing now; undefined while it measures. */
const removedAt = (meter: MeterItem, now: number): number | undefined => {
  const to = toldPlaces(meter).findLast(({ from }) => secondsOf(from) <= now)?.to ?? null;
  return to === null || secondsOf(to) > now ? undefined : secondsOf(to);
};

/** When a meter begins to send and when it ended, as dates of a register. */
const datesOf = (meter: MeterItem, { zone, acceptFrom }: Register, now: number) => {
  const froms = [toldPlaces(meter)[0]?.from, acceptFrom].flatMap((from) => from ?? []).map(secondsOf);
  const removed = removedAt(meter, now);
  return {
    first: localDateAt(zone, Math.max(...froms)),
    ended: removed === undefined ? undefined : localDateAt(zone, removed - 1),
  };
};

/** Looks at one register: judges what is overdue, and says whether it is silent. Answers when to look again. */
const lookAtRegister = async (
  { readings, judge, metrics }: LookParts,
  meter: MeterItem,
  register: Register,
  now: number,
): Promise<string | undefined> => {
  const { zone } = register;
  const place = { meter: meter.id, register: register.id };
  const today = localDateAt(zone, now);
  const last = await lastDigest(readings, place);
  const ends = datesOf(meter, register, now);
  // Of a register that is only read no day is judged, and none is missed.
  const dates = last === undefined ? await datesOfReads(readings, place, zone) : undefined;
  const silence =
    dates === undefined
      ? silenceOf({ ...ends, last, today })
      : { ...silenceOfReads(dates, { today, ended: ends.ended }), isBehind: false, until: today };
  // Days that came and wait to be judged are no silence.
  if (silence.isBehind && (await readDaysLeft(readings, place)).version > 0) return addDays(today, 1);
  if (silence.isBehind) {
    const first = last === undefined ? silence.from : addDays(last.date, 1);
    const days = await judge.overdue(place, { first, last: silence.until }, mostDays);
    metrics.count('readings.overdue', {}, days);
  }
  const task = { meter: meter.id, kind: 'silent' } as const;
  if (silence.isForgotten) return silence.next;
  if (silence.isSilent) {
    const since = startOfDate(zone, silence.from);
    const opened = await noteEvidence(readings, task, { stands: true, id: register.id, since });
    if (opened !== undefined) metrics.count('meter.silent');
  } else {
    const until = last?.firstAt ?? startOfDate(zone, today);
    await noteEvidence(readings, task, { stands: false, id: register.id, until });
  }
  return silence.next;
};

/** A meter that was removed has nothing more to be done about. */
const closeTasks = async ({ readings }: LookParts, { id: meter }: MeterItem, until: number): Promise<void> => {
  for (const { kind, isOpen, evidence } of await readMeterTasks(readings, meter)) {
    if (!isOpen) continue;
    for (const id of evidence) await noteEvidence(readings, { meter, kind }, { stands: false, id, until });
  }
};

/**
 * Looks at a meter: days of its registers of which nothing came are judged, so that their gaps become exceptions with estimates,
 * and a meter that is silent becomes a task. Twice is as once.
 * @param now Unix seconds
 */
export const lookAtMeter = async (parts: LookParts, id: string, now: number): Promise<void> => {
  const { profile } = parts;
  const meter = await readMeter(profile, id);
  if (meter === undefined) return;
  const next: string[] = [];
  if (toldPlaces(meter).length > 0) {
    for (const register of meter.registers) {
      const again = await lookAtRegister(parts, meter, register, now);
      if (again !== undefined) next.push(instantOf(startOfDate(register.zone, again)));
    }
  }
  const removed = toldPlaces(meter).length === 0 ? now : removedAt(meter, now);
  if (removed !== undefined) await closeTasks(parts, meter, removed);
  const [soonest] = next.sort();
  await profile.commit(soonest === undefined ? unwatchWrites(meter) : [watchWrite(id, soonest)]);
};
