import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Stack, Validations } from 'aws-cdk-lib';
import { CfnBucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { expect, test } from 'vitest';
import { acknowledgments } from '#infra/acknowledgments.ts';
import { StageConfig, senderRole, stageConfig, stageNames } from '#infra/config.ts';
import { newApp } from '#infra/synthesize.ts';
import { projectRoot } from '#scripts/check/project-files.ts';
import { place, synthesisOf } from '#tests/support/templates.ts';
import { resourcesOf } from './templates.ts';

test('changed code of one function changes that function, its version and its alias, and nothing else', () => {
  const before = resourcesOf(synthesisOf('dev'));
  const after = resourcesOf(synthesisOf('dev', { relay: ' changed' }));
  const textsOf = (found: typeof before) => new Map(found.map((one) => [`${one.stack}/${one.id}`, one]));
  const [old, now] = [textsOf(before), textsOf(after)];
  const changed = [...new Set([...old.keys(), ...now.keys()])].filter(
    (key) => JSON.stringify(old.get(key)?.resource) !== JSON.stringify(now.get(key)?.resource),
  );
  const types = changed.map((key) => `${(now.get(key) ?? old.get(key))?.type} ${key.replace(/[0-9a-f]{32,}$/i, '')}`);
  expect(types.every((one) => one.includes('Events/Relay'))).toBe(true);
  expect(new Set(types.map((one) => one.split(' ')[0]))).toEqual(
    new Set(['AWS::Lambda::Function', 'AWS::Lambda::Version', 'AWS::Lambda::Alias']),
  );
  expect(changed).toHaveLength(4);
}, 180_000);

test('a bucket without encryption in transit and a property that CloudFormation does not know are found out', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rotunda-faults-'));
  const app = newApp(folder);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  const bucket = new CfnBucket(new Stack(app, 'Faulty'), 'Bucket');
  bucket.addPropertyOverride('Colour', 'red');
  expect(() => app.synth()).toThrow('A copy of this report');
  const report = readFileSync(join(folder, 'validation-report.json'), 'utf8');
  expect(report).toContain('AwsSolutions-S10');
  expect(report).toContain('Colour');
}, 60_000);

test('few rules are acknowledged, each for one thing, with a reason, somebody who answers for it and an end', () => {
  expect(acknowledgments.length).toBeLessThanOrEqual(25);
  const today = new Date().toISOString().slice(0, 10);
  for (const { rule, on, reason, owner, expires } of acknowledgments) {
    expect(rule).toMatch(/^(AwsSolutions|Serverless)-[A-Za-z0-9]+(\[.+\])?$/);
    // A whole stack, or the app, is no one thing.
    if (typeof on === 'string') expect(on.split('/').length).toBeGreaterThan(1);
    expect(reason.length).toBeGreaterThan(30);
    expect(owner).not.toBe('');
    expect(expires > today).toBe(true);
  }
  const twice = acknowledgments.map(({ rule, on }) => `${rule} ${typeof on === 'string' ? on : on.name}`);
  expect(new Set(twice).size).toBe(twice.length);
});

test('every stage has a configuration that holds, and what is wrong is named', () => {
  for (const name of stageNames) expect(stageConfig(name, place).stage).toBe(name);
  expect(() => stageConfig('prod', { ...place, account: '12' })).toThrow(/account/);
  expect(() => stageConfig('prod', { ...place, region: 'Dublin' })).toThrow(/region/);
  expect(() => stageConfig('nowhere', place)).toThrow(/no stage nowhere/);
});

test('a stage that keeps personal values longer than it promises after an erasing is refused by name', () => {
  for (const name of stageNames) {
    const config = stageConfig(name, place);
    const { promiseDays } = config.erasure;
    const refused = (retention: Partial<typeof config.retention>): unknown =>
      StageConfig.safeParse({ ...config, retention: { ...config.retention, ...retention } }).error?.issues.map(
        ({ path }) => path.join('.'),
      );
    expect(refused({})).toBeUndefined();
    expect(refused({ archiveDays: promiseDays })).toBeUndefined();
    expect(refused({ archiveDays: promiseDays + 1 })).toEqual(['retention.archiveDays']);
    expect(refused({ failuresDays: promiseDays })).toEqual(['retention.failuresDays']);
    expect(refused({ importsDays: promiseDays })).toEqual(['retention.importsDays']);
    expect(refused({ versionDays: promiseDays })).toEqual(['retention.failuresDays', 'retention.importsDays']);
    expect(refused({ telemetryHours: promiseDays * 24 + 1 })).toEqual(['retention.telemetryHours']);
    expect(StageConfig.safeParse({ ...config, erasure: { promiseDays: 30 } }).error?.issues).toEqual(
      expect.arrayContaining([expect.objectContaining({ path: ['retention', 'recoveryDays'] })]),
    );
  }
});

test('the page on erasing says of every stage how long copies hold what', () => {
  const page = readFileSync(join(projectRoot, 'docs/privacy.md'), 'utf8');
  const configs = ['dev', 'staging', 'prod'].map((name) => stageConfig(name, place));
  const row = (label: string, days: (config: StageConfig) => string | number): void =>
    expect(page).toContain(`| ${label} | ${configs.map(days).join(' | ')} |`);
  row('`erasure.promiseDays`', ({ erasure }) => erasure.promiseDays);
  row('archives of the two buses, `archiveDays`', ({ retention }) => retention.archiveDays);
  row('tables can be set back, `recoveryDays`', ({ retention }) => retention.recoveryDays);
  const versions = (days: 'failuresDays' | 'importsDays') => (config: StageConfig) =>
    `${config.retention[days]} + ${config.retention.versionDays}`;
  row('what readers gave up, `failuresDays` and `versionDays`', versions('failuresDays'));
  row('files of imports, `importsDays` and `versionDays`', versions('importsDays'));
  row('telemetry stream, `telemetryHours`', ({ retention }) => retention.telemetryHours / 24);
});

test('a whole account sends facts in no stage that keeps its data: it is refused by name, with what to write', () => {
  for (const name of stageNames) {
    const config = stageConfig(name, place);
    const keeps = config.deletionProtection || name === 'prod';
    for (const [index, { source }] of config.inbound.entries()) {
      const senders = [senderRole(place.account, name, source), place.account];
      const inbound = config.inbound.map((one, at) => (at === index ? { ...one, senders } : one));
      const parsed = StageConfig.safeParse({ ...config, inbound });
      expect(parsed.success).toBe(!keeps);
      if (!keeps) continue;
      expect(parsed.error?.issues).toEqual([
        expect.objectContaining({
          path: ['inbound', index, 'senders', 1],
          message: expect.stringContaining(`arn:aws:iam::${place.account}:role/rotunda-${name}-sender-${source}`),
        }),
      ]);
    }
  }
  const dev = stageConfig('dev', place);
  expect(StageConfig.safeParse({ ...dev, stage: 'prod' }).success).toBe(false);
  expect(StageConfig.safeParse({ ...dev, deletionProtection: true }).success).toBe(false);
});

test('a sender is a role or user of an account, and nothing that stands for several', () => {
  const dev = stageConfig('dev', place);
  const taken = (sender: string): boolean =>
    StageConfig.safeParse({ ...dev, inbound: [{ source: 'billing', senders: [sender] }] }).success;
  expect(taken(`arn:aws:iam::${place.account}:user/billing`)).toBe(true);
  for (const sender of ['*', '12', `arn:aws:iam::${place.account}:root`, `arn:aws:iam::${place.account}:role/*`])
    expect([sender, taken(sender)]).toEqual([sender, false]);
});
