import { exchangeKey } from '#functions/meters/exchange-key.ts';
import { announceMeter, meterIdOf, registerMeter } from '#functions/meters/register-meter.ts';
import { makeSigningRequest, newDeviceKey } from '#iot/device-key.ts';
import { type LocalDeviceRegistry, openLocalDeviceRegistry } from '#shared/messaging/local/local-device-registry.ts';
import { type MeterItem, readMeter } from '#shared/profile/store/meters.ts';
import { halfHours, telemetryGround } from '#tests/support/meters/telemetry.ts';
import { RecordedLogger, RecordedMetrics } from '#tests/support/recorders.ts';

const csr = await makeSigningRequest('meter', newDeviceKey());

/** Tables, a registry whose clock is moved by hand, and what was counted: the ground of tests on certificates of meters. */
export const certificateGround = async () => {
  const ground = await telemetryGround();
  const endpoint = () => ({ endpoint: '127.0.0.1', port: 8883 });
  const devices = await openLocalDeviceRegistry({ clock: ground.clock, endpoint });
  const parts = {
    ...ground,
    devices,
    stage: 'local',
    logger: new RecordedLogger(),
    metrics: new RecordedMetrics(),
  };
  const meter = (serial: string) => ({ serial, registers: [halfHours('+10:00')] });
  return {
    ...parts,
    register: (serial: string) => registerMeter(parts, { ...meter(serial), csr }),
    announce: (serial: string) => announceMeter(parts, meter(serial)),
    /** Another key for a meter that is known, as a supervisor has it made; `csr` null lets a device be provisioned. */
    exchange: (serial: string, more: { readonly csr?: string | null; readonly reason?: string } = {}) =>
      exchangeKey(parts, meterIdOf(serial), {
        reason: more.reason ?? 'The module was replaced.',
        ...(more.csr === null ? {} : { csr: more.csr ?? csr }),
      }),
    /** A certificate for the thing as IoT Core's provisioning makes it, which becomes active when it is done. */
    provision: async (thing: string) => devices.issue(thing, csr),
    later: (parts: { readonly days?: number; readonly minutes?: number }) =>
      ground.clock.set(ground.clock.now() + (parts.days ?? 0) * 86_400_000 + (parts.minutes ?? 0) * 60_000),
    known: async (id: string): Promise<MeterItem> => {
      const item = await readMeter(ground.profile, id);
      if (item === undefined) throw new Error('no such meter');
      return item;
    },
  };
};
export type CertificateGround = Awaited<ReturnType<typeof certificateGround>>;

/** Fingerprints that are active for a thing. */
export const activeOf = async (devices: LocalDeviceRegistry, thing: string): Promise<readonly string[]> =>
  (await devices.certificatesOf(thing)).map(({ fingerprint }) => fingerprint);
