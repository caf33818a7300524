import * as z from 'zod';
import {
  batchFolder,
  functionNameOf,
  readGivenUpBatch,
  readStrandedMessage,
  ruleFolder,
} from '#shared/messaging/given-up.ts';
import type { Functions, SetAside, TelemetryStream } from '#shared/messaging/ports.ts';
import { causeName } from '#shared/runtime/cause-name.ts';
import type { Logger } from '#shared/runtime/logger.ts';
import { openS3Bucket, type S3BucketOptions } from './s3-bucket.ts';

export interface S3SetAsideOptions extends S3BucketOptions {
  readonly functions: Functions;
  /** Whether a function of this name may be handed a batch: what lies in a bucket does not say whom to call. */
  readonly isOurs: (functionName: string) => boolean;
  readonly telemetry: TelemetryStream;
  readonly logger: Logger;
}

/** The function's answer to a batch of a stream. Without it, or without failures, all is taken. */
const BatchAnswer = z.object({ batchItemFailures: z.array(z.unknown()).optional() }).nullish();

/**
 * Batches that readers of streams gave up, and messages of devices that rules could not pass on, in the failures bucket. A batch
 * goes to its function again, a message to the stream. What is taken is removed; what fails again stays.
 */
export const createS3SetAside = (options: S3SetAsideOptions): SetAside => {
  const { functions, isOurs, telemetry, logger } = options;
  const bucket = openS3Bucket(options);

  async function* names(after?: string): AsyncGenerator<string> {
    for (const folder of [batchFolder, ruleFolder]) {
      if (after !== undefined && after >= folder && !after.startsWith(folder)) continue;
      yield* bucket.names(folder, after?.startsWith(folder) === true ? after : undefined);
    }
  }

  const bytesOf = async (name: string): Promise<Uint8Array> => {
    const bytes = await bucket.get(name);
    if (bytes === undefined) throw new Error(`the object ${name} is gone`);
    return bytes;
  };

  const takeBatch = async (bytes: Uint8Array): Promise<boolean> => {
    const batch = readGivenUpBatch(bytes);
    if (batch === undefined || !isOurs(functionNameOf(batch.functionArn))) return false;
    const outcome = await functions.call(batch.functionArn, batch.event);
    if ('failed' in outcome) return false;
    const answer = BatchAnswer.safeParse(outcome.answer);
    return answer.success && (answer.data?.batchItemFailures ?? []).length === 0;
  };

  const takeMessage = async (bytes: Uint8Array): Promise<boolean> => {
    const message = readStrandedMessage(bytes);
    if (message === undefined) return false;
    await telemetry.append(message.clientId, message.payload);
    return true;
  };

  /** Whether what the object holds was taken in. One that cannot be must not keep the next ones from being tried. */
  const take = async (name: string): Promise<boolean> => {
    const bytes = await bytesOf(name);
    try {
      return await (name.startsWith(batchFolder) ? takeBatch : takeMessage)(bytes);
    } catch (error) {
      logger.warn('redrive.failed', { cause: causeName(error) });
      return false;
    }
  };

  return {
    count: async () => {
      let count = 0;
      for await (const _name of names()) count += 1;
      return count;
    },
    redrive: async (from, isOver = () => false) => {
      let [tried, placed] = [0, 0];
      for await (const name of names(from)) {
        tried += 1;
        if (await take(name)) {
          await bucket.remove(name);
          placed += 1;
        }
        if (isOver()) return { tried, placed, next: name };
      }
      return { tried, placed };
    },
  };
};
