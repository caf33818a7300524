import { acceptBlock } from '#functions/readings/rules/accept-block.ts';
import { endOf } from '#functions/readings/rules/runs.ts';
import { readBlocks } from '#functions/readings/store/readings.ts';
import type { BodyOf } from '#functions/routes.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { factToBe, inLogsOf, keepFacts } from '#shared/edge/keep-facts.ts';
import type { Operations } from '#shared/edge/operation.ts';
import { type MeterItem, meterGround } from '#shared/profile/store/meters.ts';
import { whoseAt } from '#shared/profile/store/whose-time.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { instantOf, midnightBefore, nextMidnight, secondsOf, startOfDate } from '#shared/vocabulary/time.ts';
import { listCorrections } from './list-corrections.ts';
import { readCorrection } from './read-correction.ts';
import { correctionRemoval, correctionWrite } from './store/made-blocks.ts';
import { SuppliedMeters } from './supplied-meters.ts';
import type { ValidationParts } from './validation-parts.ts';

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

/**
 * A correction as a block of the register it is of. Throws DomainError (422) where it cannot be one.
 * @param until when the meter ceases to measure the point, Unix seconds
 */
const blockOfCorrection = (meter: MeterItem, until: number, body: BodyOf<'correctReadings'>, now: number) => {
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
  if (endOf(run) - run.interval >= until) {
    throw refused('/values', 'correction.past-the-meter', 'go beyond the time in which this meter measured the point');
  }
  const verdict = acceptBlock(meterGround(meter), register.id, run, Math.floor(now / 1000));
  if ('place' in verdict) return { register, run, place: verdict.place };
  const [pointer, message] = faults[verdict.code] ?? ['', 'cannot be kept for this register'];
  throw refused(pointer, `correction.${verdict.code}`, message);
};

/** Operations on values that people give: correcting readings, listing corrections, and taking one back. */
export const correctionOperations = (parts: ValidationParts) => {
  const { profile, readings } = parts;
  const points = new SuppliedMeters(profile);
  return {
    correctReadings: async (request) => {
      const { body } = request;
      const supplied = await points.of(request.subjectId);
      if (supplied === undefined) throw notFound();
      const start = secondsOf(body.start);
      const there = await points.at(supplied, start);
      if (there === undefined)
        throw refused('/start', 'correction.not-installed', 'no meter measured the service point then');
      const { meter, until } = there;
      const { register, run, place } = blockOfCorrection(meter, until, body, parts.now());
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
      const whose = await whoseAt(profile, supplied, [{ from: run.start, to: endOf(run) }]);
      return keepFacts(
        parts,
        inLogsOf(request, whose),
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
        [correctionWrite({ meter: meter.id, register: register.id, block: place, revision }, run, factToBe(request))],
      );
    },

    listCorrections: async (request) => {
      const supplied = await points.of(request.subjectId);
      if (supplied === undefined) throw notFound();
      const data = [...(await listCorrections(parts, supplied, request.query))];
      const [from, to] = [request.query.from, request.query.to].map((date) => startOfDate(supplied.point.zone, date));
      const whose = await whoseAt(profile, supplied, [{ from: from ?? 0, to: Math.min(to ?? 0, parts.now() / 1000) }]);
      return { body: { data }, subjects: [supplied.point.id], whose };
    },

    undoCorrection: async (request) => {
      const supplied = await points.toldOf(request.subjectId);
      const { factId = '' } = request.params;
      const correction = await readCorrection(parts, factId);
      if (supplied === undefined || correction?.servicePoint !== supplied.point.id) throw notFound();
      if (!correction.stands) {
        throw new DomainError('conflict', 'correction.undone', 'This correction was taken back before.');
      }
      const { meter, register, from, to } = correction;
      const data = { factId, reason: request.body.reason };
      const whose = await whoseAt(profile, supplied, [{ from, to }]);
      return keepFacts(
        parts,
        inLogsOf(request, whose),
        [{ type: 'metering.correction.retracted.v1', data }],
        ({ facts: [kept] }) => ({
          status: 201,
          body: {
            servicePointId: supplied.point.id,
            meterId: meter,
            register,
            start: instantOf(from),
            end: instantOf(to),
            correction: factId,
            factId: kept?.id ?? '',
            occurredAt: kept?.occurredAt ?? '',
          },
        }),
        [correctionRemoval(correction, factId)],
      );
    },
  } satisfies Partial<Operations>;
};
