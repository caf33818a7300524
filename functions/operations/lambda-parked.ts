import { deviceSettings, openDevices } from '#shared/lambda/devices.ts';
import { openRuntime } from '#shared/lambda/invocation.ts';
import { openTables, tableSettings } from '#shared/lambda/tables.ts';
import { createKinesisStream } from '#shared/messaging/aws/kinesis-stream.ts';
import { createLambdaFunctions } from '#shared/messaging/aws/lambda-functions.ts';
import { createS3SetAside } from '#shared/messaging/aws/s3-set-aside.ts';
import { createSqsSetAside } from '#shared/messaging/aws/sqs-set-aside.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { stageName } from '#shared/vocabulary/stage.ts';
import { composeParkedActs } from './compose.ts';
import { operationsHandler } from './events.ts';

const settings = readSettings(['stage', 'telemetryStream', 'failuresBucket', ...tableSettings, ...deviceSettings]);
const { stage } = settings;
const name = 'operations-parked';
const runtime = openRuntime(name, stage);
const { clock, logger } = runtime;

/** Dead letters go back to the queue of facts, whether the queue or the bus before it gave them up. */
const deadLetters = ['facts-dlq', 'inbound-dlq'].map((from) =>
  createSqsSetAside({ from: stageName(stage, from), to: stageName(stage, 'facts'), clock }),
);
const givenUp = createS3SetAside({
  bucket: settings.failuresBucket,
  functions: createLambdaFunctions(),
  isOurs: (functionName) => functionName.startsWith(stageName(stage, '')),
  telemetry: createKinesisStream({ streamName: settings.telemetryStream }),
  logger,
});

const parts = {
  ...runtime,
  ...openTables(settings),
  devices: openDevices(settings),
  setAside: [...deadLetters, givenUp],
};

export const handler = runtime.handle(operationsHandler({ ...parts, name, acts: composeParkedActs(parts) }));
