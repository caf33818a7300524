import { FilterLogEventsCommand, paginateDescribeLogGroups } from '@aws-sdk/client-cloudwatch-logs';
import type { Clients } from '#scripts/deployed/aws.ts';

const told = new Set<string>();
const mostLines = 12;

/** Lines of a log that tell of an error, each once in a run. */
const errorsOf = async ({ logs }: Clients, logGroupName: string): Promise<readonly string[]> => {
  const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName, limit: 10_000 }));
  const lines = events.map(({ message = '' }) => message.trimEnd());
  const news = lines.filter((line) => /error|"level":"WARN"|exception|timed out/i.test(line) && !told.has(line));
  for (const line of news) told.add(line);
  return news.slice(-mostLines);
};

/** Prints what the logs of the deployed functions say of errors since the last time. */
export const tellFailure = async (clients: Clients, stage: string): Promise<void> => {
  const logGroupNamePrefix = `/aws/lambda/rotunda-${stage}-`;
  for await (const page of paginateDescribeLogGroups({ client: clients.logs }, { logGroupNamePrefix })) {
    for (const { logGroupName = '' } of page.logGroups ?? []) {
      const lines = await errorsOf(clients, logGroupName);
      if (lines.length === 0) continue;
      process.stdout.write(`          ${logGroupName}\n`);
      for (const line of lines) process.stdout.write(`            ${line.slice(0, 1500)}\n`);
    }
  }
};
