import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type ApiFunctionName, apiFunctionNames } from '#functions/manifest.ts';
import { routes } from '#functions/routes.ts';
import { gatewayBody } from '#infra/api/gateway-body.ts';
import { ApiFunction, type ApiGround } from '#infra/constructs/api-functions.ts';
import { constructId } from '#infra/constructs/construct-id.ts';
import { Firewall } from '#infra/constructs/firewall.ts';
import type { HouseFunction } from '#infra/constructs/function.ts';
import { Gateway } from '#infra/constructs/gateway.ts';
import { UsagePlans } from '#infra/constructs/usage-plans.ts';
import { type Deployment, physicalName } from '#infra/deployment.ts';
import { HouseStack } from './house-stack.ts';
import type { Stateful } from './stateful.ts';

/** The API: its gateway, the firewall before it, and the functions behind it. */
export class Api extends HouseStack {
  readonly functions: ReadonlyMap<ApiFunctionName, HouseFunction>;
  readonly gateway: Gateway;

  constructor(scope: Construct, id: string, deployment: Deployment, stateful: Stateful) {
    super(scope, id, deployment, {
      description: 'Rotunda: the API, its firewall and functions',
      dataClass: 'personal',
    });
    const { ground, customerSignIn, staffSignIn } = stateful;
    const { origins } = deployment.config;
    const parts: ApiGround = {
      estate: stateful,
      settings: {
        issuer: customerSignIn.issuer,
        staffIssuer: staffSignIn.issuer,
        signInUrl: customerSignIn.signInUrl,
        staffSignInUrl: staffSignIn.signInUrl,
        clients: { ...staffSignIn.clients, ...customerSignIn.clients },
        origins: [...origins],
      },
    };
    const functions = new Map(
      apiFunctionNames.map((name) => [name, new ApiFunction(this, constructId(name), name, parts)]),
    );
    const madeNamed = (name: ApiFunctionName): HouseFunction => {
      const found = functions.get(name);
      if (found === undefined) throw new RangeError(`no function ${name}`);
      return found.function;
    };
    this.functions = new Map(apiFunctionNames.map((name) => [name, madeNamed(name)]));
    this.gateway = new Gateway(this, 'Gateway', {
      ground,
      routes,
      body: gatewayBody(routes, {
        title: physicalName(deployment, 'api'),
        version: 'v1',
        userPoolArns: [customerSignIn, staffSignIn].map(({ pool }) => pool.userPoolArn),
        origins,
        invocationUri: (name) =>
          `arn:${this.partition}:apigateway:${this.region}:lambda:path/2015-03-31/functions/${madeNamed(name).alias.functionArn}/invocations`,
      }),
    });
    for (const one of functions.values()) one.letBeCalled(this.gateway.callsArn);
    new UsagePlans(this, 'UsagePlans', {
      deployment,
      gateway: this.gateway,
      clientIds: customerSignIn.machineClientIds,
    });
    new Firewall(this, 'Firewall', ground, this.gateway.stageArn);
    this.#say('ApiUrl', 'Where the API is called: /customers and the other paths below it', this.gateway.url);
    this.#say('ApiId', 'Id of the REST API', this.gateway.apiId);
    this.#say('Issuer', 'Issuer of access tokens of customers and machines', customerSignIn.issuer);
    this.#say('SignInUrl', 'Where customers and machines get tokens', customerSignIn.signInUrl);
    this.#say('StaffIssuer', 'Issuer of access tokens of staff', staffSignIn.issuer);
    this.#say('StaffSignInUrl', 'Where staff get tokens', staffSignIn.signInUrl);
    if (this.gateway.domainTarget !== undefined) {
      this.#say('ApiDomainTarget', 'What the own address of the API points to', this.gateway.domainTarget);
    }
  }

  #say(outputId: string, description: string, value: string): void {
    new CfnOutput(this, `${outputId}Output`, { description, value }).overrideLogicalId(outputId);
  }
}
