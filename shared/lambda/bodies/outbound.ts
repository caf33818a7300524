import type { Opener } from '#shared/lambda/opener.ts';
import { createEventBridgeBus } from '#shared/messaging/aws/eventbridge-bus.ts';
import { readSettings } from '#shared/runtime/settings.ts';

export const outbound: Opener<'outbound'> = () => {
  const { outboundBus } = readSettings(['outboundBus']);
  const bus = createEventBridgeBus({ busName: outboundBus });
  return () => ({ bus });
};
