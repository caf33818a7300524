import assert from 'node:assert/strict';
import { AdminDeleteUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { addFirstUser } from '#scripts/deploy/first-user.ts';
import type { Rehearsal, Step } from '../rehearsal.ts';

/** Somebody is invited as `--first-user` does, chooses a password, sets up an authenticator, and is let in. */
export const firstUserStep = (rehearsal: Rehearsal): Step => ({
  name: 'first-user',
  title: 'the first user is invited, signs in with two factors, and is let in; nobody else is',
  run: async () => {
    const { clients, mailbox } = rehearsal.ground;
    const { api, signIn } = rehearsal.stand;
    const pool = signIn.staffPool;
    const outcome = await addFirstUser(clients, { pool, email: mailbox, role: 'agent' });
    assert.equal(outcome, 'invited', `${mailbox} was there before: take a mailbox that no user has`);
    rehearsal.made(`the user ${mailbox}`, () =>
      clients.cognito.send(new AdminDeleteUserCommand({ UserPoolId: pool, Username: mailbox })),
    );
    const agent = { role: 'agent' };
    await signIn.adopt(agent, mailbox);
    const path = '/v1/customers/crm:nobody';
    const nobody = await api.ask({ path });
    const user = await api.ask({ path, as: agent });
    assert.deepEqual([nobody.status, user.status, user.json.code], [401, 404, 'not-found']);
    const factor = signIn.factor === 'authenticator' ? 'an authenticator' : 'a code that this ground does not check';
    return [
      `${mailbox} invited as agent, signed in with a password and ${factor}`,
      `a customer that nobody knows: ${nobody.status} without a token, ${user.status} for the user`,
    ];
  },
});
