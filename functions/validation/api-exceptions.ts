import { installationAt } from '#functions/readings/rules/accept-message.ts';
import { notFound } from '#shared/edge/authorise.ts';
import { inLogsOf, keepFacts } from '#shared/edge/keep-facts.ts';
import type { Operations } from '#shared/edge/operation.ts';
import { readMeter } from '#shared/profile/store/meters.ts';
import { whoseAt } from '#shared/profile/store/whose-time.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { united } from '#shared/vocabulary/ranges.ts';
import { secondsOf } from '#shared/vocabulary/time.ts';
import { listExceptions } from './list-exceptions.ts';
import { dismiss, type ExceptionState, reopen } from './rules/exception-life.ts';
import { exceptionWrite, readException } from './store/reading-exceptions.ts';
import { SuppliedMeters } from './supplied-meters.ts';
import { whatWasFound } from './tell-exceptions.ts';
import type { ValidationParts } from './validation-parts.ts';

/** Why a decision cannot be made, by the decision; the state as it is goes with it. */
const refusals = {
  dismissed: (state: ExceptionState) =>
    new DomainError('conflict', 'exception.closed', 'This exception stands no longer.', { extra: { state } }),
  reopened: (state: ExceptionState) =>
    new DomainError('conflict', 'exception.not-dismissed', 'This exception is not dismissed.', { extra: { state } }),
} as const;

/** Operations on what the rules found in readings: listing it, dismissing it, taking a dismissal back. */
export const exceptionOperations = (parts: ValidationParts) => {
  const { profile, readings } = parts;
  const points = new SuppliedMeters(profile);
  return {
    listReadingExceptions: async (request) => {
      const supplied = await points.of(request.subjectId);
      if (supplied === undefined) throw notFound();
      const body = await listExceptions(parts, supplied.meters, request.query);
      const ranges = united(body.data.map(({ start, end }) => ({ from: secondsOf(start), to: secondsOf(end) })));
      return { body, subjects: [supplied.point.id], whose: await whoseAt(profile, supplied, ranges) };
    },

    resolveReadingException: async (request) => {
      const supplied = await points.of(request.subjectId);
      const known = await readException(readings, request.params.exceptionId ?? '');
      if (supplied === undefined || known === undefined) throw notFound();
      const { meter, register, exception } = known;
      const item = supplied.meters.find((one) => one.meter === meter)?.item ?? (await readMeter(profile, meter));
      const place = installationAt(item?.installations ?? [], exception.from);
      if (place?.servicePoint !== supplied.point.id) throw notFound();
      const { decision, reason } = request.body;
      const change = decision === 'dismissed' ? dismiss(known) : reopen(known);
      if (change === undefined) throw refusals[decision](known.state);
      const told = { servicePoint: supplied.point.id, meter, register, exception: exception.id };
      const data = { ...told, revision: known.version + 1, reason };
      const fact =
        decision === 'dismissed'
          ? { type: 'metering.exception.resolved.v1', data: { ...data, outcome: decision } }
          : { type: 'metering.exception.raised.v1', data: { ...data, ...whatWasFound(exception) } };
      return keepFacts(
        parts,
        inLogsOf(request, await whoseAt(profile, supplied, [exception])),
        [fact],
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
  } satisfies Partial<Operations>;
};
