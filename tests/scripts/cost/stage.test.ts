import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { Estate } from '#infra/limits/estate.ts';
import { readStage } from '#infra/limits/read-estate.ts';
import { at } from '#infra/template.ts';
import { type CostLine, type LineName, lineNames, totalOf } from '#scripts/cost/line-names.ts';
import { lowering } from '#scripts/cost/lowering.ts';
import { monthOf } from '#scripts/cost/model.ts';
import { costOf } from '#scripts/cost/prices.ts';
import { resourceKinds, unpricedKinds } from '#scripts/cost/resource-kinds.ts';
import { standingOf } from '#scripts/cost/standing.ts';
import { costedStages, costPage, goals, sizes } from '#scripts/docs/cost-page.ts';
import { readingStages } from '#scripts/stages.ts';

let estates: readonly Estate[] = [];
beforeAll(() => {
  estates = readingStages(costedStages, (folder) =>
    costedStages.map((stage) => new Estate(readStage(stage, join(folder, stage)))),
  );
}, 120_000);

const estateOf = (stage: (typeof costedStages)[number]): Estate => {
  const estate = estates[costedStages.indexOf(stage)];
  if (estate === undefined) throw new RangeError(stage);
  return estate;
};
const month = (estate: Estate, meters: number): readonly CostLine[] => monthOf(standingOf(estate), meters);
const lineOf = (lines: readonly CostLine[], what: LineName): number =>
  lines.find((line) => line.what === what)?.dollars ?? Number.NaN;

/** The estate with one resource more, in a stack of its own choice. */
const withMore = (estate: Estate, stack: string, Type: string, Properties: Record<string, unknown>): Estate =>
  new Estate(
    estate.stacks.map((one) =>
      one.id === stack
        ? {
            ...one,
            template: { ...one.template, Resources: { ...one.template.Resources, More: { Type, Properties } } },
          }
        : one,
    ),
  );

/** The estate with the properties of each resource of a type put otherwise. */
const withChanged = (estate: Estate, type: string, changed: Record<string, unknown>): Estate =>
  new Estate(
    estate.stacks.map((one) => ({
      ...one,
      template: {
        ...one.template,
        Resources: Object.fromEntries(
          Object.entries(one.template.Resources).map(([id, resource]) => [
            id,
            resource.Type === type
              ? { ...resource, Properties: { ...Object(resource.Properties), ...changed } }
              : resource,
          ]),
        ),
      },
    })),
  );

describe('what a stage costs', () => {
  it('has a line or a reason for each kind of resource in its templates', () => {
    for (const estate of estates) expect(unpricedKinds(estate)).toEqual([]);
    const stranger = withMore(estateOf('dev'), 'Api', 'AWS::EC2::NatGateway', {});
    expect(unpricedKinds(stranger)).toEqual(['AWS::EC2::NatGateway']);
    for (const kind of Object.values(resourceKinds)) {
      if ('free' in kind) expect(kind.free).not.toBe('');
      else expect(kind.lines.filter((name) => !lineNames.includes(name))).toEqual([]);
    }
  });

  it('has every line once, in the order of the page, and none below nothing', () => {
    for (const estate of estates) {
      for (const meters of sizes) {
        const lines = month(estate, meters);
        expect(lines.map(({ what }) => what)).toEqual(lineNames);
        expect(lines.filter(({ dollars }) => !(dollars >= 0))).toEqual([]);
      }
    }
  });

  it('adds up: the lines of each table of the page come to its sum, to the cent or dollar that is shown', () => {
    const text = costPage(standingOf(estateOf('dev')), standingOf(estateOf('prod')));
    for (const stage of costedStages) {
      const [, table = ''] = text.split(`## \`${stage}\`\n`);
      const rows = table
        .trim()
        .split('\n\n')[0]
        ?.split('\n')
        .slice(2)
        .map((row) => row.split(' | ').map((value) => value.replaceAll(/[*,|]/g, '').trim()));
      if (rows === undefined) throw new Error(`no table of ${stage}`);
      const sum = rows.find(([name]) => name === 'all of it');
      for (const [index, meters] of sizes.entries()) {
        const shown = rows.slice(0, lineNames.length).map((row) => Number(row[index + 1]));
        const added = shown.reduce((total, value) => total + value, 0);
        const inexact = shown.filter((value) => value >= 100).length * 0.5 + lineNames.length * 0.005 + 0.5;
        expect(Math.abs(added - Number(sum?.[index + 1]))).toBeLessThanOrEqual(inexact);
        const total = totalOf(month(estateOf(stage), meters));
        expect(Math.abs(total - Number(sum?.[index + 1]))).toBeLessThanOrEqual(total >= 100 ? 0.5 : 0.005);
      }
    }
  });

  it('rises by a tenth of a dollar with an alarm on one metric more', () => {
    const dev = estateOf('dev');
    const more = withMore(dev, 'Observability', 'AWS::CloudWatch::Alarm', { MetricName: 'Errors' });
    expect(totalOf(month(more, 1000)) - totalOf(month(dev, 1000))).toBeCloseTo(costOf('alarmMetric', 1), 10);
  });

  it('rises with a reader more, by its invocations, traces and metrics', () => {
    const dev = estateOf('dev');
    const [reader] = dev.ofType('AWS::Lambda::EventSourceMapping').filter(({ id }) => id.startsWith('ReadingsToUsage'));
    if (reader === undefined) throw new Error('no reader of readings');
    const more = withMore(dev, reader.stack.id, reader.type, {
      ...Object(reader.properties),
      MetricsConfig: { Metrics: ['EventCount'] },
    });
    const [before, after] = [month(dev, 1000), month(more, 1000)];
    expect(lineOf(after, 'Metrics of stream readers') - lineOf(before, 'Metrics of stream readers')).toBeCloseTo(
      1.8,
      10,
    );
    for (const what of ['Functions on what meters send', 'Traces', 'Logs'] as const)
      expect(lineOf(after, what)).toBeGreaterThan(lineOf(before, what));
  });

  it('rises with a function that the clock runs each minute', () => {
    const dev = estateOf('dev');
    const [rule] = dev.ofType('AWS::Events::Rule').filter(({ id }) => id.startsWith('ReplaysLeft'));
    if (rule === undefined) throw new Error('no rule of the clock');
    const more = withMore(dev, rule.stack.id, rule.type, {
      ...Object(rule.properties),
      ScheduleExpression: 'rate(1 minute)',
    });
    expect(totalOf(month(more, 1000))).toBeGreaterThan(totalOf(month(dev, 1000)) + costOf('trace', 40_000));
  });

  it('rises with each shard, and again where a record is kept longer than a day', () => {
    const dev = estateOf('dev');
    const shards = month(withChanged(dev, 'AWS::Kinesis::Stream', { ShardCount: 2 }), 1000);
    expect(lineOf(shards, 'Telemetry stream') - lineOf(month(dev, 1000), 'Telemetry stream')).toBeCloseTo(10.95, 10);
    const longer = month(withChanged(dev, 'AWS::Kinesis::Stream', { RetentionPeriodHours: 168 }), 1000);
    expect(lineOf(longer, 'Telemetry stream') - lineOf(month(dev, 1000), 'Telemetry stream')).toBeCloseTo(14.6, 10);
  });

  it('has a line for what no stage is shipped with: an audit of devices, methods that are counted, a fourth dashboard', () => {
    const dev = estateOf('dev');
    const audit = month(withMore(dev, 'Account', 'AWS::IoT::ScheduledAudit', {}), 1000);
    expect(lineOf(audit, 'Audit of devices')).toBeCloseTo(1.1, 10);
    const counted = withChanged(dev, 'AWS::ApiGateway::Stage', { MethodSettings: [{ MetricsEnabled: true }] });
    expect(lineOf(month(counted, 1000), 'Metrics of methods')).toBeGreaterThan(100);
    const board = { Type: 'AWS::CloudWatch::Dashboard', Properties: {} };
    const boards = new Estate(
      dev.stacks.map((one) =>
        one.id === 'Account'
          ? {
              ...one,
              template: { ...one.template, Resources: { ...one.template.Resources, A: board, B: board, C: board } },
            }
          : one,
      ),
    );
    expect(lineOf(month(boards, 1000), 'Dashboards')).toBe(3);
  });

  it('asks for nothing of customers where no portal lets them sign in', () => {
    const dev = estateOf('dev');
    const without = new Estate(
      dev.stacks.map((one) => ({
        ...one,
        template: {
          ...one.template,
          Resources: Object.fromEntries(
            Object.entries(one.template.Resources).filter(
              ([, { Properties }]) => at(Properties, 'ClientName') !== 'portal',
            ),
          ),
        },
      })),
    );
    expect(lineOf(month(without, 1000), 'Customers who sign in')).toBe(0);
    expect(lineOf(month(dev, 1000), 'Customers who sign in')).toBeCloseTo(1.5, 10);
  });

  it('is at most 45 dollars a month for a thousand meters, with all that protects data', () => {
    expect(totalOf(month(estateOf('dev'), 1000))).toBeLessThanOrEqual(goals.small);
  });

  it('is no more than was reached for ten million meters, and the page says that the goal was missed', () => {
    const lines = month(estateOf('prod'), 10_000_000);
    expect(totalOf(lines)).toBeLessThan(22_500);
    expect(totalOf(lines) - lineOf(lines, 'Customers who sign in')).toBeLessThan(7500);
    const text = costPage(standingOf(estateOf('dev')), standingOf(estateOf('prod')));
    expect(text).toContain('at most $5,000: not met');
  });

  it('names what lowers each line that is among the three greatest, or keeps ten million meters from 1,500 dollars', () => {
    for (const stage of costedStages) {
      for (const meters of sizes) {
        const lines = month(estateOf(stage), meters).toSorted((one, other) => other.dollars - one.dollars);
        const great = meters === 10_000_000 ? lines.filter(({ dollars }) => dollars >= goals.hoped / 20) : [];
        const named = [...lines.slice(0, 3), ...great].filter(({ what }) => lowering[what] === undefined);
        expect(named.map(({ what }) => what)).toEqual([]);
      }
    }
  });
});
