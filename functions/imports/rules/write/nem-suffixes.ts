import { flowOfSuffix } from '#functions/imports/rules/nem/codes.ts';
import { NotWritable, type WrittenSeries } from './written-series.ts';

type Register = Pick<WrittenSeries['register'], 'id' | 'flow' | 'unit'>;

/** First letters of the suffixes of energy and of reactive energy (AEMO NMI Procedure, table of data stream suffixes). */
const letters = { forward: { Wh: 'E', varh: 'Q' }, reverse: { Wh: 'B', varh: 'K' } } as const;

const isSuffixOf = ({ id, flow }: Register): boolean =>
  /^[A-Z][A-Z0-9]$/.test(id) && flowOfSuffix(id) === (flow === 'net' ? undefined : flow);

const given = ({ id, flow, unit }: Register, taken: ReadonlySet<string>): string => {
  if (flow === 'net') throw new NotWritable('wrong-name', `register ${id}: NEM12 has no suffix for what is net`);
  const letter = letters[flow][unit === 'varh' ? 'varh' : 'Wh'];
  const free = [...'123456789'].map((digit) => `${letter}${digit}`).find((suffix) => !taken.has(suffix));
  if (free === undefined) throw new NotWritable('wrong-name', `register ${id}: NEM12 has no suffix left for it`);
  return free;
};

/**
 * Suffix of each register of a service point by its name: the name where it is one that says the same direction, else the first
 * that is free for what the register measures, in the order of the registers. Throws NotWritable.
 */
export const nemSuffixes = (registers: readonly Register[]): ReadonlyMap<string, string> => {
  const suffixes = new Map(registers.filter(isSuffixOf).map(({ id }) => [id, id]));
  for (const register of registers) {
    if (!suffixes.has(register.id)) suffixes.set(register.id, given(register, new Set(suffixes.values())));
  }
  return suffixes;
};
