import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  RestoreTableToPointInTimeCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from '@aws-sdk/client-dynamodb';
import { type Rehearsal, type Step, secondsSince } from '../rehearsal.ts';

/** A restore of a small table takes minutes; what was written minutes ago cannot be restored yet. */
const longestSeconds = 3600;

/** Waits until a table can be set back to a moment; answers at once where nothing says until when it can. */
const restorable = async ({ ground: { clients } }: Rehearsal, TableName: string, momentMs: number): Promise<void> => {
  const end = Date.now() + longestSeconds * 1000;
  for (;;) {
    const { ContinuousBackupsDescription } = await clients.dynamo.send(
      new DescribeContinuousBackupsCommand({ TableName }),
    );
    const { PointInTimeRecoveryDescription } = ContinuousBackupsDescription ?? {};
    assert.equal(PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus, 'ENABLED', `${TableName} has no recovery`);
    const latest = PointInTimeRecoveryDescription?.LatestRestorableDateTime;
    if (latest === undefined || latest.getTime() >= momentMs) return;
    assert.ok(Date.now() < end, `${TableName} cannot be set back to ${new Date(momentMs).toISOString()} yet`);
    await sleep(15_000);
  }
};

/** Makes the table of now anew under another name, with all that the runbook gives it which a restore does not bring. */
const restoreBeside = async (rehearsal: Rehearsal, source: string, target: string): Promise<void> => {
  const { dynamo } = rehearsal.ground.clients;
  const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: source }));
  const key = Table?.SSEDescription?.KMSMasterKeyArn;
  await dynamo.send(
    new RestoreTableToPointInTimeCommand({
      SourceTableName: source,
      TargetTableName: target,
      UseLatestRestorableTime: true,
      ...(key === undefined
        ? {}
        : { SSESpecificationOverride: { Enabled: true, SSEType: 'KMS', KMSMasterKeyId: key } }),
    }),
  );
  const wait = { client: dynamo, maxWaitTime: longestSeconds, minDelay: 1, maxDelay: 20 };
  await waitUntilTableExists(wait, { TableName: target });
  const stream = { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' } as const;
  await dynamo.send(new UpdateTableCommand({ TableName: target, StreamSpecification: stream }));
  await waitUntilTableExists(wait, { TableName: target });
  const expiry = { Enabled: true, AttributeName: 'expiresAt' };
  await dynamo.send(new UpdateTimeToLiveCommand({ TableName: target, TimeToLiveSpecification: expiry }));
  const recovery = { PointInTimeRecoveryEnabled: true };
  await dynamo.send(
    new UpdateContinuousBackupsCommand({ TableName: target, PointInTimeRecoverySpecification: recovery }),
  );
};

const removeTable = async ({ ground: { clients } }: Rehearsal, TableName: string): Promise<void> => {
  const { dynamo } = clients;
  await dynamo.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
  await dynamo.send(new DeleteTableCommand({ TableName }));
  await waitUntilTableNotExists({ client: dynamo, maxWaitTime: 600, minDelay: 1, maxDelay: 20 }, { TableName });
};

/** The table of profiles is set back under another name, stands in its place for a while, and gives way again. */
export const restoreStep = (rehearsal: Rehearsal): Step => ({
  name: 'table-restored',
  title: 'the table of profiles is set back under another name, takes its place, and gives it back',
  run: async () => {
    const { stage } = rehearsal.ground;
    const before = await rehearsal.view();
    const source = (await rehearsal.stand.stacks.settings('customers', ['profileTable'])).profileTable;
    const target = `${source}-rehearsed`;
    await restorable(rehearsal, source, Date.now());
    const isGone = rehearsal.made(`the table ${target}`, async () => {
      await rehearsal.ground.deploy({ stage });
      await removeTable(rehearsal, target);
    });
    const started = performance.now();
    await restoreBeside(rehearsal, source, target);
    const restored = secondsSince(started);
    const swapped = performance.now();
    await rehearsal.ground.deploy({ stage, tables: { profile: target } });
    await rehearsal.open();
    const read = (await rehearsal.stand.stacks.settings('customers', ['profileTable'])).profileTable;
    assert.equal(read, target);
    assert.deepEqual(await rehearsal.view(), before);
    const inPlace = secondsSince(swapped);
    await rehearsal.ground.deploy({ stage });
    await rehearsal.open();
    await removeTable(rehearsal, target);
    isGone();
    assert.deepEqual(await rehearsal.view(), before);
    return [
      `${target} made in ${restored}, in the place of ${source} in ${inPlace}: the view is the same`,
      `${source} in its place again, the view the same; ${target} deleted`,
    ];
  },
});
