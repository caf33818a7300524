import { createHash } from 'node:crypto';
import { Stack } from 'aws-cdk-lib';
import { CfnBasePathMapping, CfnDeployment, CfnDomainName, CfnRestApi, CfnStage } from 'aws-cdk-lib/aws-apigateway';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { accessLogFormat } from '#infra/api/access-log.ts';
import { binaryMediaTypes, gatewayStage } from '#infra/api/gateway-body.ts';
import { costlyMethods, type Throttle } from '#infra/api/throttles.ts';
import { keptLogs, physicalName } from '#infra/deployment.ts';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import type { Ground } from './function.ts';

/** TLS 1.2 and 1.3 with forward secrecy; a request must name the very host it was sent to. */
const encrypted = {
  securityPolicy: 'SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09',
  endpointAccessMode: 'STRICT',
  endpointConfiguration: { types: ['REGIONAL'] },
};

export interface GatewayProps {
  readonly ground: Ground;
  readonly routes: readonly RouteDefinition[];
  readonly body: Readonly<Record<string, unknown>>;
}

/** A path as settings of methods write it: `/customers/{id}` is `/~1customers~1{id}`. */
const settingsPath = (path: string): string => `/${path.replaceAll('/', '~1')}`;

/** What every method has: metrics where the stage pays for them, errors logged without what was sent, and a bound. */
const methodSetting = (
  metricsEnabled: boolean,
  httpMethod: string,
  resourcePath: string,
  { rate, burst }: Throttle,
) => ({
  httpMethod,
  resourcePath,
  metricsEnabled,
  loggingLevel: 'ERROR',
  dataTraceEnabled: false,
  throttlingRateLimit: rate,
  throttlingBurstLimit: burst,
});

/** The REST API and its one stage, made from one body; a changed body is deployed anew. */
export class Gateway extends Construct {
  readonly apiId: string;
  /** Where clients call it: `/customers` and the other paths below. */
  readonly url: string;
  readonly stageArn: string;
  /** Calls of any method, as the permission to invoke a function names them. */
  readonly callsArn: string;
  /** Where the own address must point to, where there is one. */
  readonly domainTarget: string | undefined;
  readonly stage: CfnStage;

  constructor(scope: Construct, id: string, { ground, routes, body }: GatewayProps) {
    super(scope, id);
    const { deployment, dataKey } = ground;
    const { config } = deployment;
    const stack = Stack.of(this);
    const { region, account, partition, urlSuffix } = stack;
    const domain = config.apiDomain;
    const api = new CfnRestApi(this, 'Api', {
      name: physicalName(deployment, 'api'),
      description: 'Rotunda: the REST API',
      body,
      binaryMediaTypes: [...binaryMediaTypes],
      // With an address of its own it answers there alone.
      disableExecuteApiEndpoint: domain !== undefined,
      ...encrypted,
    });
    const hash = createHash('sha256')
      .update(JSON.stringify(stack.resolve(body)))
      .digest('hex')
      .slice(0, 12);
    const deployed = new CfnDeployment(this, `Deployment${hash}`, {
      restApiId: api.ref,
      description: `Body ${hash}`,
    });
    const logGroup = (logId: string, logGroupName: string) =>
      new LogGroup(this, logId, {
        logGroupName,
        retention: config.retention.logDays,
        encryptionKey: dataKey.key,
        removalPolicy: keptLogs(deployment),
      });
    const accessLog = logGroup('AccessLog', `/aws/apigateway/${physicalName(deployment, 'api')}`);
    // The gateway names its error log itself; made before, it is encrypted and does not grow for ever.
    const errorLog = logGroup('ErrorLog', `API-Gateway-Execution-Logs_${api.ref}/${gatewayStage}`);
    this.stage = new CfnStage(this, 'Stage', {
      restApiId: api.ref,
      deploymentId: deployed.ref,
      stageName: gatewayStage,
      description: `Rotunda ${config.stage}`,
      tracingEnabled: true,
      accessLogSetting: {
        destinationArn: `arn:${partition}:logs:${region}:${account}:log-group:${accessLog.logGroupName}`,
        format: accessLogFormat,
      },
      methodSettings: [
        methodSetting(config.methodMetrics, '*', '/*', config.throttle),
        ...costlyMethods(routes, config.throttle).map(({ method, path, throttle }) =>
          methodSetting(config.methodMetrics, method, settingsPath(path), throttle),
        ),
      ],
    });
    this.stage.node.addDependency(errorLog);
    this.apiId = api.ref;
    this.callsArn = `arn:${partition}:execute-api:${region}:${account}:${api.ref}/${gatewayStage}/*`;
    this.stageArn = `arn:${partition}:apigateway:${region}::/restapis/${api.ref}/stages/${this.stage.ref}`;
    const own = domain === undefined ? undefined : this.#domain(domain, api);
    this.domainTarget = own?.attrRegionalDomainName;
    this.url = `https://${domain?.name ?? `${api.ref}.execute-api.${region}.${urlSuffix}`}/${gatewayStage}`;
  }

  #domain(domain: { readonly name: string; readonly certificateArn: string }, api: CfnRestApi): CfnDomainName {
    const own = new CfnDomainName(this, 'Domain', {
      domainName: domain.name,
      regionalCertificateArn: domain.certificateArn,
      ...encrypted,
    });
    new CfnBasePathMapping(this, 'DomainPath', {
      domainName: own.ref,
      basePath: gatewayStage,
      restApiId: api.ref,
      stage: this.stage.ref,
    });
    return own;
  }
}
