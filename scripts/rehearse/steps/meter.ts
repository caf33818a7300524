import assert from 'node:assert/strict';
import {
  DeleteCertificateCommand,
  DeleteThingCommand,
  DetachThingPrincipalCommand,
  ListThingPrincipalsCommand,
  UpdateCertificateCommand,
} from '@aws-sdk/client-iot';
import { newDeviceKey } from '#iot/device-key.ts';
import { readAll } from '#shared/profile/store/subjects.ts';
import { openDynamoTables } from '#shared/table/dynamo/dynamo-table.ts';
import { readingsPartition } from '#shared/table/keys.ts';
import { Enrolment } from '#tests/journeys/story/ground.ts';
import { eventually } from '#tests/support/eventually.ts';
import { byField, meterBody, named, placeFacts, sendFacts } from '#tests/support/small-world.ts';
import { type Rehearsal, type Step, secondsSince } from '../rehearsal.ts';
import { publishDay } from './meter-day.ts';

/** Takes the meter out of the registry of devices: its certificates first, which hold it. */
const takeOut = async ({ ground: { clients } }: Rehearsal, thingName: string): Promise<void> => {
  const { iot } = clients;
  const { principals = [] } = await iot.send(new ListThingPrincipalsCommand({ thingName }));
  for (const principal of principals) {
    const certificateId = principal.split('/').at(-1);
    await iot.send(new DetachThingPrincipalCommand({ thingName, principal }));
    await iot.send(new UpdateCertificateCommand({ certificateId, newStatus: 'INACTIVE' }));
    await iot.send(new DeleteCertificateCommand({ certificateId, forceDelete: true }));
  }
  await iot.send(new DeleteThingCommand({ thingName }));
};

/** Items that the table of readings has of the meter. */
export const readingsOf = async (rehearsal: Rehearsal): Promise<number> => {
  const { stand, meter, ground } = rehearsal;
  assert.ok(meter, 'no meter is registered');
  const said = ['readingsTable', 'profileTable', 'auditTable', 'keysTable'] as const;
  const settings = await stand.stacks.settings('operations', said);
  const names = {
    profile: settings.profileTable,
    readings: settings.readingsTable,
    audit: settings.auditTable,
    keys: settings.keysTable,
  };
  const tables = openDynamoTables({ names, client: ground.clients.dynamo });
  const pk = readingsPartition(meter.enrolment.id, '1');
  return (await readAll(tables.table('readings'), { pk, consistent: true })).length;
};

/** A meter makes its key, is registered with a request signed by it, connects with the certificate, and is heard. */
export const meterStep = (rehearsal: Rehearsal): Step => ({
  name: 'first-meter',
  title: 'the first meter gets a certificate for the key it keeps, connects, and its day is kept',
  run: async () => {
    const { api } = rehearsal.stand;
    const keyPem = newDeviceKey();
    const serial = `RT-${rehearsal.household}`;
    const { servicePoint } = named(rehearsal.household);
    const body = { ...(await meterBody(serial, keyPem)), references: [{ namespace: 'serial', value: serial }] };
    const answer = await api.must({ method: 'POST', path: '/v1/meters', as: { client: 'field' }, json: body });
    const enrolment = Enrolment.parse(answer.json);
    rehearsal.meter = { enrolment, keyPem };
    rehearsal.made(`the meter ${enrolment.thing} and its certificates`, () => takeOut(rehearsal, enrolment.thing));
    await sendFacts(api, [
      ...placeFacts(rehearsal.household, '1 Rehearsal Row'),
      byField(`ins-${serial}`, 'metering.meter.installed.v1', '2025-10-01T08:00:04.000Z', {
        servicePoint,
        meter: enrolment.id,
      }),
    ]);
    const started = performance.now();
    const day = await publishDay(rehearsal, 1);
    const count = () => readingsOf(rehearsal);
    const items = await eventually('the day among the readings', rehearsal.ground.patienceMs, count, (one) => one > 0);
    return [
      `${serial} is ${enrolment.thing}, installed at ${servicePoint.value}; certificate ${enrolment.fingerprint.slice(0, 12)}…, until ${String(answer.json.notAfter)}`,
      `${day.block.values.length} half-hours of ${day.date} published, ${items} item kept after ${secondsSince(started)}`,
    ];
  },
});
