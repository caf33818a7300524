import type { Opener } from '#shared/lambda/opener.ts';
import { createLambdaFunctions } from '#shared/messaging/aws/lambda-functions.ts';
import { readSettings } from '#shared/runtime/settings.ts';

export const silenceWorker: Opener<'silenceWorker'> = () => {
  const { silenceWorker: name } = readSettings(['silenceWorker']);
  const functions = createLambdaFunctions();
  return () => ({ goOnWithRound: (round) => functions.start(name, JSON.stringify({ round })) });
};
