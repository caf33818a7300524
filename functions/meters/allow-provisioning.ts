import type { DeviceRegistry } from '#shared/messaging/ports.ts';
import { type ProvisioningRefusal, provisioningRefusal } from '#shared/profile/rules/device-certificates.ts';
import { toldPlaces } from '#shared/profile/store/meters.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Table } from '#shared/table/table.ts';
import { keepMeter } from './keep-meter.ts';
import { meterIdOf } from './register-meter.ts';

export interface AllowProvisioningParts {
  readonly profile: Table;
  readonly devices: Pick<DeviceRegistry, 'certificatesOf'>;
  readonly clock: Clock;
}

/** A device that shows the claim certificate all devices share asks for a certificate of its own. */
export interface ProvisioningRequest {
  readonly serial: string;
  /** The certificate that was made for it and is not active yet: SHA-256 of its DER, and its end. */
  readonly fingerprint: string;
  readonly notAfter: string;
}

export type ProvisioningAnswer =
  | { readonly allowed: true; readonly meter: string }
  | { readonly allowed: false; readonly reason: ProvisioningRefusal | 'unknown' };

/**
 * Decides whether a device may be provisioned as the meter whose serial number it says, and writes its certificate down before
 * it becomes active, so that it can be rotated and revoked as any other. Only a meter that is registered may, and only as its
 * announcement allows (`provisioningRefusal`).
 */
export const allowProvisioning = async (
  { profile, devices, clock }: AllowProvisioningParts,
  request: ProvisioningRequest,
): Promise<ProvisioningAnswer> => {
  const { serial, fingerprint, notAfter } = request;
  const meter = meterIdOf(serial);
  const decision: { refused?: ProvisioningRefusal } = {};
  const kept = await keepMeter(profile, meter, async (before) => {
    delete decision.refused;
    if (before === undefined) return undefined;
    const active = new Set((await devices.certificatesOf(before.thing)).map((one) => one.fingerprint));
    const { announcedAt, revokedAt, certificates } = before;
    const installed = toldPlaces(before).length > 0;
    const now = new Date(clock.now()).toISOString();
    const refused = provisioningRefusal({ announcedAt, revokedAt, certificates, active, installed }, fingerprint, now);
    if (refused !== undefined) decision.refused = refused;
    if (refused !== undefined || certificates.some((one) => one.fingerprint === fingerprint)) return undefined;
    const { revokedAt: _, ...trusted } = before;
    return { ...trusted, certificates: [...certificates, { fingerprint, notAfter, issuedAt: now }] };
  });
  if (kept === undefined) return { allowed: false, reason: 'unknown' };
  return decision.refused === undefined ? { allowed: true, meter } : { allowed: false, reason: decision.refused };
};
