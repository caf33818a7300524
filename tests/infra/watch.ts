import { describe, expect, test } from 'vitest';
import { functionNames } from '#functions/manifest.ts';
import { alarmText } from '#infra/alarms/alarm.ts';
import { type AlarmKindName, alarmKinds, everyAlarmKind } from '#infra/alarms/kinds.ts';
import type { Synthesis } from '#infra/synthesize.ts';
import { at, failing, listOf, resourcesOf, textOf } from './templates.ts';

/** Somebody is told of whatever is lost or late. */
export const describeWatch = (stage: string, synthesis: () => Synthesis): void => {
  const alarms = () => resourcesOf(synthesis(), 'AWS::CloudWatch::Alarm');
  const names = () => new Set(alarms().map(({ properties }) => String(at(properties, 'AlarmName'))));
  const has = (kind: AlarmKindName, subject: string): boolean =>
    names().has(`rotunda-${stage}-${alarmKinds[kind].id}-${subject}`);

  describe(`alarms of ${stage}`, () => {
    test('each says what it means for customers and which page helps, and goes to the topic both ways', () => {
      const texts = new Set(everyAlarmKind.map(alarmText));
      expect(alarms().length).toBeGreaterThan(100);
      expect(failing(alarms(), ({ properties }) => texts.has(String(at(properties, 'AlarmDescription'))))).toEqual([]);
      const toTopic = (actions: unknown): boolean =>
        listOf(actions).length === 1 && textOf(listOf(actions)[0]).endsWith(`:rotunda-${stage}-alarms`);
      expect(
        failing(
          alarms(),
          ({ properties }) => toTopic(at(properties, 'AlarmActions')) && toTopic(at(properties, 'OKActions')),
        ),
      ).toEqual([]);
    });

    test('every kind of alarm there is rings for something', () => {
      const said = [...names()];
      const unused = everyAlarmKind.filter(
        ({ id }) => !said.some((name) => name.startsWith(`rotunda-${stage}-${id}-`)),
      );
      expect(unused).toEqual([]);
    });

    test('every function that fails or is throttled is told of', () => {
      expect(functionNames.filter((name) => !has('functionThrottled', name))).toEqual([]);
      const failingKind = (name: string): AlarmKindName =>
        name.startsWith('sign-in') ? 'signInFailing' : 'functionFailing';
      expect(functionNames.filter((name) => !has(failingKind(name), name))).toEqual([]);
    });

    test('every reader that gives records up is told of, beside its mapping', () => {
      const mappings = resourcesOf(synthesis(), 'AWS::Lambda::EventSourceMapping').filter(
        ({ properties }) => at(properties, 'StartingPosition') !== undefined,
      );
      for (const { stack, id } of mappings) {
        const own = alarms()
          .filter((alarm) => alarm.stack === stack)
          .filter(({ properties }) => JSON.stringify(at(properties, 'Dimensions')).includes(`"${id}"`));
        expect(own.map(({ properties }) => at(properties, 'MetricName')).toSorted()).toEqual([
          'DroppedEventCount',
          'OnFailureDestinationDeliveredEventCount',
        ]);
      }
    });

    test('every queue with dead letters, every rule and every table is told of', () => {
      const dead = resourcesOf(synthesis(), 'AWS::SQS::Queue')
        .map(({ properties }) => String(at(properties, 'QueueName')).replace(`rotunda-${stage}-`, ''))
        .filter((name) => name !== 'facts');
      expect(dead.length).toBeGreaterThanOrEqual(5);
      expect(dead.filter((name) => !has('deadLetters', name))).toEqual([]);
      expect(has('factsWaiting', 'facts')).toBe(true);
      const rules = resourcesOf(synthesis(), 'AWS::Events::Rule').map(({ properties }) =>
        String(at(properties, 'Name')).replace(`rotunda-${stage}-`, ''),
      );
      expect(rules.filter((name) => !has('ruleFailing', name) || !has('ruleLosing', name))).toEqual([]);
      for (const table of ['profile', 'readings', 'audit', 'keys']) {
        expect(has('tableThrottled', table) && has('tableConflicts', table) && has('tableFailing', table)).toBe(true);
      }
    });

    test('a checkpoint or a daily run that does not come is told of by its silence', () => {
      const silent = alarms().filter(({ properties }) => at(properties, 'TreatMissingData') === 'breaching');
      expect(silent.map(({ properties }) => at(properties, 'AlarmName')).toSorted()).toEqual([
        `rotunda-${stage}-certificates-not-retired-meter-certificates`,
        `rotunda-${stage}-checkpoint-missing-audit-checkpoint`,
        `rotunda-${stage}-meters-not-looked-at-silent-meters`,
      ]);
    });

    test('only a stage that names somebody tells somebody, and keeps what cannot be told', () => {
      const subscriptions = resourcesOf(synthesis(), 'AWS::SNS::Subscription');
      expect(subscriptions).toHaveLength(stage === 'dev' ? 0 : 1);
      for (const { properties } of subscriptions) {
        expect(at(properties, 'RedrivePolicy', 'deadLetterTargetArn')).toBeDefined();
      }
    });

    test('the dashboard shows every alarm', () => {
      const [dashboard] = resourcesOf(synthesis(), 'AWS::CloudWatch::Dashboard');
      const body = JSON.stringify(at(dashboard?.properties, 'DashboardBody'));
      expect([...names()].filter((name) => !body.includes(`:alarm:${name}`))).toEqual([]);
    });
  });
};
