import { createHash } from 'node:crypto';
import { CertificateRefused, connectDevice, type DeviceLink } from '#iot/connection.ts';
import { makeSigningRequest, newDeviceKey } from '#iot/device-key.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import type { DeviceFolder, Enrolment } from './device-folder.ts';
import { type FeedApi, feedReference, type KnownMeter } from './feed-api.ts';

/** What is registered for a meter that was not known: one register, whose scale holds the file's values exactly. */
export interface NewMeter {
  readonly registers: readonly Register[];
}

/** Serial number of a file's meter; a name that is no serial number is hashed. */
export const serialOf = (meter: string): string => {
  const serial = `FEED-${meter}`;
  return /^[A-Za-z0-9][A-Za-z0-9._:-]{0,39}$/.test(serial)
    ? serial
    : `FEED-${createHash('sha256').update(meter).digest('hex').slice(0, 32)}`;
};

/** Registers the meter, or has the key of one that is known exchanged for the one in the folder, where it stays. */
export const enrolMeter = async (
  api: FeedApi,
  folder: DeviceFolder,
  meter: string,
  known: KnownMeter | NewMeter,
): Promise<Enrolment> => {
  const serial = 'serial' in known ? known.serial : serialOf(meter);
  const key = await folder.key(meter, newDeviceKey);
  const csr = await makeSigningRequest(serial, key);
  const enrolment =
    'id' in known
      ? await api.exchangeKey(known.id, { csr, reason: 'The meter is fed from a file with the key of this folder.' })
      : await api.register({ serial, csr, registers: known.registers, references: [feedReference(meter)] });
  await folder.keep(meter, enrolment);
  return enrolment;
};

/** How often a connection is tried, so that a broker that was away for a moment is no reason for a new certificate. */
const attempts = 3;

/**
 * Opens the meter's connection with the certificate it has; where that one is taken no more, with a new one. Throws where the broker
 * cannot be reached: another certificate would change nothing.
 */
export const connectMeter = async (
  api: FeedApi,
  folder: DeviceFolder,
  meter: string,
  known: KnownMeter | NewMeter,
): Promise<{ readonly link: DeviceLink; readonly enrolment: Enrolment }> => {
  const keyPem = await folder.key(meter, newDeviceKey);
  const open = (enrolment: Enrolment): Promise<DeviceLink> =>
    connectDevice({ ...enrolment, keyPem, connectAttempts: attempts, reconnectSeconds: 2 });
  const held = await folder.enrolment(meter);
  if (held !== undefined && Date.parse(held.notAfter) > Date.now() + 60_000) {
    const link = await open(held).catch((error: unknown) => {
      if (error instanceof CertificateRefused) return undefined;
      throw error;
    });
    if (link !== undefined) return { link, enrolment: held };
  }
  const enrolment = await enrolMeter(api, folder, meter, known);
  return { link: await open(enrolment), enrolment };
};
