import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import * as z from 'zod';
import { apiFunctionNames } from '#functions/manifest.ts';
import { routes } from '#functions/routes.ts';
import { functionOfRoute } from '#infra/api/gateway-body.ts';
import { rootOf } from '#infra/bundles.ts';
import { projectRoot } from '#scripts/check/project-files.ts';
import type { TableName } from '#shared/table/table.ts';
import { type StackTemplate, synthesise } from '#tests/support/templates.ts';

let api: StackTemplate;
beforeAll(() => {
  const { Api } = synthesise('dev');
  if (Api === undefined) throw new Error('no stack Api');
  api = Api;
}, 300_000);

const names = [...apiFunctionNames];

const Function_ = z.looseObject({
  FunctionName: z.string(),
  Role: z.object({ 'Fn::GetAtt': z.tuple([z.string(), z.literal('Arn')]) }),
  Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
  Timeout: z.number(),
});
const functionNamed = (name: string) => {
  const found = api
    .ofType('AWS::Lambda::Function')
    .map(({ logicalId, Properties }) => ({ logicalId, ...Function_.parse(Properties) }))
    .find(({ FunctionName }) => FunctionName === `rotunda-dev-${name}`);
  if (found === undefined) throw new Error(`no function ${name}`);
  return found;
};

const list = <Member extends z.ZodType>(member: Member) => z.union([z.array(member), member.transform((one) => [one])]);
const Policy = z.looseObject({
  Roles: z.array(z.object({ Ref: z.string() })),
  PolicyDocument: z.object({
    Statement: z.array(
      z.object({
        Effect: z.literal('Allow'),
        Action: list(z.string()),
        Resource: list(z.unknown()),
        Condition: z.record(z.string(), z.unknown()).optional(),
      }),
    ),
  }),
});

/** What a function may do: each act, with the text of each resource it may do it on. */
const rightsOf = (name: string) => {
  const role = functionNamed(name).Role['Fn::GetAtt'][0];
  return api
    .ofType('AWS::IAM::Policy')
    .map(({ Properties }) => Policy.parse(Properties))
    .filter(({ Roles }) => Roles.some(({ Ref }) => Ref === role))
    .flatMap(({ PolicyDocument }) =>
      PolicyDocument.Statement.flatMap(({ Action, Resource, Condition }) =>
        Action.flatMap((act) =>
          (Array.isArray(Resource) ? Resource : [Resource]).map((on) => ({ act, on: JSON.stringify(on), Condition })),
        ),
      ),
    );
};

/** How the ARN of a table ends, or of what belongs to it. */
const table = (name: TableName): string => `:table/rotunda-dev-${name}`;

const actsOn = (name: string, resource: string): readonly string[] =>
  rightsOf(name)
    .filter(({ on }) => on.includes(resource))
    .map(({ act }) => act.replace('dynamodb:', ''))
    .sort();

const writers = [
  'customers',
  'accounts',
  'duplicates',
  'outages',
  'validation',
  'explain',
  'facts',
  'identity',
  'privacy',
] as const;

describe('a function of the API', () => {
  it('is there for each that a route leads to, and for no other', () => {
    expect(names.sort()).toEqual([...new Set(routes.map(functionOfRoute))].sort());
    expect(api.ofType('AWS::Lambda::Function')).toHaveLength(names.length);
  });

  it('can be called by the stage of this gateway alone', () => {
    const gateway = api.only('AWS::ApiGateway::RestApi').logicalId;
    const permissions = api.ofType('AWS::Lambda::Permission').map(({ Properties }) => Properties);
    expect(permissions).toHaveLength(names.length);
    for (const permission of permissions) {
      expect(permission).toMatchObject({ Action: 'lambda:InvokeFunction', Principal: 'apigateway.amazonaws.com' });
      expect(JSON.stringify(permission?.SourceArn)).toContain(`{"Ref":"${gateway}"},"/v1/*"`);
    }
  });

  it('ends before the gateway stops waiting', () => {
    for (const name of names) expect(functionNamed(name).Timeout).toBeLessThan(29);
  });

  it('takes nothing away from the audit and changes nothing there; only the access log searches it', () => {
    for (const name of names.filter((one) => one !== 'platform')) {
      const searches = name === 'access-log' ? ['Query'] : [];
      expect(actsOn(name, table('audit')), name).toEqual(
        ['ConditionCheckItem', 'GetItem', 'PutItem', ...searches].sort(),
      );
    }
    expect(actsOn('platform', ':table/')).toEqual([]);
  });

  it('writes profiles where it has something to keep, and else reads them', () => {
    const written = ['BatchWriteItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query'];
    for (const name of [...writers, 'meters'] as const)
      expect(new Set(actsOn(name, table('profile'))), name).toEqual(new Set(written));
    expect(new Set(actsOn('reference', table('profile')))).toEqual(
      new Set(['BatchWriteItem', 'ConditionCheckItem', 'GetItem', 'PutItem', 'Query']),
    );
    for (const name of ['search', 'premises', 'usage', 'access-log'] as const) {
      expect(new Set(actsOn(name, table('profile'))), name).toEqual(new Set(['GetItem', 'Query']));
    }
  });

  it('reads readings where it shows them, and writes there to keep corrections and temperatures alone', () => {
    expect(new Set(actsOn('validation', table('readings')))).toEqual(
      new Set(['BatchWriteItem', 'ConditionCheckItem', 'DeleteItem', 'GetItem', 'PutItem', 'Query']),
    );
    expect(new Set(actsOn('reference', table('readings')))).toEqual(
      new Set(['BatchWriteItem', 'ConditionCheckItem', 'GetItem', 'PutItem', 'Query']),
    );
    for (const name of names.filter((one) => one !== 'validation' && one !== 'reference')) {
      const shows = ['premises', 'usage', 'meters'].includes(name);
      expect(actsOn(name, table('readings')), name).toEqual(shows ? ['GetItem', 'Query'] : []);
    }
  });

  it('uses the master key where it seals, with the owner named, and else not', () => {
    for (const name of names.filter((one) => one !== 'search')) {
      const uses = rightsOf(name).filter(({ on }) => on.includes('MasterKey'));
      const seals = writers.some((writer) => writer === name);
      expect(uses.map(({ act }) => act).sort(), name).toEqual(seals ? ['kms:Decrypt', 'kms:Encrypt'] : []);
      for (const { Condition } of uses) expect(Condition).toEqual({ Null: { 'kms:EncryptionContext:owner': 'false' } });
      expect(actsOn(name, table('keys')).length > 0, name).toBe(seals);
      expect(actsOn(name, table('keys'))).not.toContain('DeleteItem');
    }
  });

  it("lets search open the key of its hashes and nobody else's", () => {
    const uses = rightsOf('search').filter(({ on }) => on.includes('MasterKey'));
    expect(uses.map(({ act, Condition }) => [act, Condition])).toEqual([
      ['kms:Decrypt', { StringEquals: { 'kms:EncryptionContext:owner': 'search' } }],
    ]);
    expect(actsOn('search', table('keys'))).toEqual(['GetItem']);
  });

  it('has the data key used by services, never by itself', () => {
    for (const name of names) {
      const uses = rightsOf(name).filter(({ on }) => on.includes('DataKey'));
      expect(uses.length).toBeGreaterThan(0);
      for (const { Condition } of uses) expect(JSON.stringify(Condition)).toContain('kms:ViaService');
    }
  });

  it('may do nothing everywhere but write traces, and what IoT binds to no resource where meters are registered', () => {
    for (const name of names) {
      const rights = rightsOf(name);
      expect(rights.filter(({ act }) => act.includes('*'))).toEqual([]);
      const everywhere = rights.filter(({ on }) => on === '"*"').map(({ act }) => act);
      const own = everywhere.filter((act) => !act.startsWith('xray:')).sort();
      expect(own, name).toEqual(
        name === 'meters' ? ['iot:CreateCertificateFromCsr', 'iot:ListPrincipalThings', 'iot:ListThingPrincipals'] : [],
      );
      if (name !== 'meters') expect(rights.filter(({ act }) => act.startsWith('iot:'))).toEqual([]);
    }
  });
});

describe('the settings of a function', () => {
  const Joined = z.object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) });

  /** What a value may be once it is deployed; an imported name stands for what it names. */
  const deployed = (value: unknown): string => {
    if (typeof value === 'string') return value;
    const joined = Joined.safeParse(value);
    if (joined.success) return joined.data['Fn::Join'][1].map(deployed).join(joined.data['Fn::Join'][0]);
    const text = JSON.stringify(value);
    if (text.includes('URLSuffix')) return 'amazonaws.com';
    if (/Key[0-9A-F]{8}Arn/.test(text)) return 'arn:aws:kms:eu-west-1:111122223333:key/1';
    return text.replaceAll(/\W/g, '');
  };

  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it.each(names)(
    'are all that %s reads while it starts',
    async (name) => {
      const { Variables } = functionNamed(name).Environment;
      for (const key of Object.keys(process.env)) if (key.startsWith('ROTUNDA_')) vi.stubEnv(key, undefined);
      for (const [key, value] of Object.entries(Variables)) vi.stubEnv(key, deployed(value));
      vi.stubEnv('AWS_REGION', 'eu-west-1');
      const root: unknown = await import(/* @vite-ignore */ `${projectRoot}/${rootOf(name)}`);
      expect(root).toMatchObject({ handler: expect.any(Function) });
    },
    60_000,
  );

  it('of an API that lacks one are refused while it starts, so that the test above can fail', async () => {
    vi.stubEnv('ROTUNDA_STAGE', undefined);
    vi.resetModules();
    await expect(import(/* @vite-ignore */ `${projectRoot}/${rootOf('premises')}`)).rejects.toThrow(
      /ROTUNDA_STAGE is missing/,
    );
  }, 60_000);
});
