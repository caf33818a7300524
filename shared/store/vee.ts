import * as z from 'zod';
import type { BlockPlace } from '#shared/domain/metering/accept-block.ts';
import type { IntervalRun } from '#shared/domain/metering/runs.ts';
import type { DayDigest } from '#shared/domain/vee/day-digest.ts';
import { type Estimate, runOfEstimate } from '#shared/domain/vee/estimate.ts';
import { ExceptionState, type KnownException } from '#shared/domain/vee/exception-life.ts';
import type { Dates } from '#shared/domain/vee/history-needed.ts';
import { idOf } from '#shared/domain/vee/judgement.ts';
import { packDigests, unpackDigests } from '#shared/domain/vee/pack-digests.ts';
import { RuleId, severities } from '#shared/domain/vee/rule-pack.ts';
import { midnightBefore } from '#shared/vocabulary/time.ts';
import { bytesOf, numberOf } from './items.ts';
import {
  judgedMonthKey,
  judgedMonthPrefix,
  judgedOf,
  judgedPartition,
  readingExceptionKey,
  readingExceptionPrefix,
  readingExceptionRange,
} from './keys.ts';
import { readingsItem } from './readings.ts';
import type { Item, Table, Write } from './table.ts';

/** A register of a meter. */
export interface RegisterPlace {
  readonly meter: string;
  readonly register: string;
}

/** The judged days of one month (`2026-03`); `version` counts the item's writes, 0 where there is none yet. */
export interface JudgedMonth {
  readonly month: string;
  readonly version: number;
  readonly digests: readonly DayDigest[];
}

const monthOfKey = (sk: string): string => `${sk.slice(2, 6)}-${sk.slice(6, 8)}`;

/** Reads an item of judged days, e.g. from the table's feed; undefined where it is none. */
export const judgedMonthOf = (item: Item): (RegisterPlace & JudgedMonth) | undefined => {
  const place = judgedOf(item.pk);
  if (place === undefined || !item.sk.startsWith(judgedMonthPrefix)) return undefined;
  const month = monthOfKey(item.sk);
  return { ...place, month, version: numberOf(item, 'version'), digests: unpackDigests(month, bytesOf(item, 'w')) };
};

const allItems = async (
  readings: Table,
  query: { readonly pk: string; readonly from: string; readonly to: string },
): Promise<readonly Item[]> => {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await readings.query({ ...query, consistent: true, ...(cursor === undefined ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.cursor;
  } while (cursor !== undefined);
  return items;
};

/** The months that hold dates, read consistently, oldest first: one query. Months of which nothing was judged are left out. */
export const readJudgedMonths = async (
  readings: Table,
  { meter, register }: RegisterPlace,
  { first, last }: Dates,
): Promise<readonly JudgedMonth[]> => {
  const items = await allItems(readings, {
    pk: judgedPartition(meter, register),
    from: judgedMonthKey(meter, register, first.slice(0, 7)).sk,
    to: judgedMonthKey(meter, register, last.slice(0, 7)).sk,
  });
  return items.flatMap((item) => judgedMonthOf(item) ?? []);
};

const outermost = async (
  readings: Table,
  { meter, register }: RegisterPlace,
  descending: boolean,
): Promise<readonly DayDigest[]> => {
  const pk = judgedPartition(meter, register);
  const page = await readings.query({ pk, prefix: judgedMonthPrefix, descending, limit: 1, consistent: true });
  return page.items.flatMap((item) => judgedMonthOf(item)?.digests ?? []);
};

/** The last date of a register that was judged; undefined where none was. */
export const lastJudged = async (readings: Table, place: RegisterPlace): Promise<string | undefined> =>
  (await outermost(readings, place, true)).at(-1)?.date;

/** The first date of a register that was judged; undefined where none was. */
export const firstJudged = async (readings: Table, place: RegisterPlace): Promise<string | undefined> =>
  (await outermost(readings, place, false))[0]?.date;

/** What a rule found as it is kept; `version` counts its writes. */
export type StoredException = KnownException & { readonly version: number };

const Stored = z.object({
  version: z.int().min(1),
  state: ExceptionState,
  rule: RuleId,
  ruleVersion: z.int(),
  from: z.int(),
  to: z.int(),
  severity: z.enum(severities),
  quality: z.int().optional(),
  evidence: z.record(z.string(), z.union([z.string(), z.number(), z.array(z.string())])),
});

/** Reads an item of an exception, e.g. from the table's feed; undefined where it is none. */
export const storedExceptionOf = (item: Item): (RegisterPlace & StoredException) | undefined => {
  const place = judgedOf(item.pk);
  if (place === undefined || !item.sk.startsWith(readingExceptionPrefix)) return undefined;
  const { version, state, rule, ruleVersion, from, to, severity, quality, evidence } = Stored.parse(item);
  return {
    ...place,
    version,
    state,
    exception: {
      id: idOf(place.meter, place.register, rule, from),
      ruleId: rule,
      version: ruleVersion,
      from,
      to,
      severity,
      ...(quality === undefined ? {} : { quality }),
      evidence,
    },
  };
};

/** Exceptions of a register that begin in [from, to], Unix seconds: one query. */
export const readExceptions = async (
  readings: Table,
  { meter, register }: RegisterPlace,
  from: number,
  to: number,
): Promise<readonly StoredException[]> => {
  const items = await allItems(readings, {
    pk: judgedPartition(meter, register),
    ...readingExceptionRange(from, to),
  });
  return items.flatMap((item) => storedExceptionOf(item) ?? []);
};

/** A page of the exceptions of a register, the latest first; `after` is the `next` of the page before. */
export const pageExceptions = async (
  readings: Table,
  { meter, register }: RegisterPlace,
  limit: number,
  after: string | undefined,
): Promise<{ readonly exceptions: readonly StoredException[]; readonly next: string | undefined }> => {
  const page = await readings.query({
    pk: judgedPartition(meter, register),
    prefix: readingExceptionPrefix,
    descending: true,
    consistent: true,
    limit,
    ...(after === undefined ? {} : { cursor: after }),
  });
  return { exceptions: page.items.flatMap((item) => storedExceptionOf(item) ?? []), next: page.cursor };
};

const exceptionName = /^(mtr_[0-9A-Z]{26})\.([A-Za-z0-9]{1,8})\.([a-z-]{1,40})\.([0-9]{1,10})$/;

/** An exception by its id, read consistently; undefined where there is none. */
export const readException = async (
  readings: Table,
  id: string,
): Promise<(RegisterPlace & StoredException) | undefined> => {
  const [, meter, register, rule, from] = exceptionName.exec(id) ?? [];
  if (meter === undefined || register === undefined || rule === undefined) return undefined;
  const item = await readings.get(readingExceptionKey(meter, register, Number(from), rule), { consistent: true });
  return item === undefined ? undefined : storedExceptionOf(item);
};

/** Puts an exception as it is now where nobody wrote it since it was read. */
export const exceptionWrite = (
  { meter, register }: RegisterPlace,
  { exception, state }: KnownException,
  before: StoredException | undefined,
): Write => {
  const { ruleId, version, from, to, severity, quality, evidence } = exception;
  return {
    in: 'readings',
    put: {
      ...readingExceptionKey(meter, register, from, ruleId),
      version: (before?.version ?? 0) + 1,
      state,
      rule: ruleId,
      ruleVersion: version,
      from,
      to,
      severity,
      ...(quality === undefined ? {} : { quality }),
      evidence,
    },
    when: before === undefined ? { kind: 'absent' } : { kind: 'version', is: before.version },
    mayRepeat: true,
  };
};

/** Puts the judged days of a month where nobody judged any of it since it was read. */
export const judgedMonthWrite = (
  { meter, register }: RegisterPlace,
  { month, version, digests }: JudgedMonth,
): Write => ({
  in: 'readings',
  put: { ...judgedMonthKey(meter, register, month), version: version + 1, w: packDigests(digests) },
  when: version === 0 ? { kind: 'absent' } : { kind: 'version', is: version },
  mayRepeat: true,
});

/** Puts an estimate into its layer of a day's blocks, where no other stands under its revision. */
export const estimateWrite = (
  { meter, register }: RegisterPlace,
  zone: string,
  estimate: Estimate,
  revision: number,
): Write => {
  const place = {
    date: estimate.date.replaceAll('-', ''),
    startMinute: (estimate.from - midnightBefore(zone, estimate.from)) / 60,
    completeDay: false,
  };
  return {
    in: 'readings',
    put: readingsItem(meter, register, place, revision, runOfEstimate(estimate), 'estimate'),
    when: { kind: 'absent' },
  };
};

/** Puts a correction beside the readings of its day, where no other stands under its revision. */
export const correctionWrite = (
  { meter, register }: RegisterPlace,
  place: BlockPlace,
  revision: number,
  run: IntervalRun,
): Write => ({
  in: 'readings',
  put: readingsItem(meter, register, { ...place, completeDay: false }, revision, run, 'correction'),
  when: { kind: 'absent' },
});
