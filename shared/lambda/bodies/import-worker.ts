import type { Opener } from '#shared/lambda/opener.ts';
import { createLambdaFunctions } from '#shared/messaging/aws/lambda-functions.ts';
import { readSettings } from '#shared/runtime/settings.ts';

export const importWorker: Opener<'importWorker'> = () => {
  const { importsWorker } = readSettings(['importsWorker']);
  const functions = createLambdaFunctions();
  return () => ({ wake: (id) => functions.start(importsWorker, JSON.stringify({ import: id })) });
};
