import { describe, expect, test } from 'vitest';
import { functionNamed, functionNames } from '#functions/manifest.ts';
import type { Synthesis } from '#infra/synthesize.ts';
import { place } from '#tests/support/templates.ts';
import { at, type Found, listOf, resourcesOf, statementsIn, textOf } from './templates.ts';

/** Acts that know no resource, and why `*` stands beside them; every other act names what it is on. */
const withoutResource: Readonly<Record<string, string>> = {
  'xray:PutTelemetryRecords': 'X-Ray knows no resources',
  'xray:PutTraceSegments': 'X-Ray knows no resources',
  'iot:CreateCertificateFromCsr': 'the certificate is not there yet',
  'iot:ListPrincipalThings': 'a list',
  'iot:ListThingPrincipals': 'a list',
};

/** Device Defender compares everything there is; it may only read. */
const readsEverything = /^iot:(Describe|Get|List)[A-Za-z0-9]+$/;

/** Policies of identities; what stands in a resource's own policy is about that resource alone. */
const identityPolicies = (synthesis: Synthesis): readonly Found[] => [
  ...resourcesOf(synthesis, 'AWS::IAM::Policy'),
  ...resourcesOf(synthesis, 'AWS::IAM::ManagedPolicy'),
  ...resourcesOf(synthesis, 'AWS::IAM::Role'),
];

const allows = (statement: unknown): boolean => at(statement, 'Effect') === 'Allow';
const actionsOf = (statement: unknown): readonly string[] => listOf(at(statement, 'Action')).map(String);

/** Who may do what, over every policy of every template. */
export const describeRights = (stage: string, synthesis: () => Synthesis): void => {
  const all = (type: string) => resourcesOf(synthesis(), type);

  describe(`rights in ${stage}`, () => {
    test('no statement allows acts by a wildcard', () => {
      const statements = resourcesOf(synthesis()).flatMap(({ stack, id, properties }) =>
        statementsIn(properties)
          .filter(allows)
          .map((statement) => ({ where: `${stack}/${id}`, statement })),
      );
      expect(statements.length).toBeGreaterThan(200);
      const wide = statements.filter(({ statement }) => actionsOf(statement).some((action) => action.includes('*')));
      expect(wide.map(({ where }) => where)).toEqual([]);
      expect(statements.filter(({ statement }) => at(statement, 'NotAction') !== undefined)).toEqual([]);
      expect(statements.filter(({ statement }) => at(statement, 'NotResource') !== undefined)).toEqual([]);
    });

    test('only acts that know no resource are allowed on everything', () => {
      const onEverything = identityPolicies(synthesis()).flatMap(({ stack, id, properties }) =>
        statementsIn(properties)
          .filter((statement) => allows(statement) && listOf(at(statement, 'Resource')).includes('*'))
          .flatMap((statement) => actionsOf(statement).map((action) => ({ where: `${stack}/${id}`, action }))),
      );
      const unexplained = onEverything.filter(
        ({ where, action }) =>
          !Object.hasOwn(withoutResource, action) &&
          !(where.startsWith('Account/DeviceAudit') && readsEverything.test(action)),
      );
      expect(unexplained).toEqual([]);
    });

    test('nobody outside is allowed anything', () => {
      const open = resourcesOf(synthesis()).flatMap(({ stack, id, properties }) =>
        statementsIn(properties)
          .filter(allows)
          .filter((statement) => {
            const principal = at(statement, 'Principal');
            return principal === '*' || listOf(at(principal, 'AWS')).includes('*');
          })
          .map(() => `${stack}/${id}`),
      );
      expect(open).toEqual([]);
    });

    test('no role has more than IAM keeps for one', () => {
      const bytes = new Map<string, number>();
      for (const { stack, properties } of all('AWS::IAM::Policy')) {
        for (const role of listOf(at(properties, 'Roles'))) {
          const key = `${stack}/${String(at(role, 'Ref'))}`;
          bytes.set(key, (bytes.get(key) ?? 0) + JSON.stringify(at(properties, 'PolicyDocument')).length);
        }
      }
      expect([...bytes].filter(([, size]) => size > 10_240)).toEqual([]);
    });

    test('audit entries can be put, but taken away or changed in place by nobody', () => {
      const removing = identityPolicies(synthesis()).flatMap(({ stack, id, properties }) =>
        statementsIn(properties)
          .filter(
            (statement) =>
              allows(statement) &&
              actionsOf(statement).some((action) =>
                ['dynamodb:DeleteItem', 'dynamodb:UpdateItem', 'dynamodb:PartiQLDelete'].includes(action),
              ) &&
              JSON.stringify(at(statement, 'Resource')).includes(`table/rotunda-${stage}-audit`),
          )
          .map(() => `${stack}/${id}`),
      );
      expect(removing).toEqual([]);
    });

    test('a checkpoint can be deleted by nobody, and no lock be lifted', () => {
      const actions = identityPolicies(synthesis()).flatMap(({ properties }) =>
        statementsIn(properties)
          .filter((statement) => JSON.stringify([at(statement, 'Resource')]).includes('CheckpointsBucket'))
          .flatMap(actionsOf),
      );
      expect(new Set(actions)).toEqual(
        new Set(['s3:ListBucket', 's3:GetObject', 's3:PutObject', 's3:PutObjectRetention']),
      );
    });

    test('only the relay and replays publish to subscribers', () => {
      const bus = all('AWS::Events::EventBus').find(
        ({ properties }) => at(properties, 'Name') === `rotunda-${stage}-outbound`,
      );
      const [statement] = statementsIn(bus?.properties);
      expect(at(statement, 'Effect')).toBe('Deny');
      const roles = JSON.stringify(at(statement, 'Condition', 'ArnNotEquals', 'aws:PrincipalArn'));
      const publishers = functionNames
        .filter((name) => functionNamed(name).rights.includes('publish facts'))
        .map((name) => `rotunda-${stage}-${name}`);
      expect(publishers.length).toBeGreaterThanOrEqual(2);
      expect(roles.match(/:role\/[\w-]+/g)).toEqual(publishers.map((name) => `:role/${name}`));
      const names = all('AWS::IAM::Role').flatMap(({ properties }) => listOf(at(properties, 'RoleName')));
      expect(names).toEqual(expect.arrayContaining(publishers));
    });

    test("the operator's functions may each do its own acts alone", () => {
      const rightsOf = (name: string) =>
        all('AWS::IAM::Policy')
          .filter(({ properties }) =>
            listOf(at(properties, 'Roles')).some((role) =>
              new RegExp(`^${name}Role[0-9A-F]{8}$`).test(String(at(role, 'Ref'))),
            ),
          )
          .flatMap(({ properties }) => statementsIn(properties))
          .filter(allows);
      const servicesOf = (name: string) =>
        [
          ...new Set(
            rightsOf(name)
              .flatMap(actionsOf)
              .map((action) => action.split(':')[0]),
          ),
        ].toSorted();
      expect(servicesOf('Operations')).toEqual(['dynamodb', 'kms', 'lambda', 'logs', 's3', 'sqs', 'xray']);
      expect(servicesOf('OperationsReplay')).toEqual(['dynamodb', 'events', 'kms', 'lambda', 'logs', 'sqs', 'xray']);
      for (const name of ['Operations', 'OperationsReplay']) {
        const calls = rightsOf(name).filter((statement) => actionsOf(statement).includes('lambda:InvokeFunction'));
        expect(calls.map((statement) => JSON.stringify(at(statement, 'Resource')))).toEqual([
          expect.stringContaining('operations-replay:live'),
        ]);
      }
      expect(servicesOf('OperationsParked')).toEqual([
        'dynamodb',
        'iot',
        'kinesis',
        'kms',
        'lambda',
        'logs',
        's3',
        'sqs',
        'xray',
      ]);
      const namedBy = (name: string, kind: RegExp): readonly string[] => {
        const resources = rightsOf(name).flatMap((statement) => listOf(at(statement, 'Resource')));
        return [...new Set(resources.flatMap((one) => kind.exec(JSON.stringify(one))?.[1] ?? []))].toSorted();
      };
      const table = new RegExp(`table/rotunda-${stage}-(audit|keys|profile|readings)`);
      expect(namedBy('Operations', table)).toEqual(['audit', 'keys', 'profile', 'readings']);
      // Replays leave no entry of their own: who asked for them has.
      expect(namedBy('OperationsReplay', table)).toEqual(['keys', 'profile', 'readings']);
      expect(namedBy('OperationsParked', table)).toEqual(['audit', 'profile']);
      const key = /(Data|Installation|Master)Key/;
      expect(namedBy('Operations', key)).toEqual(['Data', 'Installation', 'Master']);
      expect(namedBy('OperationsParked', key)).toEqual(['Data']);
      const parked = rightsOf('OperationsParked').flatMap(actionsOf);
      for (const never of ['dynamodb:Scan', 'dynamodb:DeleteItem', 'iot:CreateCertificateFromCsr'])
        expect(parked).not.toContain(never);
      const sends = rightsOf('Operations').filter((statement) => actionsOf(statement).includes('sqs:SendMessage'));
      expect(sends.map((statement) => JSON.stringify(at(statement, 'Resource')))).toEqual([
        expect.stringContaining('FailedInvocations'),
      ]);
    });

    test('the inbound bus takes a source from the role of that source alone, and no other source', () => {
      const bus = all('AWS::Events::EventBus').find(
        ({ properties }) => at(properties, 'Name') === `rotunda-${stage}-inbound`,
      );
      const statements = statementsIn(bus?.properties);
      const sources = ['billing', 'crm', 'field', 'head-end', 'payments', 'portal'];
      const sourceOf = (statement: unknown): unknown => at(statement, 'Condition', 'StringEquals', 'events:source');
      const granted = statements.filter(allows);
      expect(granted.map(sourceOf).toSorted()).toEqual(sources);
      for (const one of granted) {
        const role = JSON.stringify(at(one, 'Principal', 'AWS'));
        expect(role).toContain(`Senders${String(sourceOf(one)).replace('-', '')}`);
        const only = statements.find((other) => at(other, 'Effect') === 'Deny' && sourceOf(other) === sourceOf(one));
        expect(JSON.stringify(at(only, 'Condition', 'ArnNotEquals', 'aws:PrincipalArn'))).toBe(role);
      }
      const known = statements.find((one) => at(one, 'Condition', 'StringNotEquals') !== undefined);
      expect(at(known, 'Effect')).toBe('Deny');
      expect(
        listOf(at(known, 'Condition', 'StringNotEquals', 'events:source'))
          .map(String)
          .toSorted(),
      ).toEqual(sources);
    });

    test('each source is sent by a role of its own name, and by a whole account only in a stage to try things in', () => {
      const named = (name: string): boolean => name.startsWith(`rotunda-${stage}-source-`);
      const roles = all('AWS::IAM::Role').filter(({ properties }) => named(String(at(properties, 'RoleName'))));
      expect(roles).toHaveLength(6);
      for (const { properties } of roles) {
        const source = String(at(properties, 'RoleName')).replace(`rotunda-${stage}-source-`, '');
        const trusted = listOf(at(properties, 'AssumeRolePolicyDocument', 'Statement')).map((statement) =>
          textOf(at(statement, 'Principal', 'AWS')),
        );
        const own = `arn:aws:iam::${place.account}:role/rotunda-${stage}-sender-${source}`;
        if (stage === 'dev') expect(trusted).toEqual([expect.stringMatching(/:root$/)]);
        else expect(trusted).toEqual([own]);
      }
    });

    test('a meter connects as itself, and publishes and subscribes to its own topics alone', () => {
      const policy = all('AWS::IoT::Policy').find(
        ({ properties }) => at(properties, 'PolicyName') === `rotunda-${stage}-meter`,
      );
      const statements = statementsIn(policy?.properties);
      expect(statements.flatMap(actionsOf).toSorted()).toEqual([
        'iot:Connect',
        'iot:Publish',
        'iot:Receive',
        'iot:Subscribe',
      ]);
      const thing = `\${iot:Connection.Thing.ThingName}`;
      for (const statement of statements) {
        expect(at(statement, 'Condition', 'Bool', 'iot:Connection.Thing.IsAttached')).toEqual(['true']);
        for (const resource of listOf(at(statement, 'Resource'))) expect(textOf(resource)).toContain(thing);
      }
      const connect = statements.find((statement) => actionsOf(statement).includes('iot:Connect'));
      expect(listOf(at(connect, 'Resource')).map(textOf)).toEqual([expect.stringMatching(/:client\/\$\{[^}]+\}$/)]);
      const publish = statements.find((statement) => actionsOf(statement).includes('iot:Publish'));
      for (const resource of listOf(at(publish, 'Resource')).map(textOf)) {
        expect(resource.endsWith(`/${thing}`) || resource.endsWith(`/${thing}/*/res`)).toBe(true);
      }
    });

    test('a claim certificate asks for a certificate and for nothing else, and takes no name of a meter', () => {
      const policy = all('AWS::IoT::Policy').find(
        ({ properties }) => at(properties, 'PolicyName') === `rotunda-${stage}-claim`,
      );
      const resources = statementsIn(policy?.properties).flatMap((statement) =>
        listOf(at(statement, 'Resource')).map(textOf),
      );
      expect(resources).toHaveLength(11);
      const provisioning = new RegExp(
        `:(topic|topicfilter)/\\$aws/(certificates/create-from-csr|provisioning-templates/rotunda-${stage}-meter/provision)/json(/accepted|/rejected)?$`,
      );
      expect(resources.filter((one) => !provisioning.test(one))).toEqual([expect.stringMatching(/:client\/claim-\*$/)]);
    });
  });
};
