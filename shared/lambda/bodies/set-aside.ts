import type { Opener } from '#shared/lambda/opener.ts';
import { createKinesisStream } from '#shared/messaging/aws/kinesis-stream.ts';
import { createLambdaFunctions } from '#shared/messaging/aws/lambda-functions.ts';
import { createS3SetAside } from '#shared/messaging/aws/s3-set-aside.ts';
import { createSqsSetAside } from '#shared/messaging/aws/sqs-set-aside.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { stageName } from '#shared/vocabulary/stage.ts';

export const setAside: Opener<'setAside'> = ({ stage, clock, logger }) => {
  const { failuresBucket, telemetryStream, factsQueue, factLetters } = readSettings([
    'failuresBucket',
    'telemetryStream',
    'factsQueue',
    'factLetters',
  ]);
  // Dead letters go back to the queue of facts, whether the queue or the bus before it gave them up.
  const deadLetters = factLetters.map((from) => createSqsSetAside({ from, to: factsQueue, clock }));
  const givenUp = createS3SetAside({
    bucket: failuresBucket,
    functions: createLambdaFunctions(),
    isOurs: (functionName) => functionName.startsWith(stageName(stage, '')),
    telemetry: createKinesisStream({ streamName: telemetryStream }),
    logger,
  });
  return () => ({ setAside: [...deadLetters, givenUp] });
};
