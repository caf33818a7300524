import { type HeadlineFigures, headlineFields } from '#shared/vocabulary/headline-figures.ts';
import type { ToldInsightKind } from '#shared/vocabulary/insights.ts';
import type { Scale } from '#shared/vocabulary/measures.ts';
import { amountOf, figure, flowOf, percent } from './amounts.ts';

const wordsOf: Readonly<Record<ToldInsightKind, (scale: Scale, figures: readonly number[]) => string>> = {
  'unusual-use': (scale, [excess = 0]) =>
    excess === 0
      ? 'Unusual use'
      : `Unusual use, ${amountOf(scale, Math.abs(excess))} ${excess > 0 ? 'more' : 'less'} than expected`,
  'significant-rise': (_, [onYear = 0]) => `Use rose ${percent(onYear)} on the year`,
  'base-load-rise': (scale, [now = 0, before = 0]) =>
    `${flowOf(scale, now)} day and night, ${flowOf(scale, before)} before`,
  'dead-meter': (_, [hours = 0]) => `Nothing counted for ${figure(hours)} hours`,
  'night-flow': (_, [hours = 0]) => `Water has run for ${figure(hours)} hours without a pause`,
  'even-flow': (scale, [most = 0]) => `Water ran hour after hour, up to ${amountOf(scale, most)} in one`,
  'high-flow': (scale, [most = 0]) => `Unusually much water in an hour, ${amountOf(scale, most)}`,
  'away-flow': (scale, [litres = 0]) => `${amountOf(scale, litres)} of water used while nobody was at home`,
};

const withoutNumbers: Readonly<Record<ToldInsightKind, string>> = {
  'unusual-use': 'Unusual use',
  'significant-rise': 'Use rose on the year',
  'base-load-rise': 'What never stops rose',
  'dead-meter': 'The meter counts nothing',
  'night-flow': 'Water runs without a pause',
  'even-flow': 'Water ran hour after hour',
  'high-flow': 'Unusually much water in an hour',
  'away-flow': 'Water was used while nobody was at home',
};

/** A few words on what was told, with its numbers where they are known. */
export const headlineOf = (kind: ToldInsightKind, known: HeadlineFigures | undefined): string => {
  if (known === undefined) return withoutNumbers[kind];
  const fields = headlineFields[kind].split(' ');
  return wordsOf[kind](
    known,
    known.figures.map((one, place) => (fields[place]?.endsWith('%') === true ? one / 10_000 : one)),
  );
};
