import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';

type Statement = CfnWebACL.StatementProperty;

/** Nothing is decoded: what is written in another way than clients write it is held to the tighter rule. */
export const asSent = [{ priority: 0, type: 'NONE' }];

/** A statement of each, or the one there is: the firewall asks for two at least. */
const joined = (statements: readonly Statement[], join: (all: Statement[]) => Statement): Statement => {
  const [first, ...rest] = statements;
  if (first === undefined) throw new RangeError('there is no statement to join');
  return rest.length === 0 ? first : join([first, ...rest]);
};

export const allOf = (...statements: Statement[]): Statement =>
  joined(statements, (all) => ({ andStatement: { statements: all } }));
export const anyOf = (...statements: Statement[]): Statement =>
  joined(statements, (all) => ({ orStatement: { statements: all } }));
export const not = (statement: Statement): Statement => ({ notStatement: { statement } });

const ofMethod = (method: string): Statement => ({
  byteMatchStatement: {
    fieldToMatch: { method: {} },
    positionalConstraint: 'EXACTLY',
    searchString: method,
    textTransformations: asSent,
  },
});

/** Alternatives in one pattern: the firewall refuses those of many (AWS WAF Developer Guide, "Supported regular expression syntax"). */
const mostAlternatives = 8;

const asPattern = (path: string): string => path.replaceAll('.', '\\.').replaceAll(/\{[A-Za-z]+\}/g, '[^/]+');

/** Patterns of the paths of routes, whatever their ids; those that differ in the last part alone share one: `^/v1/accounts/[^/]+/(?:bills|ledger)$`. */
const pathPatterns = (routes: readonly Pick<RouteDefinition, 'path'>[]): readonly string[] => {
  const byParent = new Map<string, string[]>();
  for (const { path } of routes) {
    const cut = path.lastIndexOf('/') + 1;
    const [parent, last] = [asPattern(path.slice(0, cut)), asPattern(path.slice(cut))];
    byParent.set(parent, [...(byParent.get(parent) ?? []), last]);
  }
  return [...byParent].flatMap(([parent, all]) => {
    const patterns: string[] = [];
    for (let at = 0; at < all.length; at += mostAlternatives) {
      const some = all.slice(at, at + mostAlternatives);
      patterns.push(`^${parent}${some.length === 1 ? some.join('') : `(?:${some.join('|')})`}$`);
    }
    return patterns;
  });
};

const atPath = (pattern: string): Statement => ({
  regexMatchStatement: {
    fieldToMatch: { uriPath: {} },
    regexString: pattern,
    textTransformations: asSent,
  },
});

/** Requests of any of these routes. */
export const requestsOf = (routes: readonly RouteDefinition[]): Statement => {
  const methods = [...new Set(routes.map(({ method }) => method))];
  return anyOf(
    ...methods.map((method) => {
      const here = pathPatterns(routes.filter((route) => route.method === method));
      return allOf(ofMethod(method), anyOf(...here.map(atPath)));
    }),
  );
};
