import { Duration } from 'aws-cdk-lib';
import { type IGrantable, Policy, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  type BucketProps,
  CfnBucket,
  ObjectLockRetention,
  ObjectOwnership,
} from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { StageConfig } from '#infra/config.ts';
import { kept } from '#infra/deployment.ts';
import type { HouseFunction } from './function.ts';
import type { DataKey } from './keys.ts';

/** What holds of every bucket: nobody from outside, nothing in the clear, kept when its stack goes. */
const closed = {
  blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
  enforceSSL: true,
  minimumTLSVersion: 1.2,
  objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
  removalPolicy: kept,
} as const satisfies BucketProps;

const unfinished = { abortIncompleteMultipartUploadAfter: Duration.days(7) };

/** Who read which object of the other buckets. The service that writes here knows no key but S3's own; no personal data. */
export class AccessLogBucket extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, config: StageConfig) {
    super(scope, id);
    this.bucket = new Bucket(this, 'Bucket', {
      ...closed,
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ ...unfinished, expiration: Duration.days(config.retention.accessLogDays) }],
    });
    this.bucket.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AccessLogs',
        principals: [new ServicePrincipal('logging.s3.amazonaws.com')],
        actions: ['s3:PutObject'],
        resources: [this.bucket.arnForObjects('*')],
        conditions: { StringEquals: { 'aws:SourceAccount': config.account } },
      }),
    );
  }

  /** Has the reads of a bucket written down here. */
  record(bucket: Bucket, prefix: string): void {
    const resource = bucket.node.defaultChild;
    if (!(resource instanceof CfnBucket)) throw new TypeError('not a bucket of this stack');
    resource.loggingConfiguration = { destinationBucketName: this.bucket.bucketName, logFilePrefix: `${prefix}/` };
  }
}

/** What a function may do with the objects of a folder, apart from all else it may. */
export class ObjectAccess extends Policy {
  constructor(scope: HouseFunction, id: string) {
    super(scope, id, { roles: [scope.role] });
  }
}

interface DataBucketProps {
  readonly dataKey: DataKey;
  readonly accessLogs: AccessLogBucket;
}

/** A bucket of what the utility has: sealed with its key, every version kept for a while, each read written down. */
class DataBucket extends Construct {
  readonly bucket: Bucket;
  readonly #dataKey: DataKey;

  /** @param name folder of its access logs */
  constructor(scope: Construct, id: string, { dataKey, accessLogs }: DataBucketProps, name: string, own: BucketProps) {
    super(scope, id);
    this.#dataKey = dataKey;
    this.bucket = new Bucket(this, 'Bucket', {
      ...closed,
      versioned: true,
      encryption: BucketEncryption.KMS,
      encryptionKey: dataKey.key,
      bucketKeyEnabled: true,
      ...own,
    });
    accessLogs.record(this.bucket, name);
  }

  /** Without the right to list, what is not there is answered as forbidden. */
  protected allowList(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['s3:ListBucket'], resources: [this.bucket.bucketArn] }),
    );
  }

  /** Takes objects of a folder out with all their versions, besides other acts on them. */
  protected allowForgetting(grantee: IGrantable, acts: readonly string[], folder: string): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['s3:ListBucket', 's3:ListBucketVersions'], resources: [this.bucket.bucketArn] }),
    );
    this.allow(grantee, [...acts, 's3:DeleteObject', 's3:DeleteObjectVersion'], folder);
  }

  /** Acts on the objects of one folder, with the key that they are sealed with. */
  protected allow(grantee: IGrantable, actions: readonly string[], folder: string): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: [...actions], resources: [this.bucket.arnForObjects(`${folder}*`)] }),
    );
    this.#dataKey.letUse(grantee, ['s3']);
  }
}

/** Folder of the audit checkpoints in their bucket. */
const checkpoints = 'audit/checkpoints/';
/** Folder of the register of who was erased, beside them. */
const erasures = 'erasures/';

/** Audit checkpoints: each locked from the moment it is written, so that a cut chain shows. */
export class CheckpointBucket extends DataBucket {
  constructor(scope: Construct, id: string, config: StageConfig, props: DataBucketProps) {
    const days = Duration.days(config.retention.checkpointLockDays);
    super(scope, id, props, 'checkpoints', {
      objectLockEnabled: true,
      objectLockDefaultRetention:
        config.checkpointLock === 'compliance'
          ? ObjectLockRetention.compliance(days)
          : ObjectLockRetention.governance(days),
      lifecycleRules: [{ ...unfinished }],
    });
  }

  letRead(grantee: HouseFunction): void {
    this.#let(grantee, ['s3:GetObject']);
  }

  /** Puts new checkpoints with their locks; none can be taken away. */
  letPut(grantee: HouseFunction): void {
    this.#let(grantee, ['s3:GetObject', 's3:PutObject', 's3:PutObjectRetention']);
  }

  /** Keeps and reads the register of who was erased, which no recovery of the tables reaches. */
  letRegister(grantee: HouseFunction): void {
    const access = new ObjectAccess(grantee, 'Erasures');
    this.allowList(access);
    this.allow(access, ['s3:GetObject', 's3:PutObject', 's3:PutObjectRetention'], erasures);
  }

  #let(grantee: HouseFunction, actions: readonly string[]): void {
    const access = new ObjectAccess(grantee, 'Checkpoints');
    this.allowList(access);
    this.allow(access, actions, checkpoints);
  }
}

/** Folder of the files of imports, and of what each chunk of them brings. */
const imports = 'imports/';

/** Files of meter data that callers hand in, and what imports wrote down of them: an undoing reads it. */
export class ImportBucket extends DataBucket {
  /** Where the files lie, each in the folder of its import. */
  readonly folder = imports;

  constructor(scope: Construct, id: string, config: StageConfig, props: DataBucketProps) {
    super(scope, id, props, 'imports', {
      lifecycleRules: [
        {
          ...unfinished,
          prefix: imports,
          expiration: Duration.days(config.retention.importsDays),
          noncurrentVersionExpiration: Duration.days(config.retention.versionDays),
        },
      ],
    });
    const resource = this.bucket.node.defaultChild;
    if (!(resource instanceof CfnBucket)) throw new TypeError('not a bucket of this stack');
    // By hand: CDK would add a function of its own to set it.
    resource.notificationConfiguration = { eventBridgeConfiguration: { eventBridgeEnabled: true } };
  }

  /** Reads files and what was written down, writes down, and lets callers hand files in: an address is signed with this right. */
  letImport(grantee: HouseFunction): void {
    const access = new ObjectAccess(grantee, 'Imports');
    this.allowList(access);
    this.allow(access, ['s3:GetObject', 's3:PutObject'], imports);
  }

  /** Takes files and what was written down of them out, with all their versions: what they told of somebody is erased. */
  letForget(grantee: HouseFunction): void {
    const access = new ObjectAccess(grantee, 'ForgottenImports');
    this.allowForgetting(access, ['s3:GetObject'], imports);
  }
}

/** Where Lambda puts the records that a reader of a stream gave up on, whole. */
const givenUp = 'aws/lambda/';
/** Where IoT rules put messages that did not reach the stream. */
export const undelivered = 'iot/';

/** Records that could not be used, for a person to look at and to hand in again. */
export class FailureBucket extends DataBucket {
  constructor(scope: Construct, id: string, config: StageConfig, props: DataBucketProps) {
    const { failuresDays, versionDays } = config.retention;
    super(scope, id, props, 'failures', {
      lifecycleRules: [
        {
          ...unfinished,
          expiration: Duration.days(failuresDays),
          noncurrentVersionExpiration: Duration.days(versionDays),
        },
      ],
    });
  }

  /** For the failure destination of a stream mapping, which writes with the function's role. */
  letKeepRecords(grantee: IGrantable): void {
    this.allow(grantee, ['s3:PutObject'], givenUp);
    this.allowList(grantee);
  }

  /** For the error action of an IoT rule. */
  letKeepMessages(grantee: IGrantable): void {
    this.allow(grantee, ['s3:PutObject'], undelivered);
  }

  /** Takes what names somebody who is erased out of records that were given up, with all versions. */
  letForget(grantee: HouseFunction): void {
    const access = new ObjectAccess(grantee, 'ForgottenFailures');
    for (const folder of [givenUp, undelivered]) this.allowForgetting(access, ['s3:GetObject', 's3:PutObject'], folder);
  }

  /** For the operator, who lists and hands in again what was given up. */
  letRedrive(grantee: HouseFunction): void {
    const access = new ObjectAccess(grantee, 'Failures');
    this.allow(access, ['s3:GetObject', 's3:DeleteObject'], givenUp);
    this.allow(access, ['s3:GetObject', 's3:DeleteObject'], undelivered);
    this.allowList(access);
  }
}
