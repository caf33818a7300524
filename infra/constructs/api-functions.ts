import { Duration } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ApiFunctionName } from '#infra/api/gateway-body.ts';
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

/** What a function of the API may do. */
type Right =
  /** Says who looked at what: puts entries of the audit, and reads back one whose answer was lost. */
  | 'record'
  | 'read the audit'
  | 'read profiles'
  | 'read readings'
  /** Keeps corrections beside readings, takes them away again, and keeps what people make of insights. */
  | 'correct readings'
  /** Keeps tariffs beside profiles. */
  | 'keep tariffs'
  /** Keeps temperatures of areas beside readings. */
  | 'keep temperatures'
  /** Commits facts, and opens what was sealed in them. */
  | 'commit facts'
  /** Keeps meters, and records of idempotency beside them. */
  | 'keep meters'
  /** Finds values by their keyed hashes, and opens nothing that is sealed. */
  | 'hash searches'
  | 'sign cursors'
  | 'register meters'
  /** Keeps where imports stand and what they wrote down, lets files in, and has them worked off. */
  | 'keep imports';

interface Description {
  readonly description: string;
  readonly memoryMb: number;
  readonly seconds: number;
  readonly rights: readonly Right[];
}

const reader: readonly Right[] = ['record', 'read profiles', 'sign cursors'];
const writer: readonly Right[] = [...reader, 'commit facts'];

/** The functions of the API and no right more than each needs. */
export const apiFunctions: Readonly<Record<ApiFunctionName, Description>> = {
  platform: { description: 'health and OpenAPI', memoryMb: 256, seconds: 5, rights: ['sign cursors'] },
  search: { description: 'finding customers', memoryMb: 1024, seconds: 10, rights: [...reader, 'hash searches'] },
  customers: { description: 'customers', memoryMb: 1024, seconds: 15, rights: writer },
  accounts: { description: 'accounts and payments', memoryMb: 1024, seconds: 15, rights: writer },
  duplicates: { description: 'customers that may be one', memoryMb: 1024, seconds: 28, rights: writer },
  outages: { description: 'outages', memoryMb: 1024, seconds: 15, rights: writer },
  explain: {
    description: 'why values are what they are, pins, and disputes that people settle',
    memoryMb: 1024,
    seconds: 15,
    rights: writer,
  },
  facts: { description: 'facts of other systems', memoryMb: 1769, seconds: 28, rights: writer },
  identity: { description: 'merging customers and undoing it', memoryMb: 1769, seconds: 28, rights: writer },
  privacy: { description: 'erasing people', memoryMb: 1024, seconds: 28, rights: writer },
  premises: {
    description: 'premises and service points',
    memoryMb: 512,
    seconds: 10,
    rights: [...reader, 'read readings'],
  },
  validation: {
    description: 'what the rules found in readings, corrections, and what people make of insights',
    memoryMb: 1024,
    seconds: 15,
    rights: [...writer, 'read readings', 'correct readings'],
  },
  usage: { description: 'usage, and what it tells', memoryMb: 1769, seconds: 15, rights: [...reader, 'read readings'] },
  reference: {
    description: 'what many profiles refer to: temperatures of areas, tariffs',
    memoryMb: 512,
    seconds: 10,
    rights: [...reader, 'read readings', 'keep temperatures', 'keep tariffs'],
  },
  meters: {
    description: 'meters and their certificates',
    memoryMb: 512,
    seconds: 15,
    rights: [...reader, 'read readings', 'keep meters', 'register meters'],
  },
  imports: {
    description: 'imports of files of meter data',
    memoryMb: 1024,
    seconds: 15,
    rights: [...reader, 'keep imports'],
  },
  'access-log': {
    description: 'who looked at whose data',
    memoryMb: 512,
    seconds: 10,
    rights: [...reader, 'read the audit'],
  },
};

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
    const { description, memoryMb, seconds, rights } = apiFunctions[name];
    this.function = new HouseFunction(this, 'Function', {
      ground: parts.ground,
      name,
      description: `Rotunda API: ${description}`,
      settings: {
        ...parts.settings,
        ...(rights.includes('register meters') ? parts.devices.settings : {}),
        ...(rights.includes('keep imports') ? parts.imports.settings : {}),
      },
      memoryMb,
      timeout: Duration.seconds(seconds),
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
