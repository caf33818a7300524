import { ValidateTemplateCommand } from '@aws-sdk/client-cloudformation';
import type { Clients } from '#scripts/deployed/aws.ts';
import { environmentName } from '#shared/runtime/settings.ts';
import {
  type RemovedResource,
  type Resource,
  readTemplates,
  removeResources,
  type StackTemplate,
  typesOf,
  writeTemplate,
} from './assembly.ts';
import { loosenRights } from './conditions.ts';
import { splitGatewayResponses } from './gateway-responses.ts';

/** What the test swaps in functions: places on AWS, by where they are here. */
export interface Swaps {
  /** Below it the keys of each user pool. */
  readonly keysUrl: string;
  readonly devicePort: string;
  readonly deviceCaPem: string;
}

const keysOfIssuers = [
  ['issuer', 'jwksUri'],
  ['staffIssuer', 'staffJwksUri'],
] as const;

/** Sets variables of every function that has the setting, or the one it depends on. */
const swap = (templates: readonly StackTemplate[], { keysUrl, devicePort, deviceCaPem }: Swaps): void => {
  for (const { template } of templates) {
    for (const { Type, Properties } of Object.values(template.Resources)) {
      const variables = Type === 'AWS::Lambda::Function' ? variablesOf(Properties) : undefined;
      if (variables === undefined) continue;
      for (const [issuerName, keysName] of keysOfIssuers) {
        const issuer = variables[environmentName(issuerName)];
        if (issuer === undefined) continue;
        const pool = { 'Fn::Select': [3, { 'Fn::Split': ['/', issuer] }] };
        const parts = [`${keysUrl}/`, pool, '/.well-known/jwks.json'];
        variables[environmentName(keysName)] = { 'Fn::Join': ['', parts] };
      }
      if (variables[environmentName('deviceEndpoint')] !== undefined) {
        variables[environmentName('devicePort')] = devicePort;
        variables[environmentName('deviceCaPem')] = deviceCaPem;
      }
    }
  }
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The variables of a function of a template, to be changed in place. */
const variablesOf = (properties: unknown): Record<string, unknown> | undefined => {
  const environment = isRecord(properties) ? properties.Environment : undefined;
  const variables = isRecord(environment) ? environment.Variables : undefined;
  return isRecord(variables) ? variables : undefined;
};

/** The types among those that the emulator does not know: CloudFormation says so before it makes anything. */
const unknownTypes = async ({ cloudFormation }: Clients, types: readonly string[]): Promise<ReadonlySet<string>> => {
  const Resources = Object.fromEntries(types.map((Type, index) => [`R${index}`, { Type }]));
  try {
    await cloudFormation.send(new ValidateTemplateCommand({ TemplateBody: JSON.stringify({ Resources }) }));
    return new Set();
  } catch (error) {
    const named =
      error instanceof Error ? /Unrecognized resource types: \[([^\]]+)\]/.exec(error.message)?.[1] : undefined;
    if (named === undefined) throw error;
    return new Set(named.split(',').map((type) => type.trim()));
  }
};

/** What of a resource the emulator cannot make; undefined where it can. */
const unusable = ({ Type, Properties }: Resource, unknown: ReadonlySet<string>): string | undefined => {
  if (unknown.has(Type)) return Type;
  return Type === 'AWS::CloudWatch::Alarm' && Properties?.Metrics !== undefined ? `${Type} on metric math` : undefined;
};

/** Takes out of the templates of a folder what the emulator does not know, and swaps addresses; answers what went. */
export const adaptTemplates = async (
  folder: string,
  clients: Clients,
  swaps: Swaps,
): Promise<readonly RemovedResource[]> => {
  const templates = await readTemplates(folder);
  const unknown = await unknownTypes(clients, typesOf(templates));
  const removed = removeResources(templates, (resource) => unusable(resource, unknown));
  swap(templates, swaps);
  splitGatewayResponses(templates);
  loosenRights(templates);
  for (const one of templates) await writeTemplate(one);
  return removed;
};
