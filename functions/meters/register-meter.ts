import type { AnswerOf, BodyOf } from '#shared/contracts/api/routes.ts';
import { usageTopic } from '#shared/contracts/telemetry/topics.ts';
import type { DeviceRegistry, IssuedCertificate } from '#shared/messaging/ports.ts';
import { mintedId } from '#shared/runtime/identify.ts';
import { TwinWasFirst } from '#shared/store/idempotency.ts';
import { referenceKey } from '#shared/store/keys.ts';
import {
  changedMeterWrites,
  type MeterItem,
  meterReferences,
  newMeterWrites,
  readMeter,
  serialNamespace,
} from '#shared/store/meters.ts';
import { ConditionFailed, type Table, type Write } from '#shared/store/table.ts';
import { DomainError, type FieldError } from '#shared/vocabulary/errors.ts';
import { writeReference } from '#shared/vocabulary/references.ts';
import { isZone } from '#shared/vocabulary/zones.ts';

export interface RegisterMeterParts {
  readonly profile: Table;
  readonly devices: DeviceRegistry;
  readonly stage: string;
}

type Body = BodyOf<'registerMeter'>;

/** Certificates of a meter that are remembered, newest last. */
const certificatesKept = 4;
const secondsOfDay = 86_400;

/** The meter that a serial number names: the same at each try, so that a retry makes no second. */
export const meterIdOf = (serial: string): string =>
  mintedId('meter', writeReference({ namespace: serialNamespace, value: serial }));

const complaints = (body: Body): FieldError[] => {
  const errors: FieldError[] = [];
  const zones = [
    ...(body.zone === undefined ? [] : [{ zone: body.zone, pointer: '/zone' }]),
    ...body.registers.map(({ zone }, index) => ({ zone, pointer: `/registers/${index}/zone` })),
  ];
  for (const { zone, pointer } of zones) {
    if (!isZone(zone)) errors.push({ pointer, code: 'zone.unknown', message: 'is no IANA zone and no fixed offset' });
  }
  body.registers.forEach(({ intervalSeconds }, index) => {
    if (intervalSeconds % 60 === 0 && secondsOfDay % intervalSeconds === 0) return;
    const pointer = `/registers/${index}/intervalSeconds`;
    errors.push({ pointer, code: 'interval.uneven', message: 'must be whole minutes that divide a day' });
  });
  return errors;
};

const meterFrom = (body: Body, certificate: IssuedCertificate): MeterItem => {
  const id = meterIdOf(body.serial);
  return {
    version: 1,
    id,
    serial: body.serial,
    references: body.references ?? [],
    registers: body.registers,
    zone: body.zone ?? null,
    thing: id,
    certificates: [{ fingerprint: certificate.fingerprint, notAfter: certificate.notAfter }],
    installations: [],
  };
};

const isSame = (left: unknown, right: unknown): boolean => {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  const [a, b] = [Object.entries(left), new Map(Object.entries(right))];
  return a.length === b.size && a.every(([name, value]) => b.has(name) && isSame(value, b.get(name)));
};

/** A meter registered again: with another certificate, and references added; what it measures cannot change. */
const renewed = (before: MeterItem, wanted: MeterItem): MeterItem => {
  if (!isSame(before.registers, wanted.registers)) {
    throw new DomainError('conflict', 'meter.registers-differ', 'the meter is registered with other registers', {
      extra: { meterId: before.id },
    });
  }
  const known = new Set(before.references.map(writeReference));
  const certificates = [...before.certificates, ...wanted.certificates].slice(-certificatesKept);
  const added = wanted.references.filter((reference) => !known.has(writeReference(reference)));
  return { ...before, references: [...before.references, ...added], certificates };
};

const refuseTaken = async (profile: Table, meter: Pick<MeterItem, 'id' | 'serial' | 'references'>): Promise<void> => {
  for (const reference of meterReferences(meter)) {
    const held = await profile.get(referenceKey('meter', reference), { consistent: true });
    if (held === undefined || held.id === meter.id) continue;
    throw new DomainError(
      'conflict',
      'reference.taken',
      `another meter has the reference ${writeReference(reference)}`,
    );
  }
};

/**
 * Registers a meter and signs its certificate request; the private key never leaves the meter. The same serial number is the
 * same meter: registered again, it gets another certificate. Throws DomainError: `meter.invalid`, `reference.taken`,
 * `meter.registers-differ`, `csr.invalid`, or `meter.busy` where others write the same meter all the time.
 * @param alongside the idempotency record, to stand or fall with this write; where a twin was first, throws TwinWasFirst
 */
export const registerMeter = async (
  parts: RegisterMeterParts,
  body: Body,
  alongside: (answer: AnswerOf<'registerMeter'>) => readonly Write[] = () => [],
): Promise<AnswerOf<'registerMeter'>> => {
  const errors = complaints(body);
  if (errors.length > 0)
    throw new DomainError('invalid', 'meter.invalid', 'the meter cannot be registered so', { errors });
  const id = meterIdOf(body.serial);
  const known = await readMeter(parts.profile, id);
  // Refused before a certificate is made.
  const probe = { certificatePem: '', caPem: '', endpoint: '', port: 0, fingerprint: '', notAfter: '' };
  if (known !== undefined) renewed(known, meterFrom(body, probe));
  await refuseTaken(parts.profile, { id, serial: body.serial, references: body.references ?? [] });
  const certificate = await parts.devices.issue(id, body.csr);
  const answer: AnswerOf<'registerMeter'> = {
    id,
    thing: id,
    ...certificate,
    topics: { usage: usageTopic(parts.stage, id) },
  };
  await keep(parts, meterFrom(body, certificate), alongside(answer));
  return answer;
};

const tries = 5;

const keep = async (parts: RegisterMeterParts, wanted: MeterItem, alongside: readonly Write[]): Promise<void> => {
  for (let tried = 0; tried < tries; tried += 1) {
    const before = await readMeter(parts.profile, wanted.id);
    const writes = before === undefined ? newMeterWrites(wanted) : changedMeterWrites(before, renewed(before, wanted));
    try {
      await parts.profile.commit([...writes, ...alongside]);
      return;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      if (error.failed.some((place) => place >= writes.length)) throw new TwinWasFirst();
      await refuseTaken(parts.profile, wanted);
    }
  }
  throw new DomainError('unavailable', 'meter.busy', 'the meter is being written by others', { retryAfterSeconds: 1 });
};
