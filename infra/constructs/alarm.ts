import { Aws } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import type { Urgency } from '#functions/manifest/alarm.ts';
import { type Alarm, alarmText, isWatched, type Measure, type Metric } from '#infra/alarms/alarm.ts';
import { type Deployment, physicalName } from '#infra/deployment.ts';

/** Name of the topic that alarms of an urgency go to; alarms stand in several stacks and name it alike. */
export const alarmTopicName = (deployment: Deployment, urgency: Urgency): string => physicalName(deployment, urgency);

const alarmTopicArn = (deployment: Deployment, urgency: Urgency): string =>
  `arn:${Aws.PARTITION}:sns:${Aws.REGION}:${Aws.ACCOUNT_ID}:${alarmTopicName(deployment, urgency)}`;

/** `meter-certificates` is `MeterCertificates` among the constructs. */
export const constructId = (name: string): string =>
  name
    .split(/[-.]/)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');

const dimensionsOf = ({ dimensions }: Metric) => Object.entries(dimensions).map(([name, value]) => ({ name, value }));

const stat = (id: string, metric: Metric, period: number) => ({
  id,
  returnData: false,
  metricStat: {
    metric: { namespace: metric.namespace, metricName: metric.name, dimensions: dimensionsOf(metric) },
    period,
    stat: 'Sum',
  },
});

/** A metric that is looked at as it is, or what is made of several. */
const measured = (measure: Measure, period: number) => {
  switch (measure.kind) {
    case 'metric': {
      const { metric, statistic } = measure;
      const how = statistic === 'p99' ? { extendedStatistic: 'p99' } : { statistic };
      return {
        namespace: metric.namespace,
        metricName: metric.name,
        dimensions: dimensionsOf(metric),
        period,
        ...how,
      };
    }
    case 'sum': {
      const parts = measure.metrics.map((metric, index) => stat(`m${index}`, metric, period));
      const expression = parts.map(({ id }) => `FILL(${id}, 0)`).join(' + ');
      return { metrics: [{ id: 'sum', expression, returnData: true }, ...parts] };
    }
    case 'percent':
      return {
        metrics: [
          { id: 'percent', expression: '100 * FILL(part, 0) / whole', returnData: true },
          stat('part', measure.of, period),
          stat('whole', measure.among, period),
        ],
      };
  }
};

/** An alarm with its meaning for customers and its page; it goes to the topic of its urgency when it rings and when it is over. */
export class HouseAlarm extends Construct {
  readonly name: string;
  readonly urgency: Urgency;

  constructor(scope: Construct, deployment: Deployment, alarm: Alarm) {
    const { kind, subject, measure } = alarm;
    super(scope, constructId(`${kind.id}-${subject}`));
    this.name = physicalName(deployment, `${kind.id}-${subject}`);
    this.urgency = kind.urgency;
    const topic = alarmTopicArn(deployment, kind.urgency);
    new CfnAlarm(this, 'Alarm', {
      alarmName: this.name,
      alarmDescription: alarmText(kind),
      ...measured(measure, kind.period),
      threshold: alarm.threshold ?? kind.threshold,
      comparisonOperator: kind.below === true ? 'LessThanThreshold' : 'GreaterThanThreshold',
      evaluationPeriods: kind.outOf ?? kind.periods,
      datapointsToAlarm: kind.periods,
      treatMissingData: kind.silenceRings === true ? 'breaching' : 'notBreaching',
      alarmActions: [topic],
      okActions: [topic],
      tags: [{ key: 'urgency', value: kind.urgency }],
    });
  }
}

/** The alarms of those given that the stage has. */
export const addAlarms = (scope: Construct, deployment: Deployment, alarms: readonly Alarm[]): void => {
  for (const alarm of alarms) {
    if (isWatched(alarm, deployment.config.alarms.watching)) new HouseAlarm(scope, deployment, alarm);
  }
};
