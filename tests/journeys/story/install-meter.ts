import { meterBody, named, sendFacts } from '#tests/support/small-world.ts';
import { Enrolment } from './ground.ts';
import type { StoryWorld } from './world.ts';

/** Registers a meter for the key it keeps and says that it hangs in the home of a person since October; answers how it connects. */
export const installMeter = async (
  { ground: { api } }: StoryWorld,
  person: string,
  serial: string,
  keyPem: string,
): Promise<Enrolment> => {
  const answer = await api.must({
    method: 'POST',
    path: '/v1/meters',
    as: { client: 'field' },
    json: await meterBody(serial, keyPem),
  });
  const meter = Enrolment.parse(answer.json);
  await sendFacts(api, [
    {
      type: 'metering.meter.installed.v1',
      source: { system: 'field' },
      sourceEventId: `ins-${serial}`,
      occurredAt: '2025-10-01T08:00:04.000Z',
      data: { servicePoint: named(person).servicePoint, meter: meter.id },
    },
  ]);
  return meter;
};
