import type { Sealer } from '#shared/facts/seal.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Logger, Metrics } from '#shared/runtime/logger.ts';
import type { Table } from '#shared/table/table.ts';
import type { TokenVerifier } from './actor.ts';
import type { AccessGround } from './find-subject.ts';

/** What the chain needs from its composition root. */
export interface HttpDeps {
  readonly verifier: TokenVerifier;
  readonly profile: Table;
  readonly audit: Table;
  /** `resolveNamed` of the store, bound to its table. */
  readonly resolve: AccessGround['resolve'];
  /** The utility's local date now. */
  readonly today: AccessGround['today'];
  /** At least 32 bytes; signs cursors. */
  readonly cursorKey: Uint8Array;
  /** Origins whose pages may call the API. */
  readonly origins: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Opens answers kept for repeats; absent where the function keeps none that are sealed. */
  readonly sealer?: () => Sealer | undefined;
  /** Folds a record anew that older rules folded; absent where the function may not. */
  readonly refold?: (subject: string) => Promise<void>;
}
