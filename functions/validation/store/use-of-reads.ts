import type { IntervalRun } from '#functions/readings/rules/runs.ts';
import type { Series } from '#functions/readings/rules/supplied-series.ts';
import { readOfItem } from '#functions/readings/store/register-reads.ts';
import type { RegisterGround } from '#functions/validation/rules/judgement.ts';
import { isHole } from '#functions/validation/rules/reads/judge-reads.ts';
import type { RegisterRead } from '#functions/validation/rules/reads/register-reads.ts';
import { useByReads } from '#functions/validation/rules/reads/use-by-reads.ts';
import { configurationOf } from '#functions/validation/rules/register-configuration.ts';
import { registerReadsPartition } from '#shared/table/keys.ts';
import type { Table } from '#shared/table/table.ts';
import type { Range } from '#shared/vocabulary/ranges.ts';
import { readChains, readsUntil } from './chained-reads.ts';
import type { RegisterPlace } from './judged-registers.ts';
import type { UseOfReads } from './series.ts';

type Stretch = Series['stretches'][number];

/** Of the beginning of a time that has intervals no more may be missing before register reads are asked, in seconds. */
const leastLead = 86_400;

/** What is known of a register at one place besides its reads and intervals. */
const groundOf = ({ meter, register, from, to, said }: Stretch): RegisterGround => ({
  meter,
  register,
  configuration: configurationOf(register, said?.validation),
  installed: [{ from, to }],
  disconnected: [],
  zeroExpected: [],
  exportAgreed: [],
});

const toldOf = ({ from, to, said }: Stretch): readonly RegisterRead[] => [
  ...(said?.opening === undefined ? [] : [{ at: from, counts: said.opening }]),
  ...(said?.closing === undefined || to === Number.POSITIVE_INFINITY ? [] : [{ at: to, counts: said.closing }]),
];

const placeOf = ({ meter, register }: Stretch): RegisterPlace => ({ meter, register: register.id });

/** Use of a register by its reads over a time, as runs of its intervals, and the periods it is made of. */
export const readUse = async (
  readings: Table,
  stretch: Stretch,
  range: Range,
  until: number,
): Promise<{ readonly runs: readonly IntervalRun[]; readonly periods: readonly Range[] }> => {
  const known = { ground: groundOf(stretch), told: toldOf(stretch) };
  const asked = { from: range.from, to: Math.min(range.to, until, 9_999_999_999) };
  const { chains, looked } = await readChains(readings, placeOf(stretch), known, asked, until);
  const periods = chains.flatMap(({ reads, chain }) =>
    chain.periods.map((period) => ({ ...period, isHole: isHole(reads, period) })),
  );
  const last = periods.at(-1)?.to ?? 0;
  const ends = looked.to > last ? last : undefined;
  return { runs: useByReads(periods, stretch.register, stretch, asked, ends), periods };
};

/** Use where a register has reads and no intervals: of the time before its first interval, or all. */
export const useOfReads = (readings: Table): UseOfReads => ({
  with: async (stretch, range, runs) => {
    const lead = Math.min(runs[0]?.start ?? range.to, range.to) - range.from;
    if (lead <= leastLead && runs.length > 0) return runs;
    const until = await readsUntil(readings, placeOf(stretch));
    if (until <= range.from) return runs;
    const { runs: before } = await readUse(readings, stretch, range, until);
    const [first] = runs;
    return [...before.filter(({ start }) => first === undefined || start < first.start), ...runs];
  },
  ends: async (stretch) => {
    const { meter, register } = placeOf(stretch);
    const pk = registerReadsPartition(meter, register);
    const pages = await Promise.all(
      [false, true].map((descending) => readings.query({ pk, limit: 1, descending, consistent: true })),
    );
    const [first, last] = pages.map(({ items }) => items.map(readOfItem)[0]?.at);
    const told = toldOf(stretch).map(({ at }) => at);
    const ats = [first, last, ...told].filter((at) => at !== undefined);
    return ats.length === 0 ? undefined : { from: Math.min(...ats), to: Math.max(...ats) };
  },
});
