import { CfnApiKey, CfnUsagePlan, CfnUsagePlanKey } from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import { type Deployment, physicalName } from '#infra/deployment.ts';
import type { Gateway } from './gateway.ts';

export interface UsagePlansProps {
  readonly deployment: Deployment;
  readonly gateway: Gateway;
  /** Client ids by the names of the machine clients. */
  readonly clientIds: ReadonlyMap<string, string>;
}

/**
 * Counts and bounds what each program sends. A program's key is its client id, which its token names too: it is no secret and
 * proves nothing, it only tells the gateway whom to count for.
 */
export class UsagePlans extends Construct {
  constructor(scope: Construct, id: string, { deployment, gateway, clientIds }: UsagePlansProps) {
    super(scope, id);
    const { machineClients, sending } = deployment.config;
    for (const { name, sending: own } of machineClients) {
      const value = clientIds.get(name);
      if (value === undefined) throw new RangeError(`the user pool has no client ${name}`);
      const { rate, burst, perDay } = own ?? sending;
      const place = new Construct(this, name);
      const key = new CfnApiKey(place, 'Key', {
        name: physicalName(deployment, `sender-${name}`),
        description: `Rotunda: calls of ${name} are counted by its client id`,
        value,
        enabled: true,
      });
      const plan = new CfnUsagePlan(place, 'Plan', {
        usagePlanName: physicalName(deployment, `sender-${name}`),
        description: `Rotunda: what ${name} may send`,
        apiStages: [{ apiId: gateway.apiId, stage: gateway.stage.ref }],
        throttle: { rateLimit: rate, burstLimit: burst },
        quota: { limit: perDay, period: 'DAY' },
      });
      new CfnUsagePlanKey(place, 'PlanKey', { keyId: key.ref, keyType: 'API_KEY', usagePlanId: plan.ref });
    }
  }
}
