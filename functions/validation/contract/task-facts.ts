import * as z from 'zod';
import { defineFact } from '#shared/contracts/facts/definition.ts';
import { meter, ofServicePoint, servicePoint } from '#shared/contracts/facts/of-service-point.ts';
import { Instant } from '#shared/vocabulary/instants.ts';
import { idOrReference } from '#shared/vocabulary/references.ts';
import { MeterTaskKind } from '#shared/vocabulary/statuses.ts';

const taskExample = { servicePoint, meter, task: 'prolonged-estimation', number: 1 } as const;
const task = MeterTaskKind.describe(
  '`silent`: nothing comes, the connection is to be looked at. The others are for somebody at the meter: estimated for more than 7 days, nothing but zeros, meddled with.',
);
const taskNumber = z.int().min(1).describe('Counts the tasks of the kind for the meter: one is open at most.');

export const meterTaskOpened = defineFact({
  type: 'metering.task.opened.v1',
  title: 'Task for a meter opened',
  description: 'Readings say that somebody should look after a meter.',
  inFold: { kind: 'describes', turn: 'thing' },
  category: 'metering',
  severity: 'notable',
  data: z.strictObject({
    servicePoint: idOrReference('servicePoint'),
    meter: idOrReference('meter'),
    task,
    number: taskNumber,
    since: Instant.describe('Since when what it is opened for goes on.'),
    evidence: z
      .array(z.string().min(1).max(120))
      .min(1)
      .max(20)
      .describe(
        'Exceptions that speak for it; of a silent meter its registers; of tampering whose day is not judged yet, `<meter>.tamper.<when>`.',
      ),
  }),
  marks: {
    servicePoint: 'plain',
    meter: 'plain',
    task: 'plain',
    number: 'plain',
    since: 'plain',
    evidence: 'plain',
  },
  whole: 'internal',
  subjects: ofServicePoint,
  resolves: { servicePoint: 'servicePoint', meter: 'meter' },
  ownOnly: true,
  examples: [
    {
      name: 'estimated for long',
      data: {
        ...taskExample,
        since: '2026-05-20T23:00:00Z',
        evidence: ['mtr_0123456789ABCDEFGHJKMNPQRS.E1.prolonged-estimation.1779318000'],
      },
    },
  ],
});

export const meterTaskClosed = defineFact({
  type: 'metering.task.closed.v1',
  title: 'Task for a meter closed',
  description:
    'Nothing speaks for a task any longer: measured values came, somebody decided, or the meter was removed.',
  inFold: { kind: 'describes', turn: 'end' },
  category: 'metering',
  severity: 'routine',
  data: z.strictObject({
    servicePoint: idOrReference('servicePoint'),
    meter: idOrReference('meter'),
    task,
    number: taskNumber,
    since: Instant,
    until: Instant.describe('When the last of what spoke for it ended.'),
  }),
  marks: {
    servicePoint: 'plain',
    meter: 'plain',
    task: 'plain',
    number: 'plain',
    since: 'plain',
    until: 'plain',
  },
  whole: 'internal',
  subjects: ofServicePoint,
  resolves: { servicePoint: 'servicePoint', meter: 'meter' },
  ownOnly: true,
  examples: [
    {
      name: 'read again',
      data: { ...taskExample, since: '2026-05-20T23:00:00Z', until: '2026-06-02T23:00:00Z' },
    },
  ],
});

export const taskFacts = [meterTaskOpened, meterTaskClosed] as const;
