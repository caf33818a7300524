import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { writeUsageBlock } from '#functions/readings/contract/usage-block.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';
import { RunningSystem } from '#tests/support/running-system.ts';
import {
  accountFacts,
  addMeter,
  byCrm,
  named,
  personFact,
  placeFacts,
  roleFact,
  sendFacts,
} from '#tests/support/small-world.ts';
import { type WhatStands, whatStands } from './what-stands.ts';

/** What kills are held to: it must not mind how often the system looked, and mind everything else. */

const zone = 'Europe/London';
const first = '2025-11-01';
const days = 34;
const doubted = 9;

interface Told {
  /** Days that come once all others are judged. */
  readonly late?: readonly number[];
  /** Days that never come. */
  readonly never?: readonly number[];
  /** Days of which one value is another. */
  readonly other?: readonly number[];
  /** Whether the customer called. */
  readonly silent?: boolean;
}

const blockOf = (meter: string, day: number, isOther: boolean) => {
  const start = startOfDate(zone, addDays(first, day));
  const values = Array.from({ length: 48 }, (_, n) => 100 + ((n * 37 + day * 11) % 90) + (isOther && n === 20 ? 1 : 0));
  const block = { v: 1, meter, register: '1', start, interval: 1800, values, seq: day, revision: 0 } as const;
  return { sequenceNumber: `${day}`, thing: meter, data: writeUsageBlock(block), arrivedAt: start + 86_400 };
};

let folder: string;

/** Lives through the same autumn and says what stands of it, and how many facts lead there. */
const lived = async (name: string, { late = [], never = [], other = [], silent = false }: Told = {}) => {
  const place = join(folder, name);
  const system = await RunningSystem.start({ folder: place });
  await sendFacts(system, [
    ...placeFacts('quay', '12 Quay Street'),
    personFact('amara', 'Amara', 'Okafor'),
    ...accountFacts('quay'),
    roleFact('quay', 'amara', 'holder'),
    ...(silent
      ? []
      : [
          byCrm('call', 'contact.interaction.logged.v1', '2025-11-20T10:00:00.000Z', {
            customer: named('amara').customer,
            channel: 'phone',
            reason: 'billing.high-bill',
            summary: 'Asked about the bill.',
          }),
        ]),
  ]);
  const meter = await addMeter(system, 'quay', 'RT-quay');
  await system.settle();
  const send = async (which: readonly number[]) => {
    await system.served.system.ingest.take(which.map((day) => blockOf(meter, day, other.includes(day))));
    await system.settle();
  };
  const all = Array.from({ length: days }, (_, day) => day).filter((day) => !never.includes(day));
  await send(all.filter((day) => !late.includes(day)));
  await send(late);
  await system.stop();
  return whatStands(place);
};

let calm: WhatStands;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rotunda-stands-'));
  calm = await lived('calm');
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

it('is the same where a day came late, its month issued twice and its exception raised and resolved', async () => {
  const rough = await lived('rough', { late: [doubted] });
  expect(calm.months.size).toBe(1);
  expect(rough.told).toBeGreaterThan(calm.told);
  expect({ ...rough, told: calm.told }).toEqual(calm);
}, 60_000);

it.each([
  ['a value', { other: [doubted] }, 'months'],
  ['a day', { never: [doubted] }, 'exceptions'],
  ['a call', { silent: true }, 'others'],
] as const)(
  'is another where %s is lost or changed',
  async (what, told, part) => {
    const stands = await lived(`without ${what}`, told);
    expect(stands[part]).not.toEqual(calm[part]);
  },
  60_000,
);
