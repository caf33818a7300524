import { DescribeEndpointCommand } from '@aws-sdk/client-iot';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { CommandFailure, exitCodes } from '#cli/exit-codes.ts';
import { accountStackName, type Place, type Said, type StageConfig, stageNames, stagePlaces } from '#infra/config.ts';
import type { Clients } from './aws.ts';
import { checkQuotas, needsOf, type QuotaCheck } from './quotas.ts';
import { outgrownTables, unconfirmedMailboxes, unready } from './readiness.ts';
import { findStack, isFailed } from './stacks.ts';

/** Where the caller says the stage belongs. */
export interface Expected {
  readonly account?: string | undefined;
  readonly region?: string | undefined;
}

export interface Caller {
  readonly arn: string;
  readonly account: string;
  readonly region: string;
}

/** The version of the CDK's own stack that these stacks need. */
export const neededBootstrap = 6;

const refuse = (message: string): never => {
  throw new CommandFailure(exitCodes.refused, message);
};

/** Refuses a stage that the configuration does not know. */
export const checkStage = (stage: string): void => {
  if (stageNames.includes(stage)) return;
  throw new CommandFailure(
    exitCodes.wrongUse,
    `there is no stage ${stage}: infra/config.ts has ${stageNames.join(', ')}`,
  );
};

/** Whose credentials these are, and where. */
export const callerOf = async ({ sts }: Clients): Promise<Caller> => {
  const region = await sts.config.region();
  const { Account, Arn } = await sts.send(new GetCallerIdentityCommand({}));
  if (Account === undefined || Arn === undefined) return refuse('STS did not say who this is');
  return { arn: Arn, account: Account, region };
};

/** Who calls, and that account and region are those of the stage; what the configuration says goes before what is asked for. */
export const checkCaller = async (stage: string, expected: Expected, clients: Clients): Promise<Caller> => {
  const caller = await callerOf(clients);
  const { account: Account, arn: Arn, region } = caller;
  const place = stagePlaces.get(stage);
  const wanted = { account: place?.account ?? expected.account, region: place?.region ?? expected.region };
  if (wanted.account !== undefined && wanted.account !== Account) {
    return refuse(
      `${stage} belongs in the account ${wanted.account}, and these credentials are of ${Account} (${Arn}): set AWS_PROFILE`,
    );
  }
  if (wanted.region !== undefined && wanted.region !== region) {
    return refuse(
      `${stage} belongs in ${wanted.region}, and the region here is ${region}: set AWS_REGION=${wanted.region}`,
    );
  }
  return caller;
};

/** The version of the CDK's own stack in account and region. */
export const checkBootstrap = async ({ account, region }: Caller, clients: Clients): Promise<number> => {
  const command = `(cd docs && npx cdk bootstrap aws://${account}/${region})`;
  const toolkit = await findStack(clients, 'CDKToolkit');
  if (toolkit === undefined) return refuse(`the CDK is not set up in ${account}, ${region}: ${command}`);
  const version = Number(toolkit.Outputs?.find(({ OutputKey }) => OutputKey === 'BootstrapVersion')?.OutputValue);
  if (version >= neededBootstrap) return version;
  return refuse(
    `the CDK's own stack in ${account}, ${region} is of version ${version || 'unknown'}, and ${neededBootstrap} is needed: ${command}`,
  );
};

export interface Preflight {
  readonly caller: Caller;
  readonly place: Place;
  readonly config: StageConfig;
  readonly bootstrap: number;
  readonly quotas: readonly QuotaCheck[];
}

/** Where meters of account and region connect. */
const deviceEndpointOf = async ({ iot }: Clients): Promise<string> => {
  const { endpointAddress } = await iot.send(new DescribeEndpointCommand({ endpointType: 'iot:Data-ATS' }));
  return endpointAddress ?? refuse('IoT Core told no endpoint for this account and region');
};

/** Refuses an account and region without what AWS has there once: no API of a stage could write its logs. */
const checkAccountSettings = async ({ account, region }: Caller, clients: Clients): Promise<void> => {
  const stack = await findStack(clients, accountStackName);
  if (stack !== undefined && !isFailed(stack)) return;
  refuse(`what an account has once is not set up in ${account}, ${region}: npm run deploy:account`);
};

/** Everything that must hold before anything is changed. Throws with one line that says what to do. */
export const preflight = async (
  stage: string,
  asked: Expected & Said & { readonly meters?: number | undefined },
  {
    clients,
    configOf,
  }: {
    readonly clients: Clients;
    readonly configOf: (stage: string, place: Place, said: Said) => StageConfig;
  },
): Promise<Preflight> => {
  const { like, tables } = asked;
  checkStage(like ?? stage);
  const caller = await checkCaller(like ?? stage, asked, clients);
  const bootstrap = await checkBootstrap(caller, clients);
  const { account, region } = caller;
  const place = { account, region, deviceEndpoint: await deviceEndpointOf(clients) };
  const config = configOf(stage, place, { like, tables });
  const missing = [
    ...unready(config, stagePlaces.has(stage)),
    ...(await unconfirmedMailboxes(clients, config)),
    ...(await outgrownTables(clients, config)),
  ];
  if (missing.length > 0) return refuse(missing.join('\n'));
  await checkAccountSettings(caller, clients);
  const quotas = await checkQuotas(clients, needsOf(config, asked.meters ?? config.meters));
  const short = quotas.filter(({ state }) => state === 'ask');
  if (short.length > 0) {
    return refuse(short.map(({ what, needed, has, ask }) => `${what}: needs ${needed}, has ${has}; ${ask}`).join('\n'));
  }
  return { caller, place, config, bootstrap, quotas };
};
