import type { ReplayStatus } from '#shared/contracts/local/ops.ts';

/** A replay that is done. */
export const aReplay = (more: Partial<ReplayStatus> = {}): ReplayStatus => ({
  id: 'rpl_00000000000000000000000001',
  state: 'done',
  events: false,
  dryRun: false,
  startedAt: '2026-03-01T09:30:00.000Z',
  movedAt: '2026-03-01T09:40:00.000Z',
  segments: 4,
  segmentsDone: 4,
  subjects: 0,
  changed: 0,
  published: 0,
  perSecond: 12.5,
  failed: 0,
  reasons: [],
  failures: [],
  ...more,
});
