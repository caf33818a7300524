import { usageTopic } from '#functions/readings/contract/topics.ts';
import type { AnswerOf, BodyOf } from '#functions/routes.ts';
import { TwinWasFirst } from '#shared/facts/idempotency.ts';
import type { DeviceRegistry, IssuedCertificate } from '#shared/messaging/ports.ts';
import { exchangeOnly } from '#shared/profile/rules/device-certificates.ts';
import { type MeterItem, readMeter, serialNamespace, toldPlaces } from '#shared/profile/store/meters.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import { mintedId } from '#shared/runtime/identify.ts';
import type { Table, Write } from '#shared/table/table.ts';
import { DomainError, type FieldError } from '#shared/vocabulary/errors.ts';
import { writeReference } from '#shared/vocabulary/references.ts';
import { isZone } from '#shared/vocabulary/zones.ts';
import { keepMeter, refuseTaken } from './keep-meter.ts';

export interface RegisterMeterParts {
  readonly profile: Table;
  readonly devices: DeviceRegistry;
  readonly stage: string;
  readonly clock: Clock;
}

type Body = BodyOf<'registerMeter'>;
type Answer = AnswerOf<'registerMeter'>;

/** What a meter gets that sent a certificate request. */
export type CertifiedMeter = Answer & IssuedCertificate;

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

const newMeter = (body: Body): MeterItem => {
  const id = meterIdOf(body.serial);
  return {
    version: 1,
    id,
    serial: body.serial,
    references: body.references ?? [],
    registers: body.registers,
    zone: body.zone ?? null,
    thing: id,
    certificates: [],
    installations: [],
  };
};

const isSame = (left: unknown, right: unknown): boolean => {
  if (left === right) return true;
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) return false;
  const [a, b] = [Object.entries(left), new Map(Object.entries(right))];
  return a.length === b.size && a.every(([name, value]) => b.has(name) && isSame(value, b.get(name)));
};

/** A meter registered again: references are added; what it measures cannot change. */
const withReferences = (before: MeterItem, wanted: MeterItem): MeterItem => {
  if (!isSame(before.registers, wanted.registers)) {
    throw new DomainError('conflict', 'meter.registers-differ', 'the meter is registered with other registers', {
      extra: { meterId: before.id },
    });
  }
  const known = new Set(before.references.map(writeReference));
  const added = wanted.references.filter((reference) => !known.has(writeReference(reference)));
  return { ...before, references: [...before.references, ...added] };
};

/** The meter as wanted, checked against what stands; nothing is written, and no certificate made, for one that is refused. */
const checked = async (parts: RegisterMeterParts, body: Body): Promise<MeterItem> => {
  const { profile } = parts;
  const errors = complaints(body);
  if (errors.length > 0)
    throw new DomainError('invalid', 'meter.invalid', 'the meter cannot be registered so', { errors });
  const wanted = newMeter(body);
  const known = await readMeter(profile, wanted.id);
  await standing(parts, known, wanted);
  await refuseTaken(profile, wanted);
  return wanted;
};

/**
 * The meter as it is to stand. Throws DomainError('conflict', 'meter.exchange-only') for one that may get a key by an exchange
 * alone (`exchange-key.ts`): who registers meters becomes none that is there.
 */
const standing = async (
  { devices, clock }: Pick<RegisterMeterParts, 'devices' | 'clock'>,
  before: MeterItem | undefined,
  wanted: MeterItem,
): Promise<MeterItem> => {
  if (before === undefined) return wanted;
  const after = withReferences(before, wanted);
  const { certificates, revokedAt } = before;
  const active = certificates.length === 0 ? [] : await devices.certificatesOf(before.thing);
  const because = exchangeOnly(
    {
      certificates,
      revokedAt,
      active: new Set(active.map(({ fingerprint }) => fingerprint)),
      installed: toldPlaces(before).length > 0,
    },
    new Date(clock.now()).toISOString(),
  );
  if (because === undefined) return after;
  throw new DomainError(
    'conflict',
    'meter.exchange-only',
    'The meter is known: a supervisor has its key exchanged, with a reason.',
    { extra: { meterId: before.id, because } },
  );
};

export const answerOf = (stage: string, id: string): Answer => ({
  id,
  thing: id,
  topics: { usage: usageTopic(stage, id) },
});

/**
 * Registers a meter and signs its certificate request; the private key never leaves the meter. The same serial number is the
 * same meter, and has one key. Throws DomainError: `meter.invalid`, `reference.taken`, `meter.registers-differ`, `csr.invalid`,
 * `meter.exchange-only` for a meter that has a key or was installed, or `meter.busy` where others write the same meter all the time.
 * @param alongside the idempotency record, to stand or fall with this write; where a twin was first, throws TwinWasFirst
 */
export const registerMeter = async (
  parts: RegisterMeterParts,
  body: Body & { readonly csr: string },
  alongside: (answer: Answer) => readonly Write[] = () => [],
): Promise<CertifiedMeter> => {
  const { profile, devices, clock } = parts;
  const wanted = await checked(parts, body);
  const certificate = await devices.issue(wanted.id, body.csr);
  const { fingerprint, notAfter } = certificate;
  const issued = { fingerprint, notAfter, issuedAt: new Date(clock.now()).toISOString() };
  const answer = { ...answerOf(parts.stage, wanted.id), ...certificate };
  const keep = keepMeter(
    profile,
    wanted.id,
    async (before) => {
      const meter = await standing(parts, before, wanted);
      // One that never became active is no key; its provisioning broke off.
      return { ...meter, certificates: [issued] };
    },
    alongside(answer),
  );
  await orTakeBack(devices, wanted.id, certificate.fingerprint, keep);
  return answer;
};

/**
 * Waits for a meter to be kept with a certificate just issued; where it is not, the certificate goes. Where nobody knows whether it
 * was kept, it stays.
 */
export const orTakeBack = async (
  devices: DeviceRegistry,
  thing: string,
  fingerprint: string,
  keep: Promise<unknown>,
): Promise<void> => {
  try {
    await keep;
  } catch (error) {
    if (error instanceof TwinWasFirst || error instanceof DomainError) await devices.revoke(thing, fingerprint);
    throw error;
  }
};

/**
 * Registers a meter that gets its certificate later: a device of its serial number may then be provisioned by a claim certificate
 * (`allow-provisioning.ts`), once for each announcement. Throws DomainError as `registerMeter`, but for `csr.invalid`.
 */
export const announceMeter = async (
  parts: RegisterMeterParts,
  body: Body,
  alongside: (answer: Answer) => readonly Write[] = () => [],
): Promise<Answer> => {
  const { profile, stage, clock } = parts;
  const wanted = await checked(parts, body);
  const answer = answerOf(stage, wanted.id);
  const announcedAt = new Date(clock.now()).toISOString();
  await keepMeter(
    profile,
    wanted.id,
    async (before) => ({ ...(await standing(parts, before, wanted)), announcedAt }),
    alongside(answer),
  );
  return answer;
};
