import {
  DeleteRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import type { Clients } from '#scripts/deployed/aws.ts';
import { OutboundEvent } from '#shared/contracts/local/bus.ts';

/** Makes a queue of the test's own; `policy` lets a service send to it. Answers its address and ARN. */
export const makeQueue = async ({ sqs }: Clients, QueueName: string, service: string) => {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
  const ask = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] });
  const arn = (await sqs.send(ask)).Attributes?.QueueArn ?? '';
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sqs:SendMessage', Resource: arn }],
  });
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  return { url: QueueUrl, arn };
};

/** Takes what is in a queue now; answers the bodies. */
export const drainQueue = async ({ sqs }: Clients, QueueUrl: string): Promise<readonly string[]> => {
  const bodies: string[] = [];
  for (;;) {
    const receive = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 });
    const { Messages = [] } = await sqs.send(receive);
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map(({ Body = '' }) => Body));
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
};

/** A subscriber of the outbound bus: a rule and a queue of its own, as any subscriber would have. */
export class OutboundQueue {
  readonly #clients: Clients;
  readonly #rule: { readonly Name: string; readonly EventBusName: string };
  readonly #url: string;
  readonly #heard: OutboundEvent[] = [];

  private constructor(clients: Clients, rule: { readonly Name: string; readonly EventBusName: string }, url: string) {
    this.#clients = clients;
    this.#rule = rule;
    this.#url = url;
  }

  static async subscribe(clients: Clients, EventBusName: string): Promise<OutboundQueue> {
    const rule = { Name: 'deploy-test-subscriber', EventBusName };
    const { url, arn } = await makeQueue(clients, rule.Name, 'events.amazonaws.com');
    const EventPattern = JSON.stringify({ source: [{ prefix: 'rotunda.' }] });
    await clients.events.send(new PutRuleCommand({ ...rule, EventPattern }));
    await clients.events.send(
      new PutTargetsCommand({ Rule: rule.Name, EventBusName, Targets: [{ Id: 'queue', Arn: arn }] }),
    );
    return new OutboundQueue(clients, rule, url);
  }

  /** Everything heard so far. */
  async heard(): Promise<readonly OutboundEvent[]> {
    for (const body of await drainQueue(this.#clients, this.#url))
      this.#heard.push(OutboundEvent.parse(JSON.parse(body)));
    return this.#heard;
  }

  async unsubscribe(): Promise<void> {
    const { events, sqs } = this.#clients;
    const { Name, EventBusName } = this.#rule;
    await events.send(new RemoveTargetsCommand({ Rule: Name, EventBusName, Ids: ['queue'] }));
    await events.send(new DeleteRuleCommand({ Name, EventBusName }));
    await sqs.send(new DeleteQueueCommand({ QueueUrl: this.#url }));
  }
}
