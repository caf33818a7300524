import type * as z from 'zod';
import type { BlockKind, RankedBlock } from '#functions/readings/rules/merge.ts';
import { canonical } from '#functions/readings/rules/runs.ts';
import { gridOf } from '#functions/readings/rules/supplied-series.ts';
import { VeeConfiguration } from '#functions/validation/rules/configuration.ts';
import type { JudgementInput } from '#functions/validation/rules/judge-day.ts';
import type { RegisterGround } from '#functions/validation/rules/judgement.ts';
import type { Register } from '#shared/vocabulary/measures.ts';
import { addDays, startOfDate } from '#shared/vocabulary/time.ts';

export const hourly: Register = {
  id: '1',
  commodity: 'electricity',
  flow: 'forward',
  unit: 'Wh',
  powerOfTen: 0,
  intervalSeconds: 3600,
  zone: 'Europe/London',
};

export const always = { from: 0, to: Number.POSITIVE_INFINITY };

/** A register that is installed throughout, with what its configuration says other than the defaults. */
export const groundOf = (
  register: Register = hourly,
  configuration: z.input<typeof VeeConfiguration> = {},
): RegisterGround => ({
  meter: 'mtr_0123456789ABCDEFGHJKMNPQRS',
  register,
  configuration: VeeConfiguration.parse(configuration),
  installed: [always],
  disconnected: [],
  zeroExpected: [],
  exportAgreed: [],
});

/** One block with all intervals of a local date. */
export const wholeDay = (
  register: Register,
  date: string,
  valueAt: (index: number) => number | null,
  code?: number,
  kind: BlockKind = 'actual',
  revision = 0,
): RankedBlock => {
  const [from, to] = [startOfDate(register.zone, date), startOfDate(register.zone, addDays(date, 1))];
  const values = [...gridOf(register, from, to)].map((_, index) => valueAt(index));
  const quality = code === undefined ? undefined : [[0, code] as const];
  const run = canonical({
    start: from,
    interval: register.intervalSeconds,
    values,
    ...(quality === undefined ? {} : { quality }),
  });
  return { kind, revision, order: `${date}${kind}${revision}`, run };
};

/** Days to judge with nothing around them. */
export const alone = (ground: RegisterGround, days: JudgementInput['days']): JudgementInput => ({
  ground,
  days,
  history: [],
  digests: [],
  known: [],
  reads: [],
  exchanges: [],
  events: [],
  asOf: Number.POSITIVE_INFINITY,
  mode: 'automatic',
});
