import * as z from 'zod';
import { besideApiNames } from '#functions/manifest.ts';
import { reservedFor } from '#infra/fleet.ts';
import { clientsDeclared, scopes } from '#shared/contracts/facts/sources.ts';
import { type TableName, tableNames } from '#shared/table/table.ts';
import { ErasurePolicy, standardErasurePolicy } from '#shared/vocabulary/erasure-policy.ts';
import { Currency } from '#shared/vocabulary/money.ts';
import { PaymentPolicy, standardPaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import { Stage } from '#shared/vocabulary/stage.ts';
import { Watching } from '#shared/vocabulary/watching.ts';
import { isZone } from '#shared/vocabulary/zones.ts';

const account = z.string().regex(/^\d{12}$/, 'is no AWS account of 12 digits');
const region = z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, 'is no AWS region');
/** A source that is declared and has a client: another could say nothing, and this system and its inner doors take no sender. */
const source = z
  .string()
  .regex(/^[a-z0-9-]{1,40}$/, 'is no name of a source')
  .refine((name) => clientsDeclared.some((client) => client.name === name), 'is no source that is declared');
const principal = z
  .string()
  .regex(
    /^(\d{12}|arn:aws:iam::\d{12}:(role|user)\/[\w+=,.@/-]+)$/,
    'is neither an account nor the ARN of a role or user',
  );
const wholeAccount = /^\d{12}$/;
/** Days CloudWatch Logs can keep a log group. */
export const logDays = z.literal([7, 14, 30, 60, 90, 180, 365, 400, 545, 731]);

/** What one program may send by `POST /v1/facts`: requests a second, at once, and in a day. A request holds up to 100 facts. */
const sending = z.strictObject({ rate: z.int().min(1), burst: z.int().min(1), perDay: z.int().min(1) });

/** The role by whose name a system sends facts: the utility makes one for each in its account, and lets the system take it on. */
export const senderRole = (accountId: string, stage: string, name: string): string =>
  `arn:aws:iam::${accountId}:role/rotunda-${stage}-sender-${name}`;

const StageSettings = z.strictObject({
  stage: Stage,
  account,
  region,
  /** Where meters connect: what `aws iot describe-endpoint --endpoint-type iot:Data-ATS` tells of the account and region. */
  deviceEndpoint: z.string().min(1).max(255),
  devicePort: z.int().min(1).max(65_535),
  /** Cost and duty tags of every resource. */
  owner: z.string().min(1),
  costCentre: z.string().min(1),
  /** The utility's zone, country of its phone numbers, and currency. */
  zone: z.string().refine(isZone, 'is no time zone'),
  country: z.string().regex(/^[A-Z]{2}$/),
  currency: Currency,
  /**
   * Bounds of payments in minor units, by currency: the most that agents and supervisors take at once, the most of any payment
   * (a fact with more is kept aside), and the most that one person takes back without a second one.
   */
  payments: PaymentPolicy,
  /** What stands against erasing a person, and on which grounds it is done all the same. */
  erasures: ErasurePolicy,
  /**
   * Whether it is there to try things in: sign-ins may lead back to the machine of whoever develops, and whoever is let by the account
   * sends facts as any source.
   */
  development: z.boolean(),
  /** Whether stacks and tables refuse to be deleted. What holds data is kept in every stage, whatever this says. */
  deletionProtection: z.boolean(),
  /** Sources of the inbound bus; the role of a source can be assumed by its senders and can send under no other name. */
  inbound: z
    .array(z.strictObject({ source, senders: z.array(principal).min(1) }))
    .refine((list) => new Set(list.map((one) => one.source)).size === list.length, 'names a source twice'),
  /** Programs that call the API: the sources each may speak for, and its scopes. */
  machineClients: z.array(
    z.strictObject({
      name: z.string().regex(/^[a-z0-9-]{1,40}$/),
      sources: z.array(source),
      scopes: z.array(z.enum(scopes)).min(1),
      /** Where it may send more or less than others. */
      sending: sending.optional(),
    }),
  ),
  /**
   * From whom people get the mails of their sign-in: an address that SES has verified in the region of the stage, or whose domain it
   * has. Without one Cognito sends by itself, a number of mails a day that no utility gets by with (EmailConfigurationType; known: 50).
   */
  mail: z.strictObject({ from: z.email(), domain: z.hostname().optional() }).optional(),
  /** Origins whose pages may call the API, and where a sign-in of staff at the console may lead back to. */
  origins: z.array(z.url({ protocol: /^https?$/ })),
  signInReturns: z.array(z.url({ protocol: /^https?$/ })).min(1),
  /** Where customers come back to from a sign-in: the portal; without one there is no such client. */
  portalReturns: z.array(z.url({ protocol: /^https?$/ })),
  /** How long a customer stays signed in at the portal, minutes: from 75 minutes to a year. Staff sign in anew each working day. */
  portalMinutes: z.int().min(75).max(525_600),
  /** The API's own address, where it has one: name, and certificate in the region of the stage. */
  apiDomain: z
    .strictObject({ name: z.hostname(), certificateArn: z.string().regex(/^arn:aws[a-z-]*:acm:/) })
    .optional(),
  alarms: z.strictObject({
    /**
     * Which alarms the stage has, and with them which counts are metrics: those of data that would be lost or given to others, or all.
     * docs/runbooks/README.md says of each which it is.
     */
    watching: Watching,
    /** Who gets alarms that are looked at now, and who those that are looked at today; without one that topic has no subscriber. */
    page: z.email().optional(),
    ticket: z.email().optional(),
  }),
  /**
   * Whether API Gateway counts each method by itself, at the price of metrics of one's own: some five for each of a hundred methods.
   * Alarms and dashboard look at the API and its stage, which is counted anyway (API Gateway: Amazon API Gateway dimensions and
   * metrics). Traces need no setting: X-Ray samples by its own rule, one request a second and one in twenty of the others.
   */
  methodMetrics: z.boolean(),
  erasure: z.strictObject({
    /**
     * Days after which nothing holds personal values of somebody who was erased: no archive, queue, recovery of a table or version of
     * an object. Every retention that may hold some is held to it, here and in the templates.
     */
    promiseDays: z.int().min(30).max(365),
  }),
  /** Tables that took the place of the stage's own, after one was set back in time: physical names (docs/runbooks/restore-tables.md). */
  tables: z.partialRecord(z.enum(tableNames), z.string().regex(/^[a-zA-Z0-9_.-]{3,255}$/, 'is no name of a table')),
  retention: z.strictObject({
    /** Logs of functions, of the API and of IoT. */
    logDays,
    /**
     * How long the telemetry stream keeps a record, hours. More than 24 is billed by the shard and hour beside the shard (Amazon Kinesis
     * Data Streams pricing: extended data retention). What a reader gives up within them lies in the failures bucket, and so does what
     * the stream did not take.
     */
    telemetryHours: z.int().min(24).max(8760),
    /** Archives of the two buses. */
    archiveDays: z.int().min(1).max(365),
    /** So long tables can be set back to any moment. */
    recoveryDays: z.int().min(1).max(35),
    /**
     * So long the table of data keys can be set back: one bad write would make every sealed value unreadable. A key that was erased
     * could come back so long, so it is short, and `rotunda ops erase-again` goes before anything uses a table that was set back.
     */
    keysRecoveryDays: z.int().min(1).max(7),
    /** Records that a reader gave up on. */
    failuresDays: z.int().min(14).max(365),
    /** What was overwritten or removed in a bucket with versions. */
    versionDays: z.int().min(1).max(90),
    /** Files of meter data, and what imports wrote down of them: so long they can be taken back. */
    importsDays: z.int().min(30).max(3650),
    /** Access logs of buckets. */
    accessLogDays: z.int().min(30).max(731),
    /** Audit checkpoints cannot be deleted before. */
    checkpointLockDays: z.int().min(1).max(3650),
  }),
  /** Checkpoints are locked for everyone in `compliance`; in `governance` a person with a special right can lift a lock. */
  checkpointLock: z.enum(['compliance', 'governance']),
  /**
   * Meters that the stage is made for: shards of the telemetry stream, and how many readers of a table's changes run at once, follow
   * from it. `npm run deploy` looks whether the tables have outgrown it.
   */
  meters: z.int().min(1).max(100_000_000),
  /** Shards where meters send more than a block a day, each interval as it closes for one. */
  telemetryShards: z.int().min(1).max(500).optional(),
  /** Calls of the whole API a second, and at once. */
  throttle: z.strictObject({ rate: z.int().min(1), burst: z.int().min(1) }),
  /** What each of the programs that call the API may send, unless it has bounds of its own; the firewall's follow from it. */
  sending,
  /** Lambda executions kept for one function and not passed; needs an account limit that allows them. */
  reserved: z.partialRecord(z.enum(besideApiNames), z.int().min(1).max(1000)),
});

/**
 * Everything in which one deployment differs from another; executions that are kept for functions come from the manifest. Nothing in
 * a stack looks anywhere else. Where there is data to lose, a
 * source is sent by roles and users that are named: a whole account is everybody in it who may assume roles.
 */
export const StageConfig = StageSettings.superRefine(
  ({ stage, development, deletionProtection, inbound, erasure, retention }, context) => {
    const { archiveDays, recoveryDays, keysRecoveryDays, failuresDays, importsDays, versionDays, telemetryHours } =
      retention;
    const kept: Readonly<Record<string, number>> = {
      archiveDays,
      recoveryDays,
      keysRecoveryDays,
      // What expires is a version for so long still.
      failuresDays: failuresDays + versionDays,
      importsDays: importsDays + versionDays,
      telemetryHours: telemetryHours / 24,
    };
    for (const [name, days] of Object.entries(kept)) {
      if (days <= erasure.promiseDays) continue;
      context.addIssue({
        code: 'custom',
        path: ['retention', name],
        message: `keeps what may be personal for ${days} days, longer than erasure.promiseDays, ${erasure.promiseDays}`,
      });
    }
    if (!deletionProtection && stage !== 'prod') return;
    if (development)
      context.addIssue({
        code: 'custom',
        path: ['development'],
        message: `is nothing for ${stage}, which has data to lose`,
      });
    for (const [index, { source: name, senders }] of inbound.entries()) {
      for (const [place, sender] of senders.entries()) {
        if (!wholeAccount.test(sender)) continue;
        context.addIssue({
          code: 'custom',
          path: ['inbound', index, 'senders', place],
          message: `lets the whole account ${sender} send as ${name} in ${stage}: name its role or user, as ${senderRole(sender, stage, name)}`,
        });
      }
    }
  },
);
export type StageConfig = z.infer<typeof StageConfig>;

/** Days that a table can be set back. */
export const recoveryDaysOf = ({ retention }: StageConfig, table: TableName): number =>
  table === 'keys' ? retention.keysRecoveryDays : retention.recoveryDays;

const AccountConfig = StageSettings.pick({ account: true, region: true, owner: true, costCentre: true }).extend({
  /** The log of IoT Core. */
  logDays,
  /**
   * Who is told what a daily audit of the devices of the account finds: certificates shared, weak or over, ids used twice. Without an
   * address there is no audit: it is billed for every certificate, each month.
   */
  deviceAuditEmail: z.email().optional(),
});
/** What AWS has once in an account and region, whatever stages are there. */
export type AccountConfig = z.infer<typeof AccountConfig>;

/** Where a stage is deployed. */
export interface Place {
  readonly account: string;
  readonly region: string;
  readonly deviceEndpoint: string;
}

/**
 * The systems a utility has, as they are declared. What they send comes by a role for each, but in a stage to try things in, where
 * whoever is let by the account may send. A stage may leave some out, or let a client speak for several sources; what a source may
 * say is the same in every stage.
 */
const systems = (
  place: Place,
  stage: string,
  development: boolean,
): Pick<StageConfig, 'inbound' | 'machineClients'> => ({
  inbound: clientsDeclared
    .filter((client) => client.scopes.includes('facts:write'))
    .map(({ name }) => ({
      source: name,
      senders: [development ? place.account : senderRole(place.account, stage, name)],
    })),
  machineClients: clientsDeclared.map((client) => ({
    name: client.name,
    sources: [client.name],
    scopes: [...client.scopes],
  })),
});

/** Cost and duty tags of every resource. */
const duty = { owner: 'customer-platform', costCentre: 'customer-information' };

const everyStage = (place: Place, stage: string, development = false) => ({
  ...place,
  development,
  ...systems(place, stage, development),
  devicePort: 8883,
  ...duty,
  zone: 'Europe/London',
  country: 'GB',
  currency: 'GBP',
  payments: standardPaymentPolicy,
  erasures: standardErasurePolicy,
  // A month.
  portalMinutes: 43_200,
  tables: {},
  methodMetrics: false,
});

/** What follows from the size of a stage that keeps executions for its functions. */
const madeFor = (stage: 'staging' | 'prod', meters: number) => ({ meters, reserved: reservedFor(stage, meters) });

const local = 'http://localhost:8080';

/** The checked configuration of what an account and region have once. Throws naming every member that is wrong. */
export const accountConfig = ({ account, region }: Pick<Place, 'account' | 'region'>): AccountConfig =>
  AccountConfig.parse({ account, region, ...duty, logDays: 90 });

/** Name of the stack with what an account and region have once. */
export const accountStackName = 'rotunda-account';

/** Where a stage belongs: it is deployed nowhere else. A stage that is not named goes where the credentials of the caller lead. */
export const stagePlaces: ReadonlyMap<string, Pick<Place, 'account' | 'region'>> = new Map([]);

/** The stages by name. A utility that runs Rotunda puts its own accounts, zone, senders and addresses here. */
const stages = {
  dev: (place: Place) => ({
    ...everyStage(place, 'dev', true),
    deletionProtection: false,
    origins: [local],
    signInReturns: [`${local}/`, `${local}/docs/oauth2-redirect.html`],
    portalReturns: [`${local}/portal/`],
    alarms: { watching: 'protecting' },
    erasure: { promiseDays: 45 },
    retention: {
      logDays: 30,
      telemetryHours: 24,
      archiveDays: 14,
      recoveryDays: 35,
      keysRecoveryDays: 7,
      failuresDays: 30,
      versionDays: 14,
      importsDays: 30,
      accessLogDays: 30,
      checkpointLockDays: 1,
    },
    checkpointLock: 'governance',
    meters: 1000,
    throttle: { rate: 50, burst: 100 },
    sending: { rate: 5, burst: 10, perDay: 20_000 },
    reserved: {},
  }),
  staging: (place: Place) => ({
    ...everyStage(place, 'staging'),
    deletionProtection: true,
    origins: ['https://console.staging.example.com', 'https://account.staging.example.com'],
    signInReturns: ['https://console.staging.example.com/'],
    portalReturns: ['https://account.staging.example.com/'],
    alarms: {
      watching: 'all',
      page: 'rotunda-staging@example.com',
      ticket: 'rotunda-staging@example.com',
    },
    erasure: { promiseDays: 90 },
    retention: {
      logDays: 90,
      telemetryHours: 24,
      archiveDays: 30,
      recoveryDays: 35,
      keysRecoveryDays: 7,
      failuresDays: 60,
      versionDays: 14,
      importsDays: 75,
      accessLogDays: 90,
      checkpointLockDays: 30,
    },
    checkpointLock: 'governance',
    ...madeFor('staging', 10_000),
    throttle: { rate: 200, burst: 400 },
    sending: { rate: 20, burst: 40, perDay: 100_000 },
  }),
  prod: (place: Place) => ({
    ...everyStage(place, 'prod'),
    deletionProtection: true,
    origins: ['https://console.example.com', 'https://account.example.com'],
    signInReturns: ['https://console.example.com/'],
    portalReturns: ['https://account.example.com/'],
    alarms: {
      watching: 'all',
      page: 'rotunda-on-call@example.com',
      ticket: 'rotunda-operations@example.com',
    },
    erasure: { promiseDays: 90 },
    retention: {
      logDays: 365,
      telemetryHours: 24,
      archiveDays: 60,
      recoveryDays: 35,
      keysRecoveryDays: 7,
      failuresDays: 75,
      versionDays: 14,
      importsDays: 75,
      accessLogDays: 365,
      checkpointLockDays: 365,
    },
    checkpointLock: 'compliance',
    ...madeFor('prod', 1_000_000),
    throttle: { rate: 1000, burst: 2000 },
    sending: { rate: 100, burst: 200, perDay: 1_000_000 },
  }),
} as const;

export type StageName = keyof typeof stages;
export const stageNames: readonly string[] = Object.keys(stages);

const isStageName = (name: string): name is StageName => Object.hasOwn(stages, name);

/** What is said of one deployment and stands in no configuration: a rehearsal makes a second stage, and puts tables in place. */
export interface Said {
  /** The stage whose configuration it takes, under its own name. */
  readonly like?: string | undefined;
  readonly tables?: StageConfig['tables'] | undefined;
}

/** The checked configuration of a stage. Throws naming every member that is wrong. */
export const stageConfig = (name: string, place: Place, { like = name, tables }: Said = {}): StageConfig => {
  if (!isStageName(like)) throw new RangeError(`no stage ${like}: there are ${stageNames.join(', ')}`);
  const said = tables === undefined ? {} : { tables };
  const parsed = StageConfig.safeParse({ stage: name, ...stages[like](place), ...said });
  if (!parsed.success) throw new RangeError(`the configuration of ${name} is wrong\n${z.prettifyError(parsed.error)}`);
  return parsed.data;
};
