import { UpdateContinuousBackupsCommand, UpdateTimeToLiveCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateArchiveCommand,
  DescribeEventBusCommand,
  ResourceAlreadyExistsException,
} from '@aws-sdk/client-eventbridge';
import { PutObjectLockConfigurationCommand } from '@aws-sdk/client-s3';
import * as z from 'zod';
import { telemetryKinds } from '#functions/readings/contract/topics.ts';
import type { Clients } from '#scripts/deployed/aws.ts';
import type { Deployed } from '#scripts/deployed/deployed.ts';
import type { Resource, StackTemplate } from './assembly.ts';
import { KinesisBridge } from './kinesis-bridge.ts';

const TableProperties = z.looseObject({
  TimeToLiveSpecification: z.looseObject({ AttributeName: z.string(), Enabled: z.boolean() }).optional(),
  PointInTimeRecoverySpecification: z.looseObject({ PointInTimeRecoveryEnabled: z.boolean() }).optional(),
});
const BucketProperties = z.looseObject({
  ObjectLockConfiguration: z
    .looseObject({
      Rule: z.looseObject({
        DefaultRetention: z.looseObject({ Mode: z.enum(['GOVERNANCE', 'COMPLIANCE']), Days: z.number() }),
      }),
    })
    .optional(),
});

/** Resources of a type in the templates, each with its physical id. */
const madeOf = (templates: readonly StackTemplate[], deployed: Deployed, type: string) =>
  templates.flatMap(({ template }) =>
    Object.entries(template.Resources)
      .filter(([, { Type }]) => Type === type)
      .map(([logicalId, resource]): { readonly resource: Resource; readonly id: string } => ({
        resource,
        id: deployed.only(type, new RegExp(`^${logicalId}$`)).physicalId,
      })),
  );

/** What the emulator drops of the templates is set as they say: time to live and recovery of tables, locks of buckets. */
export const setWhatWasDropped = async (
  clients: Clients,
  templates: readonly StackTemplate[],
  deployed: Deployed,
): Promise<void> => {
  for (const { resource, id: TableName } of madeOf(templates, deployed, 'AWS::DynamoDB::Table')) {
    const properties = TableProperties.parse(resource.Properties);
    const { TimeToLiveSpecification, PointInTimeRecoverySpecification } = properties;
    if (TimeToLiveSpecification !== undefined)
      await clients.dynamo.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
    if (PointInTimeRecoverySpecification?.PointInTimeRecoveryEnabled === true)
      await clients.dynamo.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification }));
  }
  for (const { resource, id: Bucket } of madeOf(templates, deployed, 'AWS::S3::Bucket')) {
    const { ObjectLockConfiguration } = BucketProperties.parse(resource.Properties);
    if (ObjectLockConfiguration === undefined) continue;
    const { DefaultRetention } = ObjectLockConfiguration.Rule;
    await clients.s3.send(
      new PutObjectLockConfigurationCommand({
        Bucket,
        ObjectLockConfiguration: { ObjectLockEnabled: 'Enabled', Rule: { DefaultRetention } },
      }),
    );
  }
};

const ArchiveProperties = z.looseObject({
  SourceArn: z.strictObject({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
  Description: z.string(),
  RetentionDays: z.int(),
});

/**
 * Makes the archives of the buses, whose type the emulator does not know in a template.
 * @param templates as synthesised, with the archives
 */
export const makeArchives = async (
  { events }: Clients,
  templates: readonly StackTemplate[],
  deployed: Deployed,
): Promise<void> => {
  for (const { template } of templates) {
    for (const [logicalId, { Type, Properties }] of Object.entries(template.Resources)) {
      if (Type !== 'AWS::Events::Archive') continue;
      const { SourceArn, Description, RetentionDays } = ArchiveProperties.parse(Properties);
      const { physicalId: Name } = deployed.only(
        'AWS::Events::EventBus',
        new RegExp(`^${SourceArn['Fn::GetAtt'][0]}$`),
      );
      const { Arn: EventSourceArn } = await events.send(new DescribeEventBusCommand({ Name }));
      const ArchiveName = `rotunda-${deployed.stage}-${logicalId}`;
      const create = new CreateArchiveCommand({ ArchiveName, EventSourceArn, Description, RetentionDays });
      await events.send(create).catch((error: unknown) => {
        // Of a deployment before: it stays when the stacks go.
        if (!(error instanceof ResourceAlreadyExistsException)) throw error;
      });
    }
  }
};

/** The bridges from the rules of every kind of message to the stream. */
export const bridgeRules = async (clients: Clients, deployed: Deployed): Promise<readonly KinesisBridge[]> => {
  const stream = deployed.output('TelemetryStream');
  return Promise.all(telemetryKinds.map((kind) => KinesisBridge.open(clients, kind, deployed.stage, stream)));
};
