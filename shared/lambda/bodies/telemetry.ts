import type { Opener } from '#shared/lambda/opener.ts';
import { createKinesisStream } from '#shared/messaging/aws/kinesis-stream.ts';
import { readSettings } from '#shared/runtime/settings.ts';

export const telemetry: Opener<'telemetry'> = () => {
  const { telemetryStream } = readSettings(['telemetryStream']);
  const stream = createKinesisStream({ streamName: telemetryStream });
  return () => ({ telemetry: stream });
};
