import { addDays, daysBetween } from '#shared/vocabulary/time.ts';
import { offsetAt } from '#shared/vocabulary/zones.ts';
import {
  AnomalyDetector,
  alarmScore,
  type DetectorSettings,
  episodeSeconds,
  type Judged,
  type SeriesReading,
} from './detect/detect.ts';
import { type Episode, episodesOf } from './detect/episodes.ts';

/**
 * Days are judged in eras of four weeks, counted from 1970-01-01. The detector of an era begins 56 days before it with nothing in
 * mind, so what is said of a day depends on the readings of the 56 to 83 days before it and on nothing else: not on when they
 * came, in what order, or how often.
 */
export const eraDays = 28;
export const knownDays = 56;
/** Raised when the same readings are judged otherwise: what was kept of judging by other rules is then not looked at. */
export const detectorRules = 1;
const daySeconds = 86_400;

/** Days before a date that are read to judge the four weeks before it: two eras at most, and what the earlier one knows. */
export const daysRead = 2 * eraDays + knownDays;

const epoch = '1970-01-01';
export const eraOf = (date: string): number => Math.floor(daysBetween(epoch, date) / eraDays);

/** The eras that hold the last days before a date. */
export const erasOf = (date: string, days: number): readonly number[] => [
  ...new Set([eraOf(addDays(date, -days)), eraOf(addDays(date, -1))]),
];

/** Number of the local day that an instant lies in. */
export const localDay = (zone: string, at: number): number => Math.floor((at + offsetAt(zone, at)) / daySeconds);

/**
 * Unusual readings of an era; an alarm is where one of their episodes opens. `readings` ascend and may lie beyond what the era
 * knows; of two with one instant the first counts.
 */
export const judgeEra = (
  settings: DetectorSettings,
  readings: readonly SeriesReading[],
  era: number,
): readonly Judged[] => {
  const detector = new AnomalyDetector(settings);
  const first = era * eraDays;
  const unusual: Judged[] = [];
  let last = Number.NEGATIVE_INFINITY;
  for (const reading of readings) {
    const day = localDay(settings.zone, reading.at);
    if (day < first - knownDays || day >= first + eraDays || reading.at <= last) continue;
    last = reading.at;
    const judged = detector.judge(reading);
    if (judged.score >= alarmScore) unusual.push(judged);
  }
  const opening = new Set(episodesOf(unusual).map(({ from }) => from));
  return unusual
    .filter(({ at }) => localDay(settings.zone, at) >= first)
    .map((one) => ({ ...one, alarm: opening.has(one.at) }));
};

/**
 * Episodes of the unusual readings of one era or of some that follow each other. What goes on from before them is not among
 * them: it began, and was told, in an era before.
 */
export const episodesWithin = (unusual: readonly Judged[]): readonly Episode[] => {
  const until = (unusual[0]?.at ?? 0) + episodeSeconds;
  const goingOn = new Set(unusual.filter(({ at, alarm }) => !alarm && at <= until).map(({ at }) => at));
  return episodesOf(unusual).filter(({ from }) => !goingOn.has(from));
};

/** Whether an episode may still go on at an instant. */
export const mayGoOn = ({ to }: Pick<Episode, 'to'>, at: number): boolean => at - to <= episodeSeconds;
