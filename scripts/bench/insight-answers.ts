import { LookAtRegister } from '#functions/insight/look-at-register.ts';
import { ShowInsights } from '#functions/insight/show-insights.ts';
import { type SuppliedPoint, SupplyReader } from '#functions/validation/store/supply.ts';
import { keptEpisodesKey } from '#shared/table/keys.ts';
import { createCountedTable } from './counted-table.ts';
import type { Figure, Measurement } from './measurement.ts';
import { startSeeded } from './running-system.ts';
import { millisecondsOf, quantile } from './spread.ts';

/** An answer about a point: what its registers count, in which time it was given, and what it asked of the tables. */
interface Taken {
  readonly kind: string;
  readonly milliseconds: number;
  readonly requests: number;
}

/** What answers of a whole seeded utility came to. */
export interface InsightAnswers {
  readonly points: number;
  readonly registers: number;
  /** Registers whose weeks were judged while an answer was read. */
  readonly judgedAnew: number;
  /** Points about which another answer is given where nothing is kept of what was judged. */
  readonly otherwise: number;
  /** As kept for the first and the second time, and where all is judged anew. */
  readonly first: readonly Taken[];
  readonly second: readonly Taken[];
  readonly anew: readonly Taken[];
}

const wholeHour = 3_600_000;

/** Seeds a utility, waits until all is judged, and asks about each of its points: as kept, twice, and judged anew. */
export const askAllInsights = async (size: {
  readonly customers: number;
  readonly months: number;
}): Promise<InsightAnswers> => {
  const { served } = await startSeeded(size);
  try {
    const { store, drain } = served.system;
    if (!(await drain(wholeHour))) throw new Error('not all readings were judged');
    const [profile, readings] = [
      createCountedTable(store.table('profile')),
      createCountedTable(store.table('readings')),
    ];
    const supply = new SupplyReader(profile);
    const points: SuppliedPoint[] = [];
    for await (const { pk, sk } of store.scan('profile')) {
      if (sk === 'HEAD' && pk.startsWith('PRM#')) points.push(...(await supply.ofPremise(pk.slice(4))));
    }
    const show = new ShowInsights({ profile, readings });
    const look = new LookAtRegister({ profile, readings });
    const ask = async () => {
      const answers: string[] = [];
      const taken: Taken[] = [];
      for (const point of points) {
        profile.reset();
        readings.reset();
        let answer: Awaited<ReturnType<ShowInsights['answer']>> | undefined;
        const milliseconds = await millisecondsOf(async () => {
          answer = await show.answer(point, undefined);
        });
        answers.push(JSON.stringify(answer));
        const kind = answer?.data.map(({ register }) => register).join(' and ') ?? '';
        const requests = profile.counts().requests + readings.counts().requests;
        if (kind !== '') taken.push({ kind, milliseconds, requests });
      }
      return { answers, taken };
    };
    let [registers, judgedAnew] = [0, 0];
    for (const point of points) {
      for (const register of await look.registersOf(point)) {
        const looked = await look.at(point, register);
        registers += looked === undefined ? 0 : 1;
        judgedAnew += looked?.judgedAnew === true ? 1 : 0;
      }
    }
    const [first, second] = [await ask(), await ask()];
    for (const point of points) {
      for (const register of await look.registersOf(point))
        await readings.commit([{ in: 'readings', remove: keptEpisodesKey(point.point.id, register) }]);
    }
    const anew = await ask();
    const otherwise = anew.answers.filter((answer, place) => answer !== second.answers[place]).length;
    return {
      points: points.length,
      registers,
      judgedAnew,
      otherwise,
      first: first.taken,
      second: second.taken,
      anew: anew.taken,
    };
  } finally {
    await served.stop();
  }
};

const notCounted =
  'no HTTP, no token, no audit write; the embedded table in memory; as kept for the second time unless said';

/** What it takes to say what readings tell of a point. */
export const insightAnswers: Measurement = {
  name: 'insights',
  title: 'What readings tell of a point, answered',
  measure: async () => {
    const { points, registers, judgedAnew, otherwise, first, second, anew } = await askAllInsights({
      customers: 24,
      months: 13,
    });
    const common = { name: 'insights', notCounted };
    const kinds = [...new Set(second.map(({ kind }) => kind))].sort();
    const timesOf = (taken: readonly Taken[], kind: string): readonly number[] =>
      taken.filter((one) => one.kind === kind).map(({ milliseconds }) => milliseconds);
    const ofKind = (kind: string): Figure => ({
      ...common,
      what: `an answer about a point of ${kind}, p50`,
      value: quantile(timesOf(second, kind), 0.5),
      unit: `ms of ${timesOf(second, kind).length}`,
      beside: [
        { what: 'p95', value: quantile(timesOf(second, kind), 0.95), unit: 'ms' },
        { what: 'asked for the first time, p50', value: quantile(timesOf(first, kind), 0.5), unit: 'ms' },
        { what: 'judged anew, p50', value: quantile(timesOf(anew, kind), 0.5), unit: 'ms' },
        { what: 'judged anew, p95', value: quantile(timesOf(anew, kind), 0.95), unit: 'ms' },
      ],
    });
    return [
      {
        ...common,
        what: `registers judged anew while ${points} answers are read`,
        value: judgedAnew,
        unit: `of ${registers}`,
        goal: { exactly: 0 },
      },
      {
        ...common,
        what: 'answers that are otherwise, byte for byte, where all is judged anew',
        value: otherwise,
        unit: `of ${points}`,
        goal: { exactly: 0 },
      },
      {
        ...common,
        what: 'requests of an answer, p95',
        value: quantile(
          second.map(({ requests }) => requests),
          0.95,
        ),
        unit: 'requests',
        goal: { atMost: 10 },
        beside: [
          {
            what: 'of one that is judged anew',
            value: quantile(
              anew.map(({ requests }) => requests),
              0.95,
            ),
            unit: 'requests',
          },
        ],
      },
      ...kinds.map(ofKind),
    ];
  },
};
