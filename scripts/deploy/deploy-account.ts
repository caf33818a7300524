import { GetV2LoggingOptionsCommand, NotConfiguredException } from '@aws-sdk/client-iot';
import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import { accountConfig, accountStackName } from '#infra/config.ts';
import type { Clients } from './aws.ts';
import { type Cdk, CdkFailure, reasonOf } from './cdk.ts';
import { type Caller, callerOf, checkBootstrap } from './preflight.ts';
import { deleteStack, findStack, isFailed } from './stacks.ts';
import type { Talk } from './talk.ts';

export interface AccountOptions {
  readonly dryRun?: boolean | undefined;
}

const seconds = 900;

/** IoT Core takes one log of an account: where somebody else has set it, a second stack cannot. */
const isLoggingSet = async ({ iot }: Clients): Promise<boolean> => {
  try {
    return (await iot.send(new GetV2LoggingOptionsCommand({}))).roleArn !== undefined;
  } catch (error) {
    if (error instanceof NotConfiguredException) return false;
    throw error;
  }
};

/** What will be done, in one line. Throws where another log of IoT Core is in the way. */
const planOf = async (clients: Clients, { account, region }: Caller): Promise<string> => {
  const where = `${account}, ${region}`;
  const stack = await findStack(clients, accountStackName);
  if (stack !== undefined && !isFailed(stack))
    return `${accountStackName} is there in ${where}: what changed is deployed`;
  if (await isLoggingSet(clients)) {
    throw new CommandFailure(
      exitCodes.refused,
      `IoT Core in ${where} has a log that somebody else set: take it back with \`aws iot set-v2-logging-options --default-log-level DISABLED --disable-all-logs\`, or import it into ${accountStackName} (docs/runbooks/drift-and-import.md)`,
    );
  }
  if (stack !== undefined)
    return `${accountStackName} was never made whole (${stack.StackStatus}): it is removed and made again`;
  return `${accountStackName} is made in ${where}`;
};

/** Sets up what AWS has once in an account and region, for every stage there. */
export const deployAccount = async (
  { dryRun = false }: AccountOptions,
  { clients, cdk, talk }: { readonly clients: Clients; readonly cdk: Cdk; readonly talk: Talk },
): Promise<string> => {
  const caller = await callerOf(clients);
  await checkBootstrap(caller, clients);
  accountConfig(caller);
  talk.note(await planOf(clients, caller));
  if (dryRun) return 'dry run: nothing was changed';
  const stack = await findStack(clients, accountStackName);
  if (stack !== undefined && isFailed(stack)) await deleteStack(clients, accountStackName, false);
  const context = Object.entries({ account: caller.account, region: caller.region, only: 'account' });
  const args = ['deploy', 'Account', '--exclusively', '--require-approval', 'never', '--import-existing-resources'];
  const said = context.flatMap(([key, value]) => ['--context', `${key}=${value}`]);
  await cdk.run([...args, ...said], { seconds }).catch((error: unknown) => {
    if (!(error instanceof CdkFailure)) throw error;
    const why = `${accountStackName} was not deployed: ${reasonOf(error.printed)} (${error.message})`;
    throw new CommandFailure(exitCodes.failed, `${why}; deploy it again when it is mended`, { cause: error });
  });
  return `${accountStackName}: deployed in ${caller.account}, ${caller.region}`;
};
