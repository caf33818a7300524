import { ListRulesCommand, PutRuleCommand } from '@aws-sdk/client-eventbridge';
import type { Clients } from '#scripts/deployed/aws.ts';
import type { Deployed } from '#scripts/deployed/deployed.ts';

/** It judges the days of the story's meters up to now, which has to wait until the story is there. */
const silentMeters = 'silent-meters';

/** Sets the deployed schedules whose names hold to every minute. */
const hurry = async (
  { events }: Clients,
  { stage }: Deployed,
  holds: (houseName: string) => boolean,
): Promise<readonly string[]> => {
  const prefix = `rotunda-${stage}-`;
  const { Rules = [] } = await events.send(new ListRulesCommand({ NamePrefix: prefix }));
  const hurried: string[] = [];
  for (const { Name = '', Description, ScheduleExpression } of Rules) {
    if (ScheduleExpression === undefined || !holds(Name.slice(prefix.length))) continue;
    const described = Description === undefined ? {} : { Description };
    await events.send(
      new PutRuleCommand({ Name, ...described, State: 'ENABLED', ScheduleExpression: 'cron(* * * * ? *)' }),
    );
    hurried.push(Name);
  }
  return hurried;
};

/** The deployed schedules are set to every minute, so that each fires while the test runs, but for the one over silent meters. */
export const hurrySchedules = (clients: Clients, deployed: Deployed): Promise<readonly string[]> =>
  hurry(clients, deployed, (name) => name !== silentMeters);

/** Sets the schedule over silent meters to every minute, too. */
export const hurrySilentMeters = async (clients: Clients, deployed: Deployed): Promise<void> => {
  const hurried = await hurry(clients, deployed, (name) => name === silentMeters);
  if (hurried.length !== 1) throw new Error(`${hurried.length} schedules look at silent meters`);
};
