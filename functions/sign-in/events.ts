import * as z from 'zod';
import { apiScope } from '#shared/edge/actor.ts';
import type { Logger, Metrics } from '#shared/runtime/logger.ts';
import type { Signer } from '#shared/vocabulary/clients.ts';
import { claimsOfUser } from './claims-of-user.ts';

export interface SignInParts {
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Who signs in to the pool whose trigger this is. */
  readonly signsIn: Signer;
}

/** Cognito's pre token generation event, version 2 or 3, as far as it is used; what else is in it goes back as it came. */
const TokenEvent = z.looseObject({
  version: z.enum(['2', '3']),
  triggerSource: z.string(),
  request: z.looseObject({
    userAttributes: z.record(z.string(), z.unknown()).nullish(),
    groupConfiguration: z.looseObject({ groupsToOverride: z.array(z.string()).nullish() }).nullish(),
  }),
});

const Text = z.string().optional();

/** The scope by which a token may change its own user's attributes, MFA and password; nothing here uses it. */
const ownUserScope = 'aws.cognito.signin.user.admin';

/** `client_credentials`: what a machine may do are the scopes of its client. */
const machineSource = 'TokenGeneration_ClientCredentials';

/**
 * Sources of tokens that follow no second factor: the first password was just changed, or a device was remembered. Staff sign in
 * once more, with the factor.
 */
const withoutFactor: ReadonlySet<string> = new Set([
  'TokenGeneration_NewPasswordChallenge',
  'TokenGeneration_AuthenticateDevice',
]);

/**
 * Writes roles or customer, and the scope of the API, into access tokens. Whoever may not use the API gets a token without
 * either, which every route refuses. Tokens of machines stay as they are. Throws where the event is of another version: then no
 * token is issued at all.
 */
export const tokenTrigger = ({ logger, metrics, signsIn }: SignInParts): ((event: unknown) => Promise<unknown>) => {
  return async (sent) => {
    const event = TokenEvent.parse(sent);
    if (event.triggerSource === machineSource) return sent;
    const { userAttributes, groupConfiguration } = event.request;
    const user = {
      groups: groupConfiguration?.groupsToOverride ?? [],
      customer: Text.parse(userAttributes?.['custom:customer']),
    };
    const isProven = signsIn === 'customers' || !withoutFactor.has(event.triggerSource);
    const claims = isProven ? claimsOfUser(user, signsIn) : undefined;
    if (claims === undefined) {
      metrics.count('sign-in.refused');
      logger.warn('sign-in.refused');
    }
    const granted = claims === undefined ? [] : [apiScope];
    return {
      ...event,
      response: {
        claimsAndScopeOverrideDetails: {
          accessTokenGeneration: {
            claimsToAddOrOverride: { ...claims },
            claimsToSuppress: ['cognito:groups'],
            scopesToAdd: granted,
            scopesToSuppress: claims === undefined ? [ownUserScope, apiScope] : [ownUserScope],
          },
        },
      },
    };
  };
};
