import { SupplyReader } from '#functions/validation/store/supply.ts';
import { type MeterItem, readMeter } from '#shared/profile/store/meters.ts';
import { resolveNamed } from '#shared/profile/store/references.ts';
import type { Table } from '#shared/table/table.ts';
import { kindOf } from '#shared/vocabulary/ids.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import { visibleLine } from '#shared/vocabulary/plain-text.ts';
import { Reference, type ReferenceKind } from '#shared/vocabulary/references.ts';
import type { QuarantineReason } from '#shared/vocabulary/statuses.ts';
import { instantOf, secondsOf } from '#shared/vocabulary/time.ts';
import { registerOf } from './registers.ts';
import type { MeasuredSeries } from './rules/interval-series.ts';
import type { RegisterPlace } from './store/imported-registers.ts';

/** A register that measured what a series tells over [from, to), Unix seconds. */
export interface Target {
  readonly meter: MeterItem;
  readonly register: Register;
  readonly from: number;
  readonly to: number;
}

export const placeOf = ({ meter, register }: Target): RegisterPlace => ({ meter: meter.id, register: register.id });

/** Why a row has no place here: the reason of its entry in quarantine, and a code and words for the errors file. */
export interface NoPlace {
  readonly reason: QuarantineReason;
  readonly code: string;
  readonly message: string;
}

export const noPlace = (reason: NoPlace['reason'], code: string, message: string): NoPlace => ({
  reason,
  code,
  message,
});
/** No meter with the register measured then; says from when one did. */
export const notInstalled = (targets: readonly Target[]): NoPlace => {
  const first = Math.min(...targets.map(({ from }) => from));
  return noPlace(
    'meter.not-installed',
    'not-installed',
    `no meter with this register was installed then; the first measures from ${instantOf(first)} on`,
  );
};
export const notExact = noPlace(
  'register.mismatch',
  'not-exact',
  'the register cannot hold the value without rounding it',
);

/** The revisions of a time are used up; a correction by hand still goes. */
export const revisedTooOften = noPlace(
  'block.correction',
  'too-many-revisions',
  'what the register told of this time was replaced too often',
);

export type Found = { readonly targets: readonly Target[] } | { readonly none: NoPlace };

/** Its message names what stands in a file, made safe to show. */
const none = (reason: QuarantineReason, code: string, message: string): Found => ({
  none: { reason, code, message: visibleLine(message) },
});

const periodsOf = (meter: MeterItem, servicePoint: string | undefined) =>
  meter.installations
    .filter((one) => servicePoint === undefined || one.servicePoint === servicePoint)
    .map(({ from, to }) => ({ from: secondsOf(from), to: to === null ? Number.POSITIVE_INFINITY : secondsOf(to) }));

/** The registers there are, as words: at most ten names. */
const namesOf = (meters: readonly MeterItem[]): string => {
  const names = [...new Set(meters.flatMap(({ registers }) => registers.map(({ id }) => id)))].sort();
  return `its meters have ${names.slice(0, 10).join(', ')}${names.length > 10 ? ' and more' : ''}`;
};

/** Finds the registers that the series of a file name. What was found is kept: one object serves a short while. */
export class SeriesTargets {
  readonly #profile: Table;
  readonly #supply: SupplyReader;
  readonly #found = new Map<string, Found>();

  constructor(profile: Table) {
    this.#profile = profile;
    this.#supply = new SupplyReader(profile);
  }

  /** The registers a series goes to: by the reference of a service point, else of a meter, then by the name of the register. */
  async of(series: MeasuredSeries): Promise<Found> {
    const key = JSON.stringify([
      series.namespace,
      series.reference,
      series.register,
      series.unit,
      series.commodity,
      series.flow,
    ]);
    const known = this.#found.get(key);
    if (known !== undefined) return known;
    const found = await this.#find(series);
    this.#found.set(key, found);
    return found;
  }

  async #find(series: MeasuredSeries): Promise<Found> {
    const { namespace, reference } = series;
    const servicePoint = (await this.#named('servicePoint', series)) ?? (await this.#exported(series));
    const meter = servicePoint === undefined ? await this.#meterNamed(series) : undefined;
    if (servicePoint === undefined && meter === undefined)
      return none('reference.unknown', 'unknown-point', `nothing is known by ${namespace}:${reference}`);
    const meters = meter === undefined ? await this.#metersAt(servicePoint ?? '') : [meter];
    if (meters.length === 0)
      return none('meter.not-installed', 'no-meter', `no meter is installed at ${namespace}:${reference}`);
    return this.#registersOf(meters, servicePoint, series);
  }

  #registersOf(meters: readonly MeterItem[], servicePoint: string | undefined, series: MeasuredSeries): Found {
    const targets: Target[] = [];
    let mismatch = false;
    for (const meter of meters) {
      const register = registerOf(meter.registers, series);
      if (typeof register === 'string') mismatch ||= register === 'register.mismatch';
      else for (const period of periodsOf(meter, servicePoint)) targets.push({ meter, register, ...period });
    }
    if (targets.length > 0) return { targets };
    const at = `${series.namespace}:${series.reference}`;
    return mismatch
      ? none(
          'register.mismatch',
          'other-measure',
          `register ${series.register} at ${at} does not measure ${series.unit}`,
        )
      : none('register.unknown', 'unknown-register', `no register at ${at} is ${series.register}; ${namesOf(meters)}`);
  }

  async #named(kind: ReferenceKind, { namespace, reference }: MeasuredSeries): Promise<string | undefined> {
    if (kindOf(reference) === kind) return resolveNamed(this.#profile, kind, reference);
    const read = Reference.safeParse({ namespace, value: reference });
    return read.success ? resolveNamed(this.#profile, kind, read.data) : undefined;
  }

  /** The service point of a Green Button file that was written here: the path of its usage point ends with its id. */
  async #exported({ namespace, reference }: MeasuredSeries): Promise<string | undefined> {
    const id = reference.split('/').at(-1) ?? '';
    if (namespace !== 'espi' || kindOf(id) !== 'servicePoint') return undefined;
    return (await this.#supply.of(id)) === undefined ? undefined : id;
  }

  async #meterNamed(series: MeasuredSeries): Promise<MeterItem | undefined> {
    const id = await this.#named('meter', series);
    return id === undefined ? undefined : readMeter(this.#profile, id);
  }

  async #metersAt(servicePoint: string): Promise<readonly MeterItem[]> {
    const supplied = await this.#supply.of(servicePoint);
    const ids = [...new Set((supplied?.meters ?? []).map(({ meter }) => meter))];
    const meters = await Promise.all(ids.map((id) => readMeter(this.#profile, id)));
    return meters.filter((meter) => meter !== undefined);
  }
}
