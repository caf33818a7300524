import { AdminAddUserToGroupCommand, AdminCreateUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { causeName } from '#shared/runtime/cause-name.ts';
import type { StaffRole } from '#shared/vocabulary/statuses.ts';
import type { Clients } from './aws.ts';

/**
 * Enters a member of staff in the group of their role; Cognito invites them by e-mail with a password for once. Somebody who is
 * there already is only put into the group.
 */
export const addFirstUser = async (
  { cognito }: Clients,
  user: { readonly pool: string; readonly email: string; readonly role: StaffRole },
): Promise<'invited' | 'was there'> => {
  const at = { UserPoolId: user.pool, Username: user.email };
  const create = new AdminCreateUserCommand({
    ...at,
    DesiredDeliveryMediums: ['EMAIL'],
    UserAttributes: [
      { Name: 'email', Value: user.email },
      { Name: 'email_verified', Value: 'true' },
    ],
  });
  const made = await cognito.send(create).then(
    () => true,
    (error: unknown) => (causeName(error) === 'UsernameExistsException' ? false : Promise.reject(error)),
  );
  await cognito.send(new AdminAddUserToGroupCommand({ ...at, GroupName: user.role }));
  return made ? 'invited' : 'was there';
};
