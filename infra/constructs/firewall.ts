import { CfnWebACL, CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { routes } from '#functions/routes.ts';
import { bodyInspection, firewallRules, seen } from '#infra/api/firewall-rules.ts';
import { firewallAnswers } from '#infra/api/gateway-problems.ts';
import { firewallCalls } from '#infra/api/throttles.ts';
import { physicalName } from '#infra/deployment.ts';
import { FirewallLog, personalHeaders } from './firewall-log.ts';
import type { Ground } from './function.ts';

/**
 * What no log of the firewall tells, in the details of rules either: the value that requests were counted by, or what looked like
 * an attack (AWS WAF Developer Guide, "Data protection").
 */
const withheld = (fieldType: string, fieldKeys?: readonly string[]): CfnWebACL.DataProtectProperty => ({
  action: 'SUBSTITUTION',
  field: { fieldType, ...(fieldKeys === undefined ? {} : { fieldKeys: [...fieldKeys] }) },
});

/** The firewall in front of the API: floods, known attacks, and what no request of this API looks like. */
export class Firewall extends Construct {
  constructor(
    scope: Construct,
    id: string,
    { deployment, dataKey }: Pick<Ground, 'deployment' | 'dataKey'>,
    protectedArn: string,
  ) {
    super(scope, id);
    const { config } = deployment;
    const answers = firewallAnswers(config.origins);
    const rules = new CfnWebACL(this, 'Rules', {
      name: physicalName(deployment, 'api'),
      description: 'Rotunda: in front of the API',
      scope: 'REGIONAL',
      defaultAction: { allow: {} },
      associationConfig: { requestBody: { API_GATEWAY: { defaultSizeInspectionLimit: bodyInspection.setting } } },
      customResponseBodies: Object.fromEntries(
        Object.entries(answers).map(([name, { body }]) => [name, { contentType: 'APPLICATION_JSON', content: body }]),
      ),
      dataProtectionConfig: {
        dataProtections: [withheld('SINGLE_HEADER', personalHeaders), withheld('QUERY_STRING'), withheld('BODY')],
      },
      rules: [...firewallRules({ routes, calls: firewallCalls(config), answers })],
      visibilityConfig: seen(physicalName(deployment, 'api')),
    });
    new CfnWebACLAssociation(this, 'Place', { resourceArn: protectedArn, webAclArn: rules.attrArn });
    new FirewallLog(this, 'Log', { deployment, dataKey, rules });
  }
}
