import type { Opener } from '#shared/lambda/opener.ts';
import { createLambdaFunctions } from '#shared/messaging/aws/lambda-functions.ts';
import { readSettings } from '#shared/runtime/settings.ts';

/** Half of what may be worked on side by side: a run that hands on is still there while the next one begins. */
const usualSegments = 16;

export const replayWorker: Opener<'replayWorker'> = () => {
  const { replayWorker: name } = readSettings(['replayWorker']);
  const functions = createLambdaFunctions();
  return () => ({
    usualSegments,
    wakeSegment: (replay, segment) => functions.start(name, JSON.stringify({ replay, segment })),
  });
};
