import type { StageConfig } from '#infra/config.ts';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import type { ActName } from '#shared/vocabulary/acts.ts';
import { gatewayPath } from './gateway-body.ts';

/** Calls a second, and at once. */
export interface Throttle {
  readonly rate: number;
  readonly burst: number;
}

/**
 * What part of the whole API's calls an act may take, where one call costs more than a view: a search reads many partitions, a
 * batch of facts is up to 100 commits, usage may span eleven years, insights read months of readings, a file of usage has up to
 * 6 MB, the exceptions of a point are looked for among those of all its meters, and an import sets a worker going.
 */
const shares: Readonly<Partial<Record<ActName, number>>> = {
  'customer.search': 1 / 5,
  'facts.write': 1 / 5,
  'usage.read': 1 / 4,
  'insight.read': 1 / 4,
  'usage.download': 1 / 10,
  'reading-exception.read': 1 / 4,
  'imports.write': 1 / 4,
  'imports.read': 1 / 4,
  'imports.undo': 1 / 4,
};

const partOf = (whole: Throttle, share: number): Throttle => ({
  rate: Math.max(1, Math.floor(whole.rate * share)),
  burst: Math.max(1, Math.floor(whole.burst * share)),
});

/** Bounds of the costly methods of the gateway; every other method has those of the whole. */
export const costlyMethods = (
  routes: readonly RouteDefinition[],
  whole: Throttle,
): readonly { readonly method: string; readonly path: string; readonly throttle: Throttle }[] =>
  routes.flatMap((route) => {
    const share = shares[route.act];
    if (share === undefined) return [];
    return [{ method: route.method, path: gatewayPath(route), throttle: partOf(whole, share) }];
  });

/** Seconds in which the firewall counts the requests of one address and of one token. */
export const firewallWindowSeconds = 300;

/** Senders that may work at once behind one address: the systems of a utility mostly share one. */
const sendersOfOneAddress = 4;
/** A program that sends all the facts it may makes as many other calls at most. */
const callsForEachSending = 2;

/** Requests within the window before the firewall stops an address, or a token. */
export interface FirewallCalls {
  readonly ofAddress: number;
  readonly ofToken: number;
}

/** Both follow from what the program that may send most is promised, so that a promise is never stopped by the firewall. */
export const firewallCalls = ({
  sending,
  machineClients,
}: Pick<StageConfig, 'sending' | 'machineClients'>): FirewallCalls => {
  const promises = [sending, ...machineClients.map((client) => client.sending ?? sending)];
  const most = Math.max(...promises.map(({ rate, burst }) => rate * firewallWindowSeconds + burst));
  return { ofAddress: sendersOfOneAddress * most, ofToken: callsForEachSending * most };
};
