import { clientsDeclared } from '#shared/contracts/facts/sources.ts';
import { apiScope } from '#shared/edge/actor.ts';
import type { ClientSetting } from '#shared/vocabulary/clients.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import { StaffRole } from '#shared/vocabulary/statuses.ts';

/** Audience of the tokens of this machine. */
export const apiAudience = 'urn:rotunda:api';

/** Seconds an access token of this machine is good for. */
export const tokenSeconds = 3600;

/** Machine clients of this machine, every one that is declared: each is bound to the source of its name. */
export const machineScopes: Readonly<Record<string, readonly string[]>> = Object.fromEntries(
  clientsDeclared.map(({ name, scopes }) => [name, scopes]),
);

/** Scopes of a machine client, as its tokens carry them. */
export const scopesOfMachine = (client: string): string =>
  [apiScope, ...(machineScopes[client] ?? []).map((scope) => `rotunda/${scope}`)].join(' ');

/** Apps that people sign in with. */
export const peopleClients = ['docs', 'console', 'rotunda'] as const;

export const clientSettings: Readonly<Record<string, ClientSetting>> = {
  ...Object.fromEntries(peopleClients.map((client) => [client, { kind: 'people' } as const])),
  ...Object.fromEntries(
    Object.keys(machineScopes).map((client) => [client, { kind: 'machine' as const, sources: [client] }]),
  ),
};

/** Claims of somebody who signs in: a staff role by its name, a customer by their id; undefined for anybody else. */
export const claimsOfPerson = (account: string): Readonly<Record<string, unknown>> | undefined => {
  const role = StaffRole.safeParse(account);
  if (role.success) return { token_use: 'access', roles: [role.data] };
  return kindOf(account) === 'customer' ? { token_use: 'access', customer: account } : undefined;
};
