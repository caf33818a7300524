import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { tooManyForOneCaller } from '#infra/api/gateway-problems.ts';
import { type Deployment, physicalName } from '#infra/deployment.ts';

/** Samples would keep whole requests: tokens, and what was searched for. Metrics alone are kept. */
const seen = (metricName: string): CfnWebACL.VisibilityConfigProperty => ({
  cloudWatchMetricsEnabled: true,
  metricName,
  sampledRequestsEnabled: false,
});

const tooManyBody = 'tooMany';

const stopForAWhile: CfnWebACL.RuleActionProperty = {
  block: {
    customResponse: {
      responseCode: tooManyForOneCaller.status,
      customResponseBodyKey: tooManyBody,
      responseHeaders: [{ name: 'Retry-After', value: String(tooManyForOneCaller.retryAfterSeconds) }],
    },
  },
};

const none = [{ priority: 0, type: 'NONE' }];

/** The five minutes in which requests are counted. */
const windowSeconds = 300;

const rateRules = (limit: number): CfnWebACL.RuleProperty[] => [
  {
    name: 'TooManyOfOneAddress',
    priority: 0,
    action: stopForAWhile,
    statement: {
      rateBasedStatement: { limit, aggregateKeyType: 'IP', evaluationWindowSec: windowSeconds },
    },
    visibilityConfig: seen('too-many-of-one-address'),
  },
  {
    // A caller who changes addresses keeps the token.
    name: 'TooManyOfOneToken',
    priority: 1,
    action: stopForAWhile,
    statement: {
      rateBasedStatement: {
        limit,
        aggregateKeyType: 'CUSTOM_KEYS',
        customKeys: [{ header: { name: 'authorization', textTransformations: none } }],
        evaluationWindowSec: windowSeconds,
      },
    },
    visibilityConfig: seen('too-many-of-one-token'),
  },
];

const managed = (
  priority: number,
  name: string,
  metric: string,
  counted: readonly string[] = [],
): CfnWebACL.RuleProperty => ({
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

/** Rules of the common set that look into bodies, with the labels they leave when they only count. */
const bodyRules: Readonly<Record<string, string>> = {
  SizeRestrictions_BODY: 'SizeRestrictions_Body',
  CrossSiteScripting_BODY: 'CrossSiteScripting_Body',
  EC2MetaDataSSRF_BODY: 'EC2MetaDataSSRF_Body',
  GenericLFI_BODY: 'GenericLFI_Body',
  GenericRFI_BODY: 'GenericRFI_Body',
};

const matches = (field: CfnWebACL.FieldToMatchProperty, text: string): CfnWebACL.StatementProperty => ({
  byteMatchStatement: {
    fieldToMatch: field,
    positionalConstraint: 'EXACTLY',
    searchString: text,
    textTransformations: none,
  },
});

const factsRoute: CfnWebACL.StatementProperty = {
  andStatement: { statements: [matches({ method: {} }, 'POST'), matches({ uriPath: {} }, '/v1/facts')] },
};

/**
 * What the common set complains of in a body stops the request, but for batches of facts: they are up to 256 KB where the set
 * allows 8, and carry free text of other systems (a note on a call may quote anything), so that one note would hold up a sender
 * for ever. They come from known machines alone, are read by strict schemas, and leave as JSON only.
 */
const bodiesButFacts: CfnWebACL.RuleProperty = {
  name: 'BodiesButFacts',
  priority: 4,
  action: { block: {} },
  statement: {
    andStatement: {
      statements: [
        {
          orStatement: {
            statements: Object.values(bodyRules).map((label) => ({
              labelMatchStatement: { scope: 'LABEL', key: `awswaf:managed:aws:core-rule-set:${label}` },
            })),
          },
        },
        { notStatement: { statement: factsRoute } },
      ],
    },
  },
  visibilityConfig: seen('bodies-but-facts'),
};

/** The firewall in front of the API: floods, known attacks, and what no request of this API looks like. */
export class Firewall extends Construct {
  constructor(scope: Construct, id: string, deployment: Deployment, protectedArn: string) {
    super(scope, id);
    const rules = new CfnWebACL(this, 'Rules', {
      name: physicalName(deployment, 'api'),
      description: 'Rotunda: in front of the API',
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      customResponseBodies: {
        [tooManyBody]: { contentType: 'APPLICATION_JSON', content: tooManyForOneCaller.body },
      },
      rules: [
        ...rateRules(deployment.config.requestsPerAddress),
        managed(2, 'AWSManagedRulesKnownBadInputsRuleSet', 'known-bad-inputs'),
        // Machines need not say which program they are.
        managed(3, 'AWSManagedRulesCommonRuleSet', 'common', [...Object.keys(bodyRules), 'NoUserAgent_HEADER']),
        bodiesButFacts,
      ],
      visibilityConfig: seen(physicalName(deployment, 'api')),
    });
    new CfnWebACLAssociation(this, 'Place', { resourceArn: protectedArn, webAclArn: rules.attrArn });
  }
}
