import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ApiFunctionName } from '#functions/manifest.ts';
import type { Settings } from '#shared/runtime/settings.ts';
import type { Estate } from './estate.ts';
import type { HouseFunction } from './function.ts';
import { listedFunction } from './listed-functions.ts';

/** What the API's functions work on. */
export interface ApiGround {
  readonly estate: Estate;
  /** Settings of every one of them. */
  readonly settings: Partial<Settings>;
}

/** One function of the API, callable by the gateway's stage alone. */
export class ApiFunction extends Construct {
  readonly function: HouseFunction;

  constructor(scope: Construct, id: string, name: ApiFunctionName, { estate, settings }: ApiGround) {
    super(scope, id);
    this.function = listedFunction(this, 'Function', name, estate, settings);
  }

  /** Lets the calls of a gateway in. */
  letBeCalled(callsArn: string): void {
    this.function.alias.addPermission('Gateway', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: callsArn,
    });
  }
}
