import type { MeasuredInterval } from '#functions/imports/rules/interval-series.ts';
import { codesFromMarks, methodsFromMarks } from '#functions/readings/rules/runs.ts';
import type { MeasuredStretch } from '#functions/readings/rules/supplied-series.ts';
import { type QualityCode, quality } from '#shared/vocabulary/measures.ts';
import { holds } from '#shared/vocabulary/ranges.ts';

const known: ReadonlyMap<number, QualityCode> = new Map(Object.values(quality).map((code) => [code, code]));

/** What is stored of a series as intervals to be written: in the order of the stretches, those that begin in their ranges. */
export function* storedIntervals(stretches: Iterable<MeasuredStretch>): Generator<MeasuredInterval, void, undefined> {
  for (const { ranges, factor, runs } of stretches)
    for (const { start: first, interval: seconds, values, quality: marks, methods } of runs) {
      const codes = marks === undefined ? [] : codesFromMarks(marks, values.length);
      const told = methods === undefined ? [] : methodsFromMarks(methods, values.length);
      for (const [index, value] of values.entries()) {
        const start = first + index * seconds;
        if (!holds(ranges, start)) continue;
        const code = known.get(codes[index] ?? quality.valid) ?? quality.other;
        const method = told[index] ?? '';
        const reading = { start, seconds, value: value === null ? null : value * factor, quality: code };
        yield method === '' ? reading : { ...reading, method };
      }
    }
}
