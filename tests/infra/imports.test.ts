import { beforeAll, describe, expect, it } from 'vitest';
import { type StackTemplate, synthesise } from '#tests/support/templates.ts';

let ingest: StackTemplate;
let stateful: StackTemplate;
beforeAll(() => {
  const { Ingest, Stateful } = synthesise('dev');
  if (Ingest === undefined || Stateful === undefined) throw new Error('no stacks');
  [ingest, stateful] = [Ingest, Stateful];
}, 300_000);

const propertiesOf = (type: string, ...texts: readonly string[]): string => {
  const [only, second] = ingest
    .ofType(type)
    .map(({ Properties }) => JSON.stringify(Properties))
    .filter((properties) => texts.every((text) => properties.includes(text)));
  if (only === undefined || second !== undefined) throw new Error(`not one ${type} with ${texts.join(' and ')}`);
  return only;
};

describe('files of meter data', () => {
  it('that come into their folder of the bucket are told to the function that works them off', () => {
    const buckets = stateful.ofType('AWS::S3::Bucket').map(({ Properties }) => JSON.stringify(Properties));
    expect(buckets.filter((bucket) => bucket.includes('"EventBridgeEnabled":true'))).toHaveLength(1);
    const [bucket] = buckets.filter((one) => one.includes('"EventBridgeEnabled":true'));
    expect(bucket).toMatch(/"ExpirationInDays":30,.*"NoncurrentVersionExpiration".*"Prefix":"imports\/"/);
    const rule = propertiesOf('AWS::Events::Rule', 'Object Created');
    expect(rule).toContain('"wildcard":"imports/*/file"');
    expect(rule).toContain('ImportsWorkFunctionAliaslive');
    expect(rule).toContain('DeadLetterConfig');
  });

  it('that nobody works on any more are looked for every five minutes', () => {
    expect(propertiesOf('AWS::Events::Rule', 'rate(5 minutes)')).toContain('ImportsWorkFunctionAliaslive');
  });

  it('are worked off by a function that appends to the stream and takes readings out, and writes none itself', () => {
    const rights = propertiesOf('AWS::IAM::Policy', 'kinesis:PutRecords', 'ImportsWorkRole');
    const statements: readonly { Action: string | readonly string[]; Resource: unknown }[] =
      JSON.parse(rights).PolicyDocument.Statement;
    const acts = statements
      .filter(({ Resource }) => JSON.stringify(Resource).includes('table/rotunda-dev-readings'))
      .flatMap(({ Action }) => Action);
    expect([...new Set(acts)].sort()).toEqual(['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:Query']);
    expect(rights).not.toContain('table/rotunda-dev-audit');
    expect(rights).not.toContain('table/rotunda-dev-keys');
    expect(rights).not.toMatch(/MasterKey|InstallationKey/);
  });

  it('name points that another function makes known, which reads no files and appends to no stream', () => {
    const rights = propertiesOf('AWS::IAM::Policy', 'ImportsPointsRole', 'kms:GenerateMac');
    expect(rights).toContain('table/rotunda-dev-audit');
    expect(rights).not.toMatch(/kinesis:|s3:|table\/rotunda-dev-readings/);
    expect(propertiesOf('AWS::IAM::Policy', 'kinesis:PutRecords', 'ImportsWorkRole')).toContain('imports-points:live');
  });
});
