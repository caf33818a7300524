import { ArnFormat, Stack } from 'aws-cdk-lib';
import { CfnResourcePolicy, LogGroup } from 'aws-cdk-lib/aws-logs';
import { CfnLoggingConfiguration, type CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { contentLabels } from '#infra/api/firewall-rules.ts';
import { logDays } from '#infra/config.ts';
import { type Deployment, keptLogs, physicalName } from '#infra/deployment.ts';
import type { DataKey } from './keys.ts';

/** Headers that hold who somebody is, where they came from, or words of theirs. */
export const personalHeaders: readonly string[] = ['authorization', 'cookie', 'referer', 'rotunda-reason'];

/**
 * Days an entry is kept: as other logs, but within what erasures promise, since it names the address of the caller, which is a
 * person's own where they use the portal.
 */
const daysKept = ({ config }: Deployment): number => {
  const most = Math.min(config.retention.logDays, config.erasure.promiseDays);
  return Math.max(...[...logDays.values].filter((days) => days <= most));
};

/**
 * Requests that were stopped, and facts in which something looked like an attack and was let through; all other batches of facts
 * over 8 KB are counted too, and would be most of the log. In the template's own words: it takes them as they stand.
 */
const kept = {
  DefaultBehavior: 'DROP',
  Filters: [
    {
      Behavior: 'KEEP',
      Requirement: 'MEETS_ANY',
      Conditions: [
        { ActionCondition: { Action: 'BLOCK' } },
        ...contentLabels.map((label) => ({ LabelNameCondition: { LabelName: label } })),
      ],
    },
  ],
};

/**
 * The firewall's log. Its group must be named `aws-waf-logs-…` and must let log delivery write to it (AWS WAF Developer Guide,
 * "Sending web ACL traffic logs to an Amazon CloudWatch Logs log group"). An account has at most 10 policies of logs in a region;
 * a stage takes one.
 */
export class FirewallLog extends Construct {
  constructor(
    scope: Construct,
    id: string,
    {
      deployment,
      dataKey,
      rules,
    }: { readonly deployment: Deployment; readonly dataKey: DataKey; readonly rules: CfnWebACL },
  ) {
    super(scope, id);
    const stack = Stack.of(this);
    const group = new LogGroup(this, 'Group', {
      logGroupName: `aws-waf-logs-${physicalName(deployment, 'api')}`,
      retention: daysKept(deployment),
      encryptionKey: dataKey.key,
      removalPolicy: keptLogs(deployment),
    });
    const groupArn = stack.formatArn({
      service: 'logs',
      resource: 'log-group',
      resourceName: group.logGroupName,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const policy = new CfnResourcePolicy(this, 'Policy', {
      policyName: physicalName(deployment, 'firewall-log'),
      policyDocument: stack.toJsonString({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'FirewallLog',
            Effect: 'Allow',
            Principal: { Service: 'delivery.logs.amazonaws.com' },
            Action: ['logs:CreateLogStream', 'logs:PutLogEvents'],
            Resource: `${groupArn}:log-stream:*`,
            Condition: {
              StringEquals: { 'aws:SourceAccount': stack.account },
              ArnLike: { 'aws:SourceArn': stack.formatArn({ service: 'logs', resource: '*' }) },
            },
          },
        ],
      }),
    });
    const logging = new CfnLoggingConfiguration(this, 'Logging', {
      resourceArn: rules.attrArn,
      logDestinationConfigs: [groupArn],
      redactedFields: [
        { uriPath: {} },
        { queryString: {} },
        ...personalHeaders.map((name) => ({ singleHeader: { Name: name } })),
      ],
      loggingFilter: kept,
    });
    logging.addResourceDependency(policy);
  }
}
