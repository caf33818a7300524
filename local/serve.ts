import { join } from 'node:path';
import { takeCheckpoint } from '#functions/audit/checkpoint.ts';
import { verifyAudit as verify } from '#functions/audit/verify.ts';
import { everyReader } from '#functions/capabilities.ts';
import type { Body, Parts } from '#functions/capability.ts';
import { keepRows } from '#functions/imports/keep-rows.ts';
import { makePoints } from '#functions/imports/make-points.ts';
import { registerHeadEndMeter } from '#functions/meters/register-head-end-meter.ts';
import { composeActs, composeReplayWork } from '#functions/operations/compose.ts';
import { erase as eraseReader, erasingParts } from '#functions/privacy/capability.ts';
import { type ErasedAgain, eraseAgain } from '#functions/privacy/erase-again.ts';
import { devicePolicy } from '#functions/readings/contract/device-policy.ts';
import { ruleName, telemetryKinds } from '#functions/readings/contract/topics.ts';
import { routes } from '#functions/routes.ts';
import { silence } from '#functions/validation/capability.ts';
import { verifyAudit } from '#shared/contracts/local/ops.ts';
import { createVerifier } from '#shared/edge/actor.ts';
import type { TakeChanges } from '#shared/edge/changes.ts';
import { createHttpHandler } from '#shared/edge/http.ts';
import { createGivenUp } from '#shared/messaging/kept-given-up.ts';
import { type LocalDeviceRegistry, openLocalDeviceRegistry } from '#shared/messaging/local/local-device-registry.ts';
import { createLocalUploads } from '#shared/messaging/local/local-uploads.ts';
import { visibleAccounts } from '#shared/profile/rules/view/view-360.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import { causeName } from '#shared/runtime/cause-name.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Logger, Metrics } from '#shared/runtime/logger.ts';
import { codeVersion } from '#shared/runtime/version.ts';
import type { LevelStore } from '#shared/table/level/level-store.ts';
import type { Country } from '#shared/text/phone.ts';
import type { PaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import { type Broker, startBroker } from './broker.ts';
import { failPoints } from './fail-points.ts';
import type { FeedReader } from './feeds.ts';
import { Forgetting, noteErased } from './forgetting.ts';
import { type LocalServer, startHttpServer } from './http-server.ts';
import { localOperation, localRoutes } from './http-server-local-routes.ts';
import { startImportWorker, uploadsHandler } from './imports.ts';
import { unhurriedInvocation } from './invocation.ts';
import { createLocalSignIn, type LocalSignIn } from './oidc.ts';
import type { SignInKeys } from './oidc-keys.ts';
import { localOperations } from './operations.ts';
import { eventStream, systemOperations } from './ops.ts';
import { startReplayWorker } from './replays.ts';
import { startSchedules } from './schedules.ts';
import { docsHandler } from './swagger.ts';
import { type ByFeed, type LocalSystem, localStage, openLocalSystem } from './system.ts';

export interface ServeOptions {
  readonly port: number;
  readonly mqttPort: number;
  /** Data folder; absent, nothing outlives the process. */
  readonly folder?: string;
  /** Where the register of who was erased lies; beside the data folder where absent. */
  readonly erasedFolder?: string;
  /** Whether that register is lost for good (`LocalSystemOptions`). */
  readonly erasedLost?: boolean;
  /** Keys of the sign-in; those of the data folder where absent. */
  readonly signInKeys?: SignInKeys;
  readonly clock: Clock;
  /** Resolves once a history is handed over (`LocalSystemOptions`). */
  readonly history?: Promise<void>;
  readonly zone: string;
  readonly country: Country;
  readonly payments: PaymentPolicy;
  readonly staleReads?: boolean;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** The whole system on this machine, doors and all. */
export interface Served {
  readonly system: LocalSystem;
  readonly server: LocalServer;
  readonly broker: Broker;
  readonly registry: LocalDeviceRegistry;
  readonly signIn: LocalSignIn;
  /** Makes what was erased gone from the files of the store. */
  readonly forgetting: Forgetting;
  /** Erases again who came back with a copy of the data folder that was set back; before the API is opened. */
  eraseAgain(): Promise<ErasedAgain>;
  /** Opens the API: before, everything below /v1 answers 503. */
  open(): void;
  stop(): Promise<void>;
}

/** Where a reader writes, for tests that kill the process there. */
const killedWhileWriting: Readonly<Record<string, (parts: Parts<Body>) => Partial<Parts<Body>>>> = {
  follow: ({ profile }) => ({ profile: failPoints.table('follow.written', profile) }),
  usage: ({ profile }) => ({ profile: failPoints.table('usage.written', profile) }),
  'usage-of-supply': ({ profile }) => ({ profile: failPoints.table('usage.written', profile) }),
  erasures: ({ profile }) => ({ profile: failPoints.table('erasure.written', profile) }),
  'waiting-blocks': ({ readings }) => ({ readings: failPoints.table('ingest.put', readings) }),
  'audit-seal': ({ audit }) => ({ audit: failPoints.table('audit.linked', audit) }),
  relay: ({ bus }) => ({
    bus: { publish: failPoints.before('relay.unpublished', failPoints.after('relay.published', bus.publish)) },
  }),
};

/** Has what was erased forgotten, once the reader of erasures has carried one out. */
const hearingOfErasures =
  (take: TakeChanges, store: LevelStore, onErased: () => void): TakeChanges =>
  async (changes) => {
    const taken = await take(changes);
    if (changes.some(({ key }) => key.sk.startsWith(erasureFacts))) {
      await noteErased(store);
      onErased();
    }
    return taken;
  };

/**
 * Every reader of the tables' changes, bound to this machine's bodies.
 * @param onErased called when somebody was erased
 */
const readersOf = (parts: Parts<Body>, store: LevelStore, onErased: () => void): ByFeed<readonly FeedReader[]> => {
  const bound = everyReader.map(({ feed, take, name, batchSize, windowMs, behind }) => {
    const made = take({ ...parts, ...killedWhileWriting[name]?.(parts) });
    return {
      feed,
      name,
      take: name === eraseReader.name ? hearingOfErasures(made, store, onErased) : made,
      ...(batchSize === undefined ? {} : { batchSize }),
      ...(windowMs === undefined ? {} : { windowMs }),
      ...(behind === undefined ? {} : { behind }),
    };
  });
  const of = (name: string): readonly FeedReader[] => bound.filter(({ feed }) => feed === name);
  return { profile: of('profile'), readings: of('readings'), audit: of('audit') };
};

/** Customers offered on the sign-in page: the first few of the table. */
const someCustomers = async (system: LocalSystem) => {
  const found: { readonly id: string; readonly name: string }[] = [];
  const { readView } = await import('#shared/profile/store/read-view.ts');
  for await (const item of system.store.scan('profile')) {
    if (!item.pk.startsWith('CUS#') || item.sk !== 'HEAD') continue;
    const id = item.pk.slice(4);
    const parts = await readView(system.store.table('profile'), id);
    if (
      parts?.identity?.name !== undefined &&
      parts.identity.name !== null &&
      visibleAccounts(parts, system.today()).length > 0
    ) {
      found.push({ id, name: parts.identity.name });
    }
    if (found.length >= 12) break;
  }
  return found;
};

const hourMilliseconds = 3_600_000;

/** Where facts about erasures lie in the partition of a customer. */
const erasureFacts = 'FACT#erasure#';

/** Starts everything and listens; the API opens when `open` is called. */
export const serve = async (options: ServeOptions): Promise<Served> => {
  const { clock, logger, metrics, folder } = options;
  let onErased = (): void => {};
  const system = await openLocalSystem(options);
  const forgetting = new Forgetting(system, logger);
  const server = await startHttpServer({ port: options.port, metrics });
  let mqttPort = options.mqttPort;
  const registry = await openLocalDeviceRegistry({
    ...(folder === undefined ? {} : { folder: join(folder, 'devices') }),
    clock,
    endpoint: () => ({ endpoint: '127.0.0.1', port: mqttPort }),
  });
  const broker = await startBroker({
    port: options.mqttPort,
    registry,
    policy: devicePolicy({ stage: localStage, region: 'local', account: '000000000000' }),
    rules: Object.fromEntries(telemetryKinds.map((kind) => [ruleName(kind, localStage), system.telemetry])),
    metrics,
    logger,
  });
  mqttPort = broker.port;
  const signIn = await createLocalSignIn({
    baseUrl: server.url,
    folder,
    keys: options.signInKeys,
    customers: () => someCustomers(system),
  });
  const verifier = createVerifier(signIn.settings);
  const profile = system.store.table('profile');
  const audit = system.store.table('audit');
  const devices = { ...registry, issue: failPoints.after('device.issued', registry.issue) };
  const uploads = createLocalUploads({
    folder: folder === undefined ? undefined : join(folder, 'uploads'),
    clock,
    address: () => `${server.url}/_uploads`,
    sealing: system.sealing,
  });
  const { store } = system;
  let wakeImport = async (_id: string): Promise<void> => {};
  const replays = startReplayWorker(
    composeReplayWork({
      ...system,
      profile,
      readings: store.table('readings'),
      bus: system.outbound,
      committer: { refold: failPoints.after('replay.refolded', system.committer.refold) },
    }),
  );
  const parts: Parts<Body> = {
    ...system,
    ...replays,
    goOnWithRound: (round) => lookOn({ round }, unhurriedInvocation),
    stage: localStage,
    now: () => clock.now(),
    profile,
    readings: store.table('readings'),
    audit,
    keys: store.table('keys'),
    zone: options.zone,
    devices,
    bus: system.outbound,
    uploads,
    wake: (id) => wakeImport(id),
    keepRows: (...rows) => keepRows({ ...system, profile }, ...rows),
    makePoints: (id, points) =>
      makePoints({ ...system, profile, registerMeter: (meter) => registerHeadEndMeter(profile, meter) }, id, points),
    checkpoints: system.objects,
    givenUp: createGivenUp(system.objects),
    setAside: [system.parked],
    document: {
      version: codeVersion,
      serverUrl: server.url,
      signIns: [
        {
          name: 'signIn',
          who: 'Staff and customers',
          tokenUrl: `${server.url}/oidc/token`,
          authorizationUrl: `${server.url}/oidc/auth`,
        },
      ],
    },
    failing: () => store.failure !== undefined,
    signsIn: 'staff',
  };
  const lookOn = silence.handle(parts);
  system.startReaders(readersOf(parts, store, () => onErased()));
  const imports = startImportWorker(
    {
      ...parts,
      objects: failPoints.objects('imports.planned', system.objects),
      telemetry: { append: failPoints.after('imports.sent', system.telemetry.append) },
      // A batch of the local stream waits 20 ms.
      quietMilliseconds: 500,
    },
    folder === undefined ? [] : [join(folder, 'uploads'), join(folder, 'objects/imports')],
  );
  wakeImport = imports.wake;
  const operations = localOperations(parts);
  const erasing = erasingParts({ ...parts, ...killedWhileWriting[eraseReader.name]?.(parts) });
  const handler = createHttpHandler({
    routes,
    operations,
    deps: {
      verifier,
      profile,
      audit,
      resolve: (kind, named) => resolveNamed(profile, kind, named),
      today: system.today,
      cursorKey: system.secret('cursor'),
      origins: [server.url],
      clock,
      logger,
      metrics,
      sealer: () => system.sealer,
      refold: async (subject) => void (await system.committer.refold(subject)),
    },
  });
  server.mount('/oidc', signIn.handler);
  server.mount('/docs', docsHandler());
  server.mount('/_uploads', uploadsHandler(uploads, { profile, clock }, imports), 'patient');
  server.mount(
    '/_local',
    localRoutes({
      verifier,
      operations: [
        ...systemOperations(system, composeActs({ ...parts, devices: registry, erasing, ingest: system.ingest })),
        localOperation(verifyAudit, async () => {
          await system.drain();
          const report = await verify({ audit, objects: system.objects, scan: () => system.store.scan('audit') });
          return { ...report, faults: [...report.faults] };
        }),
      ],
      streams: [eventStream(system)],
      audit,
      clock,
      metrics,
    }),
  );
  const stopSchedules = startSchedules({ ...parts, devices: registry }, logger);
  const expiring = setInterval(() => {
    store.removeExpired().catch((error: unknown) => logger.error('store.not-expired', { cause: causeName(error) }));
    forgetting.wake();
  }, hourMilliseconds);
  const checkpoint = async (): Promise<void> => {
    await takeCheckpoint({ audit, objects: system.objects, clock });
  };
  return {
    system,
    server,
    broker,
    registry,
    signIn,
    forgetting,
    eraseAgain: async () => {
      const done = await eraseAgain(erasing, await system.register.list());
      if (done.erased > 0) await noteErased(system.store);
      return done;
    },
    open: () => {
      server.serveApi(routes, handler);
      onErased = () => forgetting.wake();
      forgetting.wake();
      for (const [what, worker] of Object.entries({ imports, replays }))
        worker.resume().catch((error: unknown) => logger.error(`${what}.not-resumed`, { cause: causeName(error) }));
    },
    stop: async () => {
      stopSchedules();
      clearInterval(expiring);
      await server.close();
      await imports.stop();
      await replays.stop();
      await broker.close();
      await forgetting.stop();
      await system.drainPrompt(5000);
      await checkpoint();
      await system.stop();
    },
  };
};
