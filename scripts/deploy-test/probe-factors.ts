import {
  AdminCreateUserCommand,
  AdminInitiateAuthCommand,
  AdminSetUserMFAPreferenceCommand,
  AdminSetUserPasswordCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  DeleteUserPoolCommand,
  SetUserPoolMfaConfigCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import type { Clients } from '#scripts/deployed/aws.ts';
import type { ProbeGround } from './probe-ground.ts';

const [password, username] = ['Deploy-Test-Only-1', 'probe'];

/** Tries something on a pool that asks everybody for a second factor, and on somebody in it who has none. */
const inStrictPool = async <Answer>(
  { cognito }: Clients,
  run: (UserPoolId: string) => Promise<Answer>,
): Promise<Answer> => {
  const { UserPool } = await cognito.send(new CreateUserPoolCommand({ PoolName: 'probe' }));
  const UserPoolId = UserPool?.Id ?? '';
  try {
    const SoftwareTokenMfaConfiguration = { Enabled: true };
    await cognito.send(
      new SetUserPoolMfaConfigCommand({ UserPoolId, SoftwareTokenMfaConfiguration, MfaConfiguration: 'ON' }),
    );
    const at = { UserPoolId, Username: username };
    await cognito.send(new AdminCreateUserCommand({ ...at, MessageAction: 'SUPPRESS' }));
    await cognito.send(new AdminSetUserPasswordCommand({ ...at, Password: password, Permanent: true }));
    return await run(UserPoolId);
  } finally {
    await cognito.send(new DeleteUserPoolCommand({ UserPoolId }));
  }
};

/** Whether the password alone gives a token to who has no factor. */
export const factorNeedNotBeSetUp = ({ clients }: ProbeGround): Promise<boolean> =>
  inStrictPool(clients, async (UserPoolId) => {
    const { cognito } = clients;
    const { UserPoolClient } = await cognito.send(
      new CreateUserPoolClientCommand({
        UserPoolId,
        ClientName: 'probe',
        ExplicitAuthFlows: ['ALLOW_ADMIN_USER_PASSWORD_AUTH'],
      }),
    );
    const { AuthenticationResult } = await cognito.send(
      new AdminInitiateAuthCommand({
        UserPoolId,
        ClientId: UserPoolClient?.ClientId ?? '',
        AuthFlow: 'ADMIN_USER_PASSWORD_AUTH',
        AuthParameters: { USERNAME: username, PASSWORD: password },
      }),
    );
    return AuthenticationResult !== undefined;
  });

/** Whether a factor is taken for set up that nobody has proven to have. */
export const factorNeedNotBeProven = ({ clients }: ProbeGround): Promise<boolean> =>
  inStrictPool(clients, (UserPoolId) =>
    clients.cognito
      .send(
        new AdminSetUserMFAPreferenceCommand({
          UserPoolId,
          Username: username,
          SoftwareTokenMfaSettings: { Enabled: true, PreferredMfa: true },
        }),
      )
      .then(
        () => true,
        () => false,
      ),
  );
