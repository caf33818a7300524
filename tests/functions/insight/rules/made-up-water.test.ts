import { describe, expect, it } from 'vitest';
import { eraOf } from '#functions/insight/rules/eras.ts';
import { leaksOf } from '#functions/insight/rules/night-flow.ts';
import { judgeWaterEra, waterEpisodes } from '#functions/insight/rules/water-eras.ts';
import { localDateAt } from '#shared/vocabulary/time.ts';
import { type MadeUpWater, makeUpWater } from '#tests/support/meters/made-up-water.ts';

/** What the rules of water tell of homes that none of them was made by: how much of what is broken, and how much of what is not. */

const zone = 'UTC';
const hour = 3600;
const days = 112;
const start = Date.UTC(2026, 0, 5) / 1000;
/** Days after which a home is looked at. */
const known = 56;
const homesOfEach = process.env.ROTUNDA_TEST_ALL === '1' ? 300 : 120;

interface ToldWater {
  readonly kind: string;
  readonly from: number;
  readonly to: number;
}

/** All that is told of a home once it is known, in hours from its beginning: of a leak nothing else is told. */
const toldOf = ({ litres }: MadeUpWater, since: number): readonly ToldWater[] => {
  const readings = litres.map((value, place) => ({ at: start + place * hour, value }));
  const settings = { step: hour, zone, litres: 1, presenceAt: () => 'unknown' as const };
  const first = eraOf(localDateAt(zone, start));
  const last = eraOf(localDateAt(zone, start + (days - 1) * 86_400));
  const eras = Array.from({ length: last - first + 1 }, (_, place) => first + place);
  const inHours = (kind: string, { from, to }: { readonly from: number; readonly to: number }): ToldWater => ({
    kind,
    from: (from - start) / hour,
    to: (to - start) / hour,
  });
  const leaks = leaksOf(readings, hour, zone).map((leak) => inHours('night', leak));
  const episodes = waterEpisodes(eras.flatMap((era) => judgeWaterEra(settings, readings, era)));
  const others = episodes
    .map((one) => inHours(one.reason, one))
    .filter(({ kind, from }) => kind !== 'steady' || !leaks.some((leak) => leak.from <= from && from < leak.to));
  return [...leaks, ...others].filter(({ from }) => from >= since);
};

const isTrue = (home: MadeUpWater, told: ToldWater): boolean =>
  home.troubles.some(({ from, to }) => told.from < to && told.to > from) ||
  // A pool that is filled is far more water than usual, which somebody is to be asked about.
  (home.ways.includes('pool') &&
    told.kind !== 'night' &&
    home.litres.slice(told.from, told.to).some((one) => one >= 900));

const troubleOf = ({ troubles: [first] }: MadeUpWater): string =>
  first?.kind === 'leak' ? (first.perHour < 10 ? 'a small leak' : 'a large leak') : (first?.kind ?? 'nothing');

describe(`${homesOfEach} made-up homes in which something breaks, and as many in which nothing does`, () => {
  const troubled = Array.from({ length: homesOfEach }, (_, seed) => makeUpWater(100_000 + seed, days, true));
  const quiet = Array.from({ length: homesOfEach }, (_, seed) => makeUpWater(seed, days, false));

  it('are told of nearly all that breaks', () => {
    const found = new Map<string, [number, number]>();
    for (const home of troubled) {
      const told = toldOf(home, known * 24).filter((one) => isTrue(home, one));
      const [seen, all] = found.get(troubleOf(home)) ?? [0, 0];
      found.set(troubleOf(home), [seen + (told.length > 0 ? 1 : 0), all + 1]);
    }
    console.log('made-up found', JSON.stringify([...found]));
    for (const [trouble, [seen, all]] of found) {
      expect(all, trouble).toBeGreaterThan(10);
      expect(seen / all, trouble).toBeGreaterThan(0.85);
    }
  });

  it('are hardly told of what is none', () => {
    const told = [...quiet, ...troubled].map((home) => toldOf(home, known * 24).filter((one) => !isTrue(home, one)));
    const months = (told.length * (days - known)) / (365.25 / 12);
    const byKind = Object.fromEntries(
      ['night', 'steady', 'high'].map((kind) => [kind, told.flat().filter((one) => one.kind === kind).length / months]),
    );
    console.log('made-up false', JSON.stringify(byKind));
    expect(told.flat().length / months).toBeLessThan(0.15);
  });

  it('are hardly told of anything in their first two weeks either', () => {
    const told = quiet.flatMap((home) => toldOf({ ...home, litres: home.litres.slice(0, 14 * 24) }, 0));
    console.log('made-up water, false in the first two weeks of a home:', told.length / quiet.length);
    expect(told.length / quiet.length).toBeLessThan(0.75);
  });
});
