import type { AnswerOf } from '#functions/routes.ts';
import type { Operations } from '#shared/edge/operation.ts';
import { auditItems } from '#shared/facts/audit.ts';
import { callerOf, type Idempotency, idempotencyWrite, replay, TwinWasFirst } from '#shared/facts/idempotency.ts';
import type { Write } from '#shared/table/table.ts';
import type { Actor } from '#shared/vocabulary/actor.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { type ExchangeKeyParts, exchangeKey } from './exchange-key.ts';
import { announceMeter, registerMeter } from './register-meter.ts';
import { type ShowMeterParts, showMeter } from './show-meter.ts';

export type MetersParts = ExchangeKeyParts & ShowMeterParts;

const created = <Answer extends AnswerOf<'registerMeter'>>(answer: Answer) => ({
  status: 201,
  body: answer,
  location: `/v1/meters/${answer.id}`,
});

/** Routes of meters. */
export const meterOperations = (parts: MetersParts) => {
  const { profile, clock } = parts;
  /** The write that keeps an answer for a caller who repeats. */
  const record = (actor: Actor, idempotency: Idempotency | undefined, answer: AnswerOf<'registerMeter'>): Write[] =>
    idempotency === undefined ? [] : [idempotencyWrite(callerOf(actor), idempotency, created(answer), clock.now())];

  /** A meter that is refused since the same request was first has that one's answer. */
  const orTwin = async (error: unknown, actor: Actor, idempotency: Idempotency | undefined): Promise<never> => {
    const isKnown = error instanceof DomainError && error.code === 'meter.exchange-only';
    if (!isKnown || idempotency === undefined) throw error;
    const kept = await replay(profile, callerOf(actor), idempotency, clock.now());
    throw kept === undefined ? error : new TwinWasFirst();
  };

  return {
    registerMeter: async ({ body, call: { actor }, idempotency }) => {
      const { csr, ...meter } = body;
      const alongside = (answer: AnswerOf<'registerMeter'>) => record(actor, idempotency, answer);
      const registering =
        csr === undefined ? announceMeter(parts, meter, alongside) : registerMeter(parts, { ...meter, csr }, alongside);
      return created(await registering.catch((error: unknown) => orTwin(error, actor, idempotency)));
    },
    exchangeMeterKey: async ({ subjectId, params, body, call: { actor }, idempotency, audit }) => {
      const exchanged = await exchangeKey(parts, subjectId ?? params.id ?? '', body, (answer) => [
        ...record(actor, idempotency, answer),
        ...auditItems(audit),
      ]);
      return { ...created(exchanged), audited: true };
    },
    readMeter: async ({ subjectId, params, own }) => {
      const meter = await showMeter(parts, subjectId ?? params.id ?? '', own);
      return { body: meter, version: meter.version };
    },
  } satisfies Partial<Operations>;
};
