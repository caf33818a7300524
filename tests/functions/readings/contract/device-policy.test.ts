import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DeviceRequest, deviceMay, devicePolicy } from '#functions/readings/contract/device-policy.ts';
import {
  commandAnswerTopic,
  commandTopic,
  readTelemetryTopic,
  ruleName,
  telemetryKinds,
  telemetryTopic,
  usageTopic,
} from '#functions/readings/contract/topics.ts';

const place = { stage: 'local', region: 'local', account: '000000000000' };
const policy = devicePolicy(place);
const thing = 'mtr_0123456789ABCDEFGHJKMNPQRS';
const other = 'mtr_0123456789ABCDEFGHJKMNPQRT';
const may = (request: DeviceRequest, connection = { thing, attached: true }): boolean =>
  deviceMay(policy, place, connection, request);

describe('topics of meters', () => {
  it('stay within what AWS IoT takes: 256 bytes, no more than 7 slashes behind the rule', () => {
    for (const kind of telemetryKinds) {
      const topic = telemetryTopic(kind, 'production', thing);
      expect(topic.length).toBeLessThanOrEqual(256);
      expect(readTelemetryTopic(topic)).toEqual({ kind, stage: 'production', meter: thing });
    }
    expect(usageTopic('dev', thing)).toBe(`$aws/rules/rotunda_usage_dev/${thing}`);
  });

  it('are none for wildcards, other rules or deeper levels', () => {
    for (const topic of [
      '$aws/rules/rotunda_usage_dev/+',
      '$aws/rules/rotunda_usage_dev/#',
      `$aws/rules/other/${thing}`,
      `$aws/rules/rotunda_usage_dev/${thing}/more`,
      `rotunda_usage_dev/${thing}`,
    ]) {
      expect(readTelemetryTopic(topic), topic).toBeUndefined();
    }
  });

  it('refuse a stage that no rule name can hold', () => {
    for (const stage of ['', 'my-stage', 'Dev', 'a/b', 'a'.repeat(21)]) {
      expect(() => ruleName('usage', stage)).toThrow(RangeError);
    }
  });
});

describe('the policy of a device', () => {
  it('lets a meter connect as itself with its attached certificate, and no other way', () => {
    expect(may({ action: 'iot:Connect', clientId: thing })).toBe(true);
    expect(may({ action: 'iot:Connect', clientId: other })).toBe(false);
    expect(may({ action: 'iot:Connect', clientId: `${thing}x` })).toBe(false);
    expect(may({ action: 'iot:Connect', clientId: '*' })).toBe(false);
    expect(may({ action: 'iot:Connect', clientId: thing }, { thing, attached: false })).toBe(false);
  });

  it('lets a meter publish to its own topics alone', () => {
    for (const kind of telemetryKinds) {
      expect(may({ action: 'iot:Publish', topic: telemetryTopic(kind, 'local', thing) })).toBe(true);
      expect(may({ action: 'iot:Publish', topic: telemetryTopic(kind, 'local', other) })).toBe(false);
      expect(may({ action: 'iot:Publish', topic: telemetryTopic(kind, 'dev', thing) })).toBe(false);
      expect(may({ action: 'iot:Publish', topic: `${telemetryTopic(kind, 'local', thing)}/x` })).toBe(false);
    }
    expect(may({ action: 'iot:Publish', topic: commandAnswerTopic(thing, 'read-now') })).toBe(true);
    expect(may({ action: 'iot:Publish', topic: commandTopic(thing, 'read-now') })).toBe(false);
    expect(may({ action: 'iot:Publish', topic: `$aws/things/${other}/shadow/update` })).toBe(false);
  });

  it('lets a meter hear its own commands alone', () => {
    expect(may({ action: 'iot:Subscribe', topicFilter: commandTopic(thing, '+') })).toBe(true);
    expect(may({ action: 'iot:Subscribe', topicFilter: commandTopic(other, '+') })).toBe(false);
    expect(may({ action: 'iot:Subscribe', topicFilter: '#' })).toBe(false);
    expect(may({ action: 'iot:Subscribe', topicFilter: '$aws/rules/#' })).toBe(false);
    expect(may({ action: 'iot:Receive', topic: commandTopic(thing, 'read-now') })).toBe(true);
    expect(may({ action: 'iot:Receive', topic: commandTopic(other, 'read-now') })).toBe(false);
  });

  it('takes a thing name as it stands, wildcards in it being plain letters', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1, maxLength: 8 }),
        fc.string({ minLength: 1, maxLength: 8 }),
        (name, asked) => {
          const allowed = may({ action: 'iot:Connect', clientId: asked }, { thing: name, attached: true });
          expect(allowed).toBe(name === asked);
        },
      ),
    );
    expect(may({ action: 'iot:Connect', clientId: other }, { thing: 'mtr_*', attached: true })).toBe(false);
    expect(may({ action: 'iot:Connect', clientId: 'abc' }, { thing: 'a?c', attached: true })).toBe(false);
  });
});
