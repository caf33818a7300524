import assert from 'node:assert/strict';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
} from '@aws-sdk/client-sqs';
import type { StoryStep } from '#tests/journeys/story/world.ts';
import { eventually } from '#tests/support/eventually.ts';
import type { DeployedParts } from './deployed-parts.ts';
import { drainQueue } from './outbound-queue.ts';

/** More than an item of a table holds, so that it can neither be kept nor be kept aside. */
const tooLarge = 600_000;

/** A message that the function can do nothing with goes to the dead letters, whole, after its attempts. */
export const poisonStep = ({ clients, deployed }: DeployedParts): StoryStep => ({
  name: 'poison',
  title: 'a message that cannot even be kept aside ends among the dead letters, whole',
  run: async () => {
    const { sqs } = clients;
    const urlOf = async (QueueName = ''): Promise<string> =>
      (await sqs.send(new GetQueueUrlCommand({ QueueName }))).QueueUrl ?? '';
    // Queues have generated names; who redrives knows them, the letters of the queue before those of the bus.
    const { factsQueue, factLetters } = await deployed.settings('operations-parked', ['factsQueue', 'factLetters']);
    const [queue, dead] = [await urlOf(factsQueue), await urlOf(factLetters[0])];
    const ask = new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ['VisibilityTimeout'] });
    const before = (await sqs.send(ask)).Attributes?.VisibilityTimeout ?? '30';
    const hide = (VisibilityTimeout: string) =>
      sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue, Attributes: { VisibilityTimeout } }));
    const MessageBody = `poison ${'x'.repeat(tooLarge)}`;
    await hide('1');
    try {
      await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody }));
      const letters: string[] = [];
      const gather = async () => {
        letters.push(...(await drainQueue(clients, dead)));
        return letters.length;
      };
      await eventually('the dead letter', 60_000, gather, (count) => count > 0);
      assert.ok(letters.length === 1 && letters[0] === MessageBody, 'one letter, to the byte');
    } finally {
      await hide(before);
    }
  },
});
