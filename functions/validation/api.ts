import type { BodyOf } from '#shared/contracts/api/routes.ts';
import { acceptBlock } from '#shared/domain/metering/accept-block.ts';
import { installationAt } from '#shared/domain/metering/accept-message.ts';
import { endOf } from '#shared/domain/metering/runs.ts';
import { dismiss } from '#shared/domain/vee/exception-life.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { keepFacts } from '#shared/edge/keep-facts.ts';
import type { Operations } from '#shared/edge/operation.ts';
import { correctionWrite } from '#shared/store/made-blocks.ts';
import { type MeterItem, readMeter } from '#shared/store/meters.ts';
import { exceptionWrite, readException } from '#shared/store/reading-exceptions.ts';
import { readBlocks } from '#shared/store/readings.ts';
import type { SubmitFacts } from '#shared/store/submit-facts.ts';
import { type SuppliedPoint, SupplyReader } from '#shared/store/supply.ts';
import type { Table } from '#shared/store/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { instantOf, midnightBefore, nextMidnight, secondsOf } from '#shared/vocabulary/time.ts';
import { listExceptions } from './list-exceptions.ts';

export interface ValidationParts {
  readonly profile: Table;
  readonly readings: Table;
  readonly submit: SubmitFacts;
  readonly now: () => number;
}

const refused = (pointer: string, code: string, message: string): DomainError =>
  new DomainError('invalid', 'correction.invalid', `${pointer.slice(1)} ${message}`, {
    errors: [{ pointer, code, message }],
  });

/** Which member of a correction is at fault where a block of it would be refused. */
const faults: Readonly<Record<string, readonly [pointer: string, message: string]>> = {
  'off-the-grid': ['/start', 'must be the start of an interval of the register'],
  'crosses-midnight': ['/values', 'must lie within one local day of the meter'],
  'ends-after-receipt': ['/values', 'must not end in the future'],
  'before-accept-from': ['/start', 'is before readings of the register are accepted'],
  'not-installed': ['/start', 'no meter measured the service point then'],
};

/** A correction as a block of the register it is of. Throws DomainError (422) where it cannot be one. */
const blockOfCorrection = (meter: MeterItem, body: BodyOf<'correctReadings'>, now: number) => {
  const register = meter.registers.find(({ id }) => id === body.register);
  if (register === undefined) throw refused('/register', 'register.unknown', 'is no register of the meter then');
  const { values, quality } = body;
  const run = {
    start: secondsOf(body.start),
    interval: register.intervalSeconds,
    values,
    quality: [[0, quality]] as const,
  };
  if (values.every((value) => value === null)) throw refused('/values', 'correction.empty', 'must hold a value');
  if (register.flow !== 'net' && values.some((value) => value !== null && value < 0)) {
    throw refused('/values', 'value.negative', 'must not be below zero on this register');
  }
  const verdict = acceptBlock(meter, register.id, run, Math.floor(now / 1000));
  if ('place' in verdict) return { register, run, place: verdict.place };
  const [pointer, message] = faults[verdict.code] ?? ['', 'cannot be kept for this register'];
  throw refused(pointer, `correction.${verdict.code}`, message);
};

/** Operations on judged readings: what the rules found, dismissing it, correcting values. */
export const validationOperations = (parts: ValidationParts) => {
  const { profile, readings } = parts;
  const supply = new SupplyReader(profile);
  const suppliedOf = async (id: string | undefined): Promise<SuppliedPoint> => {
    const supplied = id === undefined ? undefined : await supply.of(id);
    if (supplied === undefined) throw notFound();
    return supplied;
  };
  /** The meter of the point at an instant, with what it measures. */
  const meterAt = async (supplied: SuppliedPoint, at: number): Promise<MeterItem | undefined> => {
    const period = supplied.meters.findLast(({ from, to }) => from <= at && at < to);
    return period === undefined ? undefined : readMeter(profile, period.meter);
  };
  return {
    listReadingExceptions: async (request) => {
      const { point, meters } = await suppliedOf(request.subjectId);
      return { body: await listExceptions(parts, meters, request.query), subjects: [point.id] };
    },

    resolveReadingException: async (request) => {
      const { point } = await suppliedOf(request.subjectId);
      const known = await readException(readings, request.params.exceptionId ?? '');
      if (known === undefined) throw notFound();
      const { meter, register, exception } = known;
      const place = installationAt((await readMeter(profile, meter))?.installations ?? [], exception.from);
      if (place?.servicePoint !== point.id) throw notFound();
      const change = dismiss(known);
      if (change === undefined) {
        throw new DomainError('conflict', 'exception.closed', 'This exception stands no longer.', {
          extra: { state: known.state },
        });
      }
      const { decision, reason } = request.body;
      const data = {
        servicePoint: point.id,
        meter,
        register,
        exception: exception.id,
        revision: known.version + 1,
        outcome: decision,
        reason,
      };
      return keepFacts(
        parts,
        request,
        [{ type: 'metering.exception.resolved.v1', data, pointers: { '/reason': '/reason' } }],
        ({ facts: [kept] }) => ({
          status: 201,
          body: {
            id: exception.id,
            state: change.state,
            factId: kept?.id ?? '',
            occurredAt: kept?.occurredAt ?? '',
          },
        }),
        [exceptionWrite({ meter, register }, change, known)],
      );
    },

    correctReadings: async (request) => {
      const { body } = request;
      const supplied = await suppliedOf(request.subjectId);
      const start = secondsOf(body.start);
      const meter = await meterAt(supplied, start);
      if (meter === undefined)
        throw refused('/start', 'correction.not-installed', 'no meter measured the service point then');
      const { register, run, place } = blockOfCorrection(meter, body, parts.now());
      const [from, to] = [midnightBefore(register.zone, start), nextMidnight(register.zone, start)];
      const revision = (await readBlocks(readings, meter.id, register.id, from, to)).reduce(
        (next, block) => (block.kind === 'correction' ? Math.max(next, block.revision + 1) : next),
        0,
      );
      const data = {
        servicePoint: supplied.point.id,
        meter: meter.id,
        ...body,
        interval: run.interval,
        revision,
      };
      return keepFacts(
        parts,
        request,
        [{ type: 'metering.correction.made.v1', data }],
        ({ facts: [kept] }) => ({
          status: 201,
          body: {
            servicePointId: supplied.point.id,
            meterId: meter.id,
            register: register.id,
            start: instantOf(run.start),
            end: instantOf(endOf(run)),
            quality: body.quality,
            revision,
            factId: kept?.id ?? '',
            occurredAt: kept?.occurredAt ?? '',
          },
        }),
        [correctionWrite({ meter: meter.id, register: register.id }, place, revision, run)],
      );
    },
  } satisfies Partial<Operations>;
};
