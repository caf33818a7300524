import { wholeArea } from '#functions/outages/rules/area-names.ts';
import { eachReading, gridCount, type Series } from '#functions/readings/rules/supplied-series.ts';
import { lastReadingAt } from '#functions/readings/store/readings.ts';
import { lastRegisterRead } from '#functions/readings/store/register-reads.ts';
import type { Temperatures } from '#functions/reference/rules/hourly-temperatures.ts';
import { temperaturesOfDays } from '#functions/reference/rules/hourly-temperatures.ts';
import { readTariff } from '#functions/reference/store/tariffs.ts';
import { readTemperatures } from '#functions/reference/store/temperatures.ts';
import type { DayDigest } from '#functions/validation/rules/day-digest.ts';
import { presenceOf } from '#functions/validation/rules/place-conditions.ts';
import { lastJudged, readJudgedMonths } from '#functions/validation/store/judged-months.ts';
import type { RegisterPlace } from '#functions/validation/store/judged-registers.ts';
import { RegisterReader, readSeries, readStretches } from '#functions/validation/store/series.ts';
import type { SuppliedPoint } from '#functions/validation/store/supply.ts';
import type { Table } from '#shared/table/table.ts';
import type { Scale } from '#shared/vocabulary/measures.ts';
import { billableQualities, estimatedQualities, type Flow } from '#shared/vocabulary/measures.ts';
import { common, holds, type Range } from '#shared/vocabulary/ranges.ts';
import type { Commodity } from '#shared/vocabulary/statuses.ts';
import { addDays, localDateAt, startOfDate } from '#shared/vocabulary/time.ts';
import { inUnit, litresOf } from './rules/amounts.ts';
import type { DayUse } from './rules/day-use.ts';
import type { SeriesReading } from './rules/detect/detect.ts';
import type { Episode } from './rules/detect/episodes.ts';
import { type PriceOn, pricesBy } from './rules/energy-cost.ts';
import { daysRead, episodesWithin, erasOf, judgeEra } from './rules/eras.ts';
import { type PointGround, type PointInsights, pointInsights } from './rules/point-insights.ts';
import { basisOf, type EpisodeGround, type KeptEpisodes, readKeptEpisodes } from './store/kept-episodes.ts';
import { readHomeUses } from './store/similar-homes.ts';

export interface LookParts {
  readonly profile: Table;
  readonly readings: Table;
}

/** What the readings of a register of a point tell, as of its last judged day. */
export interface LookedAt extends Scale {
  readonly register: string;
  readonly commodity: Commodity;
  readonly flow: Flow;
  readonly zone: string;
  /** The first local date that is not over. */
  readonly date: string;
  /** End of the last judged day, Unix seconds. */
  readonly end: number;
  /** Since when the point is used as it is now, by the same customer or by nobody; Unix seconds, 0 where it always was. */
  readonly since: number;
  readonly insights: PointInsights;
  /** Episodes of the days looked at: the last four weeks, or those that are news. */
  readonly episodes: readonly Episode[];
  /** Of the last four weeks, to be kept for those who ask. */
  readonly judged: KeptEpisodes;
  /** Whether they were judged for this look, and not found as they were kept. */
  readonly judgedAnew: boolean;
}

const span = 28;
/** Days before the last judged one whose unusual use is news, and judged again where readings of them come late. */
export const newsDays = 14;
const daySeconds = 86_400;
/** Days of the year before that a trend looks at, besides the last eight weeks. */
const trendDays = 364 + 2 * span;
/** Days whose temperatures a trend looks at: those it tells of, the year before, and the day before that for what follows by hours. */
const weatherDays = span + 365 + 1;
const hour = 3600;
/** Agreements of four weeks whose prices are looked at, the latest. */
const mostTariffs = 4;

/** What is used more of where it is cold or hot. */
export const isWeatherMade = (commodity: Commodity): boolean => commodity !== 'water';

type Stretch = Series['stretches'][number];

/** When the point began to be used as it is at an instant: what others used before is no ground for anything. */
const usedSince = ({ periods }: SuppliedPoint, at: number): number => {
  const now = periods.filter(({ from, to }) => from <= at && at < to);
  if (now.length > 0) return Math.min(...now.map(({ from }) => from));
  return Math.max(0, ...periods.filter(({ to }) => to <= at).map(({ to }) => to));
};

/** Measured values of a day that count; estimates are no evidence of anything. */
const useOf = ({ date, expected, byQuality }: DayDigest, factor: number): DayUse => {
  const measured = byQuality.filter(([code]) => billableQualities.has(code) && !estimatedQualities.has(code));
  const [count, value] = measured.reduce(([counts, sum], [, one, of]) => [counts + one, sum + of], [0, 0]);
  return { date, value: value * factor, read: expected === 0 ? 0 : Math.min(1, count / expected) };
};

/** Episodes of the last four weeks before a date, and of the days of them that are news; each era is judged once. */
const judgeLast = ({ settings, date, readings }: Omit<EpisodeGround, 'days'>) => {
  const eras = new Map(erasOf(date, span).map((era) => [era, judgeEra(settings, readings, era)]));
  const of = (days: number): readonly Episode[] => {
    const windowStart = startOfDate(settings.zone, addDays(date, -days));
    const unusual = erasOf(date, days).flatMap((era) => eras.get(era) ?? []);
    return episodesWithin(unusual).filter(({ from }) => from >= windowStart);
  };
  return { last: of(span), news: of(newsDays) };
};

/** Looks at registers of service points: everything is read from what is stored, so that it does not matter when it came. */
export class LookAtRegister {
  readonly #parts: LookParts;
  readonly #registers: RegisterReader;

  constructor(parts: LookParts) {
    this.#parts = parts;
    this.#registers = new RegisterReader(parts.profile);
  }

  /** Names of the registers that measured a point, in order. */
  async registersOf({ meters }: SuppliedPoint): Promise<readonly string[]> {
    return [...(await readSeries(this.#registers, meters)).keys()];
  }

  /**
   * Looks at a register; undefined where no day of it was judged since the point is used as it is now.
   * @param forNews whether it is to be told what is new: unusual use of the last two weeks, nothing of similar homes, and nothing at
   * all while later readings wait to be judged
   * @param seen time that is looked at, all of it where absent; nothing is told where it does not reach the last judged day
   */
  async at(
    supplied: SuppliedPoint,
    register: string,
    forNews = false,
    seen?: readonly Range[],
  ): Promise<LookedAt | undefined> {
    const series = (await readSeries(this.#registers, supplied.meters)).get(register);
    const latest = series === undefined ? undefined : await this.#lastDay(series, forNews);
    if (series === undefined || latest === undefined) return undefined;
    const { intervalSeconds: step, zone } = latest.stretch.register;
    const date = addDays(latest.date, 1);
    const end = startOfDate(zone, date);
    if (forNews && (await this.#isBehind(latest.stretch, end))) return undefined;
    const begun = seen === undefined ? 0 : seen.find(({ from, to }) => from < end && end <= to)?.from;
    if (begun === undefined) return undefined;
    const since = Math.max(begun, usedSince(supplied, end - 1));
    if (since >= end) return undefined;
    const alike = series.stretches.filter((one) => one.register.intervalSeconds === step);
    const place = { servicePoint: supplied.point.id, register };
    const [days, readings, kept] = await Promise.all([
      this.#days(series, { first: addDays(date, -trendDays), last: latest.date }, { from: since, to: end }),
      this.#readings(
        { ...series, stretches: alike },
        { from: Math.max(since, startOfDate(zone, addDays(date, -daysRead))), to: end },
      ),
      forNews ? undefined : readKeptEpisodes(this.#parts.readings, place),
    ]);
    const scale = { unit: series.register.unit, powerOfTen: series.powerOfTen };
    const settings = { step, zone, wattHours: inUnit(scale, 'Wh'), litres: waterOf(series.register.commodity, scale) };
    const basis = basisOf({ settings, date, days: span, readings });
    const isKept = kept?.basis === basis;
    const { last, news } = isKept ? { last: kept.episodes, news: [] } : judgeLast({ settings, date, readings });
    const recent = forNews ? news : last;
    const counted = (from: string, to: string): number =>
      gridCount(latest.stretch.register, startOfDate(zone, from), startOfDate(zone, to));
    const { commodity, flow } = series.register;
    const presence = presenceOf(supplied.point, supplied.conditions);
    const similar = forNews ? undefined : await this.#similar(supplied, commodity, scale, date);
    const priceOn = forNews ? undefined : await this.#prices(supplied, commodity, scale, date);
    const ground: PointGround = {
      ...scale,
      priceOn,
      commodity,
      flow,
      similar,
      zone,
      step,
      date,
      days,
      readings,
      expected: {
        now: counted(addDays(date, -span), date),
        before: counted(addDays(date, -2 * span), addDays(date, -span)),
      },
      supply: {
        connected: !holds(supplied.conditions.disconnected, end - 1),
        nothingExpected: holds(commodity === 'water' ? presence.away : supplied.conditions.zeroExpected, end - 1),
      },
      presence,
    };
    return {
      ...scale,
      register,
      commodity,
      flow,
      zone,
      date,
      end,
      since,
      insights: await this.#insights(supplied, ground, recent, forNews),
      episodes: recent,
      judged: { basis, episodes: last },
      judgedAnew: !isKept,
    };
  }

  /** The weather is looked at where somebody asks, and else only where it may be the reason for what would be told. */
  async #insights(
    { area }: SuppliedPoint,
    ground: PointGround,
    episodes: readonly Episode[],
    forNews: boolean,
  ): Promise<PointInsights> {
    if (!isWeatherMade(ground.commodity)) return pointInsights(ground, episodes);
    if (forNews) {
      const insights = pointInsights(ground, episodes);
      const rise = insights['significant-rise'];
      if (rise?.enough !== true || !rise.value.significant) return insights;
    }
    return pointInsights({ ...ground, temperatures: await this.#temperatures(area, ground) }, episodes);
  }

  /** Temperatures of the days a trend looks at: of the area, or where it has none of all areas. One query, or two. */
  async #temperatures(area: string | undefined, { zone, date }: PointGround): Promise<Temperatures> {
    const first = addDays(date, -weatherDays);
    const range = {
      from: Math.floor(startOfDate(zone, first) / hour) * hour,
      to: Math.ceil(startOfDate(zone, date) / hour) * hour,
    };
    for (const one of [area, wholeArea]) {
      if (one === undefined) continue;
      const held = await readTemperatures(this.#parts.readings, one, range);
      if (held.tenths.some((value) => value !== null)) return temperaturesOfDays(held, zone, first, date);
    }
    return new Map();
  }

  /** Prices of the tariffs that were agreed in the last four weeks: a Get each, as a rule one. */
  async #prices({ tariffs }: SuppliedPoint, commodity: Commodity, scale: Scale, date: string): Promise<PriceOn> {
    const first = addDays(date, -span);
    const agreed = tariffs.filter(({ from, to }) => from < date && (to === null || first < to)).slice(-mostTariffs);
    const codes = [...new Set(agreed.map(({ tariff }) => tariff))];
    const read = await Promise.all(codes.map((code) => readTariff(this.#parts.profile, code)));
    return pricesBy(
      agreed,
      new Map(read.flatMap((one) => (one === undefined ? [] : [[one.code, one]]))),
      commodity,
      scale,
    );
  }

  /** Use of a day of homes in the same area, in the scale of the register; as they told in the last five weeks. */
  async #similar(
    { point, area }: SuppliedPoint,
    commodity: Commodity,
    scale: Scale,
    date: string,
  ): Promise<readonly number[] | undefined> {
    if (area === undefined) return undefined;
    const group = { commodity: `${commodity} ${scale.unit}`, area };
    const uses = await readHomeUses(this.#parts.readings, group, point.id, addDays(date, -35));
    return uses.map((perDay) => perDay / thousandths(scale));
  }

  /** Whether readings of more than a day are stored that were not judged: their judging brings news of its own. */
  async #isBehind({ meter, register, to }: Stretch, end: number): Promise<boolean> {
    const last = await lastReadingAt(this.#parts.readings, meter, register.id);
    return last !== undefined && Math.min(last, to) > end + 2 * daySeconds;
  }

  async #lastRead(place: RegisterPlace, zone: string): Promise<string | undefined> {
    const read = await lastRegisterRead(this.#parts.readings, place.meter, place.register);
    return read === undefined ? undefined : localDateAt(zone, read.at - 1);
  }

  /** The last judged day or, where a register is only read and somebody asks, that of its last read: then too little is known. */
  async #lastDay(
    { stretches }: Series,
    forNews: boolean,
  ): Promise<{ readonly stretch: Stretch; readonly date: string } | undefined> {
    for (const stretch of stretches.toReversed()) {
      const place = { meter: stretch.meter, register: stretch.register.id };
      const { zone } = stretch.register;
      const judged = await lastJudged(this.#parts.readings, place);
      const last = judged ?? (forNews ? undefined : await this.#lastRead(place, zone));
      if (last === undefined) continue;
      if (startOfDate(zone, addDays(last, 1)) <= stretch.from) continue;
      const until = stretch.to === Number.POSITIVE_INFINITY ? last : localDateAt(zone, stretch.to - 1);
      return { stretch, date: [last, until].sort()[0] ?? last };
    }
    return undefined;
  }

  async #days(
    { stretches }: Series,
    dates: { readonly first: string; readonly last: string },
    within: Range,
  ): Promise<readonly DayUse[]> {
    const { readings } = this.#parts;
    const found = await Promise.all(
      stretches.map(async (stretch) => {
        const { meter, register, factor } = stretch;
        const of = (date: string): number => startOfDate(register.zone, date);
        const asked = { from: of(dates.first), to: of(addDays(dates.last, 1)) };
        if (common([stretch], [asked]).length === 0) return [];
        const months = await readJudgedMonths(readings, { meter, register: register.id }, dates);
        return months
          .flatMap(({ digests }) => digests)
          .filter(
            ({ date }) =>
              of(date) >= Math.max(stretch.from, within.from, asked.from) && of(date) < Math.min(stretch.to, asked.to),
          )
          .map((digest) => useOf(digest, factor));
      }),
    );
    return found.flat().sort((left, right) => (left.date < right.date ? -1 : 1));
  }

  async #readings(series: Series, range: Range): Promise<readonly SeriesReading[]> {
    const found: SeriesReading[] = [];
    for (const measured of await readStretches(this.#parts.readings, series, [range], range.from, range.to)) {
      eachReading(measured, (at, _end, value, code) => {
        if (value !== null && !estimatedQualities.has(code)) found.push({ at, value });
      });
    }
    return found;
  }
}

/** Litres that a value of a water register stands for: what is too little of it to matter is left out. */
const waterOf = (commodity: Commodity, scale: Scale): number | undefined =>
  commodity === 'water' ? litresOf(scale) : undefined;

/** Thousandths of the unit that a value of 1 in a scale is. */
export const thousandths = ({ powerOfTen }: Scale): number => 1000 * 10 ** powerOfTen;
