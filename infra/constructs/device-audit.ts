import { Aws } from 'aws-cdk-lib';
import { Policy, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnAccountAuditConfiguration, CfnScheduledAudit } from 'aws-cdk-lib/aws-iot';
import { Alias } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';

/** What the audit looks at; it can only read, and these acts of reading know no resource. */
const looksAt = [
  'iot:DescribeCACertificate',
  'iot:DescribeCertificate',
  'iot:DescribeRoleAlias',
  'iot:GetEffectivePolicies',
  'iot:GetLoggingOptions',
  'iot:GetPolicy',
  'iot:GetPolicyVersion',
  'iot:GetV2LoggingOptions',
  'iot:ListAttachedPolicies',
  'iot:ListCACertificates',
  'iot:ListCertificates',
  'iot:ListPolicies',
  'iot:ListPrincipalPolicies',
  'iot:ListPrincipalThings',
  'iot:ListRoleAliases',
];

export class DeviceAuditPolicy extends Policy {
  constructor(scope: Construct, id: string, role: Role) {
    super(scope, id, { roles: [role], statements: [new PolicyStatement({ actions: looksAt, resources: ['*'] })] });
  }
}

const on = { enabled: true };
/** What is wrong with a fleet: certificates shared, weak, over or taken back and still good; ids used twice; wide policies. */
const checks = {
  caCertificateExpiringCheck: on,
  caCertificateKeyQualityCheck: on,
  conflictingClientIdsCheck: on,
  deviceCertificateExpiringCheck: on,
  deviceCertificateKeyQualityCheck: on,
  deviceCertificateSharedCheck: on,
  ioTPolicyPotentialMisConfigurationCheck: on,
  iotPolicyOverlyPermissiveCheck: on,
  loggingDisabledCheck: on,
  revokedCaCertificateStillActiveCheck: on,
  revokedDeviceCertificateStillActiveCheck: on,
};

/** Names of the same checks as a scheduled audit knows them. */
const checkNames = [
  'CA_CERTIFICATE_EXPIRING_CHECK',
  'CA_CERTIFICATE_KEY_QUALITY_CHECK',
  'CONFLICTING_CLIENT_IDS_CHECK',
  'DEVICE_CERTIFICATE_EXPIRING_CHECK',
  'DEVICE_CERTIFICATE_KEY_QUALITY_CHECK',
  'DEVICE_CERTIFICATE_SHARED_CHECK',
  'IOT_POLICY_OVERLY_PERMISSIVE_CHECK',
  'IOT_POLICY_POTENTIAL_MISCONFIGURATION_CHECK',
  'LOGGING_DISABLED_CHECK',
  'REVOKED_CA_CERTIFICATE_STILL_ACTIVE_CHECK',
  'REVOKED_DEVICE_CERTIFICATE_STILL_ACTIVE_CHECK',
];

/**
 * A daily look at the devices of the account and region; what it finds is told by e-mail. The topic holds names of checks and counts,
 * and is encrypted by the key that SNS has in the account.
 */
export class DeviceAudit extends Construct {
  constructor(scope: Construct, id: string, account: string, email: string) {
    super(scope, id);
    const topic = new Topic(this, 'Findings', {
      topicName: 'rotunda-device-audit',
      displayName: 'Rotunda devices',
      enforceSSL: true,
      masterKey: Alias.fromAliasName(this, 'OwnKey', 'alias/aws/sns'),
    });
    topic.addSubscription(new EmailSubscription(email));
    const assumedBy = new ServicePrincipal('iot.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    });
    const role = new Role(this, 'Role', { description: 'Rotunda: looks at devices', assumedBy });
    const looking = new DeviceAuditPolicy(this, 'Looking', role);
    const teller = new Role(this, 'Teller', { description: 'Rotunda: tells of devices', assumedBy });
    teller.addToPolicy(new PolicyStatement({ actions: ['sns:Publish'], resources: [topic.topicArn] }));
    const audit = new CfnAccountAuditConfiguration(this, 'Configuration', {
      accountId: Aws.ACCOUNT_ID,
      roleArn: role.roleArn,
      auditCheckConfigurations: checks,
      auditNotificationTargetConfigurations: {
        sns: { enabled: true, roleArn: teller.roleArn, targetArn: topic.topicArn },
      },
    });
    audit.node.addDependency(looking, teller);
    const daily = new CfnScheduledAudit(this, 'Daily', {
      scheduledAuditName: 'rotunda-devices',
      frequency: 'DAILY',
      targetCheckNames: checkNames,
    });
    daily.addResourceDependency(audit);
  }
}
