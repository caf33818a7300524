import { at, listOf, membersOf } from '#infra/template.ts';
import { type Estate, type Found, grouped, placeOf } from './estate.ts';
import { counted, type Limit, ofEach, ofPlace, rule } from './limit.ts';
import { documentLength, Resolver } from './resolve.ts';

const quotas = 'Amazon EventBridge quotas';
const schedules = 'Setting a schedule pattern for scheduled rules (EventBridge)';

/** Rules by the bus they stand on, over all stages that share it: the default bus is everybody's. */
const byBus = (estate: Estate, rules: readonly Found[]): ReadonlyMap<string, readonly Found[]> => {
  const resolver = new Resolver(estate);
  return grouped(rules, (found) => {
    const bus = at(found.properties, 'EventBusName');
    return `${placeOf(found)} bus ${bus === undefined ? 'default' : resolver.text(found.stack, bus)}`;
  });
};

const rulesOfBus = (estate: Estate, counts: (found: Found) => boolean) =>
  [...byBus(estate, estate.ofType('AWS::Events::Rule').filter(counts))].flatMap(([bus, rules]) => {
    const [first] = rules;
    return first === undefined ? [] : [{ stack: first.stack, id: first.id, part: bus, figure: rules.length }];
  });

const hasWildcard = (pattern: unknown): boolean => {
  if (Array.isArray(pattern)) return pattern.some(hasWildcard);
  return membersOf(pattern).some(([name, member]) => name === 'wildcard' || hasWildcard(member));
};

/** What is wrong with a schedule, or undefined. */
const scheduleComplaint = (expression: string): string | undefined => {
  const rate = /^rate\((\d+) (minute|hour|day)(s?)\)$/.exec(expression);
  if (rate !== null) {
    const single = rate[1] === '1';
    return Number(rate[1]) >= 1 && single === (rate[3] === '') ? undefined : expression;
  }
  const fields = /^cron\((.+)\)$/.exec(expression)?.[1]?.split(' ') ?? [];
  const [, , dayOfMonth, , dayOfWeek] = fields;
  const oneDay = (dayOfMonth === '?') !== (dayOfWeek === '?');
  return fields.length === 6 && oneDay ? undefined : expression;
};

export const eventBridgeLimits: readonly Limit[] = [
  counted({ what: 'rules of a bus', unit: 'rules', most: 300, source: `${quotas}: 300 per event bus` }, (estate) =>
    rulesOfBus(estate, () => true),
  ),
  counted(
    {
      what: 'rules of a bus with wildcards',
      unit: 'rules',
      most: 30,
      source: `${quotas}: 30 rules per event bus can contain event filters that include wildcards`,
    },
    (estate) => rulesOfBus(estate, ({ properties }) => hasWildcard(at(properties, 'EventPattern'))),
  ),
  ofEach(
    'AWS::Events::Rule',
    { what: 'targets of a rule', unit: 'targets', most: 5, source: `${quotas}: maximum 5 targets per rule` },
    ({ properties }) => listOf(at(properties, 'Targets')).length,
  ),
  ofEach(
    'AWS::Events::Rule',
    { what: 'event pattern of a rule', unit: 'characters', most: 2048, source: `${quotas}: 2048 characters maximum` },
    (found, estate) => {
      const pattern = at(found.properties, 'EventPattern');
      return pattern === undefined ? undefined : documentLength(estate, found, pattern);
    },
  ),
  ofEach(
    'AWS::Events::Rule',
    {
      what: 'attempts of a target',
      unit: 'attempts',
      least: 0,
      most: 185,
      source: 'RetryPolicy (EventBridge API): MaximumRetryAttempts 0 to 185',
    },
    ({ properties }) =>
      listOf(at(properties, 'Targets')).map((target) => ({
        part: String(at(target, 'Id')),
        figure: Number(at(target, 'RetryPolicy', 'MaximumRetryAttempts') ?? 185),
      })),
  ),
  ofEach(
    'AWS::Events::Rule',
    {
      what: 'age of an event that is tried',
      unit: 's',
      least: 60,
      most: 86_400,
      source: 'RetryPolicy (EventBridge API): MaximumEventAgeInSeconds 60 to 86400',
    },
    ({ properties }) =>
      listOf(at(properties, 'Targets')).map((target) => ({
        part: String(at(target, 'Id')),
        figure: Number(at(target, 'RetryPolicy', 'MaximumEventAgeInSeconds') ?? 86_400),
      })),
  ),
  rule(
    {
      what: 'schedule of a rule',
      bound: 'rate(<n> minutes|hours|days), singular for 1, or cron() of six fields with ? for one of the days',
      source: `${schedules}: cron expressions have six required fields; * cannot stand for both days`,
    },
    (estate) =>
      estate.ofType('AWS::Events::Rule').flatMap(({ stack, id, properties }) => {
        const expression = at(properties, 'ScheduleExpression');
        const figure = expression === undefined ? undefined : scheduleComplaint(String(expression));
        return figure === undefined ? [] : [{ stack, id, figure }];
      }),
  ),
  ofPlace(
    'AWS::Events::EventBus',
    { what: 'buses of an account and region', unit: 'buses', most: 100, source: `${quotas}: maximum 100 event buses` },
    (buses) => buses.length,
  ),
  ofEach(
    'AWS::Events::EventBus',
    {
      what: 'policy of a bus',
      unit: 'characters',
      most: 10_240,
      source: `${quotas}: event bus policy size 10,240 characters`,
    },
    (found, estate) => {
      const policy = at(found.properties, 'Policy');
      return policy === undefined ? undefined : documentLength(estate, found, policy);
    },
  ),
];
