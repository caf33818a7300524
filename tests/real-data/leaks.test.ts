import { describe, expect, it } from 'vitest';
import { isShared, secondsOf, sharedText } from '#scripts/bench/anomalies/shared-series.ts';
import { freshWater, judgeWaterHour } from '#shared/domain/insight/water-alerts.ts';
import type { Presence } from '#shared/vocabulary/statuses.ts';

const set = 'water-leak-scenarios';
const present = isShared(set);
if (!present) console.log(`skipped: the data set ${set} is not beside this checkout`);

const files = [
  'anomalous_consume_negative_ACN',
  'anomalous_consume_similar_ACS',
  'anomalous_high_consume_week_AHCW',
  'normal_consume_first_day_NCFD',
  'normal_consume_week_NCW',
  'normal_high_consume_is_at_home_NHCIAH',
] as const;

interface Record {
  readonly userId: number;
  readonly time: string;
  readonly consume: number;
  readonly isAtHome: string;
  readonly isAnomalous: number;
}

const presences: Readonly<Partial<{ [letter: string]: Presence }>> = { Y: 'home', N: 'away' };

/** Rows of the records at which an alert should go out, and at which ours does. The files hold several homes. */
const alertsOf = (file: string): { readonly due: readonly number[]; readonly raised: readonly number[] } => {
  const records: readonly Record[] = JSON.parse(sharedText(`${set}/${file}.json`));
  const homes = new Map<number, typeof freshWater>();
  const raised = records.flatMap(({ userId, time, consume, isAtHome }, row) => {
    const at = secondsOf(time);
    const judged = judgeWaterHour(homes.get(userId) ?? freshWater, {
      at,
      day: Math.floor(at / 86_400),
      litres: consume,
      presence: presences[isAtHome] ?? 'unknown',
    });
    homes.set(userId, judged.state);
    return judged.reasons.length > 0 ? [row] : [];
  });
  return { due: records.flatMap(({ isAnomalous }, row) => (isAnomalous === 1 ? [row] : [])), raised };
};

describe.skipIf(!present)('alerts of water', () => {
  it.each(files)('go out at the hours they should, and at no others: %s', (file) => {
    const { due, raised } = alertsOf(file);
    expect(raised).toEqual(due);
  });

  it('are thirteen in all', () => {
    expect(files.flatMap((file) => alertsOf(file).due)).toHaveLength(13);
  });
});
