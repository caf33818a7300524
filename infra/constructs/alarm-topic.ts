import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSubscription, CfnTopic, CfnTopicPolicy } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { Urgency } from '#functions/manifest/alarm.ts';
import type { Deployment } from '#infra/deployment.ts';
import { alarmTopicName } from './alarm.ts';
import type { DataKey } from './keys.ts';
import { DeadLetterQueue } from './queue.ts';

/** Where alarms of an urgency go, encrypted, and from there to whom the stage names. What cannot be delivered is kept. */
export class AlarmTopic extends Construct {
  readonly arn: string;
  readonly deadLetters: DeadLetterQueue;

  constructor(scope: Construct, id: string, deployment: Deployment, urgency: Urgency, dataKey: DataKey) {
    super(scope, id);
    const { alarms, account } = deployment.config;
    const email = alarms[urgency];
    const topic = new CfnTopic(this, 'Topic', {
      topicName: alarmTopicName(deployment, urgency),
      displayName: `Rotunda ${deployment.config.stage} ${urgency}`,
      kmsMasterKeyId: dataKey.key.keyId,
    });
    this.arn = topic.ref;
    const publish = { actions: ['sns:Publish'], resources: [topic.ref] };
    new CfnTopicPolicy(this, 'Policy', {
      topics: [topic.ref],
      policyDocument: {
        Version: '2012-10-17',
        Statement: [
          new PolicyStatement({
            sid: 'OnlyByTls',
            effect: Effect.DENY,
            principals: [new AnyPrincipal()],
            ...publish,
            conditions: { Bool: { 'aws:SecureTransport': 'false' } },
          }),
          new PolicyStatement({
            sid: 'AlarmsOfThisAccount',
            principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
            ...publish,
            conditions: { StringEquals: { 'aws:SourceAccount': account } },
          }),
        ].map((statement) => statement.toStatementJson()),
      },
    });
    this.deadLetters = new DeadLetterQueue(this, 'DeadLetters', {
      dataKey,
      name: `${urgency}-dlq`,
      goesWithStack: true,
    });
    if (email === undefined) return;
    this.deadLetters.letTopicSend(topic.ref);
    const subscription = new CfnSubscription(this, 'Email', {
      topicArn: topic.ref,
      protocol: 'email',
      endpoint: email,
      redrivePolicy: { deadLetterTargetArn: this.deadLetters.queue.queueArn },
    });
    subscription.node.addDependency(this.deadLetters);
  }
}
