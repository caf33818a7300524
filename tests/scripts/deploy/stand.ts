import {
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
  GetTemplateCommand,
  ListStackResourcesCommand,
  type StackStatus,
  UpdateTerminationProtectionCommand,
} from '@aws-sdk/client-cloudformation';
import {
  AdminAddUserToGroupCommand,
  AdminCreateUserCommand,
  CognitoIdentityProviderClient,
  ListUserPoolClientsCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { DescribeTableCommand, DynamoDBClient, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import {
  DescribeEndpointCommand,
  GetV2LoggingOptionsCommand,
  IoTClient,
  NotConfiguredException,
} from '@aws-sdk/client-iot';
import { ListServiceQuotasCommand, ServiceQuotasClient } from '@aws-sdk/client-service-quotas';
import { ListSubscriptionsByTopicCommand, NotFoundException, SNSClient } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { runProgram } from '#cli/main.ts';
import { accountStackName, type Place, type StageConfig, stageConfig } from '#infra/config.ts';
import { type Clients, openClients } from '#scripts/deploy/aws.ts';
import { type Cdk, CdkFailure } from '#scripts/deploy/cdk.ts';
import { buildDeployProgram } from '#scripts/deploy/program.ts';
import { stackIds, stackNameOf } from '#scripts/deploy/stacks.ts';
import type { Talk } from '#scripts/deploy/talk.ts';

export const account = '123456789012';
export const region = 'eu-west-1';

const none = Object.assign(new Error('Stack with id x does not exist'), { name: 'ValidationError' });

/** What a utility has put in place of the examples. */
const ready: Partial<StageConfig> = {
  origins: ['https://console.utility.co.uk'],
  signInReturns: ['https://console.utility.co.uk/'],
  portalReturns: ['https://account.utility.co.uk/'],
  alarms: { watching: 'all', page: 'operations@utility.co.uk', ticket: 'operations@utility.co.uk' },
  mail: { from: 'accounts@utility.co.uk' },
};

/** Account and CDK of a test: what AWS answers, what the CDK is asked, what is said at the terminal. */
export class Stand {
  readonly cloudFormation = mockClient(CloudFormationClient);
  readonly cognito = mockClient(CognitoIdentityProviderClient);
  readonly iot = mockClient(IoTClient);
  readonly quotas = mockClient(ServiceQuotasClient);
  readonly dynamo = mockClient(DynamoDBClient);
  readonly sns = mockClient(SNSClient);
  readonly sts = mockClient(STSClient);
  readonly out: string[] = [];
  readonly notes: string[] = [];
  readonly asked: string[] = [];
  readonly cdkRuns: (readonly string[])[] = [];
  /** What of the configuration is otherwise than in a stage that is ready. */
  said: Partial<StageConfig> = {};
  /** What `cdk diff` prints. */
  diff = '';
  /** What somebody at the terminal types; undefined where nobody is there. */
  answer: string | undefined;
  /** What the CDK prints before it fails at a command. */
  failAt: { readonly command: string; readonly printed: string } | undefined;

  constructor() {
    process.env.AWS_REGION = region;
    process.env.AWS_ACCESS_KEY_ID = 'test';
    process.env.AWS_SECRET_ACCESS_KEY = 'test';
    this.sts.on(GetCallerIdentityCommand).resolves({ Account: account, Arn: `arn:aws:iam::${account}:user/operator` });
    this.iot.on(DescribeEndpointCommand).resolves({ endpointAddress: 'example-ats.iot.eu-west-1.amazonaws.com' });
    this.quotas.on(ListServiceQuotasCommand).resolves({ Quotas: [] });
    this.cloudFormation.on(DescribeStacksCommand).rejects(none);
    this.bootstrapped('30');
    this.stack(accountStackName, 'CREATE_COMPLETE');
    this.iot.on(GetV2LoggingOptionsCommand).rejects(new NotConfiguredException({ message: 'no', $metadata: {} }));
    this.dynamo.on(DescribeTableCommand).rejects(new ResourceNotFoundException({ message: 'no', $metadata: {} }));
    this.sns.on(ListSubscriptionsByTopicCommand).rejects(new NotFoundException({ message: 'no', $metadata: {} }));
    this.cognito.on(ListUserPoolClientsCommand).resolves({ UserPoolClients: [] });
    this.cognito
      .on(ListUserPoolClientsCommand, { UserPoolId: 'pool-2' })
      .resolves({ UserPoolClients: [{ ClientName: 'console', ClientId: 'c1' }] });
    this.cognito.on(AdminCreateUserCommand).resolves({});
    this.cognito.on(AdminAddUserToGroupCommand).resolves({});
    this.cloudFormation.on(UpdateTerminationProtectionCommand).resolves({});
    this.cloudFormation.on(DeleteStackCommand).callsFake(({ StackName }: { readonly StackName: string }) => {
      this.cloudFormation.on(DescribeStacksCommand, { StackName }).rejects(none);
    });
  }

  /** Has a stack stand in a state; undefined where it is not there. */
  stack(StackName: string, StackStatus: StackStatus | undefined): void {
    const at = this.cloudFormation.on(DescribeStacksCommand, { StackName });
    if (StackStatus === undefined) at.rejects(none);
    else at.resolves({ Stacks: [{ StackName, CreationTime: new Date(0), StackStatus }] });
  }

  bootstrapped(version: string | undefined): void {
    const at = this.cloudFormation.on(DescribeStacksCommand, { StackName: 'CDKToolkit' });
    if (version === undefined) at.rejects(none);
    else
      at.resolves({
        Stacks: [
          {
            StackName: 'CDKToolkit',
            CreationTime: new Date(0),
            StackStatus: 'CREATE_COMPLETE',
            Outputs: [{ OutputKey: 'BootstrapVersion', OutputValue: version }],
          },
        ],
      });
  }

  quota(service: string, QuotaName: string, Value: number): void {
    this.quotas
      .on(ListServiceQuotasCommand, { ServiceCode: service })
      .resolves({ Quotas: [{ QuotaName, Value, QuotaCode: 'L-TEST', Adjustable: true }] });
  }

  /** Has the stage deployed, each stack with a table or key that stays and a role that goes. */
  deployed(stage: string, kept: Readonly<Record<string, { readonly type: string; readonly id: string }>>): void {
    for (const id of stackIds) {
      const StackName = stackNameOf(stage, id);
      const own = kept[id];
      this.cloudFormation.on(DescribeStacksCommand, { StackName }).resolves({
        Stacks: [
          {
            StackName,
            CreationTime: new Date(0),
            StackStatus: 'CREATE_COMPLETE',
            Outputs:
              id === 'Api'
                ? [
                    {
                      OutputKey: 'Issuer',
                      OutputValue: 'https://cognito-idp.example.com/pool-1',
                      Description: 'Issuer',
                    },
                    {
                      OutputKey: 'StaffIssuer',
                      OutputValue: 'https://cognito-idp.example.com/pool-2',
                      Description: 'Issuer of staff',
                    },
                    { OutputKey: 'ExportsOutputX', OutputValue: 'between stacks' },
                  ]
                : [],
          },
        ],
      });
      this.cloudFormation.on(ListStackResourcesCommand, { StackName }).resolves({
        StackResourceSummaries: [
          {
            LogicalResourceId: 'Role',
            PhysicalResourceId: 'role',
            ResourceType: 'AWS::IAM::Role',
            ResourceStatus: 'CREATE_COMPLETE',
            LastUpdatedTimestamp: new Date(0),
          },
          ...(own === undefined
            ? []
            : [
                {
                  LogicalResourceId: 'Kept',
                  PhysicalResourceId: own.id,
                  ResourceType: own.type,
                  ResourceStatus: 'CREATE_COMPLETE' as const,
                  LastUpdatedTimestamp: new Date(0),
                },
              ]),
        ],
      });
      const Kept = own === undefined ? {} : { Kept: { Type: own.type, DeletionPolicy: 'Retain' } };
      const TemplateBody = JSON.stringify({ Resources: { Role: { Type: 'AWS::IAM::Role' }, ...Kept } });
      this.cloudFormation.on(GetTemplateCommand, { StackName }).resolves({ TemplateBody });
    }
  }

  readonly clients = (): Clients => openClients();

  readonly cdk: Cdk = {
    run: async (args) => {
      this.cdkRuns.push(args);
      const { failAt } = this;
      if (failAt !== undefined && failAt.command === args[0])
        throw new CdkFailure(`cdk ${args[0]} ended with 1`, failAt.printed);
      return args[0] === 'diff' ? this.diff : '';
    },
  };

  get talk(): Talk {
    return {
      out: (line) => void this.out.push(line),
      note: (line) => void this.notes.push(line),
      isInteractive: false,
      ask: async () => '',
      ...(this.answer === undefined
        ? {}
        : {
            isInteractive: true,
            ask: async (question: string) => {
              this.asked.push(question);
              return this.answer ?? '';
            },
          }),
    };
  }

  /** Runs a command line and answers its exit code. */
  run(...args: readonly string[]): Promise<number> {
    const configOf = (stage: string, place: Place): StageConfig => ({
      ...stageConfig(stage, place),
      ...ready,
      ...this.said,
    });
    const program = buildDeployProgram({ talk: this.talk, clients: this.clients, cdk: () => this.cdk, configOf });
    return runProgram(program, args, this.talk);
  }

  /** Stacks that were deleted, in that order. */
  deleted(): readonly (string | undefined)[] {
    return this.cloudFormation.commandCalls(DeleteStackCommand).map(({ args: [command] }) => command?.input.StackName);
  }
}
