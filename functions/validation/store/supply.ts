import { areaText } from '#functions/outages/rules/area-names.ts';
import { areaOf } from '#functions/outages/rules/area-outages.ts';
import type { AgreedTariff } from '#functions/reference/rules/tariff.ts';
import { conditionsOf, type PlaceConditions } from '#functions/validation/rules/place-conditions.ts';
import type { Stay } from '#functions/validation/rules/stays.ts';
import { claimedService, effectiveAgreements, supply } from '#shared/profile/rules/agreements.ts';
import { effectiveInstallations, type Installation } from '#shared/profile/rules/installations.ts';
import { type PremiseState, premise, type ServicePoint } from '#shared/profile/rules/premise.ts';
import { toldAgreements, toldInstallations } from '#shared/profile/rules/service-at.ts';
import { stateOf } from '#shared/profile/rules/states.ts';
import { readHead } from '#shared/profile/store/items.ts';
import { type MeterItem, readMeter } from '#shared/profile/store/meters.ts';
import { premiseOfServicePoint } from '#shared/profile/store/references.ts';
import { type LoadedSubject, loadSubject } from '#shared/profile/store/subjects.ts';
import { headKey } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import { isErased } from '#shared/vocabulary/fact.ts';
import { common } from '#shared/vocabulary/ranges.ts';
import { secondsOf, startOfDate } from '#shared/vocabulary/time.ts';

/** A meter measured a service point over [from, to), Unix seconds; Infinity where it still does. */
export interface MeterPeriod {
  readonly meter: string;
  readonly from: number;
  readonly to: number;
  /** What was said of its registers; left out where nothing was. */
  readonly registers?: Installation['registers'];
  /** The meter, where it was read with the point. */
  readonly item?: MeterItem;
}

/** A customer sees an account that took service over [from, to), Unix seconds; Infinity where it still does. */
export interface SupplyPeriod {
  readonly customer: string;
  readonly account: string;
  readonly from: number;
  readonly to: number;
}

/** A service point, which meters measured it, and for whom. */
export interface SuppliedPoint {
  readonly point: ServicePoint;
  readonly premise: string;
  /** Outage region or postcode that the premise lies in, as one text; undefined where none is known. */
  readonly area: string | undefined;
  /** Grows with the versions of the premise's HEAD and of its meters. */
  readonly version: number;
  readonly meters: readonly MeterPeriod[];
  /** The same as it was told, with what was said of registers. */
  readonly installations: readonly Installation[];
  readonly conditions: PlaceConditions;
  /** Customers whose views show the premise, with the account they see it by. */
  readonly readers: readonly (readonly [customer: string, account: string])[];
  readonly periods: readonly SupplyPeriod[];
  /** Accounts that took service, by local dates, whoever may see them now. */
  readonly stays: readonly (Stay & { readonly servicePoint: string })[];
  /** Tariffs that were agreed, by local dates, the latest last. */
  readonly tariffs: readonly AgreedTariff[];
}

const endOf = (to: string | null, seconds: (text: string) => number): number =>
  to === null ? Number.POSITIVE_INFINITY : seconds(to);

const areaTextOf = ({ region, address }: PremiseState): string | undefined => {
  const known = address === null || isErased(address) ? undefined : address;
  const area = areaOf({ region, postcode: known?.postcode, country: known?.country ?? '' });
  return area === undefined ? undefined : areaText(area);
};

const suppliedPoint = (loaded: LoadedSubject, point: ServicePoint): SuppliedPoint => {
  const { subject, head, states } = loaded;
  const dayStart = (date: string): number => startOfDate(point.zone, date);
  const installations = effectiveInstallations(toldInstallations(states)).filter(
    (one) => one.servicePoint === point.id,
  );
  const meters = installations.map(({ meter, from, to, registers }) => ({
    meter,
    from: secondsOf(from),
    to: endOf(to, secondsOf),
    ...(registers === undefined ? {} : { registers }),
  }));
  const told = toldAgreements(states, supply.name);
  const agreements = effectiveAgreements(told).agreements.filter((one) => one.servicePoint === point.id);
  const periods = head.pairs.flatMap(([customer, account]) =>
    agreements
      .filter((agreement) => agreement.account === account)
      .map(({ from, to }) => ({ customer, account, from: dayStart(from), to: endOf(to, dayStart) })),
  );
  const conditions = conditionsOf(point, claimedService(told));
  return {
    point,
    premise: subject,
    area: areaTextOf(stateOf(states, premise).state),
    version: head.version,
    meters,
    installations,
    conditions,
    readers: head.pairs,
    periods,
    stays: agreements.map(({ account, servicePoint, from, to }) => ({ account, servicePoint, from, to })),
    tariffs: agreements
      .map(({ tariff, from, to }) => ({ tariff, from, to }))
      .sort((left, right) => (left.from < right.from ? -1 : left.from > right.from ? 1 : 0)),
  };
};

/** A point with its meters only while they measured it and no other: that is known with the meter, across premises. */
const whilePlaced = (supplied: SuppliedPoint, items: ReadonlyMap<string, MeterItem>): SuppliedPoint => {
  const { point, meters, version } = supplied;
  const placed = meters.flatMap((period) => {
    const item = items.get(period.meter);
    if (item === undefined) return [period];
    const there = item.installations
      .filter(({ servicePoint }) => servicePoint === point.id)
      .map(({ from, to }) => ({ from: secondsOf(from), to: endOf(to, secondsOf) }));
    return common([period], there).map((range) => ({ ...period, ...range, item }));
  });
  const versions = [...new Set(meters.map(({ meter }) => meter))].map((meter) => items.get(meter)?.version ?? 0);
  return { ...supplied, meters: placed, version: versions.reduce((sum, one) => sum + one, version) };
};

const mostKept = 5_000;

/** Service points of premises, kept while the premise's HEAD is at the version they were read at. */
export class SupplyReader {
  readonly #profile: Table;
  readonly #kept = new Map<string, { readonly version: number; readonly points: readonly SuppliedPoint[] }>();
  /** Of what is kept, the points with their meters at the versions those had. */
  readonly #placed = new WeakMap<
    readonly SuppliedPoint[],
    { readonly versions: string; readonly points: readonly SuppliedPoint[] }
  >();

  constructor(profile: Table) {
    this.#profile = profile;
  }

  /** All service points of a premise as they are now. Of each of their meters it is asked anew whether it is elsewhere. */
  async ofPremise(id: string): Promise<readonly SuppliedPoint[]> {
    const points = await this.asTold(id);
    const ids = [...new Set(points.flatMap(({ meters }) => meters.map(({ meter }) => meter)))];
    const read = await Promise.all(ids.map((meter) => readMeter(this.#profile, meter)));
    const versions = read.map((item) => item?.version ?? 0).join(' ');
    const known = this.#placed.get(points);
    if (known?.versions === versions) return known.points;
    const items = new Map(read.flatMap((item) => (item === undefined ? [] : [[item.id, item] as const])));
    const placed = points.map((point) => whilePlaced(point, items));
    this.#placed.set(points, { versions, points: placed });
    return placed;
  }

  /** The points as the premise alone knows them: a meter may be elsewhere since. */
  async asTold(id: string): Promise<readonly SuppliedPoint[]> {
    const item = await this.#profile.get(headKey(id), { consistent: true });
    if (item === undefined) return [];
    const { version } = readHead(item);
    const kept = this.#kept.get(id);
    if (kept?.version === version) return kept.points;
    const loaded = await loadSubject(this.#profile, id);
    const points = stateOf(loaded.states, premise).state.servicePoints.map((point) => suppliedPoint(loaded, point));
    this.#kept.delete(id);
    this.#kept.set(id, { version: loaded.head.version, points });
    if (this.#kept.size > mostKept) {
      for (const oldest of this.#kept.keys()) {
        this.#kept.delete(oldest);
        break;
      }
    }
    return points;
  }

  /** A service point as it is now, or undefined where there is none. */
  async of(servicePoint: string, premiseId?: string): Promise<SuppliedPoint | undefined> {
    const id = premiseId ?? (await premiseOfServicePoint(this.#profile, servicePoint));
    if (id === undefined) return undefined;
    return (await this.ofPremise(id)).find(({ point }) => point.id === servicePoint);
  }

  /** The same as the premise alone knows it. */
  async toldOf(servicePoint: string, premiseId?: string): Promise<SuppliedPoint | undefined> {
    const id = premiseId ?? (await premiseOfServicePoint(this.#profile, servicePoint));
    if (id === undefined) return undefined;
    return (await this.asTold(id)).find(({ point }) => point.id === servicePoint);
  }
}
