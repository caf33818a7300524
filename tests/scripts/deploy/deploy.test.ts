import { AdminAddUserToGroupCommand, AdminCreateUserCommand } from '@aws-sdk/client-cognito-identity-provider';
import { ListServiceQuotasCommand } from '@aws-sdk/client-service-quotas';
import { GetCallerIdentityCommand } from '@aws-sdk/client-sts';
import { beforeEach, describe, expect, it } from 'vitest';
import { stageConfig } from '#infra/config.ts';
import { reasonOf } from '#scripts/deploy/cdk.ts';
import { changeLine, readDiff } from '#scripts/deploy/diff.ts';
import { connectsPerSecond, shardsFor } from '#infra/fleet.ts';
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

  it('names the quota to ask for, with the very command, and goes on where only load would suffer', async () => {
    stand.quota('iotcore', 'Connect requests per second per account', 100);
    expect(await stand.run('deploy', '--stage', 'dev', '--meters', '10000000', '--dry-run')).toBe(0);
    expect(notes()).toContain(
      'ask     IoT Core: CONNECT requests a second: needs 452, has 100; aws service-quotas request-service-quota-increase --service-code iotcore --quota-code L-TEST --desired-value 452',
    );
  });

  it('stops where the executions that the stage keeps are more than the account has', async () => {
    stand.quota('lambda', 'Concurrent executions', 10);
    expect(await stand.run('deploy', '--stage', 'prod')).toBe(3);
    const { reserved } = stageConfig('prod', {
      account: '123456789012',
      region: 'eu-west-1',
      deviceEndpoint: 'x-ats.iot.eu-west-1.amazonaws.com',
    });
    const kept = Object.values(reserved).reduce((sum, count) => sum + count, 0);
    expect(notes()).toContain(`needs ${kept + 100}, has 10, and the deployment would fail`);
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

describe('a deployment', () => {
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
