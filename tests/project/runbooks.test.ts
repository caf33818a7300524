import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { buildProgram } from '#cli/program.ts';
import { processTerminal } from '#cli/terminal.ts';
import { everyAlarmKind } from '#infra/alarms/kinds.ts';
import { linkComplaints } from '#scripts/check/links.ts';
import { projectRoot } from '#scripts/check/project-files.ts';
import { openClients } from '#scripts/deploy/aws.ts';
import { childCdk } from '#scripts/deploy/cdk.ts';
import { buildDeployProgram } from '#scripts/deploy/program.ts';
import { processTalk } from '#scripts/deploy/talk.ts';
import { openClients as openDeployedClients } from '#scripts/deployed/aws.ts';
import { procedures } from '#scripts/docs/runbook-index.ts';
import { awsGround } from '#scripts/rehearse/aws-ground.ts';
import { buildRehearseProgram } from '#scripts/rehearse/program.ts';
import { commandComplaint, commandsOf, type Known, partComplaint } from './runbook-commands.ts';

const folder = join(projectRoot, 'docs', 'runbooks');
const pages = readdirSync(folder)
  .filter((file) => file.endsWith('.md') && file !== 'README.md')
  .map((file) => ({ name: file.slice(0, -3), text: readFileSync(join(folder, file), 'utf8') }));

const otherPages = ['deploy', 'rehearsal'].map((name) => ({
  name,
  text: readFileSync(join(projectRoot, 'docs', `${name}.md`), 'utf8'),
}));
const manifest: { scripts: Record<string, string> } = JSON.parse(
  readFileSync(join(projectRoot, 'package.json'), 'utf8'),
);

const known: Known = {
  rotunda: buildProgram(processTerminal),
  deploy: buildDeployProgram({ talk: processTalk, clients: openClients, cdk: childCdk }),
  rehearse: buildRehearseProgram({
    talk: processTalk,
    clients: openDeployedClients,
    groundOf: (asked, where) => awsGround(asked, { ...where, cdk: childCdk({}), talk: processTalk }),
  }),
  scripts: new Set(Object.keys(manifest.scripts)),
  cdk: new Set(['bootstrap', 'diagnose', 'drift', 'import', 'orphan', 'refactor', 'rollback']),
  aws: new Set([
    'cloudformation describe-stack-events',
    'cloudformation describe-stacks',
    'cloudtrail lookup-events',
    'cloudwatch describe-alarms',
    'cognito-idp admin-disable-user',
    'cognito-idp admin-list-groups-for-user',
    'cognito-idp admin-remove-user-from-group',
    'cognito-idp admin-set-user-mfa-preference',
    'cognito-idp admin-user-global-sign-out',
    'cognito-idp delete-user-pool-client',
    'cognito-idp describe-user-pool-client',
    'dynamodb delete-table',
    'dynamodb describe-continuous-backups',
    'dynamodb describe-table',
    'dynamodb query',
    'dynamodb restore-table-to-point-in-time',
    'dynamodb update-continuous-backups',
    'dynamodb update-table',
    'dynamodb update-time-to-live',
    'dynamodb wait',
    'events describe-replay',
    'events describe-rule',
    'events enable-rule',
    'events list-archives',
    'events list-targets-by-rule',
    'events start-replay',
    'iam create-role',
    'iam put-role-policy',
    'iot describe-certificate',
    'iot describe-endpoint',
    'iot enable-topic-rule',
    'iot get-policy',
    'iot get-topic-rule',
    'iot list-attached-policies',
    'iot list-thing-principals',
    'iot update-certificate',
    'kinesis describe-stream-summary',
    'kinesis update-shard-count',
    'kms cancel-key-deletion',
    'kms describe-key',
    'kms enable-key',
    'lambda get-account-settings',
    'lambda get-alias',
    'lambda get-function',
    'lambda get-function-concurrency',
    'lambda get-policy',
    'lambda invoke',
    'lambda list-event-source-mappings',
    'lambda list-versions-by-function',
    'lambda update-alias',
    'lambda update-event-source-mapping',
    'logs tail',
    's3 ls',
    'service-quotas get-service-quota',
    'service-quotas list-service-quotas',
    'service-quotas request-service-quota-increase',
    'sns list-subscriptions-by-topic',
    'sns list-topics',
    'sns publish',
    'sqs get-queue-attributes',
    'sqs get-queue-url',
    'sqs purge-queue',
    'sso login',
    'sts get-caller-identity',
    'xray get-trace-summaries',
  ]),
};

it('has a page for every alarm, and no page that neither an alarm nor a procedure leads to', () => {
  const wanted = new Set([...everyAlarmKind.map(({ runbook }) => runbook), ...Object.keys(procedures)]);
  expect(pages.map(({ name }) => name).sort()).toEqual([...wanted].sort());
});

it('tells symptom, check, fix and verification on every page', () => {
  expect(pages.flatMap((page) => partComplaint(page) ?? []).map(String)).toEqual([]);
});

it('names on its page every alarm that leads to it', () => {
  const silent = everyAlarmKind.filter(
    ({ id, runbook }) => !pages.some(({ name, text }) => name === runbook && text.includes(`\`${id}\``)),
  );
  expect(silent.map(({ id }) => id)).toEqual([]);
});

it.each([...pages, ...otherPages])('tells only commands and flags that exist: $name', ({ text }) => {
  expect(commandsOf(text).length).toBeGreaterThan(0);
  const complaints = commandsOf(text).flatMap((command) => {
    const complaint = commandComplaint(command, known);
    return complaint === undefined ? [] : [`${command}: ${complaint}`];
  });
  expect(complaints).toEqual([]);
});

it('leads nowhere that is not there', () => {
  const wrong = pages.flatMap(({ name, text }) => linkComplaints(projectRoot, `docs/runbooks/${name}.md`, text));
  expect(wrong).toEqual([]);
});

it.each([
  ['npx rotunda ops redo --stage $STAGE', 'ops has no redo'],
  ['npx rotunda ops redrive --force', 'redrive has no --force'],
  ['npm run bring-up', 'package.json has no script bring-up'],
  ['npm run destroy -- --stage dev --all', 'destroy has no --all'],
  ['aws dynamodb drop-table --table-name x', 'aws dynamodb drop-table is not on the list'],
  ['npx cdk undo', 'cdk undo is not on the list'],
])('notices that %s does not exist', (command, complaint) => {
  expect(commandComplaint(command, known)).toBe(complaint);
});

it('notices a page without all four parts', () => {
  expect(partComplaint({ name: 'short', text: '# Short\n\n## Symptom\n\nIt.\n\n## Fix\n\nMend.\n' })).toBe(
    'has Symptom, Fix',
  );
  expect(partComplaint({ name: 'empty', text: '## Symptom\n\nx\n\n## Check\n\n## Fix\n\ny\n\n## Verify\n\nz\n' })).toBe(
    'Check is empty',
  );
});
