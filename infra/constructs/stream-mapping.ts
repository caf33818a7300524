import { Duration } from 'aws-cdk-lib';
import { type IGrantable, Policy } from 'aws-cdk-lib/aws-iam';
import { CfnEventSourceMapping } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { StreamOf } from '#functions/manifest/definition.ts';
import { functionNamed } from '#functions/manifest.ts';
import { mappingAlarms } from '#infra/alarms/catalogue.ts';
import { parallelizationOf } from '#infra/fleet.ts';
import { addAlarms } from './alarm.ts';
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
  /** What there is to read, and where what is given up lies; which of them the function reads says the manifest. */
  readonly from: { readonly streams: Readonly<Record<StreamOf, StreamSource>>; readonly failures: FailureBucket };
}

/** What the manifest says of the stream that a function reads. */
const readBy = ({ houseName }: HouseFunction) => {
  const { stream } = functionNamed(houseName).on;
  if (stream === undefined) throw new RangeError(`the manifest names no stream that ${houseName} reads`);
  return stream;
};

/** What the function's role may do to read its stream and to give up a record. */
export class StreamReaderPolicy extends Policy {
  constructor(scope: Construct, id: string, { target, from: { streams, failures } }: StreamMappingProps) {
    super(scope, id, { roles: [target.role] });
    streams[readBy(target).of].letReadStream(this);
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
    const { target } = props;
    const { streams, failures } = props.from;
    const { of, batchSize, windowSeconds, filters, keptElsewhere } = readBy(target);
    const isTold = keptElsewhere !== true || target.deployment.config.alarms.watching === 'all';
    const policy = new StreamReaderPolicy(this, 'Reader', props);
    const mapping = new CfnEventSourceMapping(this, 'Mapping', {
      functionName: target.alias.functionArn,
      eventSourceArn: streams[of].streamArn,
      startingPosition: 'TRIM_HORIZON',
      batchSize,
      maximumBatchingWindowInSeconds: windowSeconds,
      parallelizationFactor: parallelizationOf(target.houseName, target.deployment.config.meters),
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: retryAttempts,
      maximumRecordAgeInSeconds: maxRecordAge.toSeconds(),
      functionResponseTypes: ['ReportBatchItemFailures'],
      destinationConfig: { onFailure: { destination: failures.bucket.bucketArn } },
      // Paid for, six metrics each: only where an alarm looks at them.
      ...(isTold ? { metricsConfig: { metrics: ['EventCount'] } } : {}),
      ...(filters === undefined
        ? {}
        : { filterCriteria: { filters: filters.map((filter) => ({ pattern: JSON.stringify(filter) })) } }),
    });
    // Lambda looks at the role when the mapping is made.
    mapping.node.addDependency(policy, target.role);
    if (isTold) addAlarms(this, target.deployment, mappingAlarms(target.houseName, mapping.attrId));
  }
}
