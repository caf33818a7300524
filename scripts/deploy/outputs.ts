import { paginateListUserPoolClients } from '@aws-sdk/client-cognito-identity-provider';
import { urgencies } from '#functions/manifest/alarm.ts';
import { stageName } from '#shared/vocabulary/stage.ts';
import type { Clients } from './aws.ts';
import { findStacks } from './stacks.ts';

/** Something an operator or a client needs to know of a deployed stage. */
export interface Output {
  readonly name: string;
  readonly value: string;
  readonly what: string;
}

/** Outputs that name the issuers of tokens: of customers and machines, and of staff. */
const issuers = ['Issuer', 'StaffIssuer'] as const;

/** The id of a user pool, from the issuer of its tokens. */
export const poolIdOf = (outputs: readonly Output[], issuer: (typeof issuers)[number]): string | undefined =>
  outputs
    .find(({ name }) => name === issuer)
    ?.value.split('/')
    .at(-1);

const clientsOf = async ({ cognito }: Clients, pools: readonly string[]): Promise<readonly Output[]> => {
  const found: Output[] = [];
  for (const UserPoolId of pools) {
    for await (const page of paginateListUserPoolClients({ client: cognito }, { UserPoolId, MaxResults: 60 })) {
      for (const { ClientName = '', ClientId = '' } of page.UserPoolClients ?? []) {
        found.push({ name: `Client.${ClientName}`, value: ClientId, what: `Client id of ${ClientName}` });
      }
    }
  }
  return found.sort((one, other) => (one.name < other.name ? -1 : 1));
};

/** What the stacks tell, without what they tell each other, and what has its name by rule. */
export const outputsOf = async (
  clients: Clients,
  stage: string,
  deviceEndpoint: string,
): Promise<readonly Output[]> => {
  const stacks = await findStacks(clients, stage);
  const told = [...stacks.values()].flatMap(({ Outputs = [] }) =>
    Outputs.flatMap(({ OutputKey = '', OutputValue = '', Description }) =>
      Description === undefined ? [] : [{ name: OutputKey, value: OutputValue, what: Description }],
    ),
  );
  const pools = issuers.map((issuer) => poolIdOf(told, issuer)).filter((pool) => pool !== undefined);
  return [
    ...told,
    ...(await clientsOf(clients, pools)),
    { name: 'DeviceEndpoint', value: deviceEndpoint, what: 'Where meters connect, port 8883' },
    ...urgencies.map((urgency) => ({
      name: `AlarmTopic.${urgency}`,
      value: stageName(stage, urgency),
      what: `Topic of alarms: ${urgency}`,
    })),
  ];
};

/** A table for the screen: names first, as wide as the longest. */
export const outputLines = (outputs: readonly Output[]): readonly string[] => {
  const width = Math.max(0, ...outputs.map(({ name }) => name.length));
  return outputs.map(({ name, value }) => `${name.padEnd(width)}  ${value}`);
};
