import { Stack } from 'aws-cdk-lib';
import {
  AccountRootPrincipal,
  type IGrantable,
  PolicyDocument,
  PolicyStatement,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Key, KeySpec, KeyUsage } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { kept } from '#infra/deployment.ts';

/** What the account's own administration may do with a key, by its identity policies; named one by one. */
const administration = [
  'kms:CancelKeyDeletion',
  'kms:CreateAlias',
  'kms:CreateGrant',
  'kms:DeleteAlias',
  'kms:DescribeKey',
  'kms:DisableKey',
  'kms:DisableKeyRotation',
  'kms:EnableKey',
  'kms:EnableKeyRotation',
  'kms:GetKeyPolicy',
  'kms:GetKeyRotationStatus',
  'kms:ListGrants',
  'kms:ListKeyPolicies',
  'kms:ListKeyRotations',
  'kms:ListResourceTags',
  'kms:PutKeyPolicy',
  'kms:RetireGrant',
  'kms:RevokeGrant',
  'kms:RotateKeyOnDemand',
  'kms:ScheduleKeyDeletion',
  'kms:TagResource',
  'kms:UntagResource',
  'kms:UpdateAlias',
  'kms:UpdateKeyDescription',
];

const encryption = [
  'kms:Decrypt',
  'kms:Encrypt',
  'kms:GenerateDataKey',
  'kms:GenerateDataKeyWithoutPlaintext',
  'kms:ReEncryptFrom',
  'kms:ReEncryptTo',
];
const macs = ['kms:GenerateMac', 'kms:VerifyMac'];

/** A key policy that leaves every use to the identity policies of this account. */
const byIdentity = (uses: readonly string[]): PolicyStatement =>
  new PolicyStatement({
    sid: 'ByIdentityPolicies',
    principals: [new AccountRootPrincipal()],
    actions: [...administration, ...uses],
    resources: ['*'],
  });

/** A service that encrypts for a function at its request. */
type Via = 'dynamodb' | 'kinesis' | 's3' | 'sns' | 'sqs';

/** Encrypts everything at rest: tables, stream, buckets, queues, buses, logs, topic. */
export class DataKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const { account, region, partition } = Stack.of(this);
    this.key = new Key(this, 'Key', {
      description: 'Rotunda: everything at rest',
      enableKeyRotation: true,
      removalPolicy: kept,
      policy: new PolicyDocument({
        statements: [
          byIdentity(encryption),
          new PolicyStatement({
            sid: 'LogGroups',
            principals: [new ServicePrincipal(`logs.${region}.amazonaws.com`)],
            actions: [...encryption, 'kms:DescribeKey'],
            resources: ['*'],
            conditions: {
              ArnLike: {
                'kms:EncryptionContext:aws:logs:arn': `arn:${partition}:logs:${region}:${account}:log-group:*`,
              },
            },
          }),
          new PolicyStatement({
            sid: 'Buses',
            principals: [new ServicePrincipal('events.amazonaws.com')],
            actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:GenerateDataKey', 'kms:ReEncryptFrom', 'kms:ReEncryptTo'],
            resources: ['*'],
          }),
          // Alarms reach the encrypted topic, and what the topic cannot deliver its encrypted queue; neither names its source to KMS.
          new PolicyStatement({
            sid: 'Alarms',
            principals: [new ServicePrincipal('cloudwatch.amazonaws.com'), new ServicePrincipal('sns.amazonaws.com')],
            actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
            resources: ['*'],
          }),
        ],
      }),
    });
  }

  /** Lets a role have things encrypted and decrypted by the services named, and by no other way. */
  letUse(grantee: IGrantable, via: readonly Via[]): void {
    const { region } = Stack.of(this);
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: [...encryption, 'kms:DescribeKey'],
        resources: [this.key.keyArn],
        conditions: { StringEquals: { 'kms:ViaService': via.map((service) => `${service}.${region}.amazonaws.com`) } },
      }),
    );
  }
}

/** Wraps the data keys of people (docs/privacy.md). Losing it is losing every sealed field. */
export class MasterKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Rotunda: wraps the data keys of people',
      enableKeyRotation: true,
      removalPolicy: kept,
      policy: new PolicyDocument({ statements: [byIdentity(encryption)] }),
    });
  }

  /** Unwrapping the key of one owner, and no other. */
  letUnwrap(grantee: IGrantable, owner: string): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt'],
        resources: [this.key.keyArn],
        conditions: { StringEquals: { 'kms:EncryptionContext:owner': owner } },
      }),
    );
  }

  /** Wrapping and unwrapping, only with the owner named in the encryption context. */
  letWrap(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({
        actions: ['kms:Decrypt', 'kms:Encrypt'],
        resources: [this.key.keyArn],
        conditions: { Null: { 'kms:EncryptionContext:owner': 'false' } },
      }),
    );
  }
}

/** Keys of an installation by use are derived from this one and never leave the functions that ask. */
export class InstallationKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      description: 'Rotunda: content hashes and cursors are keyed from it',
      keySpec: KeySpec.HMAC_256,
      keyUsage: KeyUsage.GENERATE_VERIFY_MAC,
      removalPolicy: kept,
      policy: new PolicyDocument({ statements: [byIdentity(macs)] }),
    });
  }

  letDerive(grantee: IGrantable): void {
    grantee.grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['kms:GenerateMac'], resources: [this.key.keyArn] }),
    );
  }
}
