import { at, listOf, membersOf } from '#infra/template.ts';
import type { Found } from './estate.ts';
import { type Limit, ofEach, ofPlace, type Part } from './limit.ts';
import { byteLength } from './resolve.ts';

const quotas = 'Quotas for configuring and running a REST API in API Gateway';
const api = 'AWS::ApiGateway::RestApi';

/** Paths of the imported description, by their operations. */
const operations = ({ properties }: Found): readonly (readonly [name: string, operation: unknown])[] =>
  membersOf(at(properties, 'Body', 'paths')).flatMap(([path, methods]) =>
    membersOf(methods).map(([method, operation]) => [`${method} ${path}`, operation] as const),
  );

/** A resource for each path, for each beginning of one, and the root. */
const resourcesOf = ({ properties }: Found): number => {
  const paths = membersOf(at(properties, 'Body', 'paths')).map(([path]) =>
    path.split('/').filter((part) => part !== ''),
  );
  return new Set(['', ...paths.flatMap((parts) => parts.map((_, end) => parts.slice(0, end + 1).join('/')))]).size;
};

const timeouts = (found: Found): readonly Part[] =>
  operations(found).flatMap(([part, operation]) => {
    const milliseconds = at(operation, 'x-amazon-apigateway-integration', 'timeoutInMillis');
    return milliseconds === undefined ? [] : [{ part, figure: Number(milliseconds) }];
  });

const authorizers = ({ properties }: Found): number =>
  membersOf(at(properties, 'Body', 'components', 'securitySchemes')).filter(
    ([, scheme]) => at(scheme, 'x-amazon-apigateway-authorizer') !== undefined,
  ).length;

export const apiGatewayLimits: readonly Limit[] = [
  ofEach(
    api,
    {
      what: 'resources of an API',
      unit: 'resources',
      most: 300,
      source: `${quotas}: 300 resources per API by default`,
    },
    (found) => (at(found.properties, 'Body') === undefined ? undefined : resourcesOf(found)),
  ),
  ofEach(
    api,
    {
      what: 'description an API is made of',
      unit: 'bytes',
      most: 6_291_456,
      source: 'ImportRestApi (API Gateway API): the maximum size of the API definition file is 6MB',
    },
    (found, estate) => byteLength(estate, found, at(found.properties, 'Body') ?? ''),
  ),
  ofEach(
    api,
    {
      what: 'how long an integration may take',
      unit: 'ms',
      least: 50,
      most: 29_000,
      source: `${quotas}: 50 milliseconds to 29 seconds, more for Regional APIs when asked for`,
    },
    timeouts,
  ),
  ofEach(
    api,
    {
      what: 'authorizers of an API',
      unit: 'authorizers',
      most: 10,
      source: `${quotas}: 10 authorizers per API by default`,
    },
    authorizers,
  ),
  ofEach(
    api,
    {
      what: 'policy of an API',
      unit: 'characters',
      most: 8192,
      source: `${quotas}: length of API Gateway resource policy 8192`,
    },
    (found, estate) => {
      const policy = at(found.properties, 'Policy');
      return policy === undefined ? undefined : byteLength(estate, found, policy);
    },
  ),
  ofEach(
    'AWS::ApiGateway::Stage',
    {
      what: 'name of a stage of an API',
      unit: 'characters',
      most: 128,
      source: 'AWS::ApiGateway::Stage: stage names, maximum length is 128 characters',
    },
    ({ properties }) => String(at(properties, 'StageName') ?? '').length,
  ),
  ofEach(
    'AWS::ApiGateway::Stage',
    {
      what: 'variables of a stage of an API',
      unit: 'variables',
      most: 100,
      source: `${quotas}: stage variables per stage 100`,
    },
    ({ properties }) => membersOf(at(properties, 'Variables')).length,
  ),
  ofEach(
    'AWS::ApiGateway::UsagePlan',
    {
      what: 'stages of a usage plan',
      unit: 'stages',
      least: 1,
      source: 'known; a plan without a stage bounds nothing',
    },
    ({ properties }) => listOf(at(properties, 'ApiStages')).length,
  ),
  ofPlace(
    'AWS::ApiGateway::UsagePlan',
    {
      what: 'usage plans of an account and region',
      unit: 'plans',
      most: 300,
      source: `${quotas}: usage plans per account per Region 300`,
    },
    (plans) => plans.length,
  ),
  ofPlace(
    'AWS::ApiGateway::ApiKey',
    {
      what: 'API keys of an account and region',
      unit: 'keys',
      most: 10_000,
      source: `${quotas}: API keys per account per Region 10000`,
    },
    (keys) => keys.length,
  ),
];
