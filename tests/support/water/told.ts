import { eraOf } from '#functions/insight/rules/eras.ts';
import { leaksOf, nightFlow } from '#functions/insight/rules/night-flow.ts';
import { judgeWaterEra, waterEpisodes } from '#functions/insight/rules/water-eras.ts';
import { makesHours } from '#functions/insight/rules/water-hours.ts';
import { addDays, nextMidnight, startOfDate } from '#shared/vocabulary/time.ts';
import { householdDays, type MeteredHousehold } from './households.ts';

/** Something a home is told, the gravest of it, and when first: at the end of the day that shows it. Unix seconds. */
export interface Told {
  readonly kind: 'suspicion' | 'leak' | 'steady' | 'high';
  readonly from: number;
  readonly to: number;
  readonly at: number;
}

/** What comes back within this time is told as the same. */
const same = 28 * 86_400;

const nightsOf = ({ readings, how }: MeteredHousehold): readonly Told[] => {
  const told: Told[] = [];
  let end = 0;
  for (let day = 0; day < householdDays; day += 1) {
    const at = startOfDate(how.zone, addDays(how.first, day + 1));
    while (end < readings.length && (readings[end]?.at ?? at) < at) end += 1;
    const found = nightFlow(readings.slice(0, end), how, { from: '', to: '' });
    if (!found.enough || found.value.leak === 'none') continue;
    const [from, last] = [at - found.value.hours * 3600, told.at(-1)];
    const kind = found.value.leak === 'suspected' ? 'suspicion' : 'leak';
    if (last === undefined || from - last.to > same) told.push({ kind, from, to: at, at });
    else told[told.length - 1] = { ...last, kind: last.kind === 'leak' ? 'leak' : kind, to: at };
  }
  return told;
};

/** What the rules of water tell a home, nobody being known to be at home or away. */
export const toldOf = (home: MeteredHousehold): readonly Told[] => {
  const { readings, how } = home;
  const { zone, step, first } = how;
  const [firstEra, lastEra] = [eraOf(first), eraOf(addDays(first, householdDays - 1))];
  const eras = Array.from({ length: lastEra - firstEra + 1 }, (_, place) => firstEra + place);
  const settings = { step, zone, litres: 1, presenceAt: () => 'unknown' as const };
  const hourly = makesHours(step);
  const leaks = leaksOf(readings, step, zone);
  const episodes = (hourly ? waterEpisodes(eras.flatMap((era) => judgeWaterEra(settings, readings, era))) : []).filter(
    ({ reason, from }) => reason !== 'steady' || !leaks.some((leak) => leak.from <= from && from < leak.to),
  );
  const known = (from: number): number => nextMidnight(zone, from);
  const flows = episodes.map(({ reason, from, to }): Told => {
    const kind = reason === 'high' ? 'high' : 'steady';
    return { kind, from, to, at: known(kind === 'steady' ? from + 6 * 3600 - 1 : from) };
  });
  return [...nightsOf(home), ...flows];
};
