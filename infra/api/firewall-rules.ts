import type { CfnWebACL } from 'aws-cdk-lib/aws-wafv2';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import { classBytes, queryLimit, requestClass } from '#shared/contracts/api/limits.ts';
import { allOf, anyOf, asSent, not, requestsOf } from './firewall-routes.ts';
import type { FirewallAnswer, FirewallAnswerName } from './gateway-problems.ts';
import { type FirewallCalls, firewallWindowSeconds } from './throttles.ts';

type Rule = CfnWebACL.RuleProperty;
type Statement = CfnWebACL.StatementProperty;

/** Samples would keep whole requests: tokens, and what was searched for. Metrics alone are kept. */
export const seen = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  cloudWatchMetricsEnabled: true,
  metricName,
  sampledRequestsEnabled: false,
});

/** What the rules are made from. */
export interface FirewallGround {
  readonly routes: readonly RouteDefinition[];
  readonly calls: FirewallCalls;
  readonly answers: Readonly<Record<FirewallAnswerName, FirewallAnswer>>;
}

/** A block that is answered with a problem of ours; without one the gateway says WAF_FILTERED (`gateway-problems.ts`). */
const block = ({ answers }: FirewallGround, name: FirewallAnswerName): CfnWebACL.RuleActionProperty => ({
  block: {
    customResponse: {
      responseCode: answers[name].status,
      customResponseBodyKey: name,
      responseHeaders: Object.entries(answers[name].headers).map(([header, value]) => ({ name: header, value })),
    },
  },
});

const rateRules = (ground: FirewallGround): Rule[] => [
  {
    name: 'TooManyOfOneAddress',
    priority: 0,
    action: block(ground, 'tooMany'),
    statement: {
      rateBasedStatement: {
        limit: ground.calls.ofAddress,
        aggregateKeyType: 'IP',
        evaluationWindowSec: firewallWindowSeconds,
      },
    },
    visibilityConfig: seen('too-many-of-one-address'),
  },
  {
    // A caller who changes addresses keeps the token.
    name: 'TooManyOfOneToken',
    priority: 1,
    action: block(ground, 'tooMany'),
    statement: {
      rateBasedStatement: {
        limit: ground.calls.ofToken,
        aggregateKeyType: 'CUSTOM_KEYS',
        customKeys: [{ header: { name: 'authorization', textTransformations: asSent } }],
        evaluationWindowSec: firewallWindowSeconds,
      },
    },
    visibilityConfig: seen('too-many-of-one-token'),
  },
];

const managed = (priority: number, name: string, metric: string, counted: readonly string[] = []): Rule => ({
  name,
  priority,
  overrideAction: { none: {} },
  statement: {
    managedRuleGroupStatement: {
      vendorName: 'AWS',
      name,
      ruleActionOverrides: counted.map((rule) => ({ name: rule, actionToUse: { count: {} } })),
    },
  },
  visibilityConfig: seen(metric),
});

/**
 * Rules of the common set that only count here, with the labels they leave; own rules go by the labels. AWS WAF Developer Guide,
 * "Baseline rule groups".
 */
const contentRules: Readonly<Record<string, string>> = {
  CrossSiteScripting_BODY: 'CrossSiteScripting_Body',
  EC2MetaDataSSRF_BODY: 'EC2MetaDataSSRF_Body',
  GenericLFI_BODY: 'GenericLFI_Body',
  GenericRFI_BODY: 'GenericRFI_Body',
};
const sizeRules = {
  SizeRestrictions_BODY: 'SizeRestrictions_Body',
  SizeRestrictions_QUERYSTRING: 'SizeRestrictions_QueryString',
} as const;

/** Bytes from which on those complain of a query. */
const managedQuery = 2048;

const labelNamed = (label: string): string => `awswaf:managed:aws:core-rule-set:${label}`;
const labelled = (label: string): Statement => ({
  labelMatchStatement: { scope: 'LABEL', key: labelNamed(label) },
});

/** Labels of what looks like an attack in a body. */
export const contentLabels: readonly string[] = Object.values(contentRules).map(labelNamed);

const largerThan = (size: number, fieldToMatch: CfnWebACL.FieldToMatchProperty): Statement => ({
  sizeConstraintStatement: { fieldToMatch, comparisonOperator: 'GT', size, textTransformations: asSent },
});

/**
 * What the firewall reads of a body, and the next byte matches whatever it is. The firewall reads 16 KB where nothing is said and
 * 64 KB at most; requests that have more than 16 are charged for it (AWS WAF Developer Guide, "Considerations for managing body
 * inspection", "Oversize web request components").
 */
export const bodyInspection = { bytes: classBytes.bulk, setting: 'KB_64' } as const;
const body: CfnWebACL.FieldToMatchProperty = { body: { oversizeHandling: 'MATCH' } };

const wholeKilobytes = (bytes: number): number => Math.ceil(bytes / 1024) * 1024;

/** Routes whose contract allows more of a query than the managed rule, and the bytes that the longest of them may have. */
export const longQueries = (
  routes: readonly RouteDefinition[],
): { readonly routes: readonly RouteDefinition[]; readonly bytes: number } => {
  const long = routes.filter((route) => queryLimit(route) > managedQuery);
  return { routes: long, bytes: wholeKilobytes(Math.max(...long.map(queryLimit))) };
};

const ownRules = (ground: FirewallGround): Rule[] => {
  const ofClass = (name: ReturnType<typeof requestClass>): Statement =>
    requestsOf(ground.routes.filter((route) => requestClass(route) === name));
  const facts = ofClass('facts');
  const long = longQueries(ground.routes);
  return [
    {
      // Facts carry free text of other systems: a note on a call may quote anything, and one would hold up its sender for ever. They
      // come from known machines alone, are read by strict schemas, and leave as JSON only.
      name: 'AttacksInBodies',
      priority: 4,
      action: { block: {} },
      statement: allOf(anyOf(...Object.values(contentRules).map(labelled)), not(facts)),
      visibilityConfig: seen('attacks-in-bodies'),
    },
    {
      name: 'BodiesTooLarge',
      priority: 5,
      action: block(ground, 'tooLarge'),
      statement: allOf(
        labelled(sizeRules.SizeRestrictions_BODY),
        not(facts),
        anyOf(not(ofClass('bulk')), largerThan(classBytes.bulk, body)),
      ),
      visibilityConfig: seen('bodies-too-large'),
    },
    {
      name: 'QueriesTooLong',
      priority: 6,
      action: { block: {} },
      statement: allOf(
        labelled(sizeRules.SizeRestrictions_QUERYSTRING),
        anyOf(not(requestsOf(long.routes)), largerThan(long.bytes, { queryString: {} })),
      ),
      visibilityConfig: seen('queries-too-long'),
    },
  ];
};

/**
 * The rules in order. Of the sizes of bodies the managed rule holds `small` routes to 8 KB, our own `bulk` ones to 64; `facts` are
 * bounded by the edge. Queries over 2,048 bytes pass where a contract allows them, up to the longest there is.
 */
export const firewallRules = (ground: FirewallGround): readonly Rule[] => [
  ...rateRules(ground),
  managed(2, 'AWSManagedRulesKnownBadInputsRuleSet', 'known-bad-inputs'),
  // Machines need not say which program they are.
  managed(3, 'AWSManagedRulesCommonRuleSet', 'common', [
    ...Object.keys(contentRules),
    ...Object.keys(sizeRules),
    'NoUserAgent_HEADER',
  ]),
  ...ownRules(ground),
];
