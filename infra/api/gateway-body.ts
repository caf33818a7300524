import { type ApiFunctionName, apiFunctionNames, functionNamed } from '#functions/manifest.ts';
import type { RouteDefinition } from '#shared/contracts/api/definition.ts';
import { gatewayResponses } from './gateway-problems.ts';

/** Name of the gateway's stage: the first part of every path in routes.ts. */
export const gatewayStage = 'v1';

/** Scope that every token of the API carries; without one listed, the authorizer would take identity tokens. */
export const tokenScope = 'rotunda/api';

/**
 * Every body passes the gateway as bytes: functions send gzip as base64, which the gateway decodes only for media types listed
 * here that the caller accepts first; and what a caller sends reaches the function unchanged, whatever its encoding.
 */
export const binaryMediaTypes: readonly string[] = ['*/*'];

/** House name of the function that answers a route. */
export const functionOfRoute = (route: RouteDefinition): ApiFunctionName => {
  const name = apiFunctionNames.find((one) => (functionNamed(one).on.api?.answers ?? one) === route.capability);
  if (name === undefined) throw new RangeError(`no function answers ${route.operationId} of ${route.capability}`);
  return name;
};

/** What the body needs to know of its stack. Values may be tokens of a template. */
export interface GatewayBodySettings {
  readonly title: string;
  /** Version of the API's contract. */
  readonly version: string;
  /** Pools whose tokens are let in. */
  readonly userPoolArns: readonly string[];
  /** Where the gateway invokes a function. */
  readonly invocationUri: (name: ApiFunctionName) => string;
  /** Origins whose pages may call the API; the first is the console. */
  readonly origins: readonly string[];
}

type Json = { readonly [member: string]: unknown };

/** Path of a route as the gateway has it: without the name of the stage. */
export const gatewayPath = (route: RouteDefinition): string => {
  const prefix = `/${gatewayStage}/`;
  if (!route.path.startsWith(prefix)) throw new RangeError(`${route.path} is not below ${prefix}`);
  return route.path.slice(prefix.length - 1);
};

const integrationOf = (name: ApiFunctionName, settings: GatewayBodySettings): Json => ({
  type: 'aws_proxy',
  httpMethod: 'POST',
  uri: settings.invocationUri(name),
  timeoutInMillis: 29_000,
});

const parametersOf = (path: string): readonly Json[] =>
  [...path.matchAll(/\{([A-Za-z]+)\}/g)].map(([, name]) => ({
    name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));

/** API Gateway asks for a token and a key where both stand in the list. */
const securityOf = (route: RouteDefinition): readonly Json[] => [
  ...(route.act === 'public' ? [] : [{ signIn: [tokenScope] }]),
  ...(route.metered === true ? [{ api_key: [] }] : []),
];

const methodOf = (route: RouteDefinition, settings: GatewayBodySettings): Json => ({
  operationId: route.operationId,
  summary: route.summary,
  parameters: parametersOf(gatewayPath(route)),
  responses: {},
  security: securityOf(route),
  'x-amazon-apigateway-integration': integrationOf(functionOfRoute(route), settings),
});

/** A preflight carries no token and is answered by a function, which knows the origins that are allowed. */
const preflightOf = (path: string, routes: readonly RouteDefinition[], settings: GatewayBodySettings): Json => {
  const [first] = routes;
  if (first === undefined) throw new RangeError(`no route at ${path}`);
  return {
    summary: 'Preflight of pages of other origins',
    parameters: parametersOf(path),
    responses: {},
    security: [],
    'x-amazon-apigateway-integration': integrationOf(functionOfRoute(first), settings),
  };
};

const pathsOf = (routes: readonly RouteDefinition[], settings: GatewayBodySettings): Json => {
  const byPath = new Map<string, RouteDefinition[]>();
  for (const route of routes) {
    const path = gatewayPath(route);
    byPath.set(path, [...(byPath.get(path) ?? []), route]);
  }
  return Object.fromEntries(
    [...byPath].map(([path, here]) => [
      path,
      {
        ...Object.fromEntries(here.map((route) => [route.method.toLowerCase(), methodOf(route, settings)])),
        options: preflightOf(path, here, settings),
      },
    ]),
  );
};

/**
 * The OpenAPI 3.0.1 document that API Gateway makes the REST API from. No request validators: the functions check more and say
 * which field is wrong, and a refusal by the gateway would leave no trace in the audit.
 */
export const gatewayBody = (routes: readonly RouteDefinition[], settings: GatewayBodySettings): Json => ({
  openapi: '3.0.1',
  info: { title: settings.title, version: settings.version },
  paths: pathsOf(routes, settings),
  components: {
    securitySchemes: {
      signIn: {
        type: 'apiKey',
        name: 'Authorization',
        in: 'header',
        'x-amazon-apigateway-authtype': 'cognito_user_pools',
        'x-amazon-apigateway-authorizer': { type: 'cognito_user_pools', providerARNs: [...settings.userPoolArns] },
      },
      api_key: { type: 'apiKey', name: 'x-api-key', in: 'header' },
    },
  },
  'x-amazon-apigateway-api-key-source': 'HEADER',
  'x-amazon-apigateway-binary-media-types': binaryMediaTypes,
  'x-amazon-apigateway-gateway-responses': gatewayResponses(settings.origins),
});
