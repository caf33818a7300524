import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { type ApiFunctionName, functionNamed, type Right } from '#functions/manifest.ts';
import type { Settings } from '#shared/runtime/settings.ts';
import type { TableName } from '#shared/table/table.ts';
import { type Ground, HouseFunction } from './function.ts';
import type { InstallationKey } from './keys.ts';
import type { HouseTable } from './table.ts';

/** What the API's functions work on. */
export interface ApiGround {
  readonly ground: Ground;
  readonly tables: Readonly<Record<TableName, HouseTable>>;
  /** Settings of every one of them. */
  readonly settings: Partial<Settings>;
  readonly installationKey: InstallationKey;
  /** Grants everything that a commit of facts touches. */
  letCommitFacts(grantee: HouseFunction): void;
  /** Grants what hashing a value that is looked for takes. */
  letHashSearches(grantee: HouseFunction): void;
  /** What a function that registers meters needs besides. */
  readonly devices: { readonly settings: Partial<Settings>; letRegister(grantee: HouseFunction): void };
  /** What a function that begins imports needs besides. */
  readonly imports: { readonly settings: Partial<Settings>; letKeep(grantee: HouseFunction): void };
}

const grants: Readonly<Record<Right, (to: HouseFunction, parts: ApiGround) => void>> = {
  record: (to, { tables }) => {
    tables.audit.letPut(to);
    to.allow(['dynamodb:GetItem'], [tables.audit.tableArn]);
  },
  'read the audit': (to, { tables }) => tables.audit.letRead(to),
  'read profiles': (to, { tables }) => tables.profile.letRead(to),
  'read readings': (to, { tables }) => tables.readings.letRead(to),
  'correct readings': (to, { tables }) => {
    tables.readings.letPut(to);
    tables.readings.letDelete(to);
  },
  'keep tariffs': (to, { tables }) => tables.profile.letPut(to),
  'keep temperatures': (to, { tables }) => tables.readings.letPut(to),
  'commit facts': (to, parts) => parts.letCommitFacts(to),
  'keep meters': (to, { tables }) => {
    tables.profile.letPut(to);
    tables.profile.letDelete(to);
  },
  'hash searches': (to, parts) => parts.letHashSearches(to),
  'sign cursors': (to, { installationKey }) => installationKey.letDerive(to),
  'register meters': (to, { devices }) => devices.letRegister(to),
  'keep imports': (to, { tables, imports }) => {
    tables.profile.letPut(to);
    imports.letKeep(to);
  },
};

/** One function of the API, callable by the gateway's stage alone. */
export class ApiFunction extends Construct {
  readonly function: HouseFunction;

  constructor(scope: Construct, id: string, name: ApiFunctionName, parts: ApiGround) {
    super(scope, id);
    const rights = functionNamed(name).on.api?.rights ?? [];
    this.function = new HouseFunction(this, 'Function', {
      ground: parts.ground,
      name,
      settings: {
        ...parts.settings,
        ...(rights.includes('register meters') ? parts.devices.settings : {}),
        ...(rights.includes('keep imports') ? parts.imports.settings : {}),
      },
    });
    for (const right of rights) grants[right](this.function, parts);
  }

  /** Lets the calls of a gateway in. */
  letBeCalled(callsArn: string): void {
    this.function.alias.addPermission('Gateway', {
      principal: new ServicePrincipal('apigateway.amazonaws.com'),
      sourceArn: callsArn,
    });
  }
}
