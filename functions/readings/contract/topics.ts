import { Stage } from '#shared/vocabulary/stage.ts';

/** Topics of a meter. Telemetry goes by Basic Ingest: `$aws/rules/<rule>/…` reaches the rule and no subscriber. */

/** What a meter sends: day blocks and live intervals, register reads, events (outage, restoration, tamper, leak). */
export const telemetryKinds = ['usage', 'register', 'event'] as const;
export type TelemetryKind = (typeof telemetryKinds)[number];

/** Name of the IoT rule of a kind, e.g. `rotunda_usage_dev` (rule names take no hyphen). */
export const ruleName = (kind: TelemetryKind, stage: string): string => {
  if (!Stage.safeParse(stage).success) throw new RangeError(`not a stage name: ${stage}`);
  return `rotunda_${kind}_${stage}`;
};

/** Topic a meter publishes to, e.g. `$aws/rules/rotunda_usage_dev/mtr_…`. */
export const telemetryTopic = (kind: TelemetryKind, stage: string, meter: string): string =>
  `$aws/rules/${ruleName(kind, stage)}/${meter}`;

export const usageTopic = (stage: string, meter: string): string => telemetryTopic('usage', stage, meter);

const telemetry = /^\$aws\/rules\/rotunda_(usage|register|event)_([a-z0-9]{1,20})\/([^/+#]+)$/;

/** Kind, stage and meter of a telemetry topic, or undefined where it is none. */
export const readTelemetryTopic = (
  topic: string,
): { readonly kind: TelemetryKind; readonly stage: string; readonly meter: string } | undefined => {
  const match = telemetry.exec(topic);
  const kind = telemetryKinds.find((name) => name === match?.[1]);
  const [stage, meter] = [match?.[2], match?.[3]];
  return kind === undefined || stage === undefined || meter === undefined ? undefined : { kind, stage, meter };
};

/** Topics of commands to a meter and their answers. */
export const commandTopic = (meter: string, command: string): string => `cmd/rotunda/${meter}/${command}/req`;
export const commandAnswerTopic = (meter: string, command: string): string => `cmd/rotunda/${meter}/${command}/res`;
