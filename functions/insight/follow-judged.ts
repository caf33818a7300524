import { weatherAreaItem } from '#functions/reference/store/temperatures.ts';
import { datesJudged, judgedMonthOf } from '#functions/validation/store/judged-months.ts';
import { type SuppliedPoint, SupplyReader } from '#functions/validation/store/supply.ts';
import { readMeter } from '#shared/profile/store/meters.ts';
import { type Change, ConditionFailed, type Table, TransactionConflict } from '#shared/table/table.ts';
import { DomainError } from '#shared/vocabulary/errors.ts';
import { episodeKinds } from '#shared/vocabulary/insights.ts';
import { addDays, daysBetween, secondsOf, startOfDate } from '#shared/vocabulary/time.ts';
import { isWeatherMade, LookAtRegister, type LookedAt, newsDays, thousandths } from './look-at-register.ts';
import { causesOf } from './rules/causes.ts';
import { type ToldChange, tellAnew } from './rules/told-insights.ts';
import { keptEpisodesItem } from './store/kept-episodes.ts';
import { putHomeUse } from './store/similar-homes.ts';
import { readToldInsights, type StoredInsight, toldInsightWrite } from './store/told-insights.ts';

export interface FollowInsightsParts {
  readonly profile: Table;
  readonly readings: Table;
  /** Milliseconds. */
  readonly now: () => number;
}

const tries = 8;
/** What ended longer ago is history that was handed in: it is answered when somebody asks, and told to nobody. */
const newsSeconds = 35 * 86_400;

/** Tells what days that were judged make known: each closed day of a register looks at what is stored, and adds nothing up. */
export class FollowInsights {
  readonly #parts: FollowInsightsParts;
  readonly #supply: SupplyReader;
  readonly #look: LookAtRegister;

  constructor(parts: FollowInsightsParts) {
    this.#parts = parts;
    this.#supply = new SupplyReader(parts.profile);
    this.#look = new LookAtRegister(parts);
  }

  /** On changes of the readings table: looks at each register of which days were judged, once for the whole batch. */
  async changes(changes: readonly Change[]): Promise<void> {
    const news = new Map<string, { readonly meter: string; readonly register: string; readonly dates: Set<string> }>();
    for (const change of changes) {
      const place = change.after === undefined ? undefined : judgedMonthOf(change.after);
      if (place === undefined) continue;
      const name = `${place.meter}#${place.register}`;
      const there = news.get(name) ?? { ...place, dates: new Set<string>() };
      for (const date of datesJudged(change)) there.dates.add(date);
      if (there.dates.size > 0) news.set(name, there);
    }
    for (const { meter, register, dates } of news.values()) await this.#judged(meter, register, [...dates].sort());
  }

  async #judged(meter: string, register: string, dates: readonly string[]): Promise<void> {
    const item = await readMeter(this.#parts.profile, meter);
    const zone = item?.registers.find(({ id }) => id === register)?.zone;
    const [first, last] = [dates[0], dates.at(-1)];
    if (item === undefined || zone === undefined || first === undefined || last === undefined) return;
    const told = { from: startOfDate(zone, first), to: startOfDate(zone, addDays(last, 1)) };
    if (told.to < this.#parts.now() / 1000 - newsSeconds - newsDays * 86_400) return;
    for (const { servicePoint, premise, from, to } of item.installations) {
      if (secondsOf(from) >= told.to || (to !== null && secondsOf(to) <= told.from)) continue;
      const supplied = await this.#supply.of(servicePoint, premise);
      if (supplied !== undefined) await this.#untilKept(supplied, register, dates);
    }
  }

  /** Puts what a home uses a day among those of its area; a point that nobody uses is no home to compare with. */
  async #tellHome({ point, area, periods }: SuppliedPoint, looked: LookedAt): Promise<void> {
    const { commodity, flow, unit, register, end, date } = looked;
    const perDay = looked.insights['use-per-day'];
    const isUsed = periods.some(({ from, to }) => from < end && end <= to);
    if (area === undefined || flow !== 'forward' || !perDay.enough || !isUsed) return;
    const use = { perDay: Math.round(perDay.value * thousandths(looked)), on: addDays(date, -1) };
    const group = { commodity: `${commodity} ${unit}`, area };
    const weather = isWeatherMade(commodity) ? [weatherAreaItem({ area, on: use.on })] : [];
    await putHomeUse(this.#parts.readings, group, { servicePoint: point.id, register }, use, weather);
  }

  async #untilKept(supplied: SuppliedPoint, register: string, dates: readonly string[]): Promise<void> {
    const place = { servicePoint: supplied.point.id, register };
    const { readings, now } = this.#parts;
    for (let tried = 0; tried < tries; tried += 1) {
      // Read first: who writes it later knew no less.
      const known = await readToldInsights(readings, place);
      const looked = await this.#look.at(supplied, register, true);
      if (looked === undefined || looked.end < now() / 1000 - newsSeconds) return;
      const kept = keptEpisodesItem(place, looked.judged);
      if (kept !== undefined) await readings.batchPut([kept]);
      if (isTurn(place.servicePoint, dates)) await this.#tellHome(supplied, looked);
      const writes = changesOf(known, looked).map(({ before, after }) =>
        toldInsightWrite(
          place,
          after,
          known.find((one) => one === before),
        ),
      );
      if (writes.length === 0) return;
      try {
        return await readings.commit(writes);
      } catch (error) {
        if (!(error instanceof ConditionFailed || error instanceof TransactionConflict)) throw error;
      }
    }
    throw new DomainError('unavailable', 'readings.busy', 'insights of a register are being told by others');
  }
}

/** Each home says once a week, on a day of its own, what it uses, and when days of it come together. */
const isTurn = (servicePoint: string, dates: readonly string[]): boolean => {
  const [date] = dates;
  return (
    date !== undefined &&
    (dates.length > 1 || (daysBetween('1970-01-01', date) + servicePoint.charCodeAt(10)) % 7 === 0)
  );
};

/** What is told anew; what others than those who use the point now were told is over. */
const changesOf = (known: readonly StoredInsight[], looked: LookedAt): readonly ToldChange[] => {
  const { date, end, since, zone } = looked;
  const still = looked.insights['dead-meter'];
  const stood = still?.enough === true ? still.value.stood : [];
  const found = { on: addDays(date, -1), end, from: startOfDate(zone, addDays(date, -newsDays)), stood };
  const causes = causesOf(looked, looked.insights, looked.episodes).filter(
    ({ kind, from }) => !episodeKinds.has(kind) || from >= found.from,
  );
  return [
    ...tellAnew(
      known.filter(({ from }) => from < since),
      { ...found, causes: [] },
    ),
    ...tellAnew(
      known.filter(({ from }) => from >= since),
      { ...found, causes },
    ),
  ];
};
