import assert from 'node:assert/strict';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import { askOperator } from '#cli/stage/ask-operator.ts';
import { quarantine } from '#shared/contracts/local/ops.ts';
import { eventually } from '#tests/support/eventually.ts';
import { type Rehearsal, type Step, secondsSince } from '../rehearsal.ts';
import { dayInView, publishDay } from './meter-day.ts';

/** Bytes that no meter means: neither JSON nor a block. */
const poison = Buffer.from([0x00, 0xff, 0x7b, 0x22, 0x76, 0x22]);

/** Entries that are kept aside, by reason. */
const keptAside = async (stage: string): Promise<ReadonlyMap<string, number>> => {
  const { answer } = quarantine;
  const asked = { at: 'operations', act: 'quarantine', input: { limit: 1 }, answer } as const;
  const { reasons } = await askOperator(stage, asked, () => {});
  return new Map(reasons.map(({ reason, count }) => [reason, count]));
};

const sumOf = (reasons: ReadonlyMap<string, number>): number =>
  [...reasons.values()].reduce((sum, one) => sum + one, 0);

/** A record that cannot be read is kept aside with its reason, and what comes behind it in the same shard is not held up. */
export const poisonStep = (rehearsal: Rehearsal): Step => ({
  name: 'poison-record',
  title: 'a record that nobody can read is kept aside, and the day behind it comes through',
  run: async () => {
    const { ground, stand, meter } = rehearsal;
    assert.ok(meter, 'no meter is registered');
    const before = await keptAside(ground.stage);
    const StreamName = stand.stacks.output('TelemetryStream');
    const PartitionKey = meter.enrolment.thing;
    const started = performance.now();
    await ground.clients.kinesis.send(new PutRecordCommand({ StreamName, PartitionKey, Data: poison }));
    const day = await publishDay(rehearsal, 2);
    const seen = await dayInView(rehearsal, day);
    const after = await eventually(
      'the record kept aside',
      ground.patienceMs,
      () => keptAside(ground.stage),
      (reasons) => sumOf(reasons) > sumOf(before),
    );
    const fresh = [...after].filter(([reason, count]) => count > (before.get(reason) ?? 0)).map(([reason]) => reason);
    return [
      `${poison.length} bytes put into ${StreamName}: kept aside as ${fresh.join(', ')} after ${secondsSince(started)}; quarantine keeps them until they expire`,
      `behind it ${seen}`,
    ];
  },
});
