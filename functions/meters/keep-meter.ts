import { TwinWasFirst } from '#shared/facts/idempotency.ts';
import {
  changedMeterWrites,
  type MeterItem,
  meterReferences,
  newMeterWrites,
  readMeter,
} from '#shared/profile/store/meters.ts';
import { referenceKey } from '#shared/table/keys.ts';
import { ConditionFailed, type Table, type Write } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { writeReference } from '#shared/vocabulary/references.ts';

const tries = 5;

/** Throws DomainError('conflict', 'reference.taken') where another meter has a reference of this one. */
export const refuseTaken = async (
  profile: Table,
  meter: Pick<MeterItem, 'id' | 'serial' | 'references'>,
): Promise<void> => {
  for (const reference of meterReferences(meter)) {
    const held = await profile.get(referenceKey('meter', reference), { consistent: true });
    if (held === undefined || held.id === meter.id) continue;
    throw new DomainError(
      'conflict',
      'reference.taken',
      `another meter has the reference ${writeReference(reference)}`,
    );
  }
};

/**
 * Writes a meter as `change` makes it of what stands, again where somebody else was first; undefined from `change` writes
 * nothing. Answers the meter as it stands then. Throws DomainError: `meter.busy` where others write it all the time,
 * `reference.taken`.
 * @param alongside stands or falls with this write; where a twin was first, throws TwinWasFirst
 */
export const keepMeter = async (
  profile: Table,
  id: string,
  change: (before: MeterItem | undefined) => Promise<MeterItem | undefined> | MeterItem | undefined,
  alongside: readonly Write[] = [],
): Promise<MeterItem | undefined> => {
  for (let tried = 0; tried < tries; tried += 1) {
    const before = await readMeter(profile, id);
    const after = await change(before);
    if (after === undefined) return before;
    const writes = before === undefined ? newMeterWrites(after) : changedMeterWrites(before, after);
    try {
      await profile.commit([...writes, ...alongside]);
      return after;
    } catch (error) {
      if (!(error instanceof ConditionFailed)) throw error;
      if (error.failed.some((place) => place >= writes.length)) throw new TwinWasFirst();
      await refuseTaken(profile, after);
    }
  }
  throw new DomainError('unavailable', 'meter.busy', 'the meter is being written by others', { retryAfterSeconds: 1 });
};
