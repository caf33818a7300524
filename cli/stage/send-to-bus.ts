import { createEventBridgeBus } from '#shared/messaging/aws/eventbridge-bus.ts';
import { checkBus } from '#shared/messaging/aws/eventbridge-tail.ts';
import { type BusEvent, NotPublished } from '#shared/messaging/ports.ts';
import { stageName } from '#shared/vocabulary/stage.ts';
import { atStage } from './aws-failure.ts';

const isForbidden = (error: unknown): boolean => error instanceof Error && error.name === 'AccessDeniedException';

/** Puts events on the inbound bus of a stage, as whom the AWS credentials say; answers how many it took. */
export const sendToStage = (stage: string, events: readonly BusEvent[]): Promise<number> =>
  atStage(stage, async () => {
    const busName = stageName(stage, 'inbound');
    // Who may only send cannot ask whether the bus is there; that is no reason not to send.
    await checkBus(busName).catch((error: unknown) => (isForbidden(error) ? undefined : Promise.reject(error)));
    try {
      await createEventBridgeBus({ busName }).publish(events);
      return events.length;
    } catch (error) {
      if (error instanceof NotPublished) return events.length - error.failed.length;
      throw error;
    }
  });
