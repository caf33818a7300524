import { type MeterItem, readMeter } from '#shared/profile/store/meters.ts';
import type { Clock } from '#shared/runtime/clock.ts';
import type { Table } from '#shared/table/table.ts';

const mostKept = 10_000;
const readsAtOnce = 32;

/** Meters as they were read a short while ago. A meter that was not there is asked for again each time. */
export class MeterCache {
  readonly #profile: Table;
  readonly #clock: Clock;
  readonly #milliseconds: number;
  readonly #kept = new Map<string, { readonly meter: MeterItem; readonly until: number }>();

  constructor(profile: Table, clock: Clock, seconds = 30) {
    this.#profile = profile;
    this.#clock = clock;
    this.#milliseconds = seconds * 1000;
  }

  /** The meter as known; undefined where it is not kept or was read too long ago. */
  kept(id: string): MeterItem | undefined {
    const entry = this.#kept.get(id);
    return entry === undefined || entry.until < this.#clock.now() ? undefined : entry.meter;
  }

  /** Reads those of the meters that are not kept, some at a time; a read that fails is left to `fresh`. */
  async prefetch(ids: ReadonlySet<string>): Promise<void> {
    const missing = [...ids].filter((id) => this.kept(id) === undefined);
    for (let from = 0; from < missing.length; from += readsAtOnce) {
      await Promise.allSettled(missing.slice(from, from + readsAtOnce).map((id) => this.fresh(id)));
    }
  }

  /** The meter as the table has it now; undefined where there is none. */
  async fresh(id: string): Promise<MeterItem | undefined> {
    const meter = await readMeter(this.#profile, id);
    this.#kept.delete(id);
    if (meter === undefined) return undefined;
    this.#kept.set(id, { meter, until: this.#clock.now() + this.#milliseconds });
    if (this.#kept.size > mostKept)
      for (const oldest of this.#kept.keys()) {
        this.#kept.delete(oldest);
        break;
      }
    return meter;
  }
}
