import { DescribeTableCommand, ResourceNotFoundException } from '@aws-sdk/client-dynamodb';
import { ListSubscriptionsByTopicCommand, NotFoundException } from '@aws-sdk/client-sns';
import { type Urgency, urgencies } from '#functions/manifest/alarm.ts';
import type { StageConfig } from '#infra/config.ts';
import { metersIn, partitionsFor, partitionsOf } from '#infra/fleet.ts';
import { tableNames } from '#shared/table/table.ts';
import { stageName } from '#shared/vocabulary/stage.ts';
import type { Clients } from './aws.ts';

/** Whether a text holds a host that is kept for examples (RFC 2606, RFC 6761). */
const isExample = (text: string): boolean =>
  /(^|[@./])(example\.(com|net|org)|[a-z0-9-]+\.(example|invalid|test))(:\d+)?(\/|$)/i.test(text);

/** What of a configuration says where people and pages are, by the name of the member. */
const addressesOf = (config: StageConfig): readonly (readonly [string, string])[] => [
  ...config.origins.map((one): [string, string] => ['origins', one]),
  ...config.signInReturns.map((one): [string, string] => ['signInReturns', one]),
  ...config.portalReturns.map((one): [string, string] => ['portalReturns', one]),
  ...urgencies.flatMap((urgency): [string, string][] => {
    const mailbox = config.alarms[urgency];
    return mailbox === undefined ? [] : [[`alarms.${urgency}`, mailbox]];
  }),
  ...(config.apiDomain === undefined ? [] : [['apiDomain.name', config.apiDomain.name] as const]),
  ...(config.mail === undefined ? [] : [['mail.from', config.mail.from] as const]),
];

/**
 * What of the configuration must be said before anybody relies on the stage, each as a line that says what to do: addresses that are
 * examples; where deletion is refused also who is paged, from whom sign-in mails come, and where `prod` belongs.
 */
export const unready = (config: StageConfig, hasPlace: boolean): readonly string[] => {
  const { stage, alarms, mail, deletionProtection } = config;
  const examples = addressesOf(config).filter(([, address]) => isExample(address));
  const lines = examples.map(([member, address]) => `${member} of ${stage} is an example, ${address}: put in yours`);
  if (stage === 'prod' && !hasPlace)
    lines.push('nothing says where prod belongs: put its account and region into stagePlaces');
  if (!deletionProtection) return lines;
  if (alarms.page === undefined) lines.push(`nobody is told of alarms of ${stage}: put a mailbox into alarms.page`);
  if (mail === undefined)
    lines.push(
      `sign-in mails of ${stage} would be sent by Cognito itself, some 50 a day: have an address verified by SES and put it into mail`,
    );
  return lines;
};

const pendingOf = async ({ sns }: Clients, { stage, account, region }: StageConfig, urgency: Urgency) => {
  const TopicArn = `arn:aws:sns:${region}:${account}:${stageName(stage, urgency)}`;
  try {
    const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }));
    const waiting = Subscriptions.filter(({ SubscriptionArn }) => SubscriptionArn === 'PendingConfirmation');
    return waiting.map(
      ({ Endpoint }) =>
        `${Endpoint} has not confirmed that it takes alarms of ${stage} (${urgency}): see the mail from AWS Notifications in that mailbox`,
    );
  } catch (error) {
    // The stage is being made.
    if (error instanceof NotFoundException) return [];
    throw error;
  }
};

/** Mailboxes of the stage that were asked and have not confirmed: nobody is told of an alarm until they have. */
export const unconfirmedMailboxes = async (clients: Clients, config: StageConfig): Promise<readonly string[]> =>
  (await Promise.all(urgencies.map((urgency) => pendingOf(clients, config, urgency)))).flat();

/** Tables that hold more than the stage is made for: their readers would be throttled by what is reserved for them. */
export const outgrownTables = async ({ dynamo }: Clients, config: StageConfig): Promise<readonly string[]> => {
  const lines: string[] = [];
  for (const table of tableNames) {
    const TableName = config.tables[table] ?? stageName(config.stage, table);
    const bytes = await dynamo.send(new DescribeTableCommand({ TableName })).then(
      ({ Table }) => Table?.TableSizeBytes ?? 0,
      (error: unknown) => (error instanceof ResourceNotFoundException ? 0 : Promise.reject(error)),
    );
    if (partitionsFor(bytes) > partitionsOf(table, config.meters))
      lines.push(
        `${TableName} has ${Math.round(bytes / 1e9)} GB, more than ${config.meters} meters bring: put meters: ${metersIn(table, bytes)} or more into ${config.stage}`,
      );
  }
  return lines;
};
