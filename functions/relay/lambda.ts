import { readChanges } from '#shared/edge/changes.ts';
import { openRuntime } from '#shared/lambda/invocation.ts';
import { createEventBridgeBus } from '#shared/messaging/aws/eventbridge-bus.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { relayReader } from './stream.ts';

const settings = readSettings(['stage', 'outboundBus']);
const runtime = openRuntime('relay', settings.stage);
const bus = createEventBridgeBus({ busName: settings.outboundBus });

export const handler = runtime.handle(readChanges([relayReader({ bus, clock: runtime.clock })], runtime.logger));
