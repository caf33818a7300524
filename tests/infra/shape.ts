import { describe, expect, test } from 'vitest';
import { functionNames } from '#functions/manifest.ts';
import { rootOf } from '#infra/bundles.ts';
import type { Synthesis } from '#infra/synthesize.ts';
import { pinned } from './pinned.ts';
import { at, listOf, referencesIn, resourcesOf, textOf } from './templates.ts';

/** Types that an emulator of AWS may lack and that are then left out: nothing may need them. */
const leftOut = new Set([
  'AWS::Events::Archive',
  'AWS::WAFv2::LoggingConfiguration',
  'AWS::WAFv2::WebACLAssociation',
  'AWS::IoT::Logging',
  'AWS::IoT::ProvisioningTemplate',
  'AWS::IoT::AccountAuditConfiguration',
  'AWS::IoT::ScheduledAudit',
  'AWS::CloudWatch::Dashboard',
]);

/** Every `Fn::ImportValue` inside a value. */
const importsIn = (value: unknown): readonly string[] => {
  if (Array.isArray(value)) return value.flatMap(importsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) =>
    key === 'Fn::ImportValue' ? [textOf(member)] : importsIn(member),
  );
};

/** A value as it may be once deployed, for a function that only looks at its form. */
const deployed = (name: string, value: unknown): string => {
  if (typeof value === 'string') return value;
  const text = textOf(value);
  if (name.endsWith('_KEY')) return 'arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-4000-8000-000000000000';
  const made = `made-by-aws-for-${name.toLowerCase().replaceAll('_', '-')}`;
  return text === '' ? made : text.replaceAll('…', made);
};

/** What the templates have to be for those who deploy them. */
export const describeShape = (stage: string, synthesis: () => Synthesis): void => {
  describe(`stacks of ${stage}`, () => {
    test('no rule of the packs or of CloudFormation is broken without acknowledgment', () => {
      expect(synthesis().findings).toEqual([]);
    });

    test('what holds data has the logical ids it always had', () => {
      for (const [type, ids] of Object.entries(pinned)) {
        expect({
          [type]: resourcesOf(synthesis(), type)
            .map(({ id }) => id)
            .toSorted(),
        }).toEqual({ [type]: ids });
      }
    });

    test('a stack takes from others only what is never replaced', () => {
      for (const [stack, template] of synthesis().templates) {
        const foreign = importsIn(template).filter((name) => !name.startsWith(`rotunda-${stage}-stateful:`));
        expect({ stack, foreign }).toEqual({ stack, foreign: [] });
      }
      expect(importsIn(synthesis().templates.get('Stateful'))).toEqual([]);
    });

    test('nothing needs what an emulator leaves out', () => {
      const found = resourcesOf(synthesis());
      const without = found.filter(({ type }) => leftOut.has(type));
      expect(without.length).toBeGreaterThan(3);
      for (const { stack, id } of without) {
        const users = found.filter(
          (other) =>
            other.stack === stack &&
            !leftOut.has(other.type) &&
            [...referencesIn(other.properties), ...listOf(other.resource.DependsOn)].includes(id),
        );
        expect({ id, users: users.map((user) => user.id) }).toEqual({ id, users: [] });
        expect(referencesIn(synthesis().templates.get(stack)?.Outputs)).not.toContain(id);
      }
    });

    test('no stack has a switch for an emulator', () => {
      for (const [, template] of synthesis().templates)
        expect(JSON.stringify(template)).not.toMatch(/AWS_ENDPOINT|localhost:4566/);
    });

    test('who deploys is told where everything is', () => {
      const outputs = (stack: string) => Object.keys(synthesis().templates.get(stack)?.Outputs ?? {});
      expect(outputs('Stateful')).toEqual(
        expect.arrayContaining([
          'ProfileTable',
          'ReadingsTable',
          'AuditTable',
          'KeysTable',
          'TelemetryStream',
          'CheckpointsBucket',
          'FailuresBucket',
          'MasterKeyArn',
          'InstallationKeyArn',
          'InboundBus',
          'OutboundBus',
          'ProvisioningTemplate',
        ]),
      );
      expect(outputs('Events')).toEqual(expect.arrayContaining(['OperationsFunction', 'OperationsParkedFunction']));
      expect(outputs('Api')).toEqual(expect.arrayContaining(['ApiUrl', 'ApiId', 'Issuer', 'SignInUrl']));
      expect(outputs('Observability')).toContain('Dashboard');
    });

    test('everything is tagged with what it belongs to and who answers for it', () => {
      const tables = resourcesOf(synthesis(), 'AWS::DynamoDB::Table');
      for (const { properties } of tables) {
        const tags = Object.fromEntries(
          listOf(at(properties, 'Tags')).map((tag) => [at(tag, 'Key'), at(tag, 'Value')]),
        );
        expect(tags).toEqual({
          app: 'rotunda',
          stage,
          owner: 'customer-platform',
          cost: 'customer-information',
          dataClass: 'personal',
        });
      }
    });
  });

  describe(`settings of the functions of ${stage}`, () => {
    test.for(functionNames)('%s finds every setting it reads', async (name) => {
      const found = resourcesOf(synthesis(), 'AWS::Lambda::Function').find(
        ({ properties }) => at(properties, 'FunctionName') === `rotunda-${stage}-${name}`,
      );
      const variables = Object.entries(at(found?.properties, 'Environment', 'Variables') ?? {});
      const before = { ...process.env };
      for (const key of Object.keys(process.env)) if (key.startsWith('ROTUNDA_')) delete process.env[key];
      Object.assign(process.env, { AWS_REGION: 'eu-west-1' });
      for (const [key, value] of variables) process.env[key] = deployed(key, value);
      try {
        const root: unknown = await import(new URL(`../../${rootOf(name)}?${stage}`, import.meta.url).href);
        expect(typeof at(root, 'handler')).toBe('function');
      } finally {
        process.env = before;
      }
    });
  });
};
