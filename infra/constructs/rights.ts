import { Aws } from 'aws-cdk-lib';
import type { Right } from '#functions/manifest/definition.ts';
import { streamFunctionNames } from '#functions/manifest.ts';
import { searchOwner } from '#functions/search/store/search-hash.ts';
import { physicalName } from '#infra/deployment.ts';
import type { Settings } from '#shared/runtime/settings.ts';
import { busArn } from './bus.ts';
import { calledFunction } from './called-function.ts';
import { DeviceRegistry } from './device-registry.ts';
import type { Estate } from './estate.ts';
import type { HouseFunction } from './function.ts';

/** What a right of the manifest is among policies and settings. */
interface Grant {
  readonly let: (to: HouseFunction, on: Estate) => void;
  readonly settings?: (on: Estate) => Partial<Settings>;
}

const worker = ({ ground }: Estate) => calledFunction(ground.deployment, 'imports-work');
const points = ({ ground }: Estate) => calledFunction(ground.deployment, 'imports-points');
const replays = ({ ground }: Estate) => calledFunction(ground.deployment, 'operations-replay');
const looks = ({ ground }: Estate) => calledFunction(ground.deployment, 'silent-meters');
const devices = ({ ground }: Estate) => new DeviceRegistry(ground.deployment);
const deviceSettings = (on: Estate) => devices(on).settings;

/** Everything a commit of facts touches: profiles, the keys that seal, the hash that tells contents apart. */
const letCommitFacts = (to: HouseFunction, { tables, masterKey, installationKey }: Estate): void => {
  tables.keys.letRead(to);
  tables.keys.letPut(to);
  masterKey.letWrap(to);
  tables.profile.letRead(to);
  tables.profile.letPut(to);
  tables.profile.letDelete(to);
  installationKey.letDerive(to);
};

/** What was given up goes where it came from: letters to the queue, batches to their readers, messages to the stream. */
const letHandIn = (to: HouseFunction, { ground, failures, telemetry, queues, factLetters }: Estate): void => {
  const { deployment } = ground;
  const arn = (service: string, name: string): string =>
    `arn:${Aws.PARTITION}:${service}:${Aws.REGION}:${Aws.ACCOUNT_ID}:${name}`;
  failures.letRedrive(to);
  to.allow(
    ['sqs:DeleteMessage', 'sqs:GetQueueAttributes', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage'],
    factLetters.map(({ queue }) => queue.queueArn),
  );
  to.allow(['sqs:GetQueueUrl', 'sqs:SendMessage'], [queues.facts.queue.queueArn]);
  const readers = streamFunctionNames.map((name) => arn('lambda', `function:${physicalName(deployment, name)}`));
  to.allow(['lambda:InvokeFunction'], [...readers, ...readers.map((reader) => `${reader}:live`)]);
  telemetry.letAppend(to);
};

const grants: Readonly<Record<Right, Grant>> = {
  record: {
    let: (to, { tables }) => {
      tables.audit.letPut(to);
      to.allow(['dynamodb:GetItem'], [tables.audit.tableArn]);
    },
  },
  'read the audit': { let: (to, { tables }) => tables.audit.letRead(to) },
  'seal the audit': { let: (to, { tables }) => tables.audit.letPut(to) },
  'keep checkpoints': {
    let: (to, { checkpoints }) => checkpoints.letPut(to),
    settings: ({ checkpoints }) => ({ checkpointsBucket: checkpoints.bucket.bucketName }),
  },
  'read profiles': { let: (to, { tables }) => tables.profile.letRead(to) },
  'read all profiles': { let: (to, { tables }) => tables.profile.letScan(to) },
  'read readings': { let: (to, { tables }) => tables.readings.letRead(to) },
  'read all readings': { let: (to, { tables }) => tables.readings.letScan(to) },
  'keep readings': { let: (to, { tables }) => tables.readings.letPut(to) },
  'judge readings': { let: (to, { tables }) => tables.readings.letReplace(to) },
  'correct readings': { let: (to, { tables }) => tables.readings.letReplace(to) },
  'keep tariffs': { let: (to, { tables }) => tables.profile.letPut(to) },
  'keep temperatures': { let: (to, { tables }) => tables.readings.letPut(to) },
  'commit facts': { let: letCommitFacts },
  'publish facts': {
    let: (to) => to.allow(['events:PutEvents'], [busArn(to.deployment, 'outbound')]),
    settings: ({ ground }) => ({ outboundBus: physicalName(ground.deployment, 'outbound') }),
  },
  'keep meters': { let: (to, { tables }) => tables.profile.letReplace(to) },
  'watch meters': { let: (to, { tables }) => tables.profile.letReplace(to) },
  'go on with looks': {
    let: (to, on) => looks(on).letStart(to),
    settings: (on) => ({ silenceWorker: looks(on).name }),
  },
  'register meters': { let: (to, on) => devices(on).letRegister(to), settings: deviceSettings },
  'look at certificates': { let: (to, on) => devices(on).letLook(to), settings: deviceSettings },
  'keep certificates': { let: (to, { tables }) => tables.profile.letPut(to) },
  'retire certificates': { let: (to, on) => devices(on).letRetire(to), settings: deviceSettings },
  // The key of search alone: no person's is opened.
  'hash searches': {
    let: (to, { tables, masterKey }) => {
      to.allow(['dynamodb:GetItem'], [tables.keys.tableArn]);
      masterKey.letUnwrap(to, searchOwner);
    },
  },
  'match customers': { let: (to, { tables }) => tables.profile.letReplace(to) },
  'sign cursors': { let: (to, { installationKey }) => installationKey.letDerive(to) },
  'keep imports': {
    let: (to, on) => {
      on.tables.profile.letPut(to);
      on.imports.letImport(to);
      worker(on).letStart(to);
    },
    settings: (on) => ({ importsBucket: on.imports.bucket.bucketName, importsWorker: worker(on).name }),
  },
  'undo imports': {
    let: (to, { tables }) => {
      tables.profile.letDelete(to);
      tables.readings.letDelete(to);
    },
  },
  'have points made': {
    let: (to, on) => points(on).letStart(to),
    settings: (on) => ({ importsPoints: points(on).name }),
  },
  'have replays worked on': {
    let: (to, on) => replays(on).letStart(to),
    settings: (on) => ({ replayWorker: replays(on).name }),
  },
  'send telemetry': {
    let: (to, { telemetry }) => telemetry.letAppend(to),
    settings: ({ telemetry }) => ({ telemetryStream: telemetry.stream.streamName }),
  },
  'erase people': {
    let: (to, { checkpoints, failures, imports }) => {
      checkpoints.letRegister(to);
      failures.letForget(to);
      imports.letForget(to);
    },
    settings: ({ checkpoints, failures, imports }) => ({
      checkpointsBucket: checkpoints.bucket.bucketName,
      failuresBucket: failures.bucket.bucketName,
      importsBucket: imports.bucket.bucketName,
    }),
  },
  'hand in again': {
    let: letHandIn,
    settings: ({ telemetry, failures, queues, factLetters }) => ({
      telemetryStream: telemetry.stream.streamName,
      failuresBucket: failures.bucket.bucketName,
      factsQueue: queues.facts.name,
      factLetters: factLetters.map(({ name }) => name),
    }),
  },
};

/** Settings that come with rights. */
export const settingsOf = (rights: readonly Right[], estate: Estate): Partial<Settings> =>
  Object.assign({}, ...rights.map((right) => grants[right].settings?.(estate)));

/** Grants rights, and nothing else. */
export const grantRights = (to: HouseFunction, rights: readonly Right[], estate: Estate): void => {
  for (const right of rights) grants[right].let(to, estate);
};
