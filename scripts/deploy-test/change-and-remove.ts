import assert from 'node:assert/strict';
import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeTableCommand } from '@aws-sdk/client-dynamodb';
import { ListArchivesCommand } from '@aws-sdk/client-eventbridge';
import { ListThingsCommand } from '@aws-sdk/client-iot';
import { DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import type { Clients } from '#scripts/deployed/aws.ts';
import type { Deployed } from '#scripts/deployed/deployed.ts';
import { readTemplates, writeTemplate } from './assembly.ts';
import type { Checks } from './checks.ts';
import { type Deployment, variablesOf } from './deploy.ts';
import { account, region } from './emulator.ts';

const variable = 'ROTUNDA_DEPLOY_TEST';

/**
 * Changes one variable of one function in the copy, and names its version anew, as CDK does where a function changes: the alias
 * goes on to what was changed.
 */
const changeOne = async (deployment: Deployment, functionName: string): Promise<void> => {
  for (const one of await readTemplates(deployment.copy)) {
    const { Resources } = one.template;
    const [id, resource] =
      Object.entries(Resources).find(([, { Properties }]) => Properties?.FunctionName === functionName) ?? [];
    const variables = variablesOf(resource?.Properties);
    if (id === undefined || variables === undefined) continue;
    variables[variable] = 'changed';
    const version = Object.entries(Resources).find(
      ([, { Type, Properties }]) =>
        Type === 'AWS::Lambda::Version' && JSON.stringify(Properties?.FunctionName) === JSON.stringify({ Ref: id }),
    )?.[0];
    if (version === undefined) throw new Error(`${functionName} has no version`);
    const renamed = JSON.stringify(one.template).replaceAll(`"${version}"`, `"${version}Changed"`);
    await writeTemplate({ ...one, template: JSON.parse(renamed) });
    return;
  }
  throw new Error(`no template has ${functionName}`);
};

/** The templates that were published lie under names of what was synthesised; the changed ones are to be published anew. */
const forgetTemplates = async ({ s3 }: Clients): Promise<void> => {
  const Bucket = `cdk-hnb659fds-assets-${account}-${region}`;
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  for (const { Key = '' } of Contents) {
    if (Key.endsWith('.json')) await s3.send(new DeleteObjectCommand({ Bucket, Key }));
  }
};

/** What holds on to parts of the stacks: meters with their certificates, and archives of the buses. */
const heldOf = async ({ iot, events }: Clients, thingTypeName: string): Promise<readonly string[]> => {
  const { things = [] } = await iot.send(new ListThingsCommand({ thingTypeName, maxResults: 250 }));
  const { Archives = [] } = await events.send(new ListArchivesCommand({}));
  return [
    ...things.map(({ thingName = '' }) => thingName),
    ...Archives.map(({ ArchiveName = '' }) => ArchiveName),
  ].sort();
};

/**
 * A changed value is deployed and shows; then everything is taken down, with meters registered and archives in place, and those and
 * what holds data stay.
 */
export const changeAndRemove = async (
  checks: Checks,
  clients: Clients,
  deployment: Deployment,
  deployed: Deployed,
): Promise<void> => {
  await checks.check('change', 'a changed value of one function is deployed, and the alias shows it', async () => {
    await changeOne(deployment, deployed.functionName('platform'));
    await forgetTemplates(clients);
    await deployment.deploy();
    const shown = (await deployed.environmentOf('platform'))[variable];
    if (shown !== 'changed') throw new Error(`the alias shows ${shown}`);
  });
  await checks.check('destroy', 'the stacks are taken down; meters, archives and what holds data stay', async () => {
    const held = await heldOf(clients, `rotunda-${deployed.stage}-meter`);
    assert.ok(held.some((name) => name.startsWith('mtr_')) && held.some((name) => !name.startsWith('mtr_')));
    await deployment.destroy();
    const { Stacks = [] } = await clients.cloudFormation.send(new DescribeStacksCommand({}));
    const left = Stacks.map(({ StackName = '' }) => StackName).filter((name) => deployed.stackNames.includes(name));
    assert.deepEqual(left, []);
    assert.deepEqual(await heldOf(clients, `rotunda-${deployed.stage}-meter`), held);
    for (const { physicalId: TableName } of deployed.ofType('AWS::DynamoDB::Table'))
      await clients.dynamo.send(new DescribeTableCommand({ TableName }));
  });
};
