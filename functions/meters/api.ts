import type { AnswerOf } from '#shared/contracts/api/routes.ts';
import type { Operations } from '#shared/edge/operation.ts';
import { callerOf, idempotencyWrite } from '#shared/store/idempotency.ts';
import { announceMeter, type RegisterMeterParts, registerMeter } from './register-meter.ts';
import { type ShowMeterParts, showMeter } from './show-meter.ts';

export type MetersParts = RegisterMeterParts & ShowMeterParts;

/** Routes of meters. */
export const meterOperations = (parts: MetersParts) =>
  ({
    registerMeter: async ({ body, call, idempotency }) => {
      const kept = (answer: AnswerOf<'registerMeter'>) => ({
        status: 201,
        body: answer,
        location: `/v1/meters/${answer.id}`,
      });
      const record = (answer: AnswerOf<'registerMeter'>) =>
        idempotency === undefined
          ? []
          : [idempotencyWrite(callerOf(call.actor), idempotency, kept(answer), parts.clock.now())];
      const { csr, ...meter } = body;
      return kept(
        csr === undefined
          ? await announceMeter(parts, meter, record)
          : await registerMeter(parts, { ...meter, csr }, record),
      );
    },
    readMeter: async ({ subjectId, params, own }) => {
      const meter = await showMeter(parts, subjectId ?? params.id ?? '', own);
      return { body: meter, version: meter.version };
    },
  }) satisfies Partial<Operations>;
