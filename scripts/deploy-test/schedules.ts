import { ListRulesCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import type { Clients } from './aws.ts';
import type { Deployed } from './stacks.ts';

/** It would judge the days of the story's meters up to now. */
const leftAlone = 'silent-meters';

/** The deployed schedules are set to every minute, so that each fires while the test runs; answers what they were. */
export const hurrySchedules = async ({ events }: Clients, deployed: Deployed): Promise<ReadonlyMap<string, string>> => {
  const { Rules = [] } = await events.send(new ListRulesCommand({ NamePrefix: `rotunda-${deployed.stage}-` }));
  const before = new Map<string, string>();
  for (const { Name = '', Description, ScheduleExpression } of Rules) {
    if (ScheduleExpression === undefined || Name.endsWith(leftAlone)) continue;
    before.set(Name, ScheduleExpression);
    const described = Description === undefined ? {} : { Description };
    await events.send(
      new PutRuleCommand({ Name, ...described, State: 'ENABLED', ScheduleExpression: 'cron(* * * * ? *)' }),
    );
  }
  return before;
};
