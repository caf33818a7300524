import assert from 'node:assert/strict';
import { DeleteObjectCommand, GetObjectRetentionCommand, ListObjectVersionsCommand } from '@aws-sdk/client-s3';
import { checkpointFolder } from '#functions/audit/checkpoint.ts';
import type { StoryStep } from '#tests/journeys/story/world.ts';
import { eventually } from '#tests/support/eventually.ts';
import type { DeployedParts } from './deployed-parts.ts';

/** The schedule fires every minute here. */
const patienceMs = 90_000;

/** Where the audit chains stand is written down where nobody can change it. */
export const auditSteps = ({ clients, deployed }: DeployedParts): readonly StoryStep[] => {
  const { s3 } = clients;
  const Bucket = deployed.output('CheckpointsBucket');
  const versions = async () =>
    (await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: checkpointFolder }))).Versions ?? [];
  return [
    {
      name: 'checkpoint',
      title: 'the schedule writes a checkpoint of the audit chains',
      run: async () => {
        await eventually('a checkpoint', patienceMs, versions, (found) => found.length > 0);
      },
    },
    {
      name: 'locked',
      title: 'a version of a checkpoint cannot be deleted before its time',
      run: async () => {
        const [version] = await versions();
        assert.ok(version?.Key !== undefined && version.VersionId !== undefined, 'no checkpoint');
        const at = { Bucket, Key: version.Key, VersionId: version.VersionId };
        const { Retention } = await s3.send(new GetObjectRetentionCommand(at));
        assert.ok(Retention?.RetainUntilDate !== undefined && Retention.RetainUntilDate.getTime() > Date.now());
        await assert.rejects(s3.send(new DeleteObjectCommand(at)), { name: 'AccessDenied' });
        assert.ok((await versions()).some(({ VersionId }) => VersionId === at.VersionId));
      },
    },
  ];
};
