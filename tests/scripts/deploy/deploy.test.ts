import { GetTemplateCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { AdminAddUserToGroupCommand, AdminCreateUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { GetV2LoggingOptionsCommand } from '@aws-sdk/client-iot';
import { ListServiceQuotasCommand } from '@aws-sdk/client-service-quotas';
import { ListSubscriptionsByTopicCommand } from '@aws-sdk/client-sns';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it } from 'vitest';
import { functionNamed, streamFunctionNames } from '#functions/manifest.ts';
import { accountStackName } from '#infra/config.ts';
import { connectsPerSecond, parallelizationOf, partitionsOf, reservedFor, shardsFor } from '#infra/fleet.ts';
import { reasonOf } from '#scripts/deploy/cdk.ts';
import { changeLine, readDiff } from '#scripts/deploy/diff.ts';
import { account, Stand } from './stand.ts';

/** As the pinned CDK prints it. */
const printedDiff = `Stack Stateful (rotunda-dev-stateful)
Parameters
[+] Parameter BootstrapVersion BootstrapVersion: {"Type":"AWS::SSM::Parameter::Value<String>"}

Resources
[-] AWS::S3::Bucket OldBucket orphan
[-] AWS::SQS::Queue OldQueue destroy
[+] AWS::Cognito::UserPoolGroup SignIn/RoleAgent SignInRoleAgent8204C5D8
[~] AWS::DynamoDB::Table Profile/Table ProfileTableC0A13F29 replace
 └─ [~] KeySchema (requires replacement)
     └─ @@ -1,6 +1,6 @@
        [-]     "AttributeName": "other",
        [+]     "AttributeName": "pk",

Outputs
[+] Output Other Other: {"Value":"x"}

Stack Ingest (rotunda-dev-ingest)
There were no differences
`;

let stand: Stand;
const notes = () => stand.notes.join('\n');

beforeEach(() => {
  stand = new Stand();
});

describe('before anything is changed', () => {
  it('refuses a stage that the configuration does not know', async () => {
    expect(await stand.run('deploy', '--stage', 'moon')).toBe(2);
    expect(notes()).toContain('there is no stage moon: infra/config.ts has dev, staging, prod');
  });

  it('says what to do where there are no credentials', async () => {
    stand.sts
      .on(GetCallerIdentityCommand)
      .rejects(Object.assign(new Error('none'), { name: 'CredentialsProviderError' }));
    expect(await stand.run('deploy', '--stage', 'dev')).toBe(3);
    expect(notes()).toContain('there are no AWS credentials here: set AWS_PROFILE');
  });

  it.each([
    ['account', '210987654321', 'dev belongs in the account 210987654321, and these credentials are of 123456789012'],
    ['region', 'us-east-1', 'dev belongs in us-east-1, and the region here is eu-west-1'],
  ])('refuses another %s than the one the stage belongs in', async (option, value, said) => {
    expect(await stand.run('deploy', '--stage', 'dev', `--${option}`, value)).toBe(3);
    expect(notes()).toContain(said);
    expect(stand.cdkRuns).toEqual([]);
  });

  it('tells how to set up the CDK where it is not', async () => {
    stand.bootstrapped(undefined);
    expect(await stand.run('deploy', '--stage', 'dev')).toBe(3);
    expect(notes()).toContain('npx cdk bootstrap aws://123456789012/eu-west-1');
  });

  it('refuses a set-up of the CDK that is too old', async () => {
    stand.bootstrapped('5');
    expect(await stand.run('deploy', '--stage', 'dev')).toBe(3);
    expect(notes()).toContain('is of version 5, and 6 is needed');
  });

  it('refuses a quota below what is needed, and names the very command that asks for it', async () => {
    stand.quota('iotcore', 'Connect requests per second per account', 100);
    expect(await stand.run('deploy', '--stage', 'dev', '--meters', '10000000', '--dry-run')).toBe(3);
    expect(notes()).toContain(
      'IoT Core: CONNECT requests a second: needs 452, has 100; aws service-quotas request-service-quota-increase --service-code iotcore --quota-code L-TEST --desired-value 452',
    );
    expect(await stand.run('deploy', '--stage', 'dev', '--meters', '1000', '--dry-run')).toBe(0);
  });

  it('stops where the executions that the stage keeps are more than the account has', async () => {
    stand.quota('lambda', 'Concurrent executions', 10);
    expect(await stand.run('deploy', '--stage', 'dev', '--dry-run')).toBe(0);
    stand.said = { reserved: { relay: 16, operations: 2 } };
    expect(await stand.run('deploy', '--stage', 'dev')).toBe(3);
    expect(notes()).toContain('needs 118, has 10');
    expect(stand.cdkRuns.map(([command]) => command)).toEqual(['synth', 'diff']);
  });

  it.each([
    ['origins', { origins: ['https://console.example.com'] }],
    ['signInReturns', { signInReturns: ['https://console.staging.example.com/'] }],
    ['alarms.page', { alarms: { watching: 'all' as const, page: 'operations@example.com' } }],
    ['mail.from', { mail: { from: 'accounts@utility.example' } }],
  ])('refuses %s that are still examples, and says whose', async (member, said) => {
    stand.said = said;
    expect(await stand.run('deploy', '--stage', 'staging')).toBe(3);
    expect(notes()).toContain(`${member} of staging is an example`);
    expect(stand.cdkRuns).toEqual([]);
  });

  it('refuses prod until its place, somebody who is paged and the sender of its mails are said', async () => {
    stand.said = { alarms: { watching: 'all' }, mail: undefined };
    expect(await stand.run('deploy', '--stage', 'prod')).toBe(3);
    expect(notes()).toContain('put its account and region into stagePlaces');
    expect(notes()).toContain('put a mailbox into alarms.page');
    expect(notes()).toContain('put it into mail');
    expect(stand.cdkRuns).toEqual([]);
  });

  it('refuses to go on where a mailbox has not confirmed that it takes alarms', async () => {
    stand.sns.on(ListSubscriptionsByTopicCommand).resolves({
      Subscriptions: [{ Protocol: 'email', Endpoint: 'ada@utility.co.uk', SubscriptionArn: 'PendingConfirmation' }],
    });
    expect(await stand.run('deploy', '--stage', 'staging')).toBe(3);
    expect(notes()).toContain('ada@utility.co.uk has not confirmed that it takes alarms of staging (page)');
  });

  it('refuses a stage that its tables have outgrown, and says what it would have to be made for', async () => {
    stand.dynamo
      .on(DescribeTableCommand, { TableName: 'rotunda-staging-readings' })
      .resolves({ Table: { TableSizeBytes: 90e9 } });
    expect(await stand.run('deploy', '--stage', 'staging')).toBe(3);
    expect(notes()).toContain('rotunda-staging-readings has 90 GB');
    expect(notes()).toContain('put meters: 750000 or more into staging');
  });

  it('asks for what the account has once before the first stage', async () => {
    stand.stack(accountStackName, undefined);
    expect(await stand.run('deploy', '--stage', 'dev')).toBe(3);
    expect(notes()).toContain('npm run deploy:account');
    expect(stand.cdkRuns).toEqual([]);
  });

  it('goes on where Service Quotas does not answer, and says so', async () => {
    stand.quotas
      .on(ListServiceQuotasCommand)
      .rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
    expect(await stand.run('deploy', '--stage', 'dev', '--dry-run')).toBe(0);
    expect(notes()).toContain('Service Quotas did not answer (AccessDeniedException)');
  });

  it('counts on the busiest second of a fleet that spreads its day over eight hours', () => {
    expect(connectsPerSecond(10_000_000)).toBe(452);
    expect(shardsFor(10_000_000)).toBe(1);
    expect(shardsFor(100_000_000)).toBe(7);
  });

  it('keeps as many executions for each reader of a stream as its shards come to, however many meters there are', () => {
    for (const meters of [1000, 1_000_000, 10_000_000, 100_000_000]) {
      const kept = reservedFor('prod', meters);
      for (const name of streamFunctionNames) {
        const { stream } = functionNamed(name).on;
        if (stream === undefined) throw new Error(`${name} reads no stream`);
        const shards = stream.of === 'telemetry' ? shardsFor(meters) : partitionsOf(stream.of, meters);
        expect(kept[name]).toBe(shards * parallelizationOf(name, meters));
        expect(parallelizationOf(name, meters)).toBeGreaterThanOrEqual(1);
      }
    }
    // A table that holds ten million households has so many shards that one batch of each is enough.
    expect(parallelizationOf('relay', 1000)).toBe(4);
    expect(parallelizationOf('relay', 10_000_000)).toBe(1);
    // What one account has by itself is enough for it.
    expect(Object.values(reservedFor('prod', 10_000_000)).reduce((sum, kept) => sum + kept, 0)).toBeLessThan(900);
  });
});

describe('what would change', () => {
  it('is read from what the CDK prints: resources alone, and what endangers data', () => {
    const [stateful, ingest] = readDiff(printedDiff);
    expect(stateful).toMatchObject({ stack: 'Stateful', added: 1, changed: 1, removed: 2 });
    expect(stateful?.endangered.map(({ logicalId, fate }) => [logicalId, fate])).toEqual([
      ['OldBucket', 'orphan'],
      ['ProfileTableC0A13F29', 'replace'],
    ]);
    expect(ingest === undefined ? '' : changeLine(ingest)).toBe('no change');
  });

  it('stops a deployment that endangers data where nobody is there to answer', async () => {
    stand.diff = printedDiff;
    expect(await stand.run('deploy', '--stage', 'dev')).toBe(3);
    expect(notes()).toContain('DATA: AWS::DynamoDB::Table ProfileTableC0A13F29 of rotunda-dev-stateful: replace');
    expect(stand.cdkRuns.map(([command]) => command)).toEqual(['synth', 'diff']);
  });

  it('goes on where it was said beforehand', async () => {
    stand.diff = printedDiff;
    expect(await stand.run('deploy', '--stage', 'dev', '--yes')).toBe(0);
    expect(stand.cdkRuns.filter(([command]) => command === 'deploy')).toHaveLength(5);
  });

  it('changes nothing in a dry run', async () => {
    stand.diff = printedDiff;
    expect(await stand.run('deploy', '--stage', 'dev', '--dry-run')).toBe(0);
    expect(stand.cdkRuns.map(([command]) => command)).toEqual(['synth', 'diff']);
    expect(stand.out).toEqual(['dry run: nothing was changed']);
  });
});

describe('a first try that failed', () => {
  const name = 'rotunda-dev-stateful';
  const left = (DeletionPolicy: string) => {
    stand.stack(name, 'ROLLBACK_COMPLETE');
    stand.cloudFormation.on(ListStackResourcesCommand, { StackName: name }).resolves({
      StackResourceSummaries: [
        {
          LogicalResourceId: 'Table',
          PhysicalResourceId: 'rotunda-dev-profile',
          ResourceType: 'AWS::DynamoDB::Table',
          ResourceStatus: 'DELETE_SKIPPED',
          LastUpdatedTimestamp: new Date(0),
        },
      ],
    });
    const TemplateBody = JSON.stringify({ Resources: { Table: { Type: 'AWS::DynamoDB::Table', DeletionPolicy } } });
    stand.cloudFormation.on(GetTemplateCommand, { StackName: name }).resolves({ TemplateBody });
  };

  it('is told of and removed, and the stage is made anew', async () => {
    left('Delete');
    expect(await stand.run('deploy', '--stage', 'dev', '--dry-run')).toBe(0);
    expect(notes()).toContain(
      `${name} was never made whole (ROLLBACK_COMPLETE): it is removed before it is made again`,
    );
    expect(stand.deleted()).toEqual([]);
    expect(await stand.run('deploy', '--stage', 'dev')).toBe(0);
    expect(stand.deleted()).toEqual([name]);
    expect(stand.cdkRuns.filter(([command]) => command === 'deploy')).toHaveLength(5);
  });

  it('is not removed where it left something behind that somebody has to look at', async () => {
    left('RetainExceptOnCreate');
    expect(await stand.run('deploy', '--stage', 'dev')).toBe(3);
    expect(notes()).toContain(`${name} failed and left AWS::DynamoDB::Table rotunda-dev-profile`);
    expect(stand.deleted()).toEqual([]);
  });
});

describe('what an account has once', () => {
  it('is set up by a command of its own', async () => {
    stand.stack(accountStackName, undefined);
    expect(await stand.run('account', '--dry-run')).toBe(0);
    expect(notes()).toContain('rotunda-account is made in 123456789012, eu-west-1');
    expect(stand.cdkRuns).toEqual([]);
    expect(await stand.run('account')).toBe(0);
    expect(stand.cdkRuns).toEqual([expect.arrayContaining(['deploy', 'Account', 'only=account'])]);
  });

  it('is refused where IoT Core has a log that somebody else set', async () => {
    stand.stack(accountStackName, undefined);
    stand.iot.on(GetV2LoggingOptionsCommand).resolves({ roleArn: 'arn:aws:iam::123456789012:role/other' });
    expect(await stand.run('account')).toBe(3);
    expect(notes()).toContain('has a log that somebody else set');
    expect(stand.cdkRuns).toEqual([]);
  });
});

describe('a deployment', () => {
  it('makes what holds data refuse to be deleted once all of it stands, and not before', async () => {
    stand.said = { deletionProtection: true };
    expect(await stand.run('deploy', '--stage', 'dev')).toBe(0);
    const runs = stand.cdkRuns.filter(([command]) => command !== 'diff');
    expect(runs.map(([command, second]) => (command === 'deploy' ? second : command))).toEqual([
      'synth',
      'Stateful',
      'Ingest',
      'Events',
      'Api',
      'Observability',
      'synth',
      'Stateful',
    ]);
    const firsts = runs
      .filter(([command]) => command === 'synth')
      .map((args) => args.find((arg) => arg.startsWith('isFirst')));
    expect(firsts).toEqual(['isFirst=true', 'isFirst=false']);
    stand.cdkRuns.length = 0;
    stand.deployed('dev', {});
    expect(await stand.run('deploy', '--stage', 'dev')).toBe(0);
    expect(stand.cdkRuns.filter(([command]) => command === 'synth')).toHaveLength(1);
  });

  it('deploys stack by stack in their order, each by itself and without asking', async () => {
    expect(await stand.run('deploy', '--stage', 'dev')).toBe(0);
    const deploys = stand.cdkRuns.filter(([command]) => command === 'deploy');
    expect(deploys.map(([, stack]) => stack)).toEqual(['Stateful', 'Ingest', 'Events', 'Api', 'Observability']);
    for (const args of deploys) expect(args).toEqual(expect.arrayContaining(['--exclusively', 'never']));
    expect(notes()).toContain('rotunda-dev-observability: deployed');
  });

  it('tells in one line why CloudFormation gave up and what to do, and goes no further', async () => {
    const printed =
      'rotunda-dev-stateful | 3/40 | 10:00:00 | CREATE_FAILED | AWS::KMS::Key | DataKey/Key Limit exceeded';
    stand.failAt = { command: 'deploy', printed };
    expect(await stand.run('deploy', '--stage', 'dev')).toBe(1);
    const told = stand.notes.at(-1) ?? '';
    expect(told).toContain('rotunda-dev-stateful was not deployed: AWS::KMS::Key DataKey/Key Limit exceeded');
    expect(told).toContain('npx cdk diagnose Stateful');
    expect(told).not.toContain('\n');
    expect(stand.cdkRuns.filter(([command]) => command === 'deploy')).toHaveLength(1);
  });

  it('says before which roles must be there to send facts, and which is missing where IAM knows none', async () => {
    expect(await stand.run('deploy', '--stage', 'staging', '--dry-run')).toBe(0);
    const role = `arn:aws:iam::${account}:role/rotunda-staging-sender-billing`;
    expect(notes()).toContain(`billing is sent by ${role}, which must be there`);
    const printed = `rotunda-staging-events | 3/40 | 10:00:00 | CREATE_FAILED | AWS::IAM::Role | Senders/billing Invalid principal in policy: "AWS":"${role}"`;
    stand.failAt = { command: 'deploy', printed };
    expect(await stand.run('deploy', '--stage', 'staging')).toBe(1);
    const told = stand.notes.at(-1) ?? '';
    expect(told).toContain(role);
    expect(told).toContain('names as a sender is not there: make it first');
  });

  it('tells the last complaint of the CDK where no resource failed', () => {
    expect(reasonOf('Synthesizing\nError: no stage moon\n')).toBe('Error: no stage moon');
    expect(reasonOf('')).toBe('it said nothing');
  });

  it('answers as one document with what the stacks tell, without what they tell each other', async () => {
    stand.deployed('dev', {});
    expect(await stand.run('deploy', '--stage', 'dev', '--json')).toBe(0);
    const answer = JSON.parse(stand.out.join(''));
    expect(answer.outputs.map(({ name }: { readonly name: string }) => name)).toEqual([
      'Issuer',
      'StaffIssuer',
      'Client.console',
      'DeviceEndpoint',
      'AlarmTopic.page',
      'AlarmTopic.ticket',
    ]);
    expect(stand.notes).toEqual([]);
  });
});

describe('the first user', () => {
  const user = ['--first-user', 'ada@example.com', '--role', 'operator'];

  it('is invited by e-mail to the pool of staff and put into the group of the role', async () => {
    stand.deployed('dev', {});
    expect(await stand.run('deploy', '--stage', 'dev', ...user)).toBe(0);
    const created = stand.cognito.commandCalls(AdminCreateUserCommand)[0]?.args[0].input;
    expect(created).toMatchObject({
      UserPoolId: 'pool-2',
      Username: 'ada@example.com',
      DesiredDeliveryMediums: ['EMAIL'],
    });
    expect(stand.cognito.commandCalls(AdminAddUserToGroupCommand)[0]?.args[0].input.GroupName).toBe('operator');
    expect(stand.out.at(-1)).toBe('ada@example.com (operator): invited');
  });

  it('is not invited twice', async () => {
    stand.deployed('dev', {});
    stand.cognito
      .on(AdminCreateUserCommand)
      .rejects(Object.assign(new Error('there'), { name: 'UsernameExistsException' }));
    expect(await stand.run('deploy', '--stage', 'dev', ...user)).toBe(0);
    expect(stand.out.at(-1)).toBe('ada@example.com (operator): was there');
  });

  it.each([
    ['without a role', ['--first-user', 'ada@example.com']],
    ['with a role that is none', ['--first-user', 'ada@example.com', '--role', 'king']],
    ['with what is no address', ['--first-user', 'ada', '--role', 'operator']],
  ])('is refused %s', async (_title, args) => {
    expect(await stand.run('deploy', '--stage', 'dev', ...args)).toBe(2);
    expect(stand.cdkRuns).toEqual([]);
  });
});
