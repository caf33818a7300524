type Unit = 'minute' | 'hour' | 'day';

/** As EventBridge has it: a rate (of one minute, hour or day, or of several), or a minute and an hour (UTC) of every day. */
export type ScheduleExpression = `rate(1 ${Unit})` | `rate(${number} ${Unit}s)` | `cron(${number} ${number} * * ? *)`;

const minutesIn: Readonly<Record<string, number>> = { minute: 1, hour: 60, day: 1440 };
const longestRetried = 1200;

/**
 * Minutes from one run of a schedule to the next.
 * @throws RangeError for what is no rate of whole minutes
 */
export const minutesBetween = (expression: ScheduleExpression): number => {
  if (expression.startsWith('cron(')) return 1440;
  const [, count, unit = ''] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(expression) ?? [];
  const minutes = Number(count) * (minutesIn[unit] ?? 0);
  if (!(minutes > 0)) throw new RangeError(`${expression}: no rate of whole minutes, hours or days`);
  return minutes;
};

/** Minutes in which a missed run is tried again: until the next one, at most 20 hours. */
export const minutesRetried = (expression: ScheduleExpression): number =>
  Math.min(minutesBetween(expression), longestRetried);
