import { openRuntime } from '#shared/lambda/invocation.ts';
import { readSettings } from '#shared/runtime/settings.ts';
import { tokenTrigger } from './events.ts';

const { stage, signsIn } = readSettings(['stage', 'signsIn']);
const runtime = openRuntime('sign-in', stage);

export const handler = runtime.handle(tokenTrigger({ ...runtime, signsIn }));
