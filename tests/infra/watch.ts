import { describe, expect, test } from 'vitest';
import { type Urgency, urgencies } from '#functions/manifest/alarm.ts';
import { functionNamed, functionNames, streamFunctionNames } from '#functions/manifest.ts';
import { alarmText } from '#infra/alarms/alarm.ts';
import { mostLines } from '#infra/alarms/graphs.ts';
import { type AlarmKindName, alarmKinds, everyAlarmKind } from '#infra/alarms/kinds.ts';
import { stageConfig } from '#infra/config.ts';
import type { Synthesis } from '#infra/synthesize.ts';
import {
  countNames,
  dimensionsOf,
  isMetric,
  metricsCounted,
  metricsNamespace,
  otherValue,
} from '#shared/runtime/counts.ts';
import { place } from '#tests/support/templates.ts';
import { at, type Found, failing, listOf, resourcesOf, textOf } from './templates.ts';

/** Metrics that an alarm looks at, each paid for: the one it is on, or those of its expression. */
const metricsOf = ({ properties }: Found): readonly unknown[] => {
  const several = listOf(at(properties, 'Metrics'));
  return several.length === 0
    ? [properties]
    : several.map((part) => at(part, 'MetricStat', 'Metric')).filter((metric) => metric !== undefined);
};

/** `name dimension=value`, whatever order they stand in. */
const labelOf = (name: unknown, dimensions: readonly (readonly [unknown, unknown])[]): string =>
  [name, ...dimensions.map(([key, value]) => `${key}=${value}`).toSorted()].join(' ');

/** Every set of dimensions that a stage's counts may be asked for. */
const metricsMade = (stage: string, watching: 'all' | 'protecting'): readonly string[] =>
  countNames
    .filter((name) => isMetric(name, watching))
    .flatMap((name) => {
      const [by, ...more] = Object.entries(dimensionsOf(name));
      if (more.length > 0) throw new RangeError(`${name} has two dimensions: count its sets here`);
      const sets = by === undefined ? [[]] : [...by[1], otherValue].map((value) => [[by[0], value] as const]);
      return sets.map((set) => labelOf(name, [['stage', stage], ...set]));
    });

/** Somebody is told of whatever is lost or late. */
export const describeWatch = (stage: string, synthesis: () => Synthesis): void => {
  const { watching, ...mailboxes } = stageConfig(stage, place).alarms;
  const alarms = () => resourcesOf(synthesis(), 'AWS::CloudWatch::Alarm');
  const names = () => new Set(alarms().map(({ properties }) => String(at(properties, 'AlarmName'))));
  const has = (kind: AlarmKindName, subject: string): boolean =>
    names().has(`rotunda-${stage}-${alarmKinds[kind].id}-${subject}`);
  const watchesAll = watching === 'all';
  const watched = everyAlarmKind.filter(({ protects }) => watchesAll || protects);
  const widgets = () => {
    const [dashboard] = resourcesOf(synthesis(), 'AWS::CloudWatch::Dashboard');
    const body: unknown = JSON.parse(textOf(at(dashboard?.properties, 'DashboardBody')));
    return listOf(at(body, 'widgets'));
  };
  const shown = (): readonly (readonly unknown[])[] =>
    widgets().flatMap((widget) => listOf(at(widget, 'properties', 'metrics')).map(listOf));

  describe(`alarms of ${stage}`, () => {
    test('each says what it means for customers and which page helps', () => {
      const texts = new Set(everyAlarmKind.map(alarmText));
      expect(failing(alarms(), ({ properties }) => texts.has(String(at(properties, 'AlarmDescription'))))).toEqual([]);
    });

    test('each goes to the topic of its urgency, when it rings and when it is over', () => {
      const urgencyOf = new Map(everyAlarmKind.map((kind) => [alarmText(kind), kind.urgency]));
      const goesTo = (actions: unknown, urgency: Urgency | undefined): boolean =>
        listOf(actions).length === 1 && textOf(listOf(actions)[0]).endsWith(`:rotunda-${stage}-${urgency}`);
      expect(
        failing(alarms(), ({ properties }) => {
          const urgency = urgencyOf.get(String(at(properties, 'AlarmDescription')));
          return goesTo(at(properties, 'AlarmActions'), urgency) && goesTo(at(properties, 'OKActions'), urgency);
        }),
      ).toEqual([]);
    });

    test('every kind of alarm that the stage has rings for something, and it has no other', () => {
      const said = [...names()];
      const ringing = everyAlarmKind.filter(({ id }) =>
        said.some((name) => name.startsWith(`rotunda-${stage}-${id}-`)),
      );
      expect(ringing.map(({ id }) => id)).toEqual(watched.map(({ id }) => id));
    });

    test('every metric of our own is looked at by an alarm or a graph, and none is looked at that is not made', () => {
      const ofAlarms = alarms()
        .flatMap(metricsOf)
        .filter((metric) => at(metric, 'Namespace') === metricsNamespace)
        .map((metric) =>
          labelOf(
            at(metric, 'MetricName'),
            listOf(at(metric, 'Dimensions')).map((dimension) => [at(dimension, 'Name'), at(dimension, 'Value')]),
          ),
        );
      const ofGraphs = shown()
        .filter(([namespace]) => namespace === metricsNamespace)
        .map(([, name, ...rest]) =>
          labelOf(
            name,
            rest.flatMap((key, index) => (index % 2 === 0 ? [[key, rest[index + 1]] as const] : [])),
          ),
        );
      const looked = new Set([...ofAlarms, ...ofGraphs]);
      const made = metricsMade(stage, watching);
      expect(made).toHaveLength(metricsCounted(watching));
      expect([...looked].filter((label) => !made.includes(label))).toEqual([]);
      // What stands for values that never come is told nowhere.
      expect(made.filter((label) => !looked.has(label) && !label.includes(`=${otherValue}`))).toEqual([]);
    });

    test('every function that fails or is throttled is told of where all is watched, and each that lets people in anywhere', () => {
      const failingKind = (name: string): AlarmKindName =>
        name.startsWith('sign-in') ? 'signInFailing' : 'functionFailing';
      const told = (name: string): boolean => has(failingKind(name), name);
      if (watchesAll)
        expect(functionNames.filter((name) => !has('functionThrottled', name) || !told(name))).toEqual([]);
      expect(functionNames.filter((name) => name.startsWith('sign-in') && !told(name))).toEqual([]);
    });

    test('every reader that gives records up is told of, beside its mapping; where less is watched, each whose records stand nowhere else', () => {
      const mappings = resourcesOf(synthesis(), 'AWS::Lambda::EventSourceMapping').filter(
        ({ properties }) => at(properties, 'MetricsConfig') !== undefined,
      );
      const told = streamFunctionNames.filter(
        (name) => watchesAll || functionNamed(name).on.stream?.keptElsewhere !== true,
      );
      expect(told).toContain('readings');
      expect([...names()].filter((name) => name.includes('-records-given-up-')).toSorted()).toEqual(
        told.map((name) => `rotunda-${stage}-records-given-up-${name}`).toSorted(),
      );
      expect(mappings).toHaveLength(told.length);
      for (const { stack, id } of mappings) {
        const own = alarms()
          .filter((alarm) => alarm.stack === stack)
          .filter(({ properties }) => JSON.stringify(at(properties, 'Dimensions') ?? '').includes(`"${id}"`));
        expect(own.map(({ properties }) => at(properties, 'MetricName')).toSorted()).toEqual([
          'DroppedEventCount',
          'OnFailureDestinationDeliveredEventCount',
        ]);
      }
    });

    test('a mapping has metrics of its own only where an alarm looks at them, since they are paid for', () => {
      const mappings = resourcesOf(synthesis(), 'AWS::Lambda::EventSourceMapping');
      const counted = mappings.filter(({ properties }) => at(properties, 'MetricsConfig') !== undefined);
      expect(failing(counted, ({ properties }) => at(properties, 'StartingPosition') !== undefined)).toEqual([]);
      expect(counted.length).toBeGreaterThan(0);
    });

    test('every queue with dead letters and every rule that loses is told of, and every table where all is watched', () => {
      const dead = resourcesOf(synthesis(), 'AWS::SQS::Queue')
        .map(({ id }) => id)
        .filter((id) => !id.startsWith('FactsQueue'));
      expect(dead.length).toBeGreaterThanOrEqual(6);
      /** Names of queues are generated, and hold the logical id where they are asked for. */
      const looksAt = (kind: AlarmKindName, id: string): boolean =>
        alarms()
          .filter(({ properties }) => at(properties, 'AlarmDescription') === alarmText(alarmKinds[kind]))
          .some(({ properties }) => JSON.stringify(at(properties, 'Dimensions')).includes(id));
      expect(dead.filter((id) => !looksAt('deadLetters', id))).toEqual([]);
      expect(looksAt('factsWaiting', 'FactsQueue')).toBe(true);
      const rules = resourcesOf(synthesis(), 'AWS::Events::Rule').map(({ properties }) =>
        String(at(properties, 'Name')).replace(`rotunda-${stage}-`, ''),
      );
      expect(rules.filter((name) => !has('ruleLosing', name))).toEqual([]);
      if (!watchesAll) return;
      expect(rules.filter((name) => !has('ruleFailing', name))).toEqual([]);
      for (const table of ['profile', 'readings', 'audit', 'keys']) {
        expect(has('tableThrottled', table) && has('tableConflicts', table) && has('tableFailing', table)).toBe(true);
      }
    });

    test('a checkpoint or a daily run that does not come is told of by its silence', () => {
      const silent = alarms().filter(({ properties }) => at(properties, 'TreatMissingData') === 'breaching');
      expect(silent.map(({ properties }) => at(properties, 'AlarmName')).toSorted()).toEqual(
        [
          `rotunda-${stage}-certificates-not-retired-meter-certificates`,
          `rotunda-${stage}-checkpoint-missing-audit-checkpoint`,
          ...(watchesAll ? [`rotunda-${stage}-meters-not-looked-at-silent-meters`] : []),
        ].toSorted(),
      );
    });

    test('each urgency has a topic; who is named for it is told, and what cannot be told is kept', () => {
      const topics = resourcesOf(synthesis(), 'AWS::SNS::Topic').map(({ properties }) => at(properties, 'TopicName'));
      expect(topics.toSorted()).toEqual(urgencies.map((urgency) => `rotunda-${stage}-${urgency}`));
      expect(urgencies.filter((urgency) => !has('alarmsUndelivered', urgency))).toEqual([]);
      const subscriptions = resourcesOf(synthesis(), 'AWS::SNS::Subscription');
      expect(subscriptions.map(({ properties }) => at(properties, 'Endpoint')).toSorted()).toEqual(
        Object.values(mailboxes).toSorted(),
      );
      for (const { properties } of subscriptions) {
        expect(at(properties, 'RedrivePolicy', 'deadLetterTargetArn')).toBeDefined();
      }
    });

    test('the dashboard shows every alarm once, those of each urgency apart, a hundred in a widget at most', () => {
      const groups = widgets().filter((widget) => at(widget, 'type') === 'alarm');
      const arns = groups.map((widget) => listOf(at(widget, 'properties', 'alarms')).map(String));
      expect(arns.map((part) => part.length).filter((length) => length === 0 || length > 100)).toEqual([]);
      expect(
        arns
          .flat()
          .map((arn) => arn.split(':').at(-1))
          .toSorted(),
      ).toEqual([...names()].toSorted());
      const titles = groups.map((widget) => String(at(widget, 'properties', 'title')));
      expect(new Set(titles).size).toBe(titles.length);
      const pages = new Set(everyAlarmKind.filter(({ urgency }) => urgency === 'page').map(({ id }) => id));
      for (const [index, part] of arns.entries()) {
        const paging = part.map((arn) => [...pages].some((id) => arn.includes(`:rotunda-${stage}-${id}-`)));
        expect(new Set(paging)).toEqual(new Set([titles[index]?.startsWith('Somebody looks now')]));
      }
    });

    test('the dashboard lies on the page: nothing beyond its edge, nothing on top of another', () => {
      const taken = new Set<string>();
      for (const widget of widgets()) {
        const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((side) => Number(at(widget, side)));
        if (x === undefined || y === undefined || width === undefined || height === undefined)
          throw new Error('no place');
        expect(x + width).toBeLessThanOrEqual(24);
        for (let right = x; right < x + width; right += 1) {
          for (let down = y; down < y + height; down += 1) {
            expect(taken.has(`${right} ${down}`)).toBe(false);
            taken.add(`${right} ${down}`);
          }
        }
      }
    });

    test('the graphs of the dashboard show no more than is free', () => {
      expect(shown().length).toBeGreaterThan(20);
      expect(shown().length).toBeLessThanOrEqual(mostLines);
    });
  });
};
