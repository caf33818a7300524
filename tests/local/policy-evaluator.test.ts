import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deviceMay, devicePolicy } from '#functions/readings/contract/device-policy.ts';
import { commandAnswerTopic, commandTopic, usageTopic } from '#functions/readings/contract/topics.ts';
import { compilePolicy, type DeviceAct, type PolicyStatement } from '#local/policy-evaluator.ts';

const place = { stage: 'local', region: 'local', account: '000000000000' };
const [meter, other] = ['mtr_0000000000000000000000000A', 'mtr_0000000000000000000000000B'];
const own = { clientId: meter, attached: true };
const policyOf = (...statements: PolicyStatement[]) => compilePolicy({ Version: '2012-10-17', Statement: statements });
// biome-ignore-start lint/suspicious/noTemplateCurlyInString: IoT policy variables, not templates
const thing = '${iot:Connection.Thing.ThingName}';
// biome-ignore-end lint/suspicious/noTemplateCurlyInString: end

describe('the device policy, evaluated on this machine', () => {
  const may = compilePolicy(devicePolicy(place));

  it('lets a meter connect as itself, send and answer on its own topics, and hear its own commands', () => {
    const allowed: DeviceAct[] = [
      { action: 'iot:Connect', clientId: meter },
      { action: 'iot:Publish', topic: usageTopic('local', meter) },
      { action: 'iot:Publish', topic: commandAnswerTopic(meter, 'read-now') },
      { action: 'iot:Subscribe', filter: `cmd/rotunda/${meter}/+/req` },
      { action: 'iot:Receive', topic: commandTopic(meter, 'read-now') },
    ];
    expect(allowed.map((act) => may(own, act))).toEqual(allowed.map(() => true));
  });

  it('refuses everything to a certificate that is not attached to the thing', () => {
    const connection = { clientId: meter, attached: false };
    expect(may(connection, { action: 'iot:Connect', clientId: meter })).toBe(false);
    expect(may(connection, { action: 'iot:Publish', topic: usageTopic('local', meter) })).toBe(false);
  });

  it('refuses what belongs to another meter, and retained messages', () => {
    expect(may(own, { action: 'iot:Connect', clientId: other })).toBe(false);
    expect(may(own, { action: 'iot:Publish', topic: usageTopic('local', other) })).toBe(false);
    expect(may(own, { action: 'iot:RetainPublish', topic: usageTopic('local', meter) })).toBe(false);
    expect(may(own, { action: 'iot:Subscribe', filter: '#' })).toBe(false);
  });

  it('takes wildcards in the name of a thing as plain characters', () => {
    const connection = { clientId: '*', attached: true };
    expect(may(connection, { action: 'iot:Publish', topic: usageTopic('local', meter) })).toBe(false);
  });

  it('decides like the contract’s own reading of the policy, for any topic made of its parts', () => {
    const part = fc.constantFrom(
      meter,
      other,
      '$aws',
      'rules',
      'rotunda_usage_local',
      'cmd',
      'rotunda',
      'x',
      'req',
      'res',
      '*',
      '',
    );
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 7 }), fc.boolean(), (parts, attached) => {
        const topic = parts.join('/');
        const connection = { thing: meter, attached };
        for (const action of ['iot:Publish', 'iot:Receive'] as const)
          expect(may({ clientId: meter, attached }, { action, topic })).toBe(
            deviceMay(devicePolicy(place), place, connection, { action, topic }),
          );
      }),
      { numRuns: 500 },
    );
  });
});

describe('a policy document', () => {
  it('denies by default, and by an explicit Deny whatever else allows', () => {
    const allow: PolicyStatement = { Effect: 'Allow', Action: 'iot:*', Resource: '*' };
    const deny: PolicyStatement = {
      Effect: 'Deny',
      Action: ['iot:Publish'],
      Resource: `arn:aws:iot:x:1:topic/${thing}`,
    };
    const act: DeviceAct = { action: 'iot:Publish', topic: meter };
    expect(policyOf()(own, act)).toBe(false);
    expect(policyOf(allow)(own, act)).toBe(true);
    expect(policyOf(allow, deny)(own, act)).toBe(false);
  });

  it('is refused when it uses a condition, a key or a variable that is not known', () => {
    const base = { Effect: 'Allow', Action: 'iot:Connect', Resource: '*' } as const;
    expect(() => policyOf({ ...base, Condition: { StringEquals: { 'iot:ClientId': 'x' } } })).toThrow('StringEquals');
    expect(() => policyOf({ ...base, Condition: { Bool: { 'aws:SecureTransport': 'true' } } })).toThrow('aws:Secure');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: an IoT policy variable, not a template
    expect(() => policyOf({ ...base, Resource: 'client/${iot:Unknown}' })).toThrow('iot:Unknown');
  });
});
