import type { AnswerOf, BodyOf } from '#functions/routes.ts';
import { mayBecomeActive, planExchange } from '#shared/profile/rules/device-certificates.ts';
import { type MeterItem, readMeter } from '#shared/profile/store/meters.ts';
import type { Metrics } from '#shared/runtime/logger.ts';
import type { Write } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { keepMeter } from './keep-meter.ts';
import { answerOf, orTakeBack, type RegisterMeterParts } from './register-meter.ts';

export type ExchangeKeyParts = RegisterMeterParts & { readonly metrics: Metrics };

type Answer = AnswerOf<'exchangeMeterKey'>;

const unknownMeter = (): DomainError => new DomainError('not-found', 'meter.unknown', 'there is no such meter');

/**
 * Gives a meter that is known another key: signs its certificate request, or, without one, lets a device of its serial number be
 * provisioned once by a claim certificate. The certificate it replaces stays good until the meter has changed over
 * (`supersededDays`); any other of the meter ends now, so that two are good at most. A meter that was cut off is trusted again. Each
 * exchange is counted, for whoever holds the key tells the days of the meter. Throws DomainError: `meter.unknown`, `csr.invalid`,
 * `meter.busy`, `service.busy` of the registry.
 * @param alongside what stands or falls with this write; where a twin was first, throws TwinWasFirst
 */
export const exchangeKey = async (
  parts: ExchangeKeyParts,
  id: string,
  { csr, reason }: BodyOf<'exchangeMeterKey'>,
  alongside: (answer: Answer) => readonly Write[] = () => [],
): Promise<Answer> => {
  const { profile, devices, stage, clock, metrics } = parts;
  const known = await readMeter(profile, id);
  if (known === undefined) throw unknownMeter();
  const now = new Date(clock.now()).toISOString();
  const plan = async ({ thing, certificates }: MeterItem) => {
    const active = new Set((await devices.certificatesOf(thing)).map((one) => one.fingerprint));
    if (certificates.some((one) => !active.has(one.fingerprint) && mayBecomeActive(one, now)))
      throw new DomainError('unavailable', 'meter.busy', 'a device is being provisioned as this meter; do it again', {
        retryAfterSeconds: 60,
      });
    return planExchange(certificates, active, now);
  };
  const replaces = (await plan(known)).keep[0]?.fingerprint ?? null;
  const certificate = csr === undefined ? undefined : await devices.issue(known.thing, csr);
  const answer = { ...answerOf(stage, id), ...certificate, replaces };
  let ended: readonly { readonly fingerprint: string }[] = [];
  const keep = keepMeter(
    profile,
    id,
    async (before) => {
      if (before === undefined) throw unknownMeter();
      const { keep: kept, end } = await plan(before);
      if ((kept[0]?.fingerprint ?? null) !== replaces)
        throw new DomainError('unavailable', 'meter.busy', 'the meter is being written by others', {
          retryAfterSeconds: 1,
        });
      ended = end;
      const { revokedAt, ...meter } = before;
      if (certificate === undefined)
        return {
          ...meter,
          ...(revokedAt === undefined ? {} : { revokedAt }),
          certificates: [...kept],
          announcedAt: now,
        };
      const { fingerprint, notAfter } = certificate;
      return { ...meter, certificates: [...kept, { fingerprint, notAfter, issuedAt: now, reason }] };
    },
    alongside(answer),
  );
  if (certificate === undefined) await keep;
  else await orTakeBack(devices, known.thing, certificate.fingerprint, keep);
  for (const { fingerprint } of ended) await devices.revoke(known.thing, fingerprint);
  metrics.count('meter.key-exchanged');
  return answer;
};
