import { join } from 'node:path';
import { type DeviceFolder, Enrolment, openDeviceFolder } from '#cli/feed/device-folder.ts';
import { exchangeKey } from '#functions/meters/exchange-key.ts';
import { meterIdOf, registerMeter } from '#functions/meters/register-meter.ts';
import { makeSigningRequest, newDeviceKey } from '#iot/device-key.ts';
import { type LiveMeter, startLiveMeter } from '#iot/live-meter.ts';
import { householdLoad } from '#iot/load.ts';
import { sourceNamed } from '#shared/contracts/facts/sources.ts';
import { isKept } from '#shared/facts/fact-outcome.ts';
import { readMeter } from '#shared/profile/store/meters.ts';
import { factIdOf } from '#shared/runtime/identify.ts';
import { factIdKey } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import type { Served } from './serve.ts';
import { localStage } from './system.ts';

/** The households whose meters are live: they stand beside the seeded story and change by the minute. */
const homes = [
  { key: '1', given: 'Nadia', family: 'Brightwater', street: '2 Harbour Steps', phone: '01632 960801' },
  { key: '2', given: 'Tomas', family: 'Kelderwick', street: '4 Harbour Steps', phone: '01632 960802' },
] as const;
type Home = (typeof homes)[number];

const intervalSeconds = 300;
const reference = (home: Home) => ({ namespace: 'live', value: home.key });

const registerOf = (zone: string): Register => ({
  id: 'E1',
  commodity: 'electricity',
  flow: 'forward',
  unit: 'Wh',
  powerOfTen: 0,
  intervalSeconds,
  zone,
});

/** The meter's first interval is the one that runs when it is installed. */
const startOfInterval = (now: string): string => {
  const length = intervalSeconds * 1000;
  return new Date(Math.floor(Date.parse(now) / length) * length).toISOString();
};

/** The facts by which a live household becomes known: sent once, by the systems that would send them. */
const openingFacts = (home: Home, meter: string, zone: string, currency: string, today: string, now: string) => {
  const named = reference(home);
  const fact = (system: string, name: string, type: string, data: Readonly<Record<string, unknown>>) => ({
    type,
    source: { system },
    sourceEventId: `live-${home.key}-${name}`,
    occurredAt: now,
    data,
  });
  return [
    fact('crm', 'customer', 'customer.profile.registered.v1', {
      kind: 'person',
      name: { given: home.given, family: home.family },
      since: today,
      references: [named],
    }),
    fact('crm', 'phone', 'customer.contact-point.added.v1', {
      customer: named,
      kind: 'phone',
      value: home.phone,
      preferred: true,
    }),
    fact('billing', 'account', 'account.account.opened.v1', { currency, openedOn: today, references: [named] }),
    fact('billing', 'role', 'account.role.granted.v1', {
      account: named,
      customer: named,
      role: 'holder',
      from: today,
    }),
    fact('field', 'premise', 'premise.premise.registered.v1', {
      address: { lines: [home.street], town: 'Saltmouth', postcode: 'ZZ1 9LV', country: 'GB' },
      references: [named],
    }),
    fact('field', 'point', 'premise.service-point.registered.v1', {
      premise: named,
      commodity: 'electricity',
      zone,
      references: [named],
    }),
    fact('billing', 'agreement', 'account.agreement.started.v1', {
      account: named,
      servicePoint: named,
      tariff: 'STANDARD',
      from: today,
    }),
    fact('field', 'meter', 'metering.meter.installed.v1', { servicePoint: named, meter, from: startOfInterval(now) }),
  ];
};

const enrol = async (served: Served, folder: DeviceFolder | undefined, home: Home, zone: string) => {
  const name = `live-${home.key}`;
  const keyPem = folder === undefined ? newDeviceKey() : await folder.key(name, newDeviceKey);
  const held = await folder?.enrolment(name);
  const port = served.broker.port;
  if (held !== undefined && Date.parse(held.notAfter) > Date.now() + 86_400_000)
    return { keyPem, enrolment: { ...held, port } };
  const { system, registry } = served;
  const serial = `LIVE-${home.key}`;
  const { store, clock, metrics } = system;
  const parts = { profile: store.table('profile'), devices: registry, stage: localStage, clock, metrics };
  const csr = await makeSigningRequest(serial, keyPem);
  const id = meterIdOf(serial);
  const enrolment: Enrolment =
    (await readMeter(parts.profile, id)) === undefined
      ? await registerMeter(parts, { serial, references: [reference(home)], csr, registers: [registerOf(zone)] })
      : Enrolment.parse(
          await exchangeKey(parts, id, { csr, reason: 'The live meter of this machine has another key.' }),
        );
  await folder?.keep(name, enrolment);
  return { keyPem, enrolment };
};

/** Facts that are not kept yet: a process that died midway has kept some, and those stand as they were said then. */
const missing = async <Said extends { readonly source: { readonly system: string }; readonly sourceEventId: string }>(
  profile: Table,
  facts: readonly Said[],
): Promise<readonly Said[]> => {
  const places = await Promise.all(
    facts.map(({ source, sourceEventId }) =>
      profile.get(factIdKey(factIdOf(source.system, sourceEventId)), { consistent: true }),
    ),
  );
  return facts.filter((_, index) => places[index] === undefined);
};

const makeKnown = async (served: Served, home: Home, meter: string, zone: string, currency: string): Promise<void> => {
  const { system } = served;
  const now = new Date(system.clock.now()).toISOString();
  const said = openingFacts(home, meter, zone, currency, system.today(), now);
  const facts = await missing(system.store.table('profile'), said);
  const sender = { actor: 'system:live-meters', speaksFor: sourceNamed, supervisor: false };
  const results = await system.submit(facts, sender);
  const refused = results.find((result) => !isKept(result));
  if (refused !== undefined) throw new Error(`A live household could not be made known: ${refused.message}`);
};

/** Starts the two live meters: each sends every 5-minute interval as it closes, and its day in its slot of the night. */
export const startLiveMeters = async (
  served: Served,
  settings: { readonly zone: string; readonly currency: string; readonly folder?: string },
): Promise<readonly LiveMeter[]> => {
  const folder = settings.folder === undefined ? undefined : openDeviceFolder(settings.folder);
  const meters: LiveMeter[] = [];
  for (const home of homes) {
    const { keyPem, enrolment } = await enrol(served, folder, home, settings.zone);
    await makeKnown(served, home, enrolment.id, settings.zone, settings.currency);
    meters.push(
      await startLiveMeter({
        id: enrolment.id,
        topic: enrolment.topics.usage,
        connection: { ...enrolment, keyPem, reconnectSeconds: 30 },
        register: registerOf(settings.zone),
        measure: householdLoad(enrolment.id, settings.zone),
        ...(settings.folder === undefined ? {} : { journal: join(settings.folder, `live-${home.key}.journal`) }),
        onTrouble: () => served.system.metrics.count('live-meter.trouble'),
      }),
    );
  }
  return meters;
};
