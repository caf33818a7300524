import * as z from 'zod';
import { ExceptionState, type KnownException } from '#functions/validation/rules/exception-life.ts';
import { idOf } from '#functions/validation/rules/judgement.ts';
import { severities } from '#functions/validation/rules/rule-pack.ts';
import {
  judgedOf,
  judgedPartition,
  readingExceptionKey,
  readingExceptionPrefix,
  readingExceptionRange,
} from '#shared/table/keys.ts';
import type { Item, Table, Write } from '#shared/table/table.ts';
import { RuleId } from '#shared/vocabulary/reading-rules.ts';
import { allItemsOf, type RegisterPlace } from './judged-registers.ts';

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
  const items = await allItemsOf(readings, {
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
