import { clientsDeclared } from '#shared/contracts/facts/sources.ts';
import { apiScope } from '#shared/edge/actor.ts';
import type { ClientSetting, Signer } from '#shared/vocabulary/clients.ts';
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

/** Apps that people sign in with, and for whom each is: the page that tries the API is for everybody on this machine. */
export const peopleClients: Readonly<Record<string, readonly Signer[]>> = {
  docs: ['staff', 'customers'],
  console: ['staff'],
  'customer-portal': ['customers'],
  rotunda: ['staff'],
};

/** By which client the command line gets its tokens. */
export const commandLineClients: Readonly<Record<Signer, string>> = { staff: 'rotunda', customers: 'customer-portal' };

export const clientSettings: Readonly<Record<string, ClientSetting>> = {
  ...Object.fromEntries(
    Object.entries(peopleClients).map(([client, signsIn]) => [client, { kind: 'people' as const, signsIn }]),
  ),
  ...Object.fromEntries(
    Object.keys(machineScopes).map((client) => [client, { kind: 'machine' as const, sources: [client] }]),
  ),
};

/**
 * The role of an account of staff: that of its name, or of the first word of it where several people have one role
 * (`privacy-second`), since some acts take two.
 */
const roleOf = (account: string): StaffRole | undefined =>
  StaffRole.safeParse(/^([a-z]+)(-[a-z0-9]{1,30})?$/.exec(account)?.[1]).data;

/** Who an account is: staff by the name of their role, a customer by their id; undefined for anybody else. */
export const signerOf = (account: string): Signer | undefined => {
  if (roleOf(account) !== undefined) return 'staff';
  return kindOf(account) === 'customer' ? 'customers' : undefined;
};

/** Whether somebody may sign in by an app. */
export const signsInBy = (account: string, client: string): boolean => {
  const signer = signerOf(account);
  const who = Object.hasOwn(peopleClients, client) ? peopleClients[client] : undefined;
  return signer !== undefined && who?.includes(signer) === true;
};

/** Claims of somebody who signs in by an app, at an instant in seconds; undefined where the app is not for them. */
export const claimsOfPerson = (
  account: string,
  client: string,
  signedInAt: number,
): Readonly<Record<string, unknown>> | undefined => {
  if (!signsInBy(account, client)) return undefined;
  const role = roleOf(account);
  const who = role === undefined ? { customer: account } : { roles: [role] };
  return { token_use: 'access', auth_time: signedInAt, ...who };
};
