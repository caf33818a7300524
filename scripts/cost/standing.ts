import { streamFunctionNames } from '#functions/manifest.ts';
import { routes } from '#functions/routes.ts';
import { firewallRules } from '#infra/api/firewall-rules.ts';
import { firewallAnswers } from '#infra/api/gateway-problems.ts';
import { metricsCounted } from '#shared/runtime/counts.ts';
import type { Watching } from '#shared/vocabulary/watching.ts';

/** What stands in a stage whatever its size: keys, rules of the firewall, and what is watched. */
export interface Standing {
  readonly keys: number;
  readonly firewallRules: number;
  /** Metrics that alarms look at: each is paid for, however many an alarm looks at. */
  readonly alarmMetrics: number;
  /** Metrics that are not free: what functions count, and what mappings of streams do. */
  readonly ownMetrics: number;
  /** Of these, those of the mappings. */
  readonly mappingMetrics: number;
}

/**
 * What Lambda counts of a mapping of a stream once it is asked for `EventCount`: polled, filtered out, invoked, failed, dropped,
 * delivered to the place for failures (Types of metrics for Lambda functions: event source mapping metrics).
 */
const metricsOfMapping = 6;

/** Metrics that the alarms of a stage look at. A test holds them against the templates. */
const alarmMetrics: Readonly<Record<Watching, number>> = { protecting: 58, all: 231 };

export const standingOf = (watching: Watching): Standing => {
  const mappingMetrics = streamFunctionNames.length * metricsOfMapping;
  return {
    keys: 3,
    firewallRules: firewallRules({ routes, calls: { ofAddress: 1, ofToken: 1 }, answers: firewallAnswers([]) }).length,
    alarmMetrics: alarmMetrics[watching],
    ownMetrics: metricsCounted(watching) + mappingMetrics,
    mappingMetrics,
  };
};
