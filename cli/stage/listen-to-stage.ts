import { randomBytes } from 'node:crypto';
import { openEventBridgeTail } from '#shared/messaging/aws/eventbridge-tail.ts';
import { stageName } from '#shared/vocabulary/stage.ts';
import { atStage } from './aws-failure.ts';

export interface ListenToStage {
  readonly stage: string;
  /** Event pattern as JSON. */
  readonly pattern: string;
  /** Told once the rule and the queue are there. */
  readonly onReady: () => void;
  /** Told of each event; answers whether to go on. */
  readonly onEvent: (event: unknown) => boolean;
}

/**
 * Follows the outbound bus of a stage by a rule and a queue of its own, until it is told to stop or the process is (SIGINT,
 * SIGTERM). Both are removed in the end, whatever happened.
 */
export const listenToStage = ({ stage, pattern, onReady, onEvent }: ListenToStage): Promise<void> =>
  atStage(stage, async () => {
    const stop = new AbortController();
    const end = (): void => stop.abort();
    // Set up before anything is made, so that no moment of making leaves something behind.
    process.on('SIGINT', end).on('SIGTERM', end);
    try {
      const name = stageName(stage, `listen-${randomBytes(6).toString('hex')}`);
      const tail = await openEventBridgeTail({ busName: stageName(stage, 'outbound'), name, pattern });
      try {
        onReady();
        for await (const event of tail.read(stop.signal)) if (!onEvent(event)) break;
      } finally {
        await tail.close();
      }
    } finally {
      process.off('SIGINT', end).off('SIGTERM', end);
    }
  });
