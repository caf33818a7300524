import { join } from 'node:path';
import { takeCheckpoint } from '#functions/audit/checkpoint.ts';
import { sealReader } from '#functions/audit/stream.ts';
import { verifyAudit as verify } from '#functions/audit/verify.ts';
import { forgetImportsOf } from '#functions/imports/forget-imports.ts';
import { keepRows } from '#functions/imports/keep-rows.ts';
import { makePoints } from '#functions/imports/make-points.ts';
import { FollowInsights } from '#functions/insight/follow-judged.ts';
import { insightReader, toldInsightReader } from '#functions/insight/stream.ts';
import { registerHeadEndMeter } from '#functions/meters/register-head-end-meter.ts';
import { certificatesSchedule } from '#functions/meters/schedule-certificates.ts';
import { type ErasedAgain, eraseAgain } from '#functions/privacy/erase-again.ts';
import type { EraseParts } from '#functions/privacy/erase-customer.ts';
import { erasureReader } from '#functions/privacy/stream.ts';
import { devicePolicy } from '#functions/readings/contract/device-policy.ts';
import { ruleName, telemetryKinds } from '#functions/readings/contract/topics.ts';
import { routes } from '#functions/routes.ts';
import { UsageRecompute } from '#functions/usage/recompute-usage.ts';
import { supplyReader, usageReader } from '#functions/usage/stream.ts';
import { CloseMonths } from '#functions/validation/close-months.ts';
import { JudgeRegister } from '#functions/validation/judge-register.ts';
import { silenceSchedule } from '#functions/validation/schedule.ts';
import { judgedReader, judgeReader } from '#functions/validation/stream.ts';
import { placesReader } from '#functions/validation/stream-places.ts';
import { verifyAudit } from '#shared/contracts/local/ops.ts';
import { createVerifier } from '#shared/edge/actor.ts';
import type { TakeChanges } from '#shared/edge/changes.ts';
import { createHttpHandler } from '#shared/edge/http.ts';
import { createGivenUp } from '#shared/messaging/kept-given-up.ts';
import { type LocalDeviceRegistry, openLocalDeviceRegistry } from '#shared/messaging/local/local-device-registry.ts';
import { createLocalUploads } from '#shared/messaging/local/local-uploads.ts';
import type { Uploads } from '#shared/messaging/ports.ts';
import { visibleAccounts } from '#shared/profile/rules/view/view-360.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Logger, Metrics } from '#shared/runtime/logger.ts';
import type { Country } from '#shared/text/phone.ts';
import type { PaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import { type Broker, startBroker } from './broker.ts';
import { failPoints } from './fail-points.ts';
import { Forgetting, noteErased } from './forgetting.ts';
import { type LocalServer, startHttpServer } from './http-server.ts';
import { localOperation, localRoutes } from './http-server-local-routes.ts';
import { startImportWorker, uploadsHandler } from './imports.ts';
import { createLocalSignIn, type LocalSignIn } from './oidc.ts';
import type { SignInKeys } from './oidc-keys.ts';
import { localOperations } from './operations.ts';
import { eventStream, systemOperations } from './ops.ts';
import { docsHandler } from './swagger.ts';
import { type LocalSystem, openLocalSystem, type Readers, type SystemParts } from './system.ts';

/** Name of the stage on one machine: stands in topics and rule names. */
export const localStage = 'local';

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

/** What erases people, and what lies outside the tables of them. */
const eraseParts = (parts: SystemParts, uploads: Promise<Uploads>): EraseParts => {
  const profile = failPoints.table('erasure.written', parts.store.table('profile'));
  return {
    ...parts,
    profile,
    audit: parts.store.table('audit'),
    now: () => parts.clock.now(),
    givenUp: createGivenUp(parts.objects),
    forgetImports: async (...asked) => forgetImportsOf({ ...parts, profile, uploads: await uploads }, ...asked),
  };
};

/** Carries out erasures, and hears of each that is done. */
const erasures = (parts: SystemParts, uploads: Promise<Uploads>, onErased: () => void): TakeChanges => {
  const take = erasureReader(eraseParts(parts, uploads));
  return async (changes) => {
    const taken = await take(changes);
    if (changes.some(({ key }) => key.sk.startsWith(erasureFacts))) {
      await noteErased(parts.store);
      onErased();
    }
    return taken;
  };
};

/**
 * @param uploads once files can be handed in
 * @param onErased called when somebody was erased
 */
const readersOf = (parts: SystemParts, uploads: Promise<Uploads>, onErased: () => void): Readers => {
  const profile = parts.store.table('profile');
  const recompute = new UsageRecompute({
    profile: failPoints.table('usage.written', profile),
    readings: parts.store.table('readings'),
    metrics: parts.metrics,
  });
  const readings = parts.store.table('readings');
  const judge = new JudgeRegister({ profile, readings, metrics: parts.metrics });
  const close = new CloseMonths({ profile, readings });
  const insights = new FollowInsights({ profile, readings, now: () => parts.clock.now() });
  const audit = failPoints.table('audit.linked', parts.store.table('audit'));
  return {
    profile: [
      { name: 'usage-of-supply', take: supplyReader(recompute) },
      { name: 'places', take: placesReader({ profile, readings }) },
      { name: 'erasures', take: erasures(parts, uploads, onErased) },
    ],
    readings: [
      { name: 'usage', batchSize: 2000, windowMs: 100, take: usageReader({ profile, recompute }) },
      { name: 'validation', behind: true, batchSize: 2000, windowMs: 100, take: judgeReader(judge) },
      {
        name: 'judged',
        behind: true,
        batchSize: 2000,
        windowMs: 100,
        take: judgedReader({ profile, readings, submit: parts.submit, close }),
      },
      { name: 'insights', behind: true, batchSize: 2000, windowMs: 500, take: insightReader(insights) },
      { name: 'told-insights', behind: true, batchSize: 2000, windowMs: 100, take: toldInsightReader(parts.submit) },
    ],
    audit: [{ name: 'audit-seal', batchSize: 1000, windowMs: 50, take: sealReader({ audit, metrics: parts.metrics }) }],
  };
};

/** Customers offered on the sign-in page: the first few of the table. */
const someCustomers = async (system: LocalSystem) => {
  const found: { readonly id: string; readonly name: string }[] = [];
  const { readView } = await import('#functions/customers/show-360.ts');
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

/** Where facts about erasures lie in the partition of a customer. */
const erasureFacts = 'FACT#erasure#';

const checkpointMilliseconds = 15 * 60_000;
const hourMilliseconds = 3_600_000;
const dayMilliseconds = 86_400_000;

/** Starts everything and listens; the API opens when `open` is called. */
export const serve = async (options: ServeOptions): Promise<Served> => {
  const { clock, logger, metrics, folder } = options;
  let open: (uploads: Uploads) => void = () => {};
  const uploadsOpened = new Promise<Uploads>((resolve) => {
    open = resolve;
  });
  let onErased = (): void => {};
  const system = await openLocalSystem({
    ...options,
    readers: (parts) => readersOf(parts, uploadsOpened, () => onErased()),
  });
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
  open(uploads);
  const imports = startImportWorker(
    {
      ...system,
      profile,
      readings: system.store.table('readings'),
      objects: failPoints.objects('imports.planned', system.objects),
      telemetry: { append: failPoints.after('imports.sent', system.telemetry.append) },
      uploads,
      // A batch of the local stream waits 20 ms.
      quietMilliseconds: 500,
      zone: options.zone,
      keepRows: (...rows) => keepRows({ ...system, profile }, ...rows),
      makePoints: (id, points) =>
        makePoints({ ...system, profile, registerMeter: (meter) => registerHeadEndMeter(profile, meter) }, id, points),
    },
    folder === undefined ? [] : [join(folder, 'uploads'), join(folder, 'objects/imports')],
  );
  const operations = localOperations({
    ...system,
    devices,
    uploads,
    wakeImport: imports.wake,
    stage: localStage,
    baseUrl: server.url,
  });
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
        ...systemOperations(system, registry, eraseParts(system, uploadsOpened)),
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
  const checkpoint = async (): Promise<void> => {
    await takeCheckpoint({ audit, objects: system.objects, clock });
  };
  const timer = setInterval(() => {
    checkpoint().catch((error: unknown) =>
      logger.error('audit.checkpoint-failed', { cause: error instanceof Error ? error.name : 'unknown' }),
    );
  }, checkpointMilliseconds);
  const retireCertificates = certificatesSchedule({ profile, devices: registry, clock, logger, metrics });
  const daily = setInterval(() => {
    retireCertificates().catch((error: unknown) =>
      logger.error('certificates.failed', { cause: error instanceof Error ? error.name : 'unknown' }),
    );
  }, dayMilliseconds);
  const lookAtMeters = silenceSchedule({
    profile,
    readings: system.store.table('readings'),
    judge: new JudgeRegister({ profile, readings: system.store.table('readings'), metrics }),
    clock,
    logger,
    metrics,
  });
  const hourly = setInterval(() => {
    lookAtMeters().catch((error: unknown) =>
      logger.error('meters.not-looked-at', { cause: error instanceof Error ? error.name : 'unknown' }),
    );
    system.store
      .removeExpired()
      .catch((error: unknown) =>
        logger.error('store.not-expired', { cause: error instanceof Error ? error.name : 'unknown' }),
      );
    forgetting.wake();
  }, hourMilliseconds);
  return {
    system,
    server,
    broker,
    registry,
    signIn,
    forgetting,
    eraseAgain: async () => {
      const done = await eraseAgain(eraseParts(system, uploadsOpened), await system.register.list());
      if (done.erased > 0) await noteErased(system.store);
      return done;
    },
    open: () => {
      server.serveApi(routes, handler);
      onErased = () => forgetting.wake();
      forgetting.wake();
      imports
        .resume()
        .catch((error: unknown) =>
          logger.error('imports.not-resumed', { cause: error instanceof Error ? error.name : 'unknown' }),
        );
    },
    stop: async () => {
      clearInterval(timer);
      clearInterval(daily);
      clearInterval(hourly);
      await server.close();
      await imports.stop();
      await broker.close();
      await forgetting.stop();
      await system.drainPrompt(5000);
      await checkpoint();
      await system.stop();
    },
  };
};
