import { Duration } from 'aws-cdk-lib';
import { type IGrantable, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Stream, StreamEncryption, StreamMode } from 'aws-cdk-lib/aws-kinesis';
import { Construct } from 'constructs';
import type { StageConfig } from '#infra/config.ts';
import { kept } from '#infra/deployment.ts';
import { shardsFor } from '#infra/fleet.ts';
import type { DataKey } from './keys.ts';
import type { StreamSource } from './stream-mapping.ts';

/** What meters sent, in order for each meter, until it is read or its time is over. */
export class TelemetryStream extends Construct implements StreamSource {
  readonly stream: Stream;
  readonly #dataKey: DataKey;

  constructor(scope: Construct, id: string, config: StageConfig, dataKey: DataKey) {
    super(scope, id);
    this.#dataKey = dataKey;
    this.stream = new Stream(this, 'Stream', {
      streamMode: StreamMode.PROVISIONED,
      shardCount: config.telemetryShards ?? shardsFor(config.meters),
      retentionPeriod: Duration.hours(config.retention.telemetryHours),
      encryption: StreamEncryption.KMS,
      encryptionKey: dataKey.key,
      removalPolicy: kept,
    });
  }

  letAppend(grantee: IGrantable): void {
    this.#allow(grantee, ['kinesis:PutRecord', 'kinesis:PutRecords']);
  }

  get streamArn(): string {
    return this.stream.streamArn;
  }

  letReadStream(grantee: IGrantable): void {
    this.#allow(grantee, [
      'kinesis:DescribeStream',
      'kinesis:DescribeStreamSummary',
      'kinesis:GetRecords',
      'kinesis:GetShardIterator',
      'kinesis:ListShards',
    ]);
  }

  #allow(grantee: IGrantable, actions: readonly string[]): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: [...actions], resources: [this.stream.streamArn] }),
    );
    this.#dataKey.letUse(grantee, ['kinesis']);
  }
}
