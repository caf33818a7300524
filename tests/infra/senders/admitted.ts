import { type Estate, type Found, grouped } from '#infra/limits/estate.ts';
import { Resolver } from '#infra/limits/resolve.ts';
import { at, listOf } from '#infra/template.ts';
import { covers, lets, type Permit, permitsIn, permitsOfRole } from './permits.ts';
import { type Sender, sendersIn } from './senders.ts';

/** The bucket, queue, log group, … that is sent to: an object lies in its bucket, a stream of a log in its group. */
const placeOf = (to: string): string => {
  if (to.includes(':s3:::')) return to.split('/')[0] ?? to;
  return to.split(':log-stream:')[0] ?? to;
};

/** Where policies of resources stand: type, member with the resources, and member with the document. */
const resourcePolicies = [
  ['AWS::SQS::QueuePolicy', 'AWS::SQS::Queue', 'Queues'],
  ['AWS::SNS::TopicPolicy', 'AWS::SNS::Topic', 'Topics'],
  ['AWS::S3::BucketPolicy', 'AWS::S3::Bucket', 'Bucket'],
] as const;

/** What policies of logs let services do, by the ARN of the log group that each is on; a document stands there as text. */
const logDoors = (estate: Estate): readonly (readonly [string, readonly Permit[]])[] => {
  const resolver = new Resolver(estate);
  return estate.ofType('AWS::Logs::ResourcePolicy').flatMap((policy) => {
    const document: unknown = JSON.parse(resolver.text(policy.stack, at(policy.properties, 'PolicyDocument')));
    const permits = permitsIn(estate, policy, document);
    const groups = new Set(permits.flatMap(({ resources }) => resources.map(placeOf)));
    return [...groups].map(
      (group) => [group, permits.filter(({ resources }) => resources.some((one) => placeOf(one) === group))] as const,
    );
  });
};

/** What each queue, topic, bucket and log group lets services do, by its ARN. */
export const doors = (estate: Estate): ReadonlyMap<string, readonly Permit[]> => {
  const resolver = new Resolver(estate);
  const ofPlaces = new Map(
    resourcePolicies.flatMap(([policyType, type, member]) =>
      estate.ofType(type).map((found) => {
        const own = estate
          .ofType(policyType)
          .filter(
            ({ stack, properties }) =>
              stack === found.stack && listOf(at(properties, member)).some((one) => at(one, 'Ref') === found.id),
          );
        const permits = own.flatMap((policy) => permitsIn(estate, policy, at(policy.properties, 'PolicyDocument')));
        return [resolver.arn(found), permits] as const;
      }),
    ),
  );
  return new Map([...ofPlaces, ...logDoors(estate)]);
};

const accountOf = (arn: string, estate: Estate): string => arn.split(':')[4] || (estate.stacks[0]?.account ?? '');
const says = (sourceArn: string, estate: Estate) => ({
  'aws:SourceArn': sourceArn,
  'aws:SourceAccount': accountOf(sourceArn, estate),
});

const rolesOf = (estate: Estate): ReadonlyMap<string, Found> => {
  const resolver = new Resolver(estate);
  return new Map(estate.ofType('AWS::IAM::Role').map((role) => [resolver.arn(role), role]));
};

const line = ({ where, by, actions, to }: Sender): string =>
  `${where}: ${'role' in by ? by.role : `${by.service} for ${by.sourceArn}`} may not ${actions.join(', ')} to ${to}`;

/** Senders that are not admitted where they send to. */
export const refused = (estate: Estate): readonly string[] => {
  const admitting = doors(estate);
  const roles = rolesOf(estate);
  return sendersIn(estate)
    .filter(({ by, actions, to }) => {
      if ('role' in by) {
        const role = roles.get(by.role);
        const may = role === undefined ? [] : permitsOfRole(estate, role);
        return !actions.every((action) => may.some((permit) => lets(permit, action, to, {})));
      }
      const may = (admitting.get(placeOf(to)) ?? []).filter(({ services }) => services.includes(by.service));
      return !actions.every((action) => may.some((permit) => lets(permit, action, to, says(by.sourceArn, estate))));
    })
    .map(line);
};

/** Services and sources that something admits although nobody there sends for them. */
export const strangers = (estate: Estate): readonly string[] => {
  const sent = grouped(
    sendersIn(estate).flatMap(({ by, to }) => ('service' in by ? [{ by, to }] : [])),
    ({ to }) => placeOf(to),
  );
  return [...doors(estate)].flatMap(([arn, permits]) =>
    permits.flatMap(({ services, conditions }) =>
      services.flatMap((service) => {
        const known = (sent.get(arn) ?? []).filter(({ by }) => by.service === service);
        const sources = conditions.get('aws:SourceArn');
        if (sources === undefined) return known.length === 0 ? [`${arn} admits ${service}`] : [];
        return sources.values
          .filter((source) => !known.some(({ by }) => by.sourceArn === source))
          .map((source) => `${arn} admits ${service} for ${source}`);
      }),
    ),
  );
};

/** Permits without a bound on who is behind the service. */
export const unbounded = (estate: Estate): readonly string[] =>
  [...doors(estate)].flatMap(([arn, permits]) =>
    permits
      .filter(({ conditions }) => !conditions.has('aws:SourceArn') && !conditions.has('aws:SourceAccount'))
      .map(({ services }) => `${arn} admits ${services.join(', ')} for anybody`),
  );

/** Where each type says what key it is encrypted with. */
const keyMembers: Readonly<Record<string, readonly (string | number)[]>> = {
  'AWS::SQS::Queue': ['KmsMasterKeyId'],
  'AWS::SNS::Topic': ['KmsMasterKeyId'],
  'AWS::Kinesis::Stream': ['StreamEncryption', 'KeyId'],
  'AWS::Logs::LogGroup': ['KmsKeyId'],
  'AWS::Events::EventBus': ['KmsKeyIdentifier'],
  'AWS::Events::Archive': ['KmsKeyIdentifier'],
  'AWS::S3::Bucket': [
    'BucketEncryption',
    'ServerSideEncryptionConfiguration',
    0,
    'ServerSideEncryptionByDefault',
    'KMSMasterKeyID',
  ],
};

/** ARNs of the things that are encrypted with a key of the estate, and of their keys, whether these are named by ARN or id. */
const keysOf = (estate: Estate): ReadonlyMap<string, { readonly type: string; readonly key: string }> => {
  const resolver = new Resolver(estate);
  const byId = new Map(estate.ofType('AWS::KMS::Key').map((key) => [resolver.name(key), resolver.arn(key)]));
  return new Map(
    Object.entries(keyMembers).flatMap(([type, path]) =>
      estate.ofType(type).flatMap((found) => {
        const said = at(found.properties, ...path);
        if (said === undefined) return [];
        const named = resolver.text(found.stack, said);
        return [[resolver.arn(found), { type, key: byId.get(named) ?? named }] as const];
      }),
    ),
  );
};

/** Permits of a key's own policy. */
const keyPermits = (estate: Estate, arn: string): readonly Permit[] =>
  estate
    .ofType('AWS::KMS::Key')
    .filter((key) => new Resolver(estate).arn(key) === arn)
    .flatMap((key) => permitsIn(estate, key, at(key.properties, 'KeyPolicy')));

interface KeyUse {
  readonly where: string;
  readonly service: string;
  readonly key: string;
  readonly says: Readonly<Record<string, string>>;
}

/** Services that use a key themselves: for what they send to something encrypted, and for what they encrypt. */
const serviceUses = (estate: Estate): readonly KeyUse[] => {
  const encrypted = keysOf(estate);
  const sent = sendersIn(estate).flatMap(({ where, by, to }) => {
    const key = encrypted.get(placeOf(to))?.key;
    // CloudWatch Logs encrypts for itself what is delivered to it.
    return 'role' in by || key === undefined || to.includes(':logs:')
      ? []
      : [{ where, service: by.service, key, says: says(by.sourceArn, estate) }];
  });
  const own = [...encrypted].flatMap(([arn, { type, key }]) => {
    const [, , , region] = arn.split(':');
    const uses: Readonly<Record<string, Pick<KeyUse, 'service' | 'says'>>> = {
      'AWS::Logs::LogGroup': {
        service: `logs.${region}.amazonaws.com`,
        says: { 'kms:EncryptionContext:aws:logs:arn': arn },
      },
      'AWS::Events::EventBus': { service: 'events.amazonaws.com', says: {} },
      'AWS::Events::Archive': { service: 'events.amazonaws.com', says: {} },
    };
    const use = uses[type];
    return use === undefined ? [] : [{ where: arn, key, ...use }];
  });
  return [...sent, ...own];
};

const keyActs = ['kms:Decrypt', 'kms:GenerateDataKey'];

/** Services that a key keeps from what they send to or encrypt. */
export const keyless = (estate: Estate): readonly string[] =>
  serviceUses(estate)
    .filter(({ service, key, says: said }) => {
      const may = keyPermits(estate, key).filter(({ services }) => services.includes(service));
      return !keyActs.every((action) => may.some((permit) => lets(permit, action, '*', said)));
    })
    .map(({ where, service, key }) => `${where}: ${service} may not use ${key}`);

/** Services that a key lets use it although none of them sends to or encrypts anything with it. */
export const keyStrangers = (estate: Estate): readonly string[] => {
  const resolver = new Resolver(estate);
  const uses = serviceUses(estate);
  return estate.ofType('AWS::KMS::Key').flatMap((key) => {
    const used = new Set(uses.filter((use) => use.key === resolver.arn(key)).map(({ service }) => service));
    return permitsIn(estate, key, at(key.properties, 'KeyPolicy'))
      .flatMap(({ services }) => services)
      .filter((service) => !used.has(service))
      .map((service) => `${key.id} lets ${service}`);
  });
};

/** Roles that send to something encrypted and may not use its key by the service that holds it. */
export const rolesWithoutKey = (estate: Estate): readonly string[] => {
  const encrypted = keysOf(estate);
  const roles = rolesOf(estate);
  return sendersIn(estate)
    .filter(({ by, to, actions }) => {
      const own = encrypted.get(placeOf(to));
      // CloudWatch Logs encrypts for itself, and a list reads nothing that is encrypted.
      if ('service' in by || own === undefined || actions.includes('s3:ListBucket')) return false;
      const role = roles.get(by.role);
      const [, , service, region] = to.split(':');
      const where = region === '' ? (estate.stacks[0]?.region ?? '') : region;
      const via = { 'kms:ViaService': `${service}.${where}.amazonaws.com` };
      const may = role === undefined ? [] : permitsOfRole(estate, role);
      return !may.some((permit) => lets(permit, 'kms:GenerateDataKey', own.key, via));
    })
    .map(line);
};

/** Log groups that a stage of an API writes its calls to, where the role of API Gateway is not in the same estate. */
export const apiLogsWithoutRole = (estate: Estate): readonly string[] => {
  const roles = rolesOf(estate);
  const resolver = new Resolver(estate);
  const writers = estate
    .ofType('AWS::ApiGateway::Account')
    .map((account) => roles.get(resolver.text(account.stack, at(account.properties, 'CloudWatchRoleArn'))))
    .filter((role) => role !== undefined)
    .filter((role) =>
      listOf(at(role.properties, 'ManagedPolicyArns')).some((arn) =>
        covers(
          'arn:aws:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs',
          resolver.text(role.stack, arn),
        ),
      ),
    );
  return estate
    .ofType('AWS::ApiGateway::Stage')
    .filter(({ properties }) => at(properties, 'AccessLogSetting') !== undefined && writers.length === 0)
    .map(({ id }) => id);
};
