import { actRules } from '#shared/access/acts.ts';
import { apiScope as scopeOfTheApi } from '#shared/edge/actor.ts';

/** Scope that every token of the API carries. */
export const apiScope = scopeOfTheApi;

const [server, bareApiScope] = scopeOfTheApi.split('/');
if (server === undefined || bareApiScope === undefined) throw new RangeError(`${scopeOfTheApi} names no server`);

/** Identifier of the resource server: what stands before the `/` of every scope. */
export const resourceServerName: string = server;

/** Scopes that the policy of the API knows, for machines. */
export const machineScopes: readonly string[] = [
  ...new Set(Object.values(actRules).flatMap((rule): readonly string[] => rule.scopes)),
].sort();

interface ServerScope {
  readonly scopeName: string;
  readonly scopeDescription: string;
}

/** The scope of a resource server whose tokens are people's alone. */
export const scopesOfPeople: readonly ServerScope[] = [{ scopeName: bareApiScope, scopeDescription: 'Use this API' }];

/** Every scope of the resource server, with what it lets a token do. */
export const scopesOfServer: readonly ServerScope[] = [
  ...scopesOfPeople,
  ...machineScopes.map((scopeName) => {
    const acts = Object.entries(actRules)
      .filter(([, rule]) => rule.scopes.some((scope) => scope === scopeName))
      .map(([act]) => act);
    return { scopeName, scopeDescription: `For machines: ${acts.join(', ')}` };
  }),
];
