import { ruleName, telemetryKinds } from './topics.ts';

/** An IoT policy as AWS IoT takes it; `*` and `?` are wildcards, `${…}` policy variables, MQTT's `+` and `#` plain letters. */
export interface DevicePolicy {
  readonly Version: '2012-10-17';
  readonly Statement: readonly DeviceStatement[];
}
export interface DeviceStatement {
  readonly Effect: 'Allow';
  readonly Action: readonly DeviceAction[];
  readonly Resource: readonly string[];
  readonly Condition?: { readonly Bool: { readonly 'iot:Connection.Thing.IsAttached': readonly ['true'] } };
}
export type DeviceAction = 'iot:Connect' | 'iot:Publish' | 'iot:Subscribe' | 'iot:Receive';

/** Where the policy holds; on one machine both are made up. */
export interface PolicyPlace {
  readonly stage: string;
  readonly region: string;
  readonly account: string;
}

const thingName = `\${iot:Connection.Thing.ThingName}`;

const arn = (place: PolicyPlace, resource: string): string =>
  `arn:aws:iot:${place.region}:${place.account}:${resource}`;

/** What a meter may do: connect as itself with a certificate attached to its thing, publish and receive on its own topics. */
export const devicePolicy = (place: PolicyPlace): DevicePolicy => {
  const attached = { Bool: { 'iot:Connection.Thing.IsAttached': ['true'] } } as const;
  const publish = telemetryKinds.map((kind) => `topic/$aws/rules/${ruleName(kind, place.stage)}/${thingName}`);
  return {
    Version: '2012-10-17',
    Statement: [
      { Effect: 'Allow', Action: ['iot:Connect'], Resource: [arn(place, `client/${thingName}`)], Condition: attached },
      {
        Effect: 'Allow',
        Action: ['iot:Publish'],
        Resource: [...publish, `topic/cmd/rotunda/${thingName}/*/res`].map((resource) => arn(place, resource)),
        Condition: attached,
      },
      {
        Effect: 'Allow',
        Action: ['iot:Subscribe'],
        Resource: [arn(place, `topicfilter/cmd/rotunda/${thingName}/*/req`)],
        Condition: attached,
      },
      {
        Effect: 'Allow',
        Action: ['iot:Receive'],
        Resource: [arn(place, `topic/cmd/rotunda/${thingName}/*/req`)],
        Condition: attached,
      },
    ],
  };
};

/** A connection as the broker knows it: the thing of its certificate, and whether that certificate is attached and active. */
export interface DeviceConnection {
  readonly thing: string;
  readonly attached: boolean;
}

/** What a device asks for: the client id, the topic or the topic filter. */
export type DeviceRequest =
  | { readonly action: 'iot:Connect'; readonly clientId: string }
  | { readonly action: 'iot:Publish' | 'iot:Receive'; readonly topic: string }
  | { readonly action: 'iot:Subscribe'; readonly topicFilter: string };

const resourceOf = (request: DeviceRequest): string => {
  if (request.action === 'iot:Connect') return `client/${request.clientId}`;
  return request.action === 'iot:Subscribe' ? `topicfilter/${request.topicFilter}` : `topic/${request.topic}`;
};

const literal = (text: string): string => text.replace(/[\\^$.|+()[\]{}#-]/g, '\\$&');

/** Whether a policy resource, with the thing's name put in, matches: `*` any run of characters, `?` any one. */
const matches = (pattern: string, thing: string, resource: string): boolean => {
  const parts = pattern.split(thingName).map((part) => literal(part).replaceAll('*', '.*').replaceAll('?', '.'));
  return new RegExp(`^${parts.join(literal(thing).replace(/[*?]/g, '\\$&'))}$`, 's').test(resource);
};

/** Decides as AWS IoT would: denied unless a statement allows the act on the resource and its condition holds. */
export const deviceMay = (
  policy: DevicePolicy,
  place: PolicyPlace,
  connection: DeviceConnection,
  request: DeviceRequest,
): boolean => {
  const resource = arn(place, resourceOf(request));
  return policy.Statement.some(
    (statement) =>
      statement.Action.includes(request.action) &&
      (statement.Condition === undefined || connection.attached) &&
      statement.Resource.some((pattern) => matches(pattern, connection.thing, resource)),
  );
};
