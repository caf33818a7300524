import { describe, expect, test } from 'vitest';
import { functionNamed, functionNames } from '#functions/manifest.ts';
import { ruleName, telemetryKinds } from '#functions/readings/contract/topics.ts';
import { stageConfig } from '#infra/config.ts';
import type { Synthesis } from '#infra/synthesize.ts';
import { place } from '#tests/support/templates.ts';
import { at, type Found, failing, listOf, referencesIn, resourcesOf, textOf } from './templates.ts';

/** Functions, and what brings them their work: nothing has a way in without a way out for what fails. */
export const describeFlows = (stage: string, synthesis: () => Synthesis): void => {
  const all = (type: string) => resourcesOf(synthesis(), type);
  const nameOf = ({ properties }: Found): string => String(at(properties, 'FunctionName'));

  describe(`functions of ${stage}`, () => {
    test('each of the house is deployed once, under its name', () => {
      const names = all('AWS::Lambda::Function').map(nameOf);
      expect(names.toSorted()).toEqual(functionNames.map((name) => `rotunda-${stage}-${name}`).toSorted());
    });

    test('each says its memory, its time, where its log is, and is traced; all on one runtime', () => {
      const functions = all('AWS::Lambda::Function');
      const logs = new Set(all('AWS::Logs::LogGroup').map(({ stack, id }) => `${stack}/${id}`));
      expect(failing(functions, ({ properties }) => at(properties, 'Runtime') === 'nodejs24.x')).toEqual([]);
      expect(failing(functions, ({ properties }) => at(properties, 'Architectures', 0) === 'arm64')).toEqual([]);
      expect(failing(functions, ({ properties }) => Number(at(properties, 'MemorySize')) >= 128)).toEqual([]);
      expect(failing(functions, ({ properties }) => Number(at(properties, 'Timeout')) > 0)).toEqual([]);
      expect(failing(functions, ({ properties }) => at(properties, 'TracingConfig', 'Mode') === 'Active')).toEqual([]);
      expect(
        failing(functions, ({ stack, properties }) =>
          logs.has(`${stack}/${String(at(properties, 'LoggingConfig', 'LogGroup', 'Ref'))}`),
        ),
      ).toEqual([]);
    });

    test('each has a role of its own and a queue for events it failed on', () => {
      const functions = all('AWS::Lambda::Function');
      const roles = functions.map(
        ({ stack, properties }) => `${stack}/${String(at(properties, 'Role', 'Fn::GetAtt', 0))}`,
      );
      expect(new Set(roles).size).toBe(functions.length);
      expect(
        failing(functions, ({ properties }) => at(properties, 'DeadLetterConfig', 'TargetArn') !== undefined),
      ).toEqual([]);
    });

    test('those of the configuration have executions kept for them, and no other has', () => {
      const kept = all('AWS::Lambda::Function').flatMap((one): readonly (readonly [string, unknown])[] => {
        const executions = at(one.properties, 'ReservedConcurrentExecutions');
        return executions === undefined ? [] : [[nameOf(one), executions]];
      });
      const { reserved } = stageConfig(stage, place);
      const wanted = Object.entries(reserved).map(([name, executions]) => [`rotunda-${stage}-${name}`, executions]);
      expect(Object.fromEntries(kept)).toEqual(Object.fromEntries(wanted));
      expect(kept.length > 0).toBe(stage === 'prod');
    });

    test('only those that hand on their work may call themselves again and again', () => {
      const loops = all('AWS::Lambda::Function').flatMap((one) =>
        at(one.properties, 'RecursiveLoop') === undefined ? [] : [[nameOf(one), at(one.properties, 'RecursiveLoop')]],
      );
      const handOn = functionNames.filter((name) => functionNamed(name).handsOn === true);
      expect(Object.fromEntries(loops)).toEqual(
        Object.fromEntries(handOn.map((name) => [`rotunda-${stage}-${name}`, 'Allow'])),
      );
    });

    test('each is called by its alias `live` alone', () => {
      const aliases = all('AWS::Lambda::Alias');
      expect(aliases).toHaveLength(functionNames.length);
      expect(failing(aliases, ({ properties }) => at(properties, 'Name') === 'live')).toEqual([]);
      const callers = [
        ...all('AWS::Lambda::EventSourceMapping').map((one) => ({
          ...one,
          target: at(one.properties, 'FunctionName'),
        })),
        ...all('AWS::Lambda::Permission').map((one) => ({ ...one, target: at(one.properties, 'FunctionName') })),
      ];
      const ids = new Set(aliases.map(({ stack, id }) => `${stack}/${id}`));
      expect(callers.length).toBeGreaterThan(15);
      expect(
        failing(callers, (one) =>
          ids.has(`${one.stack}/${referencesIn(callers.find((two) => two === one)?.target)[0]}`),
        ),
      ).toEqual([]);
    });
  });

  describe(`streams, queues and rules of ${stage}`, () => {
    test('a reader of a stream gives up after five attempts or twelve hours, and keeps what it gave up', () => {
      const mappings = all('AWS::Lambda::EventSourceMapping').filter(
        ({ properties }) => at(properties, 'StartingPosition') !== undefined,
      );
      expect(mappings).toHaveLength(6);
      for (const [member, value] of [
        ['MaximumRetryAttempts', 5],
        ['MaximumRecordAgeInSeconds', 43_200],
        ['BisectBatchOnFunctionError', true],
        ['StartingPosition', 'TRIM_HORIZON'],
      ] as const) {
        expect(failing(mappings, ({ properties }) => at(properties, member) === value)).toEqual([]);
      }
      const destination = ({ properties }: Found): string =>
        JSON.stringify(at(properties, 'DestinationConfig', 'OnFailure', 'Destination')) ?? '';
      expect(failing(mappings, (one) => destination(one).includes('FailuresBucket'))).toEqual([]);
    });

    test('a table has at most two readers', () => {
      const sources = all('AWS::Lambda::EventSourceMapping').map(({ properties }) =>
        JSON.stringify(at(properties, 'EventSourceArn')),
      );
      for (const source of sources.filter((text) => text.includes('StreamArn'))) {
        expect(sources.filter((other) => other === source).length).toBeLessThanOrEqual(2);
      }
    });

    test('every mapping says which records failed', () => {
      const mappings = all('AWS::Lambda::EventSourceMapping');
      expect(mappings).toHaveLength(7);
      expect(
        failing(mappings, ({ properties }) => at(properties, 'FunctionResponseTypes', 0) === 'ReportBatchItemFailures'),
      ).toEqual([]);
    });

    test('the facts queue hides a message for six times as long as its function may take', () => {
      const [queue] = all('AWS::SQS::Queue').filter(({ id }) => id.startsWith('FactsQueue'));
      const [reader] = all('AWS::Lambda::Function').filter((one) => nameOf(one).endsWith('-facts-inbound'));
      expect(Number(at(queue?.properties, 'VisibilityTimeout'))).toBe(6 * Number(at(reader?.properties, 'Timeout')));
    });

    test('every target of a rule tries again and has dead letters', () => {
      const rules = all('AWS::Events::Rule');
      expect(rules.map(({ properties }) => at(properties, 'Name')).toSorted()).toEqual([
        `rotunda-${stage}-audit-checkpoint`,
        `rotunda-${stage}-facts`,
        `rotunda-${stage}-import-files`,
        `rotunda-${stage}-imports-left`,
        `rotunda-${stage}-meter-certificates`,
        `rotunda-${stage}-replays-left`,
        `rotunda-${stage}-silent-meters`,
      ]);
      const targets = rules.flatMap(({ properties }) => listOf(at(properties, 'Targets')));
      for (const target of targets) {
        expect(at(target, 'DeadLetterConfig', 'Arn')).toBeDefined();
        expect(Number(at(target, 'RetryPolicy', 'MaximumRetryAttempts'))).toBe(185);
        expect(at(target, 'InputTransformer')).toBeUndefined();
      }
    });

    test('each kind of message of a meter goes untouched into the stream, keyed by the client; what fails is kept', () => {
      const rules = all('AWS::IoT::TopicRule');
      expect(rules.map(({ properties }) => at(properties, 'RuleName')).toSorted()).toEqual(
        telemetryKinds.map((kind) => ruleName(kind, stage)).toSorted(),
      );
      for (const { properties } of rules) {
        const payload = at(properties, 'TopicRulePayload');
        expect(at(payload, 'Sql')).toBe('SELECT *');
        expect(at(payload, 'AwsIotSqlVersion')).toBe('2016-03-23');
        expect(listOf(at(payload, 'Actions'))).toHaveLength(1);
        expect(at(payload, 'Actions', 0, 'Kinesis', 'PartitionKey')).toBe(`\${clientid()}`);
        expect(at(payload, 'Actions', 0, 'Kinesis', 'StreamName')).toBeDefined();
        expect(textOf(at(payload, 'ErrorAction', 'S3', 'Key'))).toContain(`\${clientid()}`);
        expect(at(payload, 'ErrorAction', 'S3', 'BucketName')).toBeDefined();
      }
    });
  });
};
