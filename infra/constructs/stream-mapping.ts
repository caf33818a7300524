import { Duration } from 'aws-cdk-lib';
import { type IGrantable, Policy } from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { mappingAlarms } from '#infra/alarms/catalogue.ts';
import { HouseAlarm } from './alarm.ts';
import type { FailureBucket } from './bucket.ts';
import type { HouseFunction } from './function.ts';

/** A record is tried so often and so long; then it goes to the failures bucket, whole. */
const retryAttempts = 5;
const maxRecordAge = Duration.hours(12);

/** What can be read in order: the changes of a table, or what meters sent. */
export interface StreamSource {
  readonly streamArn: string;
  letReadStream(grantee: IGrantable): void;
}

export interface StreamMappingProps {
  readonly target: HouseFunction;
  readonly source: StreamSource;
  readonly failures: FailureBucket;
  readonly batchSize: number;
  readonly window: Duration;
  readonly parallelization?: number;
  /** Event patterns; a record none of them matches is passed over. */
  readonly filters?: readonly object[];
}

/** What the function's role may do to read its stream and to give up a record. */
export class StreamReaderPolicy extends Policy {
  constructor(scope: Construct, id: string, { target, source, failures }: StreamMappingProps) {
    super(scope, id, { roles: [target.role] });
    source.letReadStream(this);
    failures.letKeepRecords(this);
  }
}

/**
 * A function reads a stream: in order, from its beginning, a bad batch cut in halves, only what failed again, five times and
 * for half a day; what is given up then lies in the failures bucket.
 */
export class StreamMapping extends Construct {
  constructor(scope: Construct, id: string, props: StreamMappingProps) {
    super(scope, id);
    const { target, source, failures, batchSize, window, parallelization, filters } = props;
    const policy = new StreamReaderPolicy(this, 'Reader', props);
    const mapping = new CfnEventSourceMapping(this, 'Mapping', {
      functionName: target.alias.functionArn,
      eventSourceArn: source.streamArn,
      startingPosition: 'TRIM_HORIZON',
      batchSize,
      maximumBatchingWindowInSeconds: window.toSeconds(),
      parallelizationFactor: parallelization ?? 1,
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: retryAttempts,
      maximumRecordAgeInSeconds: maxRecordAge.toSeconds(),
      functionResponseTypes: ['ReportBatchItemFailures'],
      destinationConfig: { onFailure: { destination: failures.bucket.bucketArn } },
      metricsConfig: { metrics: ['EventCount'] },
      ...(filters === undefined
        ? {}
        : { filterCriteria: { filters: filters.map((filter) => ({ pattern: JSON.stringify(filter) })) } }),
    });
    // Lambda looks at the role when the mapping is made.
    mapping.node.addDependency(policy, target.role);
    for (const alarm of mappingAlarms(target.houseName, mapping.attrId)) new HouseAlarm(this, target.deployment, alarm);
  }
}
