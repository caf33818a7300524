import type { ToldInsightKind } from '#shared/vocabulary/insights.ts';
import { Unit } from '#shared/vocabulary/measures.ts';
import type { Scale } from './amounts.ts';

/** Fields of the evidence that a headline is made of; of those that end with `%` ten-thousandths are kept. */
export const headlineFields: Readonly<Record<ToldInsightKind, readonly string[]>> = {
  'unusual-use': ['excess'],
  'significant-rise': ['onYear%'],
  'base-load-rise': ['perHour', 'before'],
  'dead-meter': ['hours'],
  'night-flow': ['hours'],
  'even-flow': ['most'],
  'high-flow': ['most'],
  'away-flow': ['total'],
};

/** Whole numbers that a headline is made of, in the scale of the register; a view holds them instead of its words. */
export interface HeadlineFigures extends Scale {
  readonly figures: readonly number[];
}

/** The numbers of a headline in the evidence of what was told; undefined where it has not all of them. */
export const headlineFigures = (
  kind: ToldInsightKind,
  evidence: Readonly<Record<string, unknown>>,
): HeadlineFigures | undefined => {
  const unit = Unit.safeParse(evidence.unit);
  const { powerOfTen } = evidence;
  const figures = headlineFields[kind].map((field) => {
    const value = evidence[field.replace('%', '')];
    return typeof value === 'number' ? Math.round(field.endsWith('%') ? value * 10_000 : value) : Number.NaN;
  });
  if (!unit.success || typeof powerOfTen !== 'number' || !figures.every(Number.isSafeInteger)) return undefined;
  return { unit: unit.data, powerOfTen, figures };
};
