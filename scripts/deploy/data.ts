import { DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import { DeleteUserPoolCommand, UpdateUserPoolCommand } from '@aws-sdk/client-cognito-identity-provider';
import { DeleteTableCommand, UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { DeleteArchiveCommand, DeleteEventBusCommand } from '@aws-sdk/client-eventbridge';
import {
  DeleteConflictException,
  DeletePolicyCommand,
  DeleteProvisioningTemplateCommand,
  DeprecateThingTypeCommand,
} from '@aws-sdk/client-iot';
import { DeleteStreamCommand } from '@aws-sdk/client-kinesis';
import { ScheduleKeyDeletionCommand } from '@aws-sdk/client-kms';
import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import type { Clients } from './aws.ts';
import { emptyAndDelete } from './empty-bucket.ts';
import type { KeptResource } from './stacks.ts';

/** Days in which the deletion of a key can still be taken back: the most that KMS allows. */
const pendingDays = 30;

/** What came of one resource that held data. */
export interface Gone extends KeptResource {
  readonly outcome: 'deleted' | 'not yet' | 'left';
  /** Why it is still there, and until when. */
  readonly note?: string;
}

type Delete = (clients: Clients, id: string) => Promise<Omit<Gone, keyof KeptResource>>;
const deleted = { outcome: 'deleted' } as const;

/** How each kind of resource is deleted whose stack leaves it behind, its own protection lifted first. */
const deletions: Readonly<Record<string, Delete>> = {
  'AWS::DynamoDB::Table': async ({ dynamo }, id) => {
    await dynamo.send(new UpdateTableCommand({ TableName: id, DeletionProtectionEnabled: false }));
    await dynamo.send(new DeleteTableCommand({ TableName: id }));
    return deleted;
  },
  'AWS::Kinesis::Stream': async ({ kinesis }, id) => {
    await kinesis.send(new DeleteStreamCommand({ StreamName: id, EnforceConsumerDeletion: true }));
    return deleted;
  },
  'AWS::S3::Bucket': ({ s3 }, id) => emptyAndDelete(s3, id),
  'AWS::Cognito::UserPool': async ({ cognito }, id) => {
    await cognito.send(new UpdateUserPoolCommand({ UserPoolId: id, DeletionProtection: 'INACTIVE' }));
    await cognito.send(new DeleteUserPoolCommand({ UserPoolId: id }));
    return deleted;
  },
  'AWS::KMS::Key': async ({ kms }, id) => {
    const command = new ScheduleKeyDeletionCommand({ KeyId: id, PendingWindowInDays: pendingDays });
    const { DeletionDate } = await kms.send(command);
    const on = DeletionDate?.toISOString().slice(0, 10) ?? `in ${pendingDays} days`;
    return {
      outcome: 'not yet',
      note: `KMS deletes it on ${on}; until then \`aws kms cancel-key-deletion --key-id ${id}\` keeps it`,
    };
  },
  'AWS::Logs::LogGroup': async ({ logs }, id) => {
    await logs.send(new DeleteLogGroupCommand({ logGroupName: id }));
    return deleted;
  },
  'AWS::SQS::Queue': async ({ sqs }, id) => {
    await sqs.send(new DeleteQueueCommand({ QueueUrl: id }));
    return deleted;
  },
  'AWS::Events::EventBus': async ({ events }, id) => {
    await events.send(new DeleteEventBusCommand({ Name: id }));
    return deleted;
  },
  'AWS::IoT::Policy': async ({ iot }, id) => {
    try {
      await iot.send(new DeletePolicyCommand({ policyName: id }));
      return deleted;
    } catch (error) {
      if (!(error instanceof DeleteConflictException)) throw error;
      return {
        outcome: 'left',
        note: 'certificates of meters have it: take these back first (docs/runbooks/meter-certificates.md)',
      };
    }
  },
  'AWS::IoT::ProvisioningTemplate': async ({ iot }, id) => {
    await iot.send(new DeleteProvisioningTemplateCommand({ templateName: id }));
    return deleted;
  },
  // IoT Core deletes a type five minutes after it was deprecated, and none that has things.
  'AWS::IoT::ThingType': async ({ iot }, id) => {
    await iot.send(new DeprecateThingTypeCommand({ thingTypeName: id }));
    return {
      outcome: 'not yet',
      note: `deprecated; in five minutes, once it has no things, \`aws iot delete-thing-type --thing-type-name ${id}\` deletes it`,
    };
  },
  'AWS::Events::Archive': async ({ events }, id) => {
    await events.send(new DeleteArchiveCommand({ ArchiveName: id }));
    return deleted;
  },
};

/** Buses after their archives, and keys last: what they encrypt must be gone, or they have to stay. */
const late = ['AWS::Events::EventBus', 'AWS::KMS::Key'];
const lastOf = (kept: readonly KeptResource[]): readonly KeptResource[] =>
  kept.toSorted((one, other) => late.indexOf(one.type) - late.indexOf(other.type));

const isGone = (error: unknown): boolean =>
  error instanceof Error && /NotFound|NonExistent|NoSuchBucket/.test(error.name);

/**
 * Deletes what stacks left behind. Where locked objects stay, no key is deleted: one of them encrypts the objects, and nobody
 * could read them for as long as they must be kept.
 */
export const deleteData = async (clients: Clients, kept: readonly KeptResource[]): Promise<readonly Gone[]> => {
  const outcomes: Gone[] = [];
  for (const resource of lastOf(kept)) {
    const remove = deletions[resource.type];
    if (remove === undefined) {
      outcomes.push({ ...resource, outcome: 'left', note: 'holds no data and costs nothing' });
      continue;
    }
    const isLocked = outcomes.some(({ type, outcome }) => type === 'AWS::S3::Bucket' && outcome === 'not yet');
    if (resource.type === 'AWS::KMS::Key' && isLocked) {
      outcomes.push({
        ...resource,
        outcome: 'left',
        note: 'kept, since locked objects are read with the keys of the stage',
      });
      continue;
    }
    const came = await remove(clients, resource.id).catch((error: unknown) =>
      isGone(error) ? deleted : Promise.reject(error),
    );
    outcomes.push({ ...resource, ...came });
  }
  return outcomes;
};

/** Types whose deletion loses data. */
export const isData = ({ type }: KeptResource): boolean => Object.hasOwn(deletions, type);
