import { type MeterItem, readMeter } from '#shared/profile/store/meters.ts';
import type { Table } from '#shared/table/table.ts';
import { type SuppliedPoint, SupplyReader } from './store/supply.ts';

/** What measures service points, and measured them. */
export class SuppliedMeters {
  readonly #profile: Table;
  readonly #supply: SupplyReader;

  constructor(profile: Table) {
    this.#profile = profile;
    this.#supply = new SupplyReader(profile);
  }

  /** A service point with its meters; undefined where there is none. */
  async of(servicePoint: string | undefined): Promise<SuppliedPoint | undefined> {
    return servicePoint === undefined ? undefined : this.#supply.of(servicePoint);
  }

  /** The same as the premise alone knows it. */
  async toldOf(servicePoint: string | undefined): Promise<SuppliedPoint | undefined> {
    return servicePoint === undefined ? undefined : this.#supply.toldOf(servicePoint);
  }

  /** The meter of a point at an instant, Unix seconds, with what it measures, and until when it measures the point. */
  async at(
    { meters }: SuppliedPoint,
    instant: number,
  ): Promise<{ readonly meter: MeterItem; readonly until: number } | undefined> {
    const period = meters.findLast(({ from, to }) => from <= instant && instant < to);
    const meter = period === undefined ? undefined : (period.item ?? (await readMeter(this.#profile, period.meter)));
    return period === undefined || meter === undefined ? undefined : { meter, until: period.to };
  }
}
