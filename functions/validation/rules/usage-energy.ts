import type { MeasuredStretch } from '#functions/readings/rules/supplied-series.ts';
import { fillBuckets } from '#functions/readings/rules/usage-buckets.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import type { GasConversion } from '#shared/vocabulary/reading-rules.ts';
import { gasEnergy } from './volumes.ts';

const keyOf = ({ gas }: MeasuredStretch): string => JSON.stringify(gas ?? null);

/** Stretches by how their volume becomes energy, each in their order. */
const byConversion = (measured: readonly MeasuredStretch[]): readonly (readonly MeasuredStretch[])[] => {
  const groups = new Map<string, MeasuredStretch[]>();
  for (const one of measured) {
    const alike = groups.get(keyOf(one));
    if (alike === undefined) groups.set(keyOf(one), [one]);
    else alike.push(one);
  }
  return [...groups.values()];
};

/** The conversions that stretches say, each once, in their order. */
export const conversionsOf = (measured: readonly MeasuredStretch[]): readonly GasConversion[] => [
  ...new Map(measured.flatMap((one) => (one.gas === undefined ? [] : [[keyOf(one), one.gas] as const]))).values(),
];

/**
 * Energy of each bucket in whole Wh, from the volumes that `fillBuckets` makes of the same: those of one conversion are rounded
 * together, so that buckets add up to the energy of their sum. Null where a bucket has no value, or a part of it lies in a stretch
 * of which nobody said how volume becomes energy.
 */
export const energiesOf = (
  buckets: readonly (Range & { readonly expected: number })[],
  measured: readonly MeasuredStretch[],
  scale: Parameters<typeof gasEnergy>[1],
  each: 'interval' | 'sum',
): readonly (number | null)[] => {
  const energies = new Array<number | null>(buckets.length).fill(null);
  const isUnknown = new Array<boolean>(buckets.length).fill(false);
  for (const alike of byConversion(measured)) {
    const values = fillBuckets(buckets, alike, each).map(({ value }) => value);
    const gas = alike[0]?.gas;
    const energy = gas === undefined ? undefined : gasEnergy(values, scale, gas);
    values.forEach((value, place) => {
      if (value === null) return;
      if (energy === undefined) isUnknown[place] = true;
      else energies[place] = (energies[place] ?? 0) + (energy[place] ?? 0);
    });
  }
  return energies.map((energy, place) => (isUnknown[place] === true ? null : energy));
};
