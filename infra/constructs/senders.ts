import { Aws, Duration } from 'aws-cdk-lib';
import {
  AccountPrincipal,
  AnyPrincipal,
  ArnPrincipal,
  CompositePrincipal,
  Effect,
  PolicyStatement,
  Role,
} from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { StageConfig } from '#infra/config.ts';
import { type Deployment, physicalName } from '#infra/deployment.ts';

const principalOf = (sender: string): AccountPrincipal | ArnPrincipal =>
  /^\d{12}$/.test(sender) ? new AccountPrincipal(sender) : new ArnPrincipal(sender);

/**
 * The systems that send facts by the inbound bus: a role for each source, assumed by its senders. The bus takes a source from
 * its role and from nobody else, whatever rights somebody else in the account may have.
 */
export class Senders extends Construct {
  readonly #roles: readonly { readonly source: string; readonly role: Role }[];

  constructor(scope: Construct, id: string, deployment: Deployment, busName: string) {
    super(scope, id);
    const busArn = `arn:${Aws.PARTITION}:events:${Aws.REGION}:${Aws.ACCOUNT_ID}:event-bus/${busName}`;
    this.#roles = deployment.config.inbound.map((one) => ({
      source: one.source,
      role: this.#role(deployment, one, busArn),
    }));
  }

  #role(deployment: Deployment, { source, senders }: StageConfig['inbound'][number], busArn: string): Role {
    const role = new Role(this, source, {
      roleName: physicalName(deployment, `source-${source}`),
      description: `Rotunda ${deployment.config.stage}: sends facts as ${source}`,
      assumedBy: new CompositePrincipal(...senders.map(principalOf)),
      maxSessionDuration: Duration.hours(1),
    });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['events:PutEvents'],
        resources: [busArn],
        conditions: { StringEquals: { 'events:source': source } },
      }),
    );
    return role;
  }

  /** The policy of the bus: each role its source, and nothing for anybody else. */
  statements(busArn: string): readonly PolicyStatement[] {
    const put = { actions: ['events:PutEvents'], resources: [busArn] };
    const ownSource = this.#roles.flatMap(({ source, role }) => [
      new PolicyStatement({
        sid: `Let${sidOf(source)}`,
        principals: [new ArnPrincipal(role.roleArn)],
        ...put,
        conditions: { StringEquals: { 'events:source': source } },
      }),
      new PolicyStatement({
        sid: `Only${sidOf(source)}`,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        ...put,
        conditions: {
          StringEquals: { 'events:source': source },
          ArnNotEquals: { 'aws:PrincipalArn': role.roleArn },
        },
      }),
    ]);
    return [
      ...ownSource,
      new PolicyStatement({
        sid: 'KnownSources',
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        ...put,
        conditions: { StringNotEquals: { 'events:source': this.#roles.map(({ source }) => source) } },
      }),
    ];
  }
}

const sidOf = (source: string): string =>
  source
    .split('-')
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('');
