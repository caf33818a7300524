import { joinSeries } from '#functions/readings/rules/supplied-series.ts';
import type { AnswerOf, QueryOf } from '#functions/routes.ts';
import type { Table } from '#shared/table/table.ts';
import { instantOf } from '#shared/vocabulary/time.ts';
import type { RegisterPlace } from './store/judged-registers.ts';
import { pageExceptions, type StoredException } from './store/reading-exceptions.ts';
import { RegisterReader } from './store/series.ts';
import type { MeterPeriod } from './store/supply.ts';

export interface ListExceptionsParts {
  readonly profile: Table;
  readonly readings: Table;
}

type Shown = AnswerOf<'listReadingExceptions'>['data'][number];

/** A register of a meter for as long as the meter measured the point. */
interface MeasuredPlace extends RegisterPlace {
  readonly from: number;
  readonly to: number;
}

export const exceptionView = ({ meter, register }: RegisterPlace, kept: StoredException): Shown => {
  const { exception, state, version } = kept;
  const { id, ruleId, version: ruleVersion, severity, from, to, quality, evidence } = exception;
  return {
    id,
    meterId: meter,
    register,
    rule: ruleId,
    ruleVersion,
    severity,
    state,
    start: instantOf(from),
    end: instantOf(to),
    ...(quality === undefined ? {} : { quality }),
    evidence: Object.fromEntries(
      Object.entries(evidence).map(([name, value]) => [name, typeof value === 'object' ? [...value] : value]),
    ),
    revision: version,
  };
};

/** Registers of a point's meters, by name, of each the latest meter first. */
export const placesOf = async (
  registers: RegisterReader,
  meters: readonly MeterPeriod[],
  asked: string | undefined,
): Promise<readonly MeasuredPlace[]> => {
  const measured = await Promise.all(
    meters.map(async ({ item, ...period }) =>
      (item?.registers ?? (await registers.of(period.meter))).map((register) => ({ ...period, register })),
    ),
  );
  const names = [...new Set(measured.flat().map(({ register }) => register.id))].sort();
  return names
    .filter((name) => asked === undefined || name === asked)
    .flatMap((name) => joinSeries(measured.flat().filter(({ register }) => register.id === name))?.stretches ?? [])
    .map(({ meter, register, from, to }) => ({ meter, register: register.id, from, to }))
    .sort((left, right) =>
      left.register < right.register ? -1 : left.register > right.register ? 1 : right.from - left.from,
    );
};

const stands = ({ state }: StoredException): boolean => state === 'open' || state === 'filled';

/** A page of what the rules found in the readings of a point; the position is the register's place and the key within. */
export const listExceptions = async (
  { profile, readings }: ListExceptionsParts,
  meters: readonly MeterPeriod[],
  { state, rule, register, limit, cursor }: QueryOf<'listReadingExceptions'>,
): Promise<AnswerOf<'listReadingExceptions'>> => {
  const places = await placesOf(new RegisterReader(profile), meters, register);
  const cut = cursor?.indexOf(' ') ?? -1;
  const [at, inside] = cursor === undefined ? [0, ''] : [Number(cursor.slice(0, cut)), cursor.slice(cut + 1)];
  const data: Shown[] = [];
  let after = inside === '' ? undefined : inside;
  for (let index = at; index < places.length; index += 1) {
    const place = places[index];
    if (place === undefined) break;
    const wanted = (one: StoredException): boolean =>
      (state === undefined ? stands(one) : one.state === state) &&
      (rule === undefined || one.exception.ruleId === rule) &&
      place.from <= one.exception.from &&
      one.exception.from < place.to;
    do {
      const page = await pageExceptions(readings, place, limit - data.length, after);
      data.push(...page.exceptions.filter(wanted).map((one) => exceptionView(place, one)));
      after = page.next;
      if (data.length < limit) continue;
      const next = after === undefined ? (index + 1 < places.length ? `${index + 1} ` : null) : `${index} ${after}`;
      return { data, next };
    } while (after !== undefined);
  }
  return { data, next: null };
};
