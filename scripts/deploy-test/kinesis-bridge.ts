import { setTimeout as sleep } from 'node:timers/promises';
import { GetTopicRuleCommand, ReplaceTopicRuleCommand } from '@aws-sdk/client-iot';
import { PutRecordCommand } from '@aws-sdk/client-kinesis';
import * as z from 'zod';
import { ruleName, type TelemetryKind } from '#functions/readings/contract/topics.ts';
import type { Clients } from '#scripts/deployed/aws.ts';
import { drainQueue, makeQueue } from './outbound-queue.ts';

const Bridged = z.object({ client: z.string(), payload: z.string() });

/**
 * Stands in for the action of an IoT rule that the emulator skips: the deployed rule is given an action to a queue, with the
 * payload untouched (Base64) beside the client id, and what comes there is put into the stream under the client id as key.
 */
export class KinesisBridge {
  readonly #clients: Clients;
  readonly #url: string;
  readonly #stream: string;
  readonly #putBack: ReplaceTopicRuleCommand;
  readonly #stop = new AbortController();
  readonly #running: Promise<void>;
  /** Records that went over. */
  carried = 0;

  private constructor(clients: Clients, url: string, stream: string, putBack: ReplaceTopicRuleCommand) {
    this.#putBack = putBack;
    this.#clients = clients;
    this.#url = url;
    this.#stream = stream;
    this.#running = this.#run();
  }

  /** Bridges the rule of a kind of message; throws where the deployed rule is not what the bridge stands in for. */
  static async open(clients: Clients, kind: TelemetryKind, stage: string, stream: string): Promise<KinesisBridge> {
    const name = ruleName(kind, stage);
    const { rule } = await clients.iot.send(new GetTopicRuleCommand({ ruleName: name }));
    const [action, ...more] = rule?.actions ?? [];
    const { kinesis } = action ?? {};
    const isKnown = kinesis?.streamName === stream && kinesis.partitionKey === `\${clientid()}` && more.length === 0;
    if (!isKnown || rule?.sql !== 'SELECT *') throw new Error(`the rule ${name} is another: ${JSON.stringify(rule)}`);
    const { url } = await makeQueue(clients, `deploy-test-${kind}`, 'iot.amazonaws.com');
    await clients.iot.send(
      new ReplaceTopicRuleCommand({
        ruleName: name,
        topicRulePayload: {
          sql: `SELECT clientid() AS client, encode(*, 'base64') AS payload`,
          awsIotSqlVersion: rule.awsIotSqlVersion,
          actions: [{ sqs: { queueUrl: url, roleArn: kinesis.roleArn } }],
          errorAction: rule.errorAction,
        },
      }),
    );
    const { sql, awsIotSqlVersion, actions, errorAction } = rule;
    const topicRulePayload = { sql, awsIotSqlVersion, actions, errorAction };
    return new KinesisBridge(clients, url, stream, new ReplaceTopicRuleCommand({ ruleName: name, topicRulePayload }));
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      for (const body of await drainQueue(this.#clients, this.#url)) await this.#carry(body);
      await sleep(100);
    }
  }

  async #carry(body: string): Promise<void> {
    const { client, payload } = Bridged.parse(JSON.parse(body));
    const Data = Buffer.from(payload, 'base64');
    await this.#clients.kinesis.send(new PutRecordCommand({ StreamName: this.#stream, PartitionKey: client, Data }));
    this.carried += 1;
  }

  /** Carries no more, and gives the rule its own action back. */
  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    await this.#clients.iot.send(this.#putBack);
  }
}
