import { DescribeStacksCommand, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand } from '@aws-sdk/client-lambda';
import type { FunctionName } from '#functions/manifest.ts';
import { readSettings, type SettingName, type Settings } from '#shared/runtime/settings.ts';
import type { Clients } from './aws.ts';

/** A resource that was made. */
export interface Made {
  readonly stack: string;
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
}

/** What was deployed, as CloudFormation and Lambda tell it. */
export class Deployed {
  readonly stage: string;
  readonly stackNames: readonly string[];
  readonly #clients: Clients;
  readonly #made: readonly Made[];
  readonly #outputs: ReadonlyMap<string, string>;

  private constructor(
    clients: Clients,
    stage: string,
    stackNames: readonly string[],
    made: readonly Made[],
    outputs: ReadonlyMap<string, string>,
  ) {
    this.#clients = clients;
    this.stage = stage;
    this.stackNames = stackNames;
    this.#made = made;
    this.#outputs = outputs;
  }

  /** Reads the stacks of a stage. */
  static async read(clients: Clients, stage: string): Promise<Deployed> {
    const { Stacks = [] } = await clients.cloudFormation.send(new DescribeStacksCommand({}));
    const prefix = `rotunda-${stage}-`;
    const stacks = Stacks.filter(({ StackName = '' }) => StackName.startsWith(prefix));
    const made: Made[] = [];
    const outputs = new Map<string, string>();
    for (const { StackName = '', Outputs = [] } of stacks) {
      for (const { OutputKey = '', OutputValue = '' } of Outputs) outputs.set(OutputKey, OutputValue);
      for await (const page of paginateListStackResources({ client: clients.cloudFormation }, { StackName })) {
        for (const one of page.StackResourceSummaries ?? []) {
          const {
            LogicalResourceId: logicalId = '',
            ResourceType: type = '',
            PhysicalResourceId: physicalId = '',
          } = one;
          made.push({ stack: StackName, logicalId, type, physicalId });
        }
      }
    }
    const names = stacks.map(({ StackName = '' }) => StackName);
    return new Deployed(clients, stage, names, made, outputs);
  }

  ofType(type: string): readonly Made[] {
    return this.#made.filter((one) => one.type === type);
  }

  /** The only resource of a type whose logical id matches. */
  only(type: string, logicalId = /./): Made {
    const found = this.ofType(type).filter((one) => logicalId.test(one.logicalId));
    const [one, ...more] = found;
    if (one === undefined || more.length > 0) throw new Error(`${found.length} resources of ${type} ${logicalId}`);
    return one;
  }

  /** Value of an output of any stack, by the start of its key. */
  output(start: string): string {
    for (const [key, value] of this.#outputs) if (key.startsWith(start)) return value;
    throw new Error(`no output ${start}; there are ${[...this.#outputs.keys()].join(', ')}`);
  }

  functionName(name: FunctionName): string {
    return `rotunda-${this.stage}-${name}`;
  }

  async environmentOf(name: FunctionName, qualifier = 'live'): Promise<Readonly<Record<string, string>>> {
    const answer = await this.#clients.lambda.send(
      new GetFunctionConfigurationCommand({ FunctionName: this.functionName(name), Qualifier: qualifier }),
    );
    return answer.Environment?.Variables ?? {};
  }

  /** Settings of a deployed function, read as the function reads them. */
  async settings<Name extends SettingName>(of: FunctionName, names: readonly Name[]): Promise<Pick<Settings, Name>> {
    return readSettings(names, await this.environmentOf(of));
  }
}
