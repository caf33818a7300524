import * as z from 'zod';
import { type ConnectionOptions, isLocal, problemLine, send } from './connection.ts';
import { CommandFailure, exitCodes } from './exit-codes.ts';

/** Who signs in on this machine: staff in a role, a customer, or a client that is bound to a source. */
export type SignIn =
  | { readonly role: string }
  | { readonly role: 'customer'; readonly customer: string }
  | { readonly client: string };

const Grant = z.object({ access_token: z.string(), token_type: z.string(), expires_in: z.number() });
export type Grant = z.infer<typeof Grant>;

/** Name of the grant by which the local sign-in gives a token without a browser. */
export const localGrant = 'urn:rotunda:local-sign-in';

/** A token from the local sign-in; refuses to ask one of another machine. */
export const signIn = async (url: string, who: SignIn): Promise<Grant> => {
  if (!isLocal(url)) {
    throw new CommandFailure(
      exitCodes.wrongUse,
      `${url} is another host: give --token (only this machine signs in by itself)`,
    );
  }
  const response = await send(url, {
    method: 'POST',
    path: '/oidc/token',
    token: undefined,
    form: { grant_type: localGrant, ...who },
  });
  const body: unknown = await response.json().catch(() => undefined);
  const grant = Grant.safeParse(body);
  if (response.ok && grant.success) return grant.data;
  throw new CommandFailure(exitCodes.refused, `sign-in: ${oauthError(body) ?? problemLine(response.status, body)}`);
};

const OauthError = z.object({ error: z.string(), error_description: z.string().optional() });

const oauthError = (body: unknown): string | undefined => {
  const error = OauthError.safeParse(body);
  return error.success ? `${error.data.error}: ${error.data.error_description ?? ''}`.replace(/: $/, '') : undefined;
};

/** The token given by `--token`, else one from the local sign-in. */
export const tokenFor = async (options: ConnectionOptions, who: SignIn): Promise<string> =>
  options.token ?? (await signIn(options.url, who)).access_token;
