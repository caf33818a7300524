import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cause } from '#functions/insight/rules/causes.ts';
import type { Judged } from '#functions/insight/rules/detect/detect.ts';
import { episodesOf } from '#functions/insight/rules/detect/episodes.ts';
import { episodesWithin, eraOf, judgeEra } from '#functions/insight/rules/eras.ts';
import { type ToldInsight, tellAnew } from '#functions/insight/rules/told-insights.ts';
import { episodeWords } from '#functions/insight/rules/words.ts';
import { episodeKinds, ToldInsightKind } from '#shared/vocabulary/insights.ts';
import { addDays } from '#shared/vocabulary/time.ts';

const day = 86_400;
const start = 20_000;
const dateOf = (number: number): string => addDays('1970-01-01', number);

/** What one look finds on a day: of each kind a cause or none, and episodes that began in the four weeks before. */
const look = fc.record({
  gap: fc.integer({ min: 1, max: 9 }),
  lasting: fc.subarray(ToldInsightKind.options.filter((kind) => !episodeKinds.has(kind))),
  episodes: fc.uniqueArray(fc.integer({ min: 1, max: 27 }), { maxLength: 3 }),
  decide: fc.option(fc.constantFrom('seen', 'actioned', 'dismissed'), { nil: undefined }),
});

type Look = typeof look extends fc.Arbitrary<infer Value> ? Value : never;

const causesAt = (
  number: number,
  { lasting, episodes }: { lasting: readonly ToldInsightKind[]; episodes: readonly number[] },
): Cause[] => {
  const common = { headline: 'Something', text: 'Something.', value: {} };
  const end = (number + 1) * day;
  return [
    ...lasting.map((kind): Cause => ({ ...common, kind, from: end - 3 * day, to: end, lasts: true })),
    ...episodes.map((back): Cause => {
      const from = (number - (back - (back % 5))) * day;
      const kind = [...episodeKinds][back % episodeKinds.size] ?? 'unusual-use';
      return { ...common, kind, from, to: from + 3600, lasts: end - from <= 3 * day };
    }),
  ];
};

const distinct = (causes: readonly Cause[]): Cause[] => [
  ...new Map(causes.map((one) => [`${one.kind}${one.from}`, one])).values(),
];

/** Tells one look after the other, as the store would keep it; a person decides on the first now and then. */
const play = (looks: readonly Look[]) => {
  let kept: readonly ToldInsight[] = [];
  let number = start;
  const dismissed = new Set<string>();
  const told: string[] = [];
  for (const one of looks) {
    number += one.gap;
    const end = (number + 1) * day;
    const found = { on: dateOf(number), end, from: end - 28 * day, causes: distinct(causesAt(number, one)) };
    const apply = (known: readonly ToldInsight[]): readonly ToldInsight[] => {
      const changes = tellAnew(known, found);
      for (const { before, after } of changes) {
        const name = `${after.kind}${after.from}`;
        if (after.state === 'new' && before?.foundAt !== after.foundAt) told.push(name);
        if (dismissed.has(name)) expect(after.state).toBe('dismissed');
      }
      const others = known.filter((old) => changes.every(({ before }) => before !== old));
      return [...others, ...changes.map(({ after }) => after)].sort((left, right) => right.from - left.from);
    };
    kept = apply(kept);
    expect(tellAnew(kept, found)).toEqual([]);
    const [first, ...rest] = kept;
    if (one.decide === undefined || first === undefined) continue;
    if (one.decide === 'dismissed') dismissed.add(`${first.kind}${first.from}`);
    else dismissed.delete(`${first.kind}${first.from}`);
    kept = [{ ...first, state: one.decide }, ...rest];
  }
  return { kept, told };
};

describe('what is told', () => {
  it('is told once for each look at the same, leaves what was dismissed alone, and lasts once of each kind', () => {
    fc.assert(
      fc.property(fc.array(look, { minLength: 1, maxLength: 12 }), (looks) => {
        const { kept } = play(looks);
        for (const kind of ToldInsightKind.options) {
          const standing = kept.filter((one) => one.kind === kind && one.standing === 'standing');
          if (!episodeKinds.has(kind)) expect(standing.length).toBeLessThanOrEqual(1);
        }
        expect(new Set(kept.map(({ kind, from }) => `${kind}${from}`)).size).toBe(kept.length);
      }),
      { numRuns: 300 },
    );
  });

  it('is told again after a quarter where it lasts, and not before', () => {
    const looks = Array.from({ length: 120 }, () => ({
      gap: 1,
      lasting: ['dead-meter' as const],
      episodes: [],
      decide: undefined,
    }));
    expect(play(looks.slice(0, 84)).told).toHaveLength(1);
    expect(play(looks).told).toHaveLength(2);
  });
});

describe('what is above and what is below the expected', () => {
  const hour = 3600;
  const one = (at: number, reason: Judged['reason'], value: number, expected = 500): Judged => ({
    at: start * day + at * hour,
    value,
    expected,
    score: 7,
    reason,
    alarm: at === 0,
  });
  const shown = (judged: readonly Judged[]) =>
    episodesOf(judged).map(({ from, to, reason, excess }) => [
      (from - start * day) / hour,
      (to - start * day) / hour,
      reason,
      excess,
    ]);

  it('are different episodes, each with the excess of its own', () => {
    expect(
      shown([
        one(0, 'zero', 0),
        one(1, 'shiftDown24h', 0),
        one(61, 'above', 9_500),
        one(62, 'oddDay', 600),
        one(70, 'below', 100),
        one(130, 'high', 8_500),
      ]),
    ).toEqual([
      [0, 70, 'zero', -1_400],
      [61, 130, 'above', 17_100],
    ]);
  });

  it('begin on neither side where a reading does not say, and a meter that sticks ends where another value comes', () => {
    expect(shown([one(0, 'oddDay', 700), one(5, 'shiftUp6h', 900), one(9, 'density', 300)])).toEqual([
      [0, 9, 'oddDay', 400],
    ]);
    expect(shown([one(0, 'flat', 173), one(5, 'below', 173), one(40, 'above', 9_500)])).toEqual([
      [0, 5, 'flat', -654],
      [40, 40, 'above', 9_000],
    ]);
    expect(shown([one(0, 'flat', 173), one(40, 'above', 9_500)])).toEqual([
      [0, 0, 'flat', -327],
      [40, 40, 'above', 9_000],
    ]);
  });

  it('are causes of their own: somebody who acted on the drop hears of the rise after it', () => {
    const end = (start + 1) * day;
    const cause = (from: number, reason: string, excess: number): Cause => ({
      kind: 'unusual-use',
      from,
      to: from + hour,
      lasts: true,
      headline: reason,
      text: reason,
      value: { reason, excess },
    });
    const found = { on: dateOf(start), end, from: end - 14 * day, causes: [cause(end - 70 * hour, 'zero', -900)] };
    const [first] = tellAnew([], found);
    if (first === undefined) throw new Error('nothing was told');
    const known = [{ ...first.after, state: 'actioned' as const }];
    const later = { ...found, end: end + day, on: dateOf(start + 1) };
    const spike = cause(end - 10 * hour, 'above', 9_000);
    expect(tellAnew(known, { ...later, causes: [...found.causes, spike] })).toMatchObject([
      { before: undefined, after: { from: spike.from, text: 'above', state: 'new' } },
    ]);
    // Where the drop turns out to be none, the rise is no part of it either.
    expect(tellAnew(known, { ...later, causes: [spike] }).map(({ after }) => [after.text, after.standing])).toEqual([
      ['zero', 'withdrawn'],
      ['above', 'standing'],
    ]);
    const more = cause(end - 10 * hour, 'shiftDown6h', -300);
    expect(tellAnew(known, { ...later, causes: [more] })).toMatchObject([
      { before: known[0], after: { from: first.after.from, text: 'shiftDown6h', state: 'actioned' } },
    ]);
  });

  it('are told again where water that was suspect turns out to be a leak, and no more for that, unless dismissed', () => {
    const end = (start + 1) * day;
    const leak = (gravity: string, days: number) => ({
      on: dateOf(start + days),
      end: end + days * day,
      from: end - 28 * day,
      causes: [
        {
          kind: 'night-flow' as const,
          from: end - day,
          to: end + days * day,
          lasts: true,
          headline: gravity,
          text: gravity,
          value: { leak: gravity },
        },
      ],
    });
    const [first] = tellAnew([], leak('suspected', 0));
    if (first === undefined) throw new Error('nothing was told');
    const seen = { ...first.after, state: 'seen' as const };
    const [graver, ...none] = tellAnew([seen], leak('leak', 1));
    expect([graver?.after.text, graver?.after.state, graver?.after.from, none]).toEqual(['leak', 'new', end - day, []]);
    expect(tellAnew(graver === undefined ? [] : [graver.after], leak('leak', 2))).toEqual([]);
    expect(tellAnew(graver === undefined ? [] : [graver.after], leak('suspected', 2))).toEqual([]);
    expect(tellAnew([{ ...seen, state: 'dismissed' }], leak('high', 1)).map(({ after }) => after.text)).not.toContain(
      'high',
    );
  });

  it('have words that agree with their excess', () => {
    const said = (reason: Judged['reason'], excess: number) =>
      episodeWords(
        { unit: 'Wh', flow: 'forward', powerOfTen: 0, zone: 'Europe/London' },
        { from: start * day, to: start * day, reason, score: 7, readings: 2, excess },
      ).split(': ')[1];
    expect(said('above', 11_900)).toBe('a sudden rise, 11.9 kWh more than expected');
    expect(said('shiftUp24h', -11_900)).toBe('unusual readings, 11.9 kWh less than expected');
    expect(said('zero', -11_900)).toBe('no use for unusually long, 11.9 kWh less than expected');
    expect(said('oddDay', -11_900)).toBe('a day unlike the others, 11.9 kWh less than expected');
  });
});

describe('an era', () => {
  const settings = { step: 3600, zone: 'Europe/London', wattHours: 1 };
  const readingsOf = (values: readonly number[], first: number) =>
    values.map((value, index) => ({ at: first * day + index * 3600, value: value + (index % 24 > 17 ? 2_000 : 300) }));

  it('says the same of its days whatever came after them, and whatever lay before what it knows', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 24 * 90, maxLength: 24 * 90 }),
        fc.integer({ min: 0, max: 6_000 }),
        fc.integer({ min: 1, max: 24 * 20 }),
        (values, odd, back) => {
          const era = eraOf(dateOf(start));
          const first = era * 28 - 62;
          const whole = readingsOf(values, first).map((one, index) =>
            index === 24 * 70 ? { ...one, value: one.value + odd * 3 } : one,
          );
          const all = judgeEra(settings, whole, era);
          const until = whole.slice(0, whole.length - back);
          const last = until.at(-1)?.at ?? 0;
          expect(judgeEra(settings, until, era)).toEqual(all.filter(({ at }) => at <= last));
          const other = whole.map((one, index) => (index < 24 * 5 ? { ...one, value: one.value * 7 } : one));
          expect(judgeEra(settings, other, era)).toEqual(all);
          expect(
            judgeEra(
              settings,
              whole.flatMap((one) => [one, one]),
              era,
            ),
          ).toEqual(all);
        },
      ),
      { numRuns: 12 },
    );
  });

  it('tells only what begins in it: not the drop that goes on from before, but the rise after it', () => {
    const era = eraOf(dateOf(start));
    const first = era * 28;
    const values = Array.from({ length: 24 * 90 }, (_, index) => (index * 7919) % 200);
    const made = readingsOf(values, first - 60).map((one) => {
      const hours = one.at / 3600 - first * 24;
      if (hours >= -40 && hours < 10) return { ...one, value: 0 };
      return hours === 50 ? { ...one, value: 30_000 } : one;
    });
    const unusual = judgeEra(settings, made, era);
    const before = judgeEra(settings, made, era - 1);
    const shown = (episodes: ReturnType<typeof episodesWithin>) =>
      episodes
        .filter(({ from }) => from < (first + 4) * day)
        .map(({ from, excess }) => [from < first * day, Math.sign(excess)]);
    expect(unusual[0]?.at).toBeLessThan(first * day + 10 * 3600);
    expect(shown(episodesWithin(unusual))).toEqual([[false, 1]]);
    expect(shown(episodesWithin([...before, ...unusual]))).toEqual([
      [true, -1],
      [false, 1],
    ]);
  });
});
