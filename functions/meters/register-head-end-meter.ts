import { type MeterItem, newMeterWrites, readMeter } from '#shared/profile/store/meters.ts';
import { ConditionFailed, type Table } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import type { Reference } from '#shared/vocabulary/references.ts';
import { meterIdOf } from './register-meter.ts';

/** A meter that speaks to its head end alone: no certificate of its own, its days come by the head end's stream. */
export interface HeadEndMeter {
  readonly serial: string;
  readonly references?: readonly Reference[];
  readonly registers: readonly Register[];
}

/** Makes such a meter known; the same serial again is the same meter. Throws DomainError('conflict', 'reference.taken'). */
export const registerHeadEndMeter = async (profile: Table, meter: HeadEndMeter): Promise<string> => {
  const id = meterIdOf(meter.serial);
  const item: MeterItem = {
    version: 1,
    id,
    serial: meter.serial,
    references: [...(meter.references ?? [])],
    registers: [...meter.registers],
    zone: null,
    thing: id,
    certificates: [],
    installations: [],
  };
  try {
    await profile.commit(newMeterWrites(item));
  } catch (failure) {
    if (!(failure instanceof ConditionFailed)) throw failure;
    if ((await readMeter(profile, id)) === undefined) {
      throw new DomainError('conflict', 'reference.taken', 'another meter has a reference of this one', {
        cause: failure,
      });
    }
  }
  return id;
};
