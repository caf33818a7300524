import { Aws } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnLogging } from 'aws-cdk-lib/aws-iot';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { AccountConfig } from '#infra/config.ts';
import { kept } from '#infra/deployment.ts';

/**
 * IoT Core writes down what it refused and what its rules could not do; one log for an account and region. It names devices and
 * addresses, no people, and is encrypted by CloudWatch's own key: the keys of a stage are that stage's alone.
 */
export class IotLogging extends Construct {
  constructor(scope: Construct, id: string, config: AccountConfig) {
    super(scope, id);
    const log = new LogGroup(this, 'Log', {
      // The name is IoT Core's own.
      logGroupName: 'AWSIotLogsV2',
      retention: config.logDays,
      removalPolicy: kept,
    });
    const role = new Role(this, 'Role', {
      description: 'Rotunda: the log of IoT Core',
      assumedBy: new ServicePrincipal('iot.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': config.account } },
      }),
    });
    role.addToPolicy(
      new PolicyStatement({ actions: ['logs:CreateLogStream', 'logs:PutLogEvents'], resources: [log.logGroupArn] }),
    );
    const logging = new CfnLogging(this, 'Logging', {
      accountId: Aws.ACCOUNT_ID,
      defaultLogLevel: 'WARN',
      roleArn: role.roleArn,
    });
    logging.node.addDependency(role, log);
  }
}
