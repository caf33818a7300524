import { intervalAt } from '#functions/readings/rules/shared-intervals.ts';
import type { Installation, InstalledRegister } from '#shared/profile/rules/installations.ts';
import { type MeterInstallation, type MeterItem, readMeter, toldPlaces } from '#shared/profile/store/meters.ts';
import type { Table } from '#shared/table/table.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import { common, type Range } from '#shared/vocabulary/ranges.ts';
import type { Commodity } from '#shared/vocabulary/statuses.ts';
import { secondsOf } from '#shared/vocabulary/time.ts';
import type { RegisterGround } from './rules/judgement.ts';
import type { RegisterRead } from './rules/reads/register-reads.ts';
import { configurationOf } from './rules/register-configuration.ts';
import type { RegisterPlace } from './store/judged-registers.ts';
import { RegisterReader } from './store/series.ts';
import { type SuppliedPoint, SupplyReader } from './store/supply.ts';

const rangeOf = ({ from, to }: Pick<Installation, 'from' | 'to'>): Range => ({
  from: secondsOf(from),
  to: to === null ? Number.POSITIVE_INFINITY : secondsOf(to),
});

/** What is known of a register by its meter alone; undefined where the meter has no such register. */
export const groundOf = (
  { id, registers, ...places }: Pick<MeterItem, 'id' | 'registers' | 'installations' | 'told'>,
  name: string,
): RegisterGround | undefined => {
  const register = registers.find((one) => one.id === name);
  if (register === undefined) return undefined;
  return {
    meter: id,
    register,
    configuration: configurationOf(register),
    installed: toldPlaces(places).map(rangeOf),
    disconnected: [],
    zeroExpected: [],
    exportAgreed: [],
  };
};

/** A register's meter at a premise for a time. */
export interface Stay extends Range {
  readonly premise: string;
}

/** All that is known of a register besides its readings and what happened at its places. */
export interface KnownRegister {
  readonly ground: RegisterGround;
  /** What its total stood at as the meter came and went, in its scale. */
  readonly reads: readonly RegisterRead[];
  /** Places the meter was at over the time asked for. */
  readonly stays: readonly Stay[];
  /** The other registers of the meter. */
  readonly siblings: readonly string[];
}

/** A stay with what was said of it: what is known of the place holds while the meter was there. */
interface ToldStay extends Stay {
  readonly said: InstalledRegister | undefined;
  readonly conditions: SuppliedPoint['conditions'] | undefined;
  /** Other meters that measured where it did. */
  readonly others: readonly Range[];
}

/** When it took the place of another meter within an interval, or another its place. */
const exchangedOf = ({ register }: RegisterGround, stays: readonly ToldStay[]): Pick<RegisterGround, 'exchanged'> => {
  const exchanged = stays.flatMap(({ from, to, others }) => {
    const [first, last] = [
      intervalAt(register, from),
      to === Number.POSITIVE_INFINITY ? undefined : intervalAt(register, to - 1),
    ];
    const took = first.from < from && others.some((other) => first.from < other.to && other.to <= from);
    const gave = last !== undefined && others.some((other) => to <= other.from && other.from < last.to);
    return [...(took ? [from] : []), ...(gave ? [to] : [])];
  });
  return exchanged.length === 0 ? {} : { exchanged };
};

const readsOf = ({ from, to, said }: ToldStay): readonly RegisterRead[] => [
  ...(said?.opening === undefined ? [] : [{ at: from, counts: said.opening }]),
  ...(said?.closing === undefined || to === Number.POSITIVE_INFINITY ? [] : [{ at: to, counts: said.closing }]),
];

const daySeconds = 86_400;
/** How far around judged days it matters where the meter was: reads are at most so far apart, and rules look so far back. */
const daysAround = 100;

const meets = (left: Range, right: Range): boolean => left.from < right.to && right.from < left.to;

/**
 * Reads what is known of registers: the meter, and each premise it was at over the time asked for, which is kept while it does not
 * change. Two Gets where the meter stayed where it was.
 */
export class GroundReader {
  readonly #profile: Table;
  readonly #supply: SupplyReader;
  readonly #registers: RegisterReader;

  constructor(profile: Table) {
    this.#profile = profile;
    this.#supply = new SupplyReader(profile);
    this.#registers = new RegisterReader(profile);
  }

  /**
   * What is known of a register that matters where a time is judged, Unix seconds; undefined where there is none.
   * @param read the meter, where it was read just now
   */
  async of(
    { meter, register: name }: RegisterPlace,
    judged: Range,
    read?: MeterItem,
  ): Promise<KnownRegister | undefined> {
    const item = read ?? (await readMeter(this.#profile, meter));
    const plain = item === undefined ? undefined : groundOf(item, name);
    if (item === undefined || plain === undefined) return undefined;
    const reach = { from: judged.from - daysAround * daySeconds, to: judged.to + daysAround * daySeconds };
    const near = item.installations.filter((one) => meets(rangeOf(one), reach));
    const stays = await Promise.all(near.map((one) => this.#told(item.id, name, one)));
    const during = (conditionOf: (of: SuppliedPoint['conditions']) => readonly Range[]): readonly Range[] =>
      stays.flatMap((stay) => (stay.conditions === undefined ? [] : common(conditionOf(stay.conditions), [stay])));
    const ground: RegisterGround = {
      ...plain,
      configuration: configurationOf(
        plain.register,
        (stays.findLast(({ from }) => from < judged.to) ?? stays[0])?.said?.validation,
      ),
      disconnected: during(({ disconnected }) => disconnected),
      zeroExpected: during(({ zeroExpected }) => zeroExpected),
      exportAgreed: during(({ exportAgreed }) => exportAgreed),
      ...exchangedOf(plain, stays),
    };
    return {
      ground,
      reads: stays.flatMap(readsOf),
      stays: stays.map(({ premise, from, to }) => ({ premise, from, to })),
      siblings: item.registers.flatMap(({ id }) => (id === name ? [] : [id])),
    };
  }

  /** The registers of a meter; what it measures never changes. */
  registersOf(meter: string): Promise<readonly Register[]> {
    return this.#registers.of(meter);
  }

  /** Meters that measured a commodity at a premise over a time, Unix seconds. */
  async metersAt(premise: string, commodity: Commodity, range: Range): Promise<readonly string[]> {
    const points = await this.#supply.asTold(premise);
    const there = points.filter(({ point }) => point.commodity === commodity).flatMap(({ meters }) => meters);
    return [...new Set(there.filter((stay) => meets(stay, range)).map(({ meter }) => meter))];
  }

  async #told(meter: string, register: string, installation: MeterInstallation): Promise<ToldStay> {
    const { servicePoint, premise, from } = installation;
    const supplied = await this.#supply.toldOf(servicePoint, premise);
    const told = supplied?.installations.find((one) => one.meter === meter && one.from === from);
    return {
      premise,
      ...rangeOf(installation),
      said: told?.registers?.find((one) => one.register === register),
      conditions: supplied?.conditions,
      others: supplied?.meters.filter((one) => one.meter !== meter) ?? [],
    };
  }
}
