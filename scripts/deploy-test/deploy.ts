import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ValidateTemplateCommand } from '@aws-sdk/client-cloudformation';
import { projectRoot } from '#scripts/check/project-files.ts';
import type { Clients } from '#scripts/deployed/aws.ts';
import { environmentName } from '#shared/runtime/settings.ts';
import {
  copyAssembly,
  type RemovedResource,
  type Resource,
  readTemplates,
  removeResources,
  type StackTemplate,
  typesOf,
  writeTemplate,
} from './assembly.ts';
import { cdk } from './cdk.ts';
import { loosenRights } from './conditions.ts';
import { account, region } from './emulator.ts';
import { splitGatewayResponses } from './gateway-responses.ts';

/** The stage that is deployed. */
export const stage = 'dev';

/** Seconds each command may take; a machine under load is slow, a hanging custom resource slower. */
const seconds = { bootstrap: 120, synth: 240, deploy: 300, destroy: 180 } as const;

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
export const variablesOf = (properties: unknown): Record<string, unknown> | undefined => {
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

/** Deploys the stacks with the CDK's own command line. */
export class Deployment {
  readonly #folder: string;

  /** @param folder where the assembly goes */
  constructor(folder: string) {
    this.#folder = folder;
  }

  get assembly(): string {
    return join(this.#folder, 'cdk.out');
  }

  get copy(): string {
    return join(this.#folder, 'copy');
  }

  /** From an empty folder: beside `cdk.json` the command would synthesise anew. */
  async bootstrap(): Promise<void> {
    const cwd = join(this.#folder, 'empty');
    await mkdir(cwd, { recursive: true });
    await cdk(['bootstrap', `aws://${account}/${region}`], { cwd, seconds: seconds.bootstrap });
  }

  /** Synthesises the real app once. */
  async synthesise(context: Readonly<Record<string, string>>): Promise<void> {
    const said = Object.entries({ stage, account, region, ...context }).flatMap(([key, value]) => [
      '--context',
      `${key}=${value}`,
    ]);
    const args = ['synth', '--quiet', '--output', this.assembly, ...said];
    await cdk(args, { cwd: projectRoot, seconds: seconds.synth });
  }

  /** Copies the assembly, takes out what the emulator does not know, and swaps addresses; answers what went. */
  async adapt(clients: Clients, swaps: Swaps): Promise<readonly RemovedResource[]> {
    await copyAssembly(this.assembly, this.copy);
    const templates = await readTemplates(this.copy);
    const unknown = await unknownTypes(clients, typesOf(templates));
    const removed = removeResources(templates, (resource) => unusable(resource, unknown));
    swap(templates, swaps);
    splitGatewayResponses(templates);
    loosenRights(templates);
    for (const one of templates) await writeTemplate(one);
    return removed;
  }

  #command(name: 'deploy' | 'destroy', more: readonly string[]): Promise<string> {
    const args = [name, '**', '--app', this.copy, '--concurrency', '1', ...more];
    return cdk(args, { cwd: this.#folder, seconds: seconds[name] });
  }

  /** Deploys the copy; answers what the command printed. */
  deploy(): Promise<string> {
    return this.#command('deploy', ['--require-approval', 'never', '--no-asset-parallelism', '--progress', 'events']);
  }

  destroy(): Promise<string> {
    return this.#command('destroy', ['--force']);
  }
}
