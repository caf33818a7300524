import type { ToldInsightKind } from '#shared/vocabulary/insights.ts';
import { amountOf, figure, flowOf, percent, type Scale } from './amounts.ts';
import { headlineFields } from './headline-figures.ts';

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
  'even-flow': (scale, [most = 0]) => `Water ran hour after hour alike, ${amountOf(scale, most)} an hour`,
  'high-flow': (scale, [most = 0]) => `Unusually much water in an hour, ${amountOf(scale, most)}`,
  'away-flow': (scale, [litres = 0]) => `${amountOf(scale, litres)} of water used while nobody was at home`,
};

/** A few words on what was told, from its numbers in the scale of the register. */
export const headlineOf = (kind: ToldInsightKind, scale: Scale, figures: readonly number[]): string =>
  wordsOf[kind](
    scale,
    figures.map((one, place) => (headlineFields[kind][place]?.endsWith('%') === true ? one / 10_000 : one)),
  );
