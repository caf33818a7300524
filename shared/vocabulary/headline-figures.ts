import * as z from 'zod';
import type { ToldInsightKind } from './insights.ts';
import { type Scale, Unit } from './measures.ts';

/** Fields of the evidence that a headline is made of; of one that ends with `%` ten-thousandths are kept. */
export const headlineFields: Readonly<Record<ToldInsightKind, string>> = {
  'unusual-use': 'excess',
  'significant-rise': 'onYear%',
  'base-load-rise': 'perHour before',
  'dead-meter': 'hours',
  'night-flow': 'hours',
  'even-flow': 'most',
  'high-flow': 'most',
  'away-flow': 'total',
};

/** Whole numbers that a headline is made of, in the scale of the register; a view holds them instead of its words. */
export interface HeadlineFigures extends Scale {
  readonly figures: readonly number[];
}

const Evidence = z.looseObject({ unit: Unit, powerOfTen: z.int() });

/** The numbers of a headline in the evidence of what was told; undefined where it has not all of them. */
export const headlineFigures = (kind: ToldInsightKind, evidence: unknown): HeadlineFigures | undefined => {
  const { success, data } = Evidence.safeParse(evidence);
  if (!success) return undefined;
  const figures = headlineFields[kind].split(' ').map((field) => {
    const value = Number(data[field.replace('%', '')]);
    return Math.round(field.endsWith('%') ? value * 10_000 : value);
  });
  return figures.every(Number.isSafeInteger) ? { unit: data.unit, powerOfTen: data.powerOfTen, figures } : undefined;
};
