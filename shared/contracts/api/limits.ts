import type { RouteDefinition } from './definition.ts';
import { largestJson, longestQuery } from './largest.ts';

/**
 * Classes of routes by what they are sent, and the bytes a body of each may have. `small`: what managed rules of the firewall
 * allow. `bulk`: what the firewall reads of a body at most. `facts`: parts that are each judged for themselves, of known programs
 * alone; beyond what the firewall reads, so the edge alone bounds it.
 */
export const classBytes = { small: 8 * 1024, bulk: 64 * 1024, facts: 256 * 1024 } as const;
export type RequestClass = keyof typeof classBytes;

const wholeKilobytes = (bytes: number): number => Math.ceil(bytes / 1024) * 1024;

const measured = new WeakMap<RouteDefinition, number>();

/**
 * Bytes the body of a route may have: what its contract states, else the largest JSON of its schema (`largestJson`) in whole
 * kilobytes; 0 where it takes none. RangeError where neither bounds it.
 */
export const bodyLimit = (route: RouteDefinition): number => {
  if (route.body === undefined) return 0;
  if (route.bodyBytes !== undefined) return route.bodyBytes;
  const known = measured.get(route);
  if (known !== undefined) return known;
  const bytes = wholeKilobytes(largestJson(route.body));
  measured.set(route, bytes);
  return bytes;
};

/** Bytes the query of a route may have, percent-encoded; 0 where it takes none. RangeError where its schema has no bound. */
export const queryLimit = (route: RouteDefinition): number =>
  route.query === undefined ? 0 : longestQuery(route.query);

/** The class of a route by its contract. RangeError where its body is larger than its class may be. */
export const requestClass = (route: RouteDefinition): RequestClass => {
  const bytes = bodyLimit(route);
  const found = route.rawBody === true ? 'facts' : bytes <= classBytes.small ? 'small' : 'bulk';
  if (bytes <= classBytes[found]) return found;
  throw new RangeError(
    `a body of ${route.operationId} has up to ${bytes} bytes, more than ${found} may: ${classBytes[found]}`,
  );
};
