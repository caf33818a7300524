import type { DeviceRegistry } from '#shared/messaging/ports.ts';
import { mayBecomeActive } from '#shared/profile/rules/device-certificates.ts';
import { type MeterItem, readMeter } from '#shared/profile/store/meters.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Metrics } from '#shared/runtime/logger.ts';
import type { Table } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { keepMeter } from './keep-meter.ts';

export interface RevokeMeterParts {
  readonly profile: Table;
  readonly devices: Pick<DeviceRegistry, 'certificatesOf' | 'revoke'>;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

export interface RevokedMeter {
  readonly meter: string;
  /** Certificates that were active and are no more. */
  readonly revoked: number;
}

const unknownMeter = (): DomainError => new DomainError('not-found', 'meter.unknown', 'there is no such meter');

const changed = async (
  profile: Table,
  id: string,
  change: (meter: MeterItem) => MeterItem | undefined,
): Promise<MeterItem> => {
  const meter = await keepMeter(profile, id, (before) => {
    if (before === undefined) throw unknownMeter();
    return change(before);
  });
  if (meter === undefined) throw unknownMeter();
  return meter;
};

/**
 * Takes every certificate from a meter at once, e.g. when it was stolen; what it sent before stays. It is cut off, and no claim
 * certificate gets it another, until it is registered or announced again. Done again, it ends what broke off before.
 * @param named id of the meter, or a reference `namespace:value`
 * Throws DomainError: `meter.unknown`; `meter.busy` where a device is being provisioned as this meter, so that it must be done
 * again in a few minutes; `service.busy` of the registry.
 */
export const revokeMeter = async (parts: RevokeMeterParts, named: string): Promise<RevokedMeter> => {
  const { profile, devices, clock, metrics } = parts;
  const id = await resolveNamed(profile, 'meter', named);
  if (id === undefined || (await readMeter(profile, id)) === undefined) throw unknownMeter();
  const now = new Date(clock.now()).toISOString();
  // First the door for new ones is shut, then those that are in force go.
  const { thing, certificates } = await changed(profile, id, (meter) => ({ ...meter, revokedAt: now }));
  const active = new Set((await devices.certificatesOf(thing)).map((one) => one.fingerprint));
  for (const fingerprint of new Set([...active, ...certificates.map((one) => one.fingerprint)]))
    await devices.revoke(thing, fingerprint);
  metrics.count('certificate.revoked', {}, active.size);
  if (certificates.some((one) => !active.has(one.fingerprint) && mayBecomeActive(one, now))) {
    throw new DomainError('unavailable', 'meter.busy', 'a device is being provisioned as this meter; do it again', {
      retryAfterSeconds: 60,
    });
  }
  const known = new Set(certificates.map((one) => one.fingerprint));
  await changed(profile, id, (meter) => {
    const left = meter.certificates.filter((one) => !known.has(one.fingerprint));
    return left.length === meter.certificates.length ? undefined : { ...meter, certificates: left };
  });
  return { meter: id, revoked: active.size };
};
