import { quarantine, type Refused } from '#shared/facts/quarantine.ts';
import type { Sealer } from '#shared/facts/seal.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import { readingsSeriesOf } from '#shared/table/keys.ts';
import type { Change, Item, Table } from '#shared/table/table.ts';
import { headEndKey } from './contract/stream-key.ts';
import { writeUsageBlock } from './contract/usage-block.ts';
import { blockOf, packedOf } from './store/readings.ts';

/**
 * The content of an item that another content replaced under its key, written as a block again. Its sequence is not
 * kept with readings and stands as 0, so that the same content is one entry however it was found.
 */
export const conflictOf = (item: Item, receivedAt: number): Refused => {
  const series = readingsSeriesOf(item.pk);
  if (series === undefined) throw new TypeError(`not an item of readings: ${item.pk}`);
  const { kind, revision, run } = blockOf(item);
  const { start, interval, values } = run;
  const marks =
    run.quality === undefined ? {} : { quality: run.quality.map(([index, code]): [number, number] => [index, code]) };
  const methods =
    run.methods === undefined ? {} : { methods: run.methods.map(([index, one]): [number, string] => [index, one]) };
  const said = { values: [...values], ...marks, ...methods };
  const raw = writeUsageBlock({ v: 1, ...series, start, interval, ...said, seq: 0, revision });
  return {
    kind: 'block',
    reason: 'block.conflict',
    // A meter itself replaces nothing, and of its revisions only 0 lies among the actual ones.
    source: kind === 'actual' && revision > 0 ? headEndKey(series.meter) : series.meter,
    receivedAt,
    raw,
    detail: { ...series, block: item.sk },
  };
};

export interface OverwrittenParts {
  readonly profile: Table;
  readonly sealer: Sealer;
  readonly clock: Clock;
}

/** On changes of readings: what was overwritten by another content goes to quarantine; the later write stands. */
export const keepOverwritten = async (parts: OverwrittenParts, changes: readonly Change[]): Promise<void> => {
  for (const { key, before, after } of changes) {
    if (readingsSeriesOf(key.pk) === undefined) continue;
    if (before === undefined || after === undefined || Buffer.compare(packedOf(before), packedOf(after)) === 0)
      continue;
    await quarantine(parts.profile, parts.sealer, conflictOf(before, parts.clock.now()));
  }
};
