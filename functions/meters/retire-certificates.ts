import type { ActiveCertificate, DeviceRegistry } from '#shared/messaging/ports.ts';
import { planCertificates } from '#shared/profile/rules/device-certificates.ts';
import { type MeterItem, metersWithDueCertificates } from '#shared/profile/store/meters.ts';
import { causeName } from '#shared/runtime/cause-name.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Logger, Metrics } from '#shared/runtime/logger.ts';
import type { Table } from '#shared/table/table.ts';
import { keepMeter } from './keep-meter.ts';

export interface RetireCertificatesParts {
  readonly profile: Table;
  readonly devices: Pick<DeviceRegistry, 'certificatesOf' | 'revoke'>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** What came of one run. */
export interface RetiredCertificates {
  readonly meters: number;
  readonly retired: number;
  /** Meters that could not be done; the next run meets them again. */
  readonly failed: number;
  /** Whether the time was over before every meter was met. */
  readonly unfinished: boolean;
}

/** A certificate that is active and that no meter's item knows may belong to a registration under way for this long. */
const strayMs = 86_400_000;

const retireOf = async (parts: RetireCertificatesParts, id: string): Promise<number> => {
  const { profile, devices, clock, metrics } = parts;
  let retired = 0;
  const retire = async (thing: string, fingerprint: string, reason: string): Promise<void> => {
    await devices.revoke(thing, fingerprint);
    metrics.count('certificate.retired', { reason });
    retired += 1;
  };
  const strays = (meter: MeterItem, active: readonly ActiveCertificate[]): readonly ActiveCertificate[] => {
    const known = new Set(meter.certificates.map((one) => one.fingerprint));
    return active.filter((one) => !known.has(one.fingerprint) && Date.parse(one.issuedAt) + strayMs <= clock.now());
  };
  await keepMeter(profile, id, async (meter) => {
    if (meter === undefined) return undefined;
    const active = await devices.certificatesOf(meter.thing);
    const now = new Date(clock.now()).toISOString();
    const plan = planCertificates(meter.certificates, new Set(active.map((one) => one.fingerprint)), now);
    // At the registry first: a meter's item never forgets a certificate that is still good.
    for (const { certificate, reason } of plan.retire) await retire(meter.thing, certificate.fingerprint, reason);
    for (const { fingerprint } of strays(meter, active)) await retire(meter.thing, fingerprint, 'unknown');
    return plan.keep.length === meter.certificates.length ? undefined : { ...meter, certificates: [...plan.keep] };
  });
  return retired;
};

/**
 * Deactivates certificates that were superseded some time ago or have expired; the newest of a meter stays. One meter that cannot
 * be done does not hold up the others. It stops after `milliseconds`, and the next run goes on.
 */
export const retireCertificates = async (
  parts: RetireCertificatesParts,
  milliseconds: number,
): Promise<RetiredCertificates> => {
  const { profile, clock, logger, metrics } = parts;
  const started = clock.now();
  let [meters, retired, failed] = [0, 0, 0];
  for await (const id of metersWithDueCertificates(profile, new Date(started).toISOString())) {
    if (clock.now() - started >= milliseconds) return { meters, retired, failed, unfinished: true };
    meters += 1;
    try {
      retired += await retireOf(parts, id);
    } catch (error) {
      failed += 1;
      metrics.count('certificate.retire-failed');
      logger.error('certificate.retire-failed', { meter: id, cause: causeName(error) });
    }
  }
  return { meters, retired, failed, unfinished: false };
};
