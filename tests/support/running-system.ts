import { digestProfile, digestReadings } from '#functions/operations/store/digest.ts';
import { freshSignInKeys, type SignInKeys } from '#local/oidc-keys.ts';
import { machineScopes } from '#local/oidc-people.ts';
import { type Served, serve } from '#local/serve.ts';
import { type AuditEntry, entryOf, pointerTarget } from '#shared/facts/audit.ts';
import { readAll } from '#shared/profile/store/subjects.ts';
import { type Clock, systemClock } from '#shared/runtime/clock.ts';
import { auditPartition } from '#shared/table/keys.ts';
import { standardPaymentPolicy } from '#shared/vocabulary/payment-policy.ts';
import { ApiClient } from './api-client.ts';
import { RecordedLogger, RecordedMetrics } from './recorders.ts';

/** What the two tables hold, as `ops digest` tells it. */
export interface Digests {
  readonly profile: string;
  readonly readings: string;
}

let keys: SignInKeys | undefined;
/** Of all systems of this process that keep nothing; to make them takes longer than to start a system. */
const keysInMemory = (): SignInKeys => {
  keys ??= freshSignInKeys(Object.keys(machineScopes));
  return keys;
};

/** The whole system of this machine in this process, as `npm start` puts it together, with nothing seeded. */
export class RunningSystem extends ApiClient {
  readonly served: Served;
  readonly metrics: RecordedMetrics;
  readonly logger: RecordedLogger;
  readonly #writes = { profile: 0, readings: 0 };
  /** The digest of each table, and after how many writes it was taken: nothing written, nothing changed. */
  readonly #known = new Map<keyof Digests, { readonly writes: number; readonly sha256: string }>();

  private constructor(served: Served, metrics: RecordedMetrics, logger: RecordedLogger) {
    super(served.server.url);
    this.served = served;
    this.metrics = metrics;
    this.logger = logger;
    for (const table of ['profile', 'readings'] as const)
      served.system.store.feed(table).onAppend(() => {
        this.#writes[table] += 1;
      });
  }

  /**
   * @param options.folder data folder; absent, all is in memory
   * @param options.clock the system's clock; absent, the machine's
   */
  static async start(
    options: {
      readonly folder?: string;
      readonly erasedFolder?: string;
      readonly staleReads?: boolean;
      readonly clock?: Clock;
    } = {},
  ): Promise<RunningSystem> {
    const [metrics, logger] = [new RecordedMetrics(), new RecordedLogger()];
    const served = await serve({
      port: 0,
      mqttPort: 0,
      ...(options.folder === undefined ? { signInKeys: keysInMemory() } : { folder: options.folder }),
      ...(options.erasedFolder === undefined ? {} : { erasedFolder: options.erasedFolder }),
      clock: options.clock ?? systemClock,
      zone: 'Europe/London',
      country: 'GB',
      payments: standardPaymentPolicy,
      staleReads: options.staleReads ?? true,
      logger,
      metrics,
    });
    await served.eraseAgain();
    served.open();
    return new RunningSystem(served, metrics, logger);
  }

  async digests(): Promise<Digests> {
    return { profile: await this.#digest('profile'), readings: await this.#digest('readings') };
  }

  async #digest(table: keyof Digests): Promise<string> {
    const [writes, known] = [this.#writes[table], this.#known.get(table)];
    if (known?.writes === writes) return known.sha256;
    const { store, sealer } = this.served.system;
    const items = store.scan(table);
    const { sha256 } = await (table === 'profile' ? digestProfile(items, sealer) : digestReadings(items));
    this.#known.set(table, { writes, sha256 });
    return sha256;
  }

  /** Audit entries of a request about a subject. */
  async entriesOf(subject: string, requestId: string): Promise<readonly AuditEntry[]> {
    return (await this.entriesAt(subject)).filter((entry) => entry.requestId === requestId);
  }

  /** Audit entries about a subject: those that stand with it and those it has a pointer to. */
  async entriesAt(subject: string): Promise<readonly AuditEntry[]> {
    const audit = this.served.system.store.table('audit');
    const items = await readAll(audit, { pk: auditPartition(subject), consistent: true });
    const entries = await Promise.all(
      items.map(async (item) => {
        const target = pointerTarget(item);
        const standing = target === undefined ? item : await audit.get(target, { consistent: true });
        return standing === undefined ? undefined : entryOf(standing);
      }),
    );
    return entries.filter((entry) => entry !== undefined);
  }

  /** How many requests were refused so far, by the metric that counts them. */
  get refused(): number {
    return [...this.metrics.counts]
      .filter(([name]) => name.startsWith('request.refused'))
      .reduce((sum, [, count]) => sum + count, 0);
  }

  stop(): Promise<void> {
    return this.served.stop();
  }
}
