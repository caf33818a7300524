import { createHash } from 'node:crypto';
import { Aws } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { recoveryDaysOf } from '#infra/config.ts';
import { type Deployment, isProtected, kept, physicalName } from '#infra/deployment.ts';
import { describeTables } from '#shared/table/dynamo/dynamo-table-description.ts';
import type { TableName } from '#shared/table/table.ts';
import { expiryAttribute, tableLayouts } from '#shared/table/table-layout.ts';
import type { DataKey } from './keys.ts';
import type { StreamSource } from './stream-mapping.ts';

const described = describeTables({ profile: 'profile', readings: 'readings', audit: 'audit', keys: 'keys' });

export interface HouseTableProps {
  readonly deployment: Deployment;
  readonly dataKey: DataKey;
  readonly name: TableName;
}

const successor = ({ config }: Deployment, name: TableName): string | undefined => config.tables[name];

/** Physical name of a table: fixed, so that what uses a table says its name and asks no stack for it. */
export const tableNameOf = (deployment: Deployment, name: TableName): string =>
  successor(deployment, name) ?? physicalName(deployment, name);

/**
 * Id among the constructs. A table that was set back in time takes the place of the one it was made from by its name in the
 * configuration: it has an id of its own, the deployment takes it into the stack as it is, and the former one is kept outside.
 */
const idOf = (deployment: Deployment, name: TableName): string => {
  const other = successor(deployment, name);
  return other === undefined ? 'Table' : `Table${createHash('sha256').update(other).digest('hex').slice(0, 8)}`;
};

/** A table by the layout that all its bodies share; encrypted, kept when its stack goes, with its changes as a stream. */
export class HouseTable extends Construct implements StreamSource {
  readonly tableName: string;
  readonly tableArn: string;
  readonly #table: CfnTable;
  readonly #dataKey: DataKey;
  readonly #name: TableName;

  constructor(scope: Construct, id: string, { deployment, dataKey, name }: HouseTableProps) {
    super(scope, id);
    const layout = tableLayouts[name];
    const description = described.find((one) => one.TableName === name);
    if (description === undefined) throw new RangeError(`no table ${name}`);
    const keys = (schema: typeof description.KeySchema) =>
      schema.map(({ AttributeName, KeyType }) => ({ attributeName: AttributeName, keyType: KeyType }));
    const stream = description.StreamSpecification;
    this.#name = name;
    this.#dataKey = dataKey;
    this.tableName = tableNameOf(deployment, name);
    this.#table = new CfnTable(this, idOf(deployment, name), {
      tableName: this.tableName,
      billingMode: description.BillingMode,
      keySchema: keys(description.KeySchema),
      attributeDefinitions: description.AttributeDefinitions.map(({ AttributeName, AttributeType }) => ({
        attributeName: AttributeName,
        attributeType: AttributeType,
      })),
      ...(description.GlobalSecondaryIndexes === undefined
        ? {}
        : {
            globalSecondaryIndexes: description.GlobalSecondaryIndexes.map(({ IndexName, KeySchema, Projection }) => ({
              indexName: IndexName,
              keySchema: keys(KeySchema),
              projection: { projectionType: Projection.ProjectionType },
            })),
          }),
      ...(stream === undefined ? {} : { streamSpecification: { streamViewType: stream.StreamViewType } }),
      ...(layout.expiry ? { timeToLiveSpecification: { attributeName: expiryAttribute, enabled: true } } : {}),
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: true,
        recoveryPeriodInDays: recoveryDaysOf(deployment.config, name),
      },
      sseSpecification: { sseEnabled: true, sseType: 'KMS', kmsMasterKeyId: dataKey.key.keyArn },
      deletionProtectionEnabled: isProtected(deployment),
    });
    this.#table.applyRemovalPolicy(kept);
    this.tableArn = `arn:${Aws.PARTITION}:dynamodb:${Aws.REGION}:${Aws.ACCOUNT_ID}:table/${this.tableName}`;
  }

  /** The stream of changes; throws where the table has none. */
  get streamArn(): string {
    if (!tableLayouts[this.#name].feed) throw new RangeError(`the table ${this.#name} has no stream`);
    return this.#table.attrStreamArn;
  }

  letRead(grantee: IGrantable): void {
    const indexes = tableLayouts[this.#name].queueIndex ? [`${this.tableArn}/index/queue`] : [];
    this.#allow(grantee, ['dynamodb:GetItem', 'dynamodb:Query'], [this.tableArn, ...indexes]);
  }

  /**
   * Puts and conditions; nothing is taken away or changed in place. Who may write batches may delete by them, so the tables of
   * the audit and of keys take none.
   */
  letPut(grantee: IGrantable): void {
    const batches = this.#name === 'profile' || this.#name === 'readings' ? ['dynamodb:BatchWriteItem'] : [];
    this.#allow(grantee, [...batches, 'dynamodb:ConditionCheckItem', 'dynamodb:PutItem'], [this.tableArn]);
  }

  letReadStream(grantee: IGrantable): void {
    const read = ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'];
    this.#allow(grantee, read, [this.streamArn]);
    this.#allow(grantee, ['dynamodb:ListStreams'], [`${this.tableArn}/stream/*`]);
  }

  /** Reads the whole table, for acts on all of it. */
  letScan(grantee: IGrantable): void {
    this.#allow(grantee, ['dynamodb:Scan'], [this.tableArn]);
  }

  /** Puts items, and takes away those that are over. */
  letReplace(grantee: IGrantable): void {
    this.letPut(grantee);
    this.letDelete(grantee);
  }

  letDelete(grantee: IGrantable): void {
    this.#allow(grantee, ['dynamodb:DeleteItem'], [this.tableArn]);
  }

  #allow(grantee: IGrantable, actions: readonly string[], resources: readonly string[]): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: [...actions], resources: [...resources] }),
    );
    this.#dataKey.letUse(grantee, ['dynamodb']);
  }
}
