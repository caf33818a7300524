import type { Series } from '#functions/readings/rules/supplied-series.ts';
import {
  type PackedSummary,
  resumed,
  summarise,
  summaryReach,
  surelyFull,
  totalDays,
} from '#functions/readings/rules/usage-summary.ts';
import { readsUntil } from '#functions/validation/store/chained-reads.ts';
import {
  firstOfSeries,
  lastOfSeries,
  RegisterReader,
  readSeries,
  readStretches,
  type UseOfReads,
} from '#functions/validation/store/series.ts';
import { type SuppliedPoint, SupplyReader } from '#functions/validation/store/supply.ts';
import { useOfReads } from '#functions/validation/store/use-of-reads.ts';
import { givesRight } from '#shared/access/role-rights.ts';
import { rangeOfDays } from '#shared/access/told-of.ts';
import { account as accountFamily } from '#shared/profile/rules/account.ts';
import { ownService } from '#shared/profile/rules/own-service.ts';
import { type RoleHeld, rolesHeld } from '#shared/profile/rules/roles.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { loadHead, loadSubject } from '#shared/profile/store/subjects.ts';
import type { Metrics } from '#shared/runtime/logger.ts';
import { ConditionFailed, type Table } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { type Range, united } from '#shared/vocabulary/ranges.ts';
import { addDays, addMonths, localDateAt, localMonthAt, startOfDate, startOfMonth } from '#shared/vocabulary/time.ts';
import {
  listUsage,
  packUsage,
  putUsage,
  readUsage,
  removeUsage,
  type UsageItem,
  type UsagePlace,
} from './store/usage-view.ts';

export interface UsageParts {
  readonly profile: Table;
  readonly readings: Table;
  readonly metrics: Metrics;
}

const tries = 8;

/** Roles by which a customer sees the use of what an account takes, those of records merged into theirs among them. */
const rolesOf = async (profile: Table, { customer, account }: UsagePlace): Promise<readonly RoleHeld[]> => {
  const { states, head } = await loadSubject(profile, account);
  return rolesHeld(stateOf(states, accountFamily).state.roles).filter(
    (one) => (head.stands[one.customer] ?? one.customer) === customer && givesRight(one.role, 'use'),
  );
};

/**
 * When the use of a point was a customer's to see by an account: in their role, while it took service there; undefined for no reader.
 */
const rangesOf = async (
  profile: Table,
  { readers, stays, point }: SuppliedPoint,
  place: UsagePlace,
): Promise<readonly Range[] | undefined> => {
  const { customer, account, servicePoint } = place;
  if (!readers.some(([one, by]) => one === customer && by === account)) return undefined;
  const own = ownService(await rolesOf(profile, place), stays, servicePoint).map((period) =>
    rangeOfDays(point.zone, period),
  );
  return own.length === 0 ? undefined : united(own);
};

/**
 * Keeps the usage items of readers' views what a rebuild from readings would make them. Nothing is incremented: each
 * total is summed from the readings it speaks of, so news may come twice, late and in any order.
 */
export class UsageRecompute {
  readonly #parts: UsageParts;
  readonly supply: SupplyReader;
  readonly registers: RegisterReader;
  readonly #reads: UseOfReads;

  constructor(parts: UsageParts) {
    this.#parts = parts;
    this.#reads = useOfReads(parts.readings);
    this.supply = new SupplyReader(parts.profile);
    this.registers = new RegisterReader(parts.profile);
  }

  /** Whether usage of a register at an instant is what its reads say: no interval came of it by then. */
  async isUseOfReads({ meter, register, from }: { meter: string; register: string; from: number }): Promise<boolean> {
    return from <= (await readsUntil(this.#parts.readings, { meter, register }));
  }

  /** Premises that the views of an account's readers show: usage is kept of no others. */
  async placesShown(account: string): Promise<readonly string[]> {
    return (await loadHead(this.#parts.profile, account)).premises;
  }

  /** News of readings of one register of a service point, from `since` (Unix seconds) on where that is known. */
  async register(servicePoint: string, premise: string, register: string, since: number | undefined): Promise<void> {
    const supplied = await this.supply.of(servicePoint, premise);
    for (const [customer, account] of supplied?.readers ?? []) {
      await this.#keep({ customer, account, premise, servicePoint, register }, since);
    }
  }

  /** All registers for all readers of a premise's service points; items that nothing stands behind any more go. */
  async premise(premise: string): Promise<void> {
    for (const { point, meters, readers } of await this.supply.ofPremise(premise)) {
      const all = await readSeries(this.registers, meters);
      for (const [customer, account] of readers) {
        const there = await listUsage(this.#parts.profile, customer, account, premise, point.id);
        for (const register of new Set([...all.keys(), ...there.map(({ place }) => place.register)])) {
          await this.#keep({ customer, account, premise, servicePoint: point.id, register }, undefined);
        }
      }
    }
  }

  /** Takes away what a customer's view has of a premise by an account, unless they (still, again) are its reader. */
  async forget(premise: string, customer: string, account: string): Promise<void> {
    const there = await listUsage(this.#parts.profile, customer, account, premise);
    for (const { place } of there) await this.#keep(place, undefined);
  }

  /** Brings one item to what it should be; `since` says that only readings from then on are news. */
  async #keep(place: UsagePlace, since: number | undefined): Promise<void> {
    let news = since;
    for (let tried = 0; tried < tries; tried += 1) {
      // Read first: who wrote since makes the put fail, and all is read anew.
      const before = await readUsage(this.#parts.profile, place);
      const supplied = await this.supply.of(place.servicePoint, place.premise);
      try {
        if (!(await this.#put(place, supplied, before, news))) return;
      } catch (error) {
        if (!(error instanceof ConditionFailed)) throw error;
        continue;
      }
      // What counts for whom may have changed before the put; who changed it may have looked before the put.
      const now = await this.supply.of(place.servicePoint, place.premise);
      if (now?.version === supplied?.version) return;
      news = undefined;
    }
    throw new DomainError('unavailable', 'usage.busy', 'a usage item is being written by others');
  }

  /** Whether something was written. */
  async #put(
    place: UsagePlace,
    supplied: SuppliedPoint | undefined,
    before: UsageItem | undefined,
    since: number | undefined,
  ): Promise<boolean> {
    const { profile, metrics } = this.#parts;
    const ranges = supplied === undefined ? undefined : await rangesOf(profile, supplied, place);
    const series =
      supplied === undefined || ranges === undefined
        ? undefined
        : (await readSeries(this.registers, supplied.meters)).get(place.register);
    const packed =
      supplied === undefined || ranges === undefined || series === undefined
        ? undefined
        : await this.#packed(supplied.point.zone, place, series, ranges, before, since);
    if (packed === undefined) {
      if (before !== undefined) await removeUsage(profile, place, before);
      return before !== undefined;
    }
    const outcome = await putUsage(profile, place, packed.bytes, before);
    metrics.count('usage.items', { outcome });
    return outcome === 'written';
  }

  async #packed(
    zone: string,
    place: UsagePlace,
    series: Series,
    ranges: readonly Range[],
    before: UsageItem | undefined,
    since: number | undefined,
  ): Promise<PackedSummary | undefined> {
    if (before !== undefined && since !== undefined && isSameGround(before, series)) {
      const short = await this.#resumed(zone, place, series, ranges, before, since);
      if (short !== undefined) return short;
    }
    return this.#whole(zone, place, series, ranges);
  }

  /** From the item as it is and the months that the news can touch; undefined where that does not tell. */
  async #resumed(
    zone: string,
    place: UsagePlace,
    series: Series,
    ranges: readonly Range[],
    before: UsageItem,
    since: number,
  ): Promise<PackedSummary | undefined> {
    const lastDays = startOfDate(zone, addDays(before.summary.newestDay, 1 - summaryReach.days));
    const readFrom = `${localMonthAt(zone, Math.min(since, lastDays))}-01`;
    const stretches = await readStretches(
      this.#parts.readings,
      series,
      ranges,
      startOfDate(zone, readFrom),
      Number.POSITIVE_INFINITY,
      this.#reads,
    );
    const summary = resumed(before.summary, zone, totalDays(stretches, zone), readFrom);
    if (summary === undefined) return undefined;
    const packed = packUsage(place, summary);
    return surelyFull(summary, packed, before.bytes.length) ? packed : undefined;
  }

  async #whole(
    zone: string,
    place: UsagePlace,
    series: Series,
    ranges: readonly Range[],
  ): Promise<PackedSummary | undefined> {
    const { readings } = this.#parts;
    const first = await firstOfSeries(readings, series, ranges, this.#reads);
    let last = await lastOfSeries(readings, series, ranges, this.#reads);
    while (first !== undefined && last !== undefined && last > first) {
      const newest = localMonthAt(zone, last - 1);
      const from = startOfMonth(zone, addMonths(newest, 1 - summaryReach.months));
      const totals = totalDays(
        await readStretches(readings, series, ranges, from, Number.POSITIVE_INFINITY, this.#reads),
        zone,
      );
      if (totals.asOf !== undefined && localMonthAt(zone, totals.asOf - 1) >= newest) {
        const summary = summarise(groundOf(series), zone, totals, localDateAt(zone, first));
        return summary === undefined ? undefined : packUsage(place, summary);
      }
      // The last value lies in an earlier month than the last block: look from there.
      last = totals.asOf ?? from;
    }
    return undefined;
  }
}

const groundOf = ({ register, powerOfTen }: Series) => ({
  commodity: register.commodity,
  flow: register.flow,
  unit: register.unit,
  powerOfTen,
});

const isSameGround = ({ summary }: UsageItem, series: Series): boolean =>
  Object.entries(groundOf(series)).every(([name, value]) => new Map(Object.entries(summary)).get(name) === value);
