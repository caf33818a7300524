import { medianOf } from '#functions/insight/rules/robust.ts';
import { channelNames, isRaw, isRun } from './channels.ts';
import type { DetectorState } from './detector-state.ts';
import type { Outlook } from './outlook.ts';
import { noMaxima, withDay } from './return-score.ts';
import { afterDay, slotsOf } from './season.ts';

const levelDays = 7;
/** Days until the highest and lowest values of a day count: so long a fault may last without becoming what is usual. */
const rawDelay = 2;

const keepMaxima = (state: DetectorState): void => {
  for (const channel of channelNames) {
    const value = state.today.maxima[channel];
    if (value === undefined) continue;
    const waiting = [...(state.waiting[channel] ?? []), value];
    const delay = isRaw(channel) ? rawDelay : 0;
    while (waiting.length > delay)
      state.maxima[channel] = withDay(state.maxima[channel] ?? noMaxima, waiting.shift() ?? 0);
    state.waiting[channel] = waiting.map(Math.fround);
  }
};

/** Takes the open day of a state into what later days are held against. */
export const closeDay = (state: DetectorState, outlook: Outlook, step: number): void => {
  if (state.day === null) return;
  const values = Array.from({ length: slotsOf(step) }, (_, slot) => state.today.values[slot] ?? null);
  if (state.history.length > 0) {
    state.errors = afterDay(state.errors, outlook.predicted, values);
    const rests = values.flatMap((value, slot) => (value === null ? [] : [value - (outlook.chosen[slot] ?? 0)]));
    state.levels = [...state.levels, medianOf(rests)].slice(-levelDays);
  }
  state.history.push({ day: state.day, values });
  for (const channel of channelNames) if (isRun(channel)) state.today.maxima[channel] ??= 0;
  keepMaxima(state);
  state.days += 1;
  state.today = { values: [], maxima: {} };
};
