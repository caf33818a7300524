import type { Logger } from '#shared/runtime/logger.ts';
import { type CheckpointDeps, takeCheckpoint } from './checkpoint.ts';

/** Every 15 minutes: writes down where the audit's chains stand, where that cannot be changed any more. */
export const checkpointSchedule =
  (parts: CheckpointDeps & { readonly logger: Logger }): (() => Promise<void>) =>
  async () => {
    const checkpoint = await takeCheckpoint(parts);
    if (checkpoint === undefined) return;
    const entries = checkpoint.chains.reduce((total, chain) => total + chain.total, 0);
    parts.logger.info('audit.checkpoint', { number: checkpoint.number, entries });
  };
