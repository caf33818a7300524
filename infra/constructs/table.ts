import { RemovalPolicy } from 'aws-cdk-lib';
import { CfnTable } from 'aws-cdk-lib/aws-dynamodb';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Deployment } from '#infra/deployment.ts';
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
    this.#table = new CfnTable(this, 'Table', {
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
      // A key that was erased must not come back with a restored table: the keys have no recovery.
      ...(name === 'keys'
        ? {}
        : {
            pointInTimeRecoverySpecification: {
              pointInTimeRecoveryEnabled: true,
              recoveryPeriodInDays: deployment.config.retention.recoveryDays,
            },
          }),
      sseSpecification: { sseEnabled: true, sseType: 'KMS', kmsMasterKeyId: dataKey.key.keyArn },
      deletionProtectionEnabled: deployment.config.deletionProtection,
    });
    this.#table.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.tableName = this.#table.ref;
    this.tableArn = this.#table.attrArn;
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
